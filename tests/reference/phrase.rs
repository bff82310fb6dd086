//! Expressions and effects of plans as text, with the names of the world in which they stand.

use super::generate::{Choice, Draw, Effect, Flag, Int, Num};

pub const ACTORS: [&str; 3] = ["us", "them", "third"];
/// Some values have the names of variables and of rungs.
pub const RUNGS: [&str; 4] = ["calm", "alarm", "heat", "war"];
pub const CHOICES: [(&str, [&str; 3]); 3] = [
    ("mode", ["heat", "low", "war"]),
    ("them.policy", ["wait", "press", "strike"]),
    ("mood", ["low", "deep", "press"]),
];
/// Numbers, their bounds, and what else is declared of them. Goods leave only the first three.
pub const NUMBERS: [(&str, f64, f64, &str); 6] = [
    ("heat", 0.0, 1.0, ""),
    ("us.stock", 0.0, 5.0, ""),
    ("them.stock", 0.0, 3.0, ""),
    ("deep", -1.5, 40.0, ""),
    ("flow", 0.0, 2.0, ", each_turn = true"),
    ("strain", -2.0, 3.0, ", overflow = \"fail\""),
];
pub const INTEGERS: [(&str, f64, f64, &str); 2] =
    [("us.ships", 0.0, 9.0, ", integer = true"), ("tally", -3.0, 5.0, ", integer = true, overflow = \"saturate\"")];
pub const FLAGS: [(&str, &str); 3] =
    [("alarm", "false"), ("us.armed", "true"), ("pulse", "{ initial = false, each_turn = true }")];
pub const FIXED: [(&str, &str); 3] = [("p0", "0.3"), ("p1", "{ value = 1.5, range = [1, 2] }"), ("p2", "2")];
pub const TRUST: [(&str, &str); 2] = [("us", "them"), ("third", "them")];
pub const FEAR: [(&str, &str); 3] = [("us", "them"), ("them", "us"), ("third", "us")];
const ASSIGN: [&str; 4] = ["=", "+=", "-=", "*="];
const COMPARE: [&str; 6] = ["<", ">=", ">", "<=", "==", "!="];

pub fn pick<T: Copy>(from: &[T], index: u8) -> T {
    from[index as usize % from.len()]
}

/// Writes what stands in a scenario with these events.
#[derive(Clone)]
pub struct Phrases {
    pub events: Vec<String>,
    /// Whether every pair of actors has a number of the relation that is not symmetric.
    pub every_pair: bool,
    /// Whether draws may stand here; else their first argument does.
    pub draws: bool,
}

impl Phrases {
    pub fn effects(&self, effects: &[Effect]) -> Vec<String> {
        effects.iter().map(|effect| self.effect(effect)).collect()
    }

    fn effect(&self, effect: &Effect) -> String {
        match effect {
            Effect::Number(target, op, value) => {
                format!("{} {} {}", pick(&NUMBERS, *target).0, pick(&ASSIGN, *op), self.num(value))
            }
            Effect::Integer(target, op, value) => {
                format!("{} {} {}", pick(&INTEGERS, *target).0, pick(&ASSIGN, *op), self.int(value))
            }
            Effect::Flag(target, Flag::Bernoulli(p)) if self.draws => {
                format!("{} = bernoulli({})", pick(&FLAGS, *target).0, self.num(p))
            }
            Effect::Flag(target, value) => format!("{} = {}", pick(&FLAGS, *target).0, self.flag(value)),
            Effect::Choice(target, value) => {
                format!("{} = {}", pick(&CHOICES, *target).0, self.choice(*target, value))
            }
            Effect::Cell(pair, op, flip, value) => {
                format!("{} {} {}", self.cell(*pair, *pair / 2, *flip), pick(&ASSIGN, *op), self.num(value))
            }
        }
    }

    fn event(&self, index: u8) -> &str {
        &self.events[index as usize % self.events.len()]
    }

    /// A relation cell; that of a symmetric relation either way.
    fn cell(&self, relation: u8, pair: u8, flip: bool) -> String {
        if relation % 2 == 1 {
            let (a, b) = if self.every_pair && flip { ("them", "third") } else { pick(&FEAR, pair) };
            return format!("fear({a}, {b})");
        }
        let (a, b) = pick(&TRUST, pair);
        if flip { format!("trust({b}, {a})") } else { format!("trust({a}, {b})") }
    }

    pub fn num(&self, num: &Num) -> String {
        match num {
            Num::Hundredths(hundredths) if *hundredths < 0 => format!("({})", f64::from(*hundredths) / 100.0),
            Num::Hundredths(hundredths) => (f64::from(*hundredths) / 100.0).to_string(),
            Num::Variable(index) => pick(&NUMBERS, *index).0.to_owned(),
            Num::Prev(index) => format!("prev({})", pick(&NUMBERS, *index).0),
            Num::Cell(relation, pair, flip) => self.cell(*relation, *pair, *flip),
            Num::PrevCell(relation, pair, flip) => format!("prev({})", self.cell(*relation, *pair, *flip)),
            Num::Parameter(index) => pick(&["p0", "p1", "p2", "d0", "d1"], *index).to_owned(),
            Num::Aggregate(function, relation) => {
                format!("{}({})", pick(&["min", "max", "sum", "mean"], *function), pick(&["trust", "fear"], *relation))
            }
            Num::Since(0, event, _) => format!("since({})", self.event(*event)),
            Num::Since(1, event, _) => format!("since_landed({})", self.event(*event)),
            Num::Since(_, event, actor) => format!("since_observed({}, {})", pick(&ACTORS, *actor), self.event(*event)),
            Num::Integer(int) => self.int(int),
            Num::Unary(function, a) => {
                let a = self.num(a);
                let calls = ["-", "abs", "floor", "ceil", "round", "logistic", "sin", "cos", "exp", "sqrt", "ln", "-"];
                match pick(&calls, *function) {
                    "-" => format!("(-{a})"),
                    call @ ("sqrt" | "ln") if *function < 128 => format!("{call}(abs({a}))"),
                    call => format!("{call}({a})"),
                }
            }
            Num::Binary(op, a, b) => {
                let ops = ["+", "-", "*", "+", "-", "*", "+", "-", "*", "/", "/", "%", "^"];
                format!("({} {} {})", self.num(a), pick(&ops, *op), self.num(b))
            }
            Num::Extreme(least, all) => {
                let all: Vec<String> = all.iter().map(|a| self.num(a)).collect();
                format!("{}({})", if *least { "min" } else { "max" }, all.join(", "))
            }
            Num::Clamp(a, low, high) => {
                format!("clamp({}, {}, {})", self.num(a), pick(&[-1.0, 0.0, 0.25], *low), pick(&[2.5, 4.0, 1.0], *high))
            }
            Num::If(condition, yes, no) => {
                format!("(if {} then {} else {})", self.flag(condition), self.num(yes), self.num(no))
            }
            Num::Draw(draw) if self.draws => self.draw(draw),
            Num::Draw(draw) => self.num(&draw.arguments[0]),
        }
    }

    pub fn draw(&self, draw: &Draw) -> String {
        let [a, b, c] = [0, 1, 2].map(|index| self.num(&draw.arguments[index]));
        match (draw.distribution % 6, draw.wild) {
            (0, _) => format!("bernoulli({a})"),
            (1, true) => format!("binomial({a}, {b})"),
            (1, false) => format!("binomial(6, clamp({a}, 0, 1))"),
            (2, true) => format!("poisson({a})"),
            (2, false) => format!("poisson(clamp({a}, 0, 5))"),
            (3, true) => format!("uniform({a}, {b})"),
            (3, false) => format!("uniform(-0.5, clamp({a}, 0, 4))"),
            (4, true) => format!("normal({a}, {b})"),
            (4, false) => format!("normal({a}, 0.3)"),
            (_, true) => format!("triangular({a}, {b}, {c})"),
            (_, false) => format!("triangular(-1, clamp({a}, -1, 1), clamp({b}, 1, 3))"),
        }
    }

    fn int(&self, int: &Int) -> String {
        match int {
            Int::Constant(value) if *value < 0 => format!("({value})"),
            Int::Constant(value) => value.to_string(),
            Int::Variable(index) => pick(&INTEGERS, *index).0.to_owned(),
            Int::Prev(index) => format!("prev({})", pick(&INTEGERS, *index).0),
            Int::Turn(last) => if *last { "turns" } else { "turn" }.to_owned(),
            Int::Rung(index) => self.rung(*index).to_owned(),
            Int::Count(event) => format!("count({})", self.event(*event)),
            Int::Pending(event) => format!("pending({})", self.event(*event)),
            Int::Rounded(function, a) => format!("{}({})", pick(&["floor", "ceil", "round"], *function), self.num(a)),
            Int::Flag(flag) => format!("number({})", self.flag(flag)),
            Int::Binary(op, a, b) => {
                format!("({} {} {})", self.int(a), pick(&["+", "-", "*", "+", "-", "%"], *op), self.int(b))
            }
            Int::Extreme(least, all) => {
                let all: Vec<String> = all.iter().map(|a| self.int(a)).collect();
                format!("{}({})", if *least { "min" } else { "max" }, all.join(", "))
            }
            Int::If(condition, yes, no) => {
                format!("(if {} then {} else {})", self.flag(condition), self.int(yes), self.int(no))
            }
            Int::Bernoulli(p) if self.draws => format!("bernoulli({})", self.num(p)),
            Int::Bernoulli(p) => format!("round({})", self.num(p)),
        }
    }

    fn rung(&self, index: u8) -> &'static str {
        pick(&["rung", "prev(rung)", "peak_rung", "rung(us)", "prev(rung(them))", "peak_rung(us)"], index)
    }

    pub fn flag(&self, flag: &Flag) -> String {
        match flag {
            Flag::Constant(value) => value.to_string(),
            Flag::Variable(index) => pick(&FLAGS, *index).0.to_owned(),
            Flag::Prev(index) => format!("prev({})", pick(&FLAGS, *index).0),
            Flag::Fired(event) => format!("fired({})", self.event(*event)),
            Flag::Landed(event) => format!("landed({})", self.event(*event)),
            Flag::Observed(actor, event) => format!("observed({}, {})", pick(&ACTORS, *actor), self.event(*event)),
            Flag::Compare(op, a, b) => format!("({} {} {})", self.num(a), pick(&COMPARE, *op), self.num(b)),
            Flag::CompareIntegers(op, a, b) => format!("({} {} {})", self.int(a), pick(&COMPARE, *op), self.int(b)),
            Flag::Rung(op, rung, name, flip) => {
                let (op, rung, name) = (pick(&COMPARE, *op), self.rung(*rung), pick(&RUNGS, *name));
                if *flip { format!("({name} {op} {rung})") } else { format!("({rung} {op} {name})") }
            }
            Flag::Choice(which, same, a, b) => {
                let a =
                    if matches!((&**a, &**b), (Choice::Value(_), Choice::Value(_))) { &Choice::Variable } else { a };
                let op = if *same { "==" } else { "!=" };
                format!("({} {op} {})", self.choice(*which, a), self.choice(*which, b))
            }
            Flag::Guarded(otherwise, a, b, op) => {
                let (a, b, op) = (self.num(a), self.num(b), pick(&COMPARE, *op));
                let guard = if *otherwise { "== 0 or" } else { "!= 0 and" };
                format!("({b} {guard} {a} / {b} {op} 0.5)")
            }
            Flag::Same(a, b) => format!("({} == {})", self.flag(a), self.flag(b)),
            Flag::Not(a) => format!("(not {})", self.flag(a)),
            Flag::And(a, b) => format!("({} and {})", self.flag(a), self.flag(b)),
            Flag::Or(a, b) => format!("({} or {})", self.flag(a), self.flag(b)),
            Flag::If(a, b, c) => format!("(if {} then {} else {})", self.flag(a), self.flag(b), self.flag(c)),
            Flag::Bernoulli(p) if self.draws => format!("(bernoulli({}) or false)", self.num(p)),
            Flag::Bernoulli(p) => format!("({} > 0.5)", self.num(p)),
        }
    }

    fn choice(&self, which: u8, choice: &Choice) -> String {
        let (path, values) = pick(&CHOICES, which);
        match choice {
            Choice::Value(index) => pick(&values, *index).to_owned(),
            Choice::Variable => path.to_owned(),
            Choice::Prev => format!("prev({path})"),
            Choice::If(condition, value) => {
                format!("(if {} then {path} else {})", self.flag(condition), pick(&values, *value))
            }
        }
    }
}
