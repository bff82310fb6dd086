//! x
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let (s, f) = escalate::scenario::read(&bytes);
        print!("{}", escalate::diagnostic::render(&f, &path, std::str::from_utf8(&bytes).unwrap(), escalate::diagnostic::Style::Plain));
        println!("{} {} findings; {} triggers", path, f.len(), s.map_or(0, |s| s.triggers.len()));
    }
}
