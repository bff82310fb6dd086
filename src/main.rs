//! x
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let (s, mut f) = escalate::scenario::read(&bytes);
        let s = s.unwrap();
        f.extend(escalate::compile::check(&s));
        print!("{}", escalate::diagnostic::render(&f, &path, std::str::from_utf8(&bytes).unwrap(), escalate::diagnostic::Style::Plain));
        println!("{} {} findings; {} triggers", path, f.len(), s.triggers.len());
        let t = std::time::Instant::now();
        let model = match escalate::compile::compile(&s, None) { Ok(m)=>m, Err(_)=>continue};
        println!("compile {:?} numbers {} flags {}", t.elapsed(), model.base.numbers, model.base.flags);
        let t = std::time::Instant::now();
        let n = 1_000_000;
        let tally = escalate::batch::run(&model, &escalate::batch::Batch{seed:1, first:0, replications:n, threads:1, done:&Default::default(), stop:&Default::default()}).unwrap();
        let e = t.elapsed();
        println!("{:?} {:.0}/s", e, n as f64/e.as_secs_f64());
        let sum = escalate::experiments::summarise::summarise(&model, &tally, &escalate::experiments::summarise::Request{seed:1,first:0,replications:n});
        for o in &sum.outcomes { println!("{} {:.6} {:?}", o.id, o.share.share, o.timing); }
        println!("failed {:?}", sum.failed.causes);
        println!("{:?}", sum.saturations.iter().map(|s| (s.site.clone(), s.below as f64/s.of as f64, s.above as f64/s.of as f64)).collect::<Vec<_>>());
    }
}
