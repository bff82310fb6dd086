//! Scenario files, mangled: the file of a number is always the same.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::path::Path;

/// A file as it is shipped.
pub struct Seed {
    bytes: Vec<u8>,
    /// Large files are mangled less often.
    rare: bool,
}

/// Files above this are large.
const LARGE: usize = 8_192;

/// The shipped scenarios, and all that are rejected.
pub fn seeds() -> Vec<Seed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting = vec![root.join("scenarios"), root.join("tests/rejects")];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let bytes = files.iter().map(|path| std::fs::read(path).expect("a readable file"));
    let mut seeds: Vec<Seed> = bytes.map(|bytes| Seed { rare: bytes.len() > LARGE, bytes }).collect();
    // A file with everything in it is small enough to be mangled often.
    seeds.extend((0..150).map(|_| Seed { bytes: EVERYTHING.as_bytes().to_vec(), rare: false }));
    seeds
}

/// One of everything that the language has.
const EVERYTHING: &str = include_str!("everything.toml");

/// The mangled file of a number.
pub fn mangled(seeds: &[Seed], number: u64) -> Vec<u8> {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(number));
    let seed = loop {
        let seed = &seeds[dice.below(seeds.len())];
        if !seed.rare || dice.one_in(60) {
            break seed;
        }
    };
    let mut bytes = seed.bytes.clone();
    let times = [1, 1, 1, 2, 3][dice.below(5)];
    for _ in 0..times {
        bytes = mangle(bytes, seeds, &mut dice);
    }
    bytes
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

fn mangle(bytes: Vec<u8>, seeds: &[Seed], dice: &mut Dice) -> Vec<u8> {
    if dice.one_in(12) {
        return mangle_bytes(bytes, dice);
    }
    let Ok(mut text) = String::from_utf8(bytes.clone()) else { return mangle_bytes(bytes, dice) };
    match dice.below(16) {
        0 | 1 => swap_words(&text, dice),
        2 => lines(&text, dice),
        3 => splice(&text, seeds, dice),
        4..=8 => expressions(text, dice),
        9..=11 => numbers(text, dice),
        12 => nest(text, dice),
        13 => {
            let at = boundary(&text, dice.below(text.len() + 1));
            text.insert_str(
                at,
                dice.pick(&["é", "𝄞", "\u{202e}", "\0", "\u{feff}", "≤", "\u{1b}", "'''", "\"\"\"", "\\", "\r"]),
            );
            text
        }
        14 => blocks(&text, dice),
        _ => declare(text, dice),
    }
    .into_bytes()
}

fn mangle_bytes(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(3) {
            0 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(
                at,
                dice.pick(&[b"\"", b"[", b"]", b"=", b"\n", b".", b"#", b"{", b"}", b",", b"-", b"\xff"])[0],
            ),
        }
    }
    bytes
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the words of a text are: names, numbers and operators.
fn words(text: &str) -> Vec<(usize, usize)> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut letters = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            letters = false;
            continue;
        }
        match words.last_mut() {
            Some((_, end)) if letters && is_letter(c) && *end == at => *end = at + c.len_utf8(),
            _ => words.push((at, at + c.len_utf8())),
        }
        letters = is_letter(c);
    }
    words
}

fn swap_words(text: &str, dice: &mut Dice) -> String {
    let words = words(text);
    let (a, b) = (words[dice.below(words.len())], words[dice.below(words.len())]);
    let ((a, b), both) = if a.0 <= b.0 { ((a, b), dice.one_in(2)) } else { ((b, a), dice.one_in(2)) };
    if a == b {
        return text.to_owned();
    }
    let first = &text[b.0..b.1];
    let second = if both { &text[a.0..a.1] } else { first };
    [&text[..a.0], first, &text[a.1..b.0], second, &text[b.1..]].concat()
}

fn lines(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for _ in 0..1 + dice.below(3) {
        let (at, other) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(3) {
            0 if lines.len() > 1 => drop(lines.remove(at)),
            1 => lines.insert(other, lines[at]),
            _ => lines.swap(at, other),
        }
    }
    lines.join("\n")
}

/// Lines of another file in this one.
fn splice(text: &str, seeds: &[Seed], dice: &mut Dice) -> String {
    let other = String::from_utf8_lossy(&seeds[dice.below(seeds.len())].bytes).into_owned();
    let theirs: Vec<&str> = other.lines().collect();
    let from = dice.below(theirs.len());
    let to = (from + 1 + dice.below(8)).min(theirs.len());
    let mut lines: Vec<&str> = text.lines().collect();
    let at = dice.below(lines.len() + 1);
    lines.splice(at..at, theirs[from..to].iter().copied());
    lines.join("\n")
}

/// A table of an array, once more or many times more under other names.
fn blocks(text: &str, dice: &mut Dice) -> String {
    let starts: Vec<usize> = text.match_indices("\n[").map(|(at, _)| at + 1).collect();
    if starts.is_empty() {
        return text.to_owned();
    }
    let which = dice.below(starts.len());
    let end = starts.get(which + 1).copied().unwrap_or(text.len());
    let block = &text[starts[which]..end];
    let most = if dice.one_in(10) { 200 } else { 3 };
    let copies = dice.below(most) + 1;
    let mut result = text.to_owned();
    for copy in 0..copies {
        result.push('\n');
        result.push_str(&block.replacen("id = \"", &format!("id = \"copy{copy}_"), 1));
    }
    result
}

/// More actors, pairs and turns than anybody thought of.
fn declare(mut text: String, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => (0..dice.below(300)).for_each(|actor| text.push_str(&format!("\n[actors.extra{actor}]"))),
        1 => text.push_str("\n[relations.extra]\ninitial = 0.5\npairs = \"all\"\n"),
        2 => {
            text.push_str("\n[[dynamics]]\nid = \"extra\"\nthen = [\"extra(rok, dprk) += max(extra) - mean(extra)\"]\n")
        }
        3 => text = text.replacen("turns = ", "turns = 10000 #", 1),
        _ => text = text.replace("delay = ", "delay = 500 #"),
    }
    text
}

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "0.5",
    "-0.0",
    "1e308",
    "-1e308",
    "5e-324",
    "1e-300",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "4294967296",
    "2147483648",
    "10000",
    "10001",
    "500",
    "501",
    "255",
    "256",
    "65536",
    "0x10",
    "0b1",
    "1_000",
    "1e3",
    "0.1",
    "1000000",
    "[1, 2]",
    "true",
];

fn numbers(mut text: String, dice: &mut Dice) -> String {
    let is_number = |(from, to): &(usize, usize)| text[*from..*to].starts_with(|c: char| c.is_ascii_digit());
    let numbers: Vec<(usize, usize)> = words(&text).into_iter().filter(is_number).collect();
    if !numbers.is_empty() {
        let (from, to) = numbers[dice.below(numbers.len())];
        text.replace_range(from..to, dice.pick(NUMBERS));
    }
    text
}

/// The insides of the strings of a file, one line each.
fn strings(text: &str) -> Vec<(usize, usize)> {
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes
        .chunks_exact(2)
        .map(|pair| (pair[0] + 1, pair[1]))
        .filter(|(from, to)| !text[*from..*to].contains('\n'))
        .collect()
}

/// Another expression or effect in place of one, made of the names of the file.
fn expressions(mut text: String, dice: &mut Dice) -> String {
    let strings = strings(&text);
    if strings.is_empty() {
        return text;
    }
    let is_formula = |(from, to): &&(usize, usize)| text[*from..*to].contains([' ', '(']);
    let formulas: Vec<&(usize, usize)> = strings.iter().filter(is_formula).collect();
    let &(from, to) = if formulas.is_empty() { &strings[dice.below(strings.len())] } else { dice.pick(&formulas) };
    let names: Vec<String> = words(&text)
        .into_iter()
        .map(|(from, to)| text[from..to].to_owned())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect();
    let old = text[from..to].to_owned();
    let depth = if dice.one_in(20) { 70 } else { 1 + dice.below(6) };
    let is_condition = text[..from].ends_with("when = \"");
    let is_known = text.contains("id = \"everything\"") && !dice.one_in(4);
    let value = match is_known {
        true => sound(depth.min(12), is_condition, dice),
        false => expression(&names, depth, dice),
    };
    let new = match old.find("= ") {
        // The target of an effect stays more often than not.
        Some(at) if !dice.one_in(8) => format!("{}{value}", &old[..at + 2]),
        _ if dice.one_in(4) && !is_known => format!("({old}) {} {value}", dice.pick(OPERATORS)),
        _ => value,
    };
    text.replace_range(from..to, &new);
    text
}

const OPERATORS: &[&str] = &["+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or"];
const FUNCTIONS: &[&str] = &[
    "abs",
    "floor",
    "ceil",
    "round",
    "sqrt",
    "exp",
    "ln",
    "sin",
    "cos",
    "logistic",
    "number",
    "min",
    "max",
    "clamp",
    "sum",
    "mean",
    "share",
    "prev",
    "fired",
    "count",
    "since",
    "landed",
    "since_landed",
    "observed",
    "since_observed",
    "pending",
    "bernoulli",
    "binomial",
    "poisson",
    "uniform",
    "normal",
    "triangular",
    "rung",
    "peak_rung",
    "tension",
];

/// What `everything.toml` has: numbers, and what is true or false.
const KNOWN: &[&str] = &[
    "front",
    "rok.shells",
    "rok.ships",
    "dprk.shells",
    "tension(rok, dprk)",
    "trust(us, rok)",
    "pace",
    "boost",
    "turn",
    "since(treaty)",
    "count(strike)",
    "pending(strike)",
    "since_landed(convoy)",
    "since_observed(us, strike)",
    "rung",
    "peak_rung",
    "rung(rok)",
    "prev(rung)",
    "prev(front)",
    "prev(tension(dprk, rok))",
    "max(tension)",
    "mean(trust)",
    "sum(tension)",
    "pi",
    "turns",
    "0.5",
    "2",
    "1e308",
    "-1",
    "0",
    "1e-300",
    "3.7",
];
const CONDITIONS: &[&str] = &[
    "at_war",
    "prev(at_war)",
    "fired(review.arm)",
    "fired(threat)",
    "observed(us, strike)",
    "observed(dprk, convoy)",
    "landed(strike)",
    "landed(convoy)",
    "fighting == war",
    "prev(fighting) != none",
    "rung(rok) < war",
    "true",
    "false",
];

/// An expression over what is known, of the right type.
fn sound(depth: usize, is_condition: bool, dice: &mut Dice) -> String {
    if depth == 0 {
        return dice.pick(if is_condition { CONDITIONS } else { KNOWN }).to_owned();
    }
    let flat = if depth > 4 { 0 } else { depth - 1 };
    match (is_condition, dice.below(8)) {
        (true, 0) => format!("not ({})", sound(depth - 1, true, dice)),
        (true, 1) => format!("({}) == ({})", sound(depth - 1, true, dice), sound(flat, true, dice)),
        (true, 2) => format!("({}) != ({})", sound(flat, true, dice), sound(depth - 1, true, dice)),
        (true, 3 | 4) => {
            format!("({}) {} ({})", sound(depth - 1, true, dice), dice.pick(&["and", "or"]), sound(flat, true, dice))
        }
        (true, 5) => format!(
            "if {} then {} else {}",
            sound(flat, true, dice),
            sound(depth - 1, true, dice),
            sound(flat, true, dice)
        ),
        (true, _) => {
            let sign = dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
            format!("({}) {sign} ({})", sound(depth - 1, false, dice), sound(flat, false, dice))
        }
        (false, 0) => {
            let function =
                dice.pick(&["abs", "floor", "ceil", "round", "sqrt", "exp", "ln", "sin", "cos", "logistic", "-"]);
            format!("{function}({})", sound(depth - 1, false, dice))
        }
        (false, 1) => format!("number({})", sound(depth - 1, true, dice)),
        (false, 2) => format!(
            "if {} then {} else {}",
            sound(flat, true, dice),
            sound(depth - 1, false, dice),
            sound(flat, false, dice)
        ),
        (false, 3) => {
            format!("{}({}, {})", dice.pick(&["min", "max"]), sound(depth - 1, false, dice), sound(flat, false, dice))
        }
        (false, 4) => format!("clamp({}, 0, {})", sound(depth - 1, false, dice), sound(flat, false, dice)),
        (false, _) => {
            let sign = dice.pick(&["+", "-", "*", "/", "%", "^"]);
            format!("({}) {sign} ({})", sound(depth - 1, false, dice), sound(flat, false, dice))
        }
    }
}

/// Made for one side more often than for both, so that depth does not mean size.
fn expression(names: &[String], depth: usize, dice: &mut Dice) -> String {
    let leaf = |dice: &mut Dice| match dice.below(8) {
        0 | 1 => dice.pick(NUMBERS).to_owned(),
        2 => dice.pick(&["true", "false", "pi", "turn", "turns", "rung", "peak_rung", "outcome"]).to_owned(),
        3 => "0.5".to_owned(),
        _ if names.is_empty() => "x".to_owned(),
        _ => names[dice.below(names.len())].clone(),
    };
    if depth == 0 {
        return leaf(dice);
    }
    let other = |dice: &mut Dice| if depth < 4 { expression(names, depth - 1, dice) } else { leaf(dice) };
    let inner = expression(names, depth - 1, dice);
    match dice.below(9) {
        0 => format!("-{inner}"),
        1 => format!("not {inner}"),
        2 => format!("if {inner} then {} else {}", other(dice), other(dice)),
        3 => format!("{}({inner})", dice.pick(FUNCTIONS)),
        4 => format!("{}({inner}, {})", dice.pick(FUNCTIONS), other(dice)),
        5 => format!("({inner}) {} ({})", dice.pick(&["==", "!="]), other(dice)),
        6 => format!("{} {} {inner}", other(dice), dice.pick(OPERATORS)),
        7 => format!("{inner} {} {}", dice.pick(OPERATORS), other(dice)),
        _ => format!("({inner})"),
    }
}

/// Something deep or long in place of a string's inside.
fn nest(mut text: String, dice: &mut Dice) -> String {
    let strings = strings(&text);
    if strings.is_empty() {
        return text;
    }
    let (from, to) = strings[dice.below(strings.len())];
    let inner = text[from..to].to_owned();
    let most = if dice.one_in(4) { 5_000 } else { 100 };
    let times = dice.below(most);
    let new = match dice.below(7) {
        0 => format!("{}{inner}{}", "(".repeat(times), ")".repeat(times)),
        1 => format!("{}{inner}", "not ".repeat(times)),
        2 => format!("{}{inner}", "-".repeat(times)),
        3 => format!("{inner}{}", " + 1".repeat(times)),
        4 => format!("{inner}{}", " ^ 1".repeat(times)),
        5 => format!("{}{inner}", "if true then 1 else ".repeat(times)),
        _ => format!("{}{inner}{}", "max(1, ".repeat(times), ")".repeat(times)),
    };
    text.replace_range(from..to, &new);
    text
}
