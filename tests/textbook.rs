//! The textbook scenarios: the values in their comments follow from the formulas they cite, and batches agree with them.

mod common;

use common::textbook::{Known, Textbook, What, named, outcome, textbook};

/// The known value of an outcome in a variant.
#[track_caller]
fn known(book: &Textbook, variant: &str, id: &str) -> f64 {
    let wanted = |it: &&Known| it.variant == variant && it.what == What::Outcome(id.to_owned());
    book.known.iter().find(wanted).unwrap_or_else(|| panic!("{variant} {id} has no row")).value
}

#[track_caller]
fn agrees(formula: f64, value: f64) {
    assert!((formula - value).abs() <= 1e-9 * value.abs(), "the formula gives {formula}, the file says {value}");
}

/// Powers by whole numbers, by the library whose last digit is the same everywhere.
fn power(x: f64, n: u32) -> f64 {
    libm::pow(x, f64::from(n))
}

fn choose(n: u32, k: u32) -> f64 {
    (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product()
}

/// The probability of k or more successes in n trials.
fn at_least(k: u32, n: u32, p: f64) -> f64 {
    (k..=n).map(|j| choose(n, j) * power(p, j) * power(1.0 - p, n - j)).sum()
}

/// From a of n steps, up with probability p: the top before the bottom.
fn ruin(a: u32, n: u32, p: f64) -> f64 {
    let r = (1.0 - p) / p;
    if p == 0.5 { f64::from(a) / f64::from(n) } else { (power(r, a) - 1.0) / (power(r, n) - 1.0) }
}

#[test]
fn gamblers_ruin() {
    let book = named("gamblers_ruin");
    agrees(ruin(4, 10, 9.0 / 19.0), known(&book, "base", "rich"));
    agrees(ruin(4, 10, 0.5), known(&book, "fair", "rich"));
}

#[test]
fn knuth_yao_die() {
    let book = named("knuth_yao_die");
    for face in ["one", "two", "three", "four", "five", "six"] {
        agrees(1.0 / 6.0, known(&book, "base", face));
    }
}

#[test]
fn reed_frost_by_the_triangular_equations() {
    let book = named("reed_frost");
    let (n, q) = (4_u32, 0.7_f64);
    let mut sizes: Vec<f64> = Vec::new();
    for k in 0..=n {
        let term = |j: u32, p: f64| choose(n - j, k - j) * p / power(q, (n - k) * (1 + j));
        let known: f64 = sizes.iter().enumerate().map(|(j, p)| term(j as u32, *p)).sum();
        sizes.push((choose(n, k) - known) / term(k, 1.0));
    }
    for (size, id) in sizes.iter().zip(["nobody_else", "one_more", "two_more", "three_more", "everybody"]) {
        agrees(*size, self::known(&book, "base", id));
    }
}

#[test]
fn coupon_collector() {
    let missing = |k: u32| power(1.0 - f64::from(k) / 6.0, 12);
    let formula: f64 = (0..=6).map(|k| power(-1.0, k) * choose(6, k) * missing(k)).sum();
    agrees(formula, known(&named("coupon_collector"), "base", "complete"));
}

#[test]
fn rare_ladder() {
    let book = named("rare_ladder");
    for (variant, up) in [("base", 0.1822), ("billionth", 0.0919), ("trillionth", 0.0447), ("fair", 0.5)] {
        agrees(ruin(1, 10, up), known(&book, variant, "top"));
    }
}

#[test]
fn bounded_retransmission_protocol() {
    let book = named("brp");
    let x = |retries: u32| power(1.0 - 0.98 * 0.99, retries + 1);
    let unknown = |retries| power(1.0 - x(retries), 15) * x(retries);
    let failed = |retries| -libm::expm1(16.0 * libm::log1p(-x(retries))) - unknown(retries);
    agrees(failed(2), known(&book, "base", "failed"));
    agrees(unknown(2), known(&book, "base", "unknown"));
    agrees(failed(3), known(&book, "three_retries", "failed"));
    agrees(unknown(4), known(&book, "four_retries", "unknown"));
    agrees(unknown(5), known(&book, "five_retries", "unknown"));
    // As published with the PRISM benchmark suite, to the digits to which its iteration converges.
    let published = [(2, 4.2333344360436463e-4), (3, 1.2617766032502142e-5), (4, 3.760115852621381e-7)];
    for (retries, p1) in published {
        assert!((failed(retries) + unknown(retries) - p1).abs() < 1e-8 * p1, "p1 for MAX = {retries}");
    }
}

#[test]
fn brink_of_war() {
    let book = named("brink_of_war");
    let (mut disaster, mut prevails) = (0.0, [0.0, 0.0]);
    let mut going_on = 1.0;
    for step in 1..=20_usize {
        let gives_way = [0.3, 0.2][step % 2];
        prevails[step % 2] += going_on * gives_way;
        going_on *= 1.0 - gives_way;
        let risk = (step as f64 * 0.05).min(1.0);
        disaster += going_on * risk;
        going_on *= 1.0 - risk;
    }
    agrees(disaster, known(&book, "base", "disaster"));
    agrees(prevails[0], known(&book, "base", "west_prevails"));
    agrees(prevails[1], known(&book, "base", "east_prevails"));
}

#[test]
fn two_roads() {
    let book = named("two_roads");
    let (provocations, accidents) = (at_least(6, 20, 0.01), at_least(3, 20, 0.002));
    agrees(provocations, known(&book, "one_road", "war"));
    agrees(provocations + accidents - provocations * accidents, known(&book, "base", "war"));
}

#[test]
fn pipeline() {
    let book = named("pipeline");
    for (k, id) in [(0, "none"), (1, "one"), (2, "two"), (5, "full")] {
        agrees(at_least(k, 5, 0.3) - at_least(k + 1, 5, 0.3), known(&book, "base", id));
    }
    agrees(power(0.01, 5), known(&book, "seldom", "full"));
}

#[test]
fn succession() {
    let book = named("succession");
    agrees(0.1, known(&book, "base", "always"));
    agrees(0.1, known(&book, "base", "never"));
}

#[test]
fn every_textbook_scenario_says_what_is_known_and_batches_agree() {
    const REPLICATIONS: u64 = 20_000;
    let books = textbook();
    assert!(books.len() >= 8, "only {} textbook scenarios", books.len());
    for book in &books {
        assert!(!book.known.is_empty(), "{}: no table of known values", book.path.display());
        for variant in book.variants() {
            let model = book.model(&variant);
            let tally = common::run(&model, 7, 0, REPLICATIONS, 0);
            for known in book.known.iter().filter(|known| known.variant == variant) {
                let What::Outcome(id) = &known.what else { continue };
                let count: u64 = tally.outcomes[outcome(&model, id)].iter().sum();
                let (n, p) = (REPLICATIONS as f64, known.value);
                // 4.5 standard deviations, and four events more, by which rare counts exceed the normal.
                let room = n * known.within + 4.5 * (n * p * (1.0 - p)).sqrt() + 4.0 * f64::from(u8::from(p < 1.0));
                let off = (count as f64 - n * p).abs();
                assert!(off <= room, "{} {variant} {id}: {count} of {n}, known is {p}", book.path.display());
            }
        }
    }
}
