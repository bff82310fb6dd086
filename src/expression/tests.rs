//! Typing, bounds and tapes together, in a scope with two of everything.

use super::*;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::simd::Portable;
use proptest::prelude::*;

/// Numbers `x` in [0, 1] and `y` in [-3, 3], integers `n` in 0..=4, flags `p` and `q`, a mood and a rank.
struct Two(Vec<Vec<String>>);

impl Two {
    fn new() -> Self {
        let set = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Self(vec![set(&["calm", "cross"]), set(&["low", "high", "top"])])
    }
}

const BASE: Base = Base { numbers: 5, flags: 2 };

impl Scope for Two {
    fn name(&mut self, name: &str, _: Span) -> Option<Result<Typed, Diagnostic>> {
        let number = |column, low, high, kind| Typed {
            term: Term::Number(Number::column(column, Interval::new(low, high))),
            kind,
        };
        let flag = |column| Typed { term: Term::Flag(Flag::Column(column)), kind: Type::Flag };
        Some(Ok(match name {
            "x" => number(0, 0.0, 1.0, Type::Number),
            "y" => number(1, -3.0, 3.0, Type::Number),
            "n" => number(2, 0.0, 4.0, Type::Integer),
            "mood" => number(3, 0.0, 1.0, Type::Choice(0)),
            "rank" => number(4, 0.0, 2.0, Type::Rank(1)),
            "p" => flag(0),
            "q" => flag(1),
            _ => return None,
        }))
    }

    fn call(&mut self, name: &str, arguments: &[Expr], _: Span) -> Option<Result<Typed, Vec<Diagnostic>>> {
        (name == "coin").then(|| {
            let share = number(&arguments[0], self)?;
            let kind = NumberKind::Ask(0, vec![share]);
            Ok(Typed { term: Term::Number(Number { kind, range: Interval::UNIT }), kind: Type::Integer })
        })
    }

    fn is_draw(&self, function: &str) -> bool {
        function == "coin"
    }

    fn values(&self, set: SetId) -> &[String] {
        &self.0[set as usize]
    }

    fn unknown_name(&self, name: &str, span: Span) -> Diagnostic {
        Diagnostic::new(Code::UnknownName, span, format!("no `{name}`"))
    }

    fn unknown_function(&self, name: &str, span: Span) -> Diagnostic {
        Diagnostic::new(Code::UnknownFunction, span, format!("no `{name}`"))
    }

    fn ranked(&self, _: SetId) -> &str {
        "a rank"
    }
}

fn typed(text: &str) -> Result<Typed, Vec<Diagnostic>> {
    check(&parse(text).map_err(|finding| vec![finding])?, Wanted::Any, &mut Two::new())
}

/// A coin that shows heads in lanes of odd number.
struct Odd;

impl Answer for Odd {
    fn answer(&mut self, _: u32, _: Mask, _: &[&Lanes], to: &mut Lanes) {
        for (lane, to) in to.iter_mut().enumerate() {
            *to = (lane % 2) as f64;
        }
    }
}

/// What an expression is in every lane, flags as 0 and 1, for columns filled lane by lane.
fn run(typed: &Typed, columns: &[[f64; 7]]) -> Vec<f64> {
    let tape = match &typed.term {
        Term::Number(number) => Tape::number(number, BASE),
        Term::Flag(flag) => Tape::flag(flag, BASE),
    };
    let size = |base: u32, own: u32| (base + own) as usize;
    let mut bank = Bank {
        numbers: vec![Column::ZERO; size(BASE.numbers, tape.numbers)],
        flags: vec![0; size(BASE.flags, tape.flags)],
    };
    for (lane, values) in columns.iter().enumerate() {
        (0..5).for_each(|column| bank.numbers[column][lane] = values[column]);
        (0..2).for_each(|column| bank.flags[column] |= Mask::from(values[5 + column] != 0.0) << lane);
    }
    let mask = if columns.len() == LANES { Mask::MAX } else { (1 << columns.len()) - 1 };
    match tape.output {
        Output::Flag => {
            let (holds, undefined) = bank.flag(&tape, mask, &mut Odd);
            if let Some(clauses) = clauses(&tape.ops) {
                let held = match &clauses {
                    Clauses::Flags(flags) => bank.flags_hold(flags, mask),
                    Clauses::All(flags, numbers) => bank.all_hold(Portable::new(), flags, numbers, mask),
                    Clauses::Mixed(clauses) => bank.hold(Portable::new(), clauses, mask),
                };
                assert_eq!((held, 0), (holds, undefined));
            }
            let value = |lane| if undefined >> lane & 1 == 1 { f64::NAN } else { (holds >> lane & 1) as f64 };
            (0..columns.len()).map(value).collect()
        }
        _ => {
            let values = bank.number(&tape, mask, &mut Odd);
            (0..columns.len()).map(|lane| values.get(lane)).collect()
        }
    }
}

/// One lane with x 0.25, y -2, n 3, mood cross, rank high, p true, q false.
#[track_caller]
fn gives(text: &str, expected: f64) {
    let typed = typed(text).expect("an expression that is typed");
    let found = run(&typed, &[[0.25, -2.0, 3.0, 1.0, 1.0, 1.0, 0.0]])[0];
    assert!(found == expected || (found.is_nan() && expected.is_nan()), "{text} gives {found}, not {expected}");
}

#[track_caller]
fn refused(text: &str, code: Code) {
    let findings = typed(text).expect_err("an expression that is refused");
    assert_eq!(findings[0].code, code, "{text}: {findings:?}");
}

#[test]
fn expressions_give_what_they_say() {
    gives("-2^2", -4.0);
    gives("2^3^2", 512.0);
    gives("y % 3", 1.0);
    gives("-y % -3", -1.0);
    gives("7 % y", -1.0);
    gives("-7 % 4", 1.0);
    gives("y % 0", f64::NAN);
    gives("x / (n - 3)", f64::NAN);
    gives("x + y * 2", -3.75);
    gives("y - n / 2", -3.5);
    gives("abs(y) + floor(x) + ceil(x) + round(x)", 3.0);
    gives("sqrt(x) + exp(n - 3) + ln(n - 2) + sin(n - 3) + cos(n - 3)", 2.5);
    gives("logistic(n - 3)", 0.5);
    gives("clamp(y, 0, 1) + min(x, n, 7) + max(x, y)", 0.5);
    gives("number(p) + number(q)", 1.0);
    gives("if p then x else y", 0.25);
    gives("if q or x > 1 then x else if mood == calm then 1 else y", -2.0);
    gives("n ^ 2 + y ^ 3", 1.0);
}

#[test]
fn conditions_hold_where_they_say() {
    gives("(x < y) == q", 1.0);
    gives("p == q", 0.0);
    gives("p != q", 1.0);
    gives("p == true and q == false", 1.0);
    gives("mood == cross and cross == mood and mood != calm", 1.0);
    gives("rank >= high and rank < top and low != rank", 1.0);
    gives("rank > 0 and 2 >= rank", 1.0);
    gives("not (p and q) and (p or q)", 1.0);
    gives("if p then x < 1 else q", 1.0);
    gives("(if p then mood else calm) == cross", 1.0);
    gives("x != 0.25", 0.0);
    gives("0.25 == x and 1 > x and 3 <= n", 1.0);
}

#[test]
fn conditions_without_nests_are_clauses() {
    let clauses_of = |text: &str| match typed(text).expect("a condition").term {
        Term::Flag(flag) => match clauses(&Tape::flag(&flag, BASE).ops)? {
            Clauses::Flags(flags) => Some((flags.len(), 0, 0)),
            Clauses::All(flags, numbers) => Some((flags.len(), numbers.len(), 0)),
            Clauses::Mixed(clauses) => Some((0, 0, clauses.len())),
        },
        Term::Number(_) => None,
    };
    assert_eq!(clauses_of("p and (q or x > 0.5) and not (y <= x or n == 2)"), Some((0, 0, 5)));
    assert_eq!(clauses_of("p and (not q or p)"), Some((3, 0, 0)));
    assert_eq!(clauses_of("x > 0.5 and not q and 2 >= y"), Some((1, 2, 0)));
    assert_eq!(clauses_of("p and x == 0.25"), Some((0, 0, 2)));
    for nested in ["p or (q and x > 0.5)", "if p then q else x > 0.5", "x / n > 1", "x - y > 1", "coin(x) == 1"] {
        assert_eq!(clauses_of(nested), None, "{nested}");
    }
}

#[test]
fn what_is_not_looked_at_does_not_fail() {
    gives("q and 1 / (n - 3) > 0", 0.0);
    gives("p or 1 / (n - 3) > 0", 1.0);
    gives("p and 1 / (n - 3) > 0", f64::NAN);
    gives("1 / (n - 3) > 0 or p", f64::NAN);
    gives("if q then 1 / (n - 3) else 5", 5.0);
    gives("if 1 / (n - 3) > 0 then 1 else 5", f64::NAN);
    gives("if 1 / (n - 3) > 0 then p else q", f64::NAN);
    gives("if q then 1 / (n - 3) > x else p", 1.0);
    gives("number(1 / (n - 3) > x) + 1", f64::NAN);
    gives("not (sqrt(y) == x)", f64::NAN);
}

#[test]
fn integers_stay_integers_where_they_can() {
    let kind = |text: &str| typed(text).expect("typed").kind;
    for text in ["n + 2", "-n * 3 - 1", "n % 3", "n ^ 2", "abs(n)", "floor(x)", "round(y)", "max(n, 3)", "number(p)"] {
        assert_eq!(kind(text), Type::Integer, "{text}");
    }
    for text in ["n / 2", "n ^ y", "n + x", "sqrt(n)", "min(n, x)", "n + 1.0", "pi"] {
        assert_eq!(kind(text), Type::Number, "{text}");
    }
    assert_eq!(kind("if p then n else rank"), Type::Integer);
    assert_eq!(kind("if p then mood else calm"), Type::Choice(0));
}

#[test]
fn what_has_no_meaning_is_refused() {
    refused("x and p", Code::TypeMismatch);
    refused("x + p", Code::TypeMismatch);
    refused("p < q", Code::TypeMismatch);
    refused("p == x", Code::TypeMismatch);
    refused("mood < cross", Code::TypeMismatch);
    refused("mood == x", Code::TypeMismatch);
    refused("mood == coldish", Code::UnknownName);
    refused("if p then x else q", Code::TypeMismatch);
    refused("mood + 1", Code::TypeMismatch);
    refused("z + nothing(x) + sqrt()", Code::UnknownName);
    refused("average(x, y)", Code::UnknownFunction);
    refused("max(x)", Code::WrongArguments);
    refused("min(p, q)", Code::TypeMismatch);
    refused("ln(-1) + x", Code::NotANumber);
    refused("exp(1e9) - exp(1e9)", Code::NotANumber);
    refused("3 % 0", Code::NotANumber);
    assert_eq!(typed("z + nothing(x) + sqrt()").map_err(|all| all.len()), Err(3), "all at once");
}

#[test]
fn a_draw_of_none_or_one_is_as_good_as_false_or_true() {
    let flag = flag(&parse("p and coin(x)").expect("an expression"), &mut Two::new()).expect("a condition");
    let typed = Typed { term: Term::Flag(flag), kind: Type::Flag };
    assert_eq!(run(&typed, &[[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]; 3]), [0.0, 1.0, 0.0]);
}

#[test]
fn bounds_that_decide_leave_a_constant() {
    let is = |text: &str, value| {
        assert_eq!(typed(text).expect("typed").term, Term::Flag(Flag::Constant(value)), "{text}");
    };
    is("x <= 1", true);
    is("x > 1", false);
    is("x < -1", false);
    is("y != 4", true);
    is("n == 5", false);
    is("2 >= x", true);
    is("1 == 1 and not (2 != 2)", true);
    is("if 1 < 2 then true else p", true);
}

#[test]
fn a_fold_of_many_is_not_deep() {
    let many: Vec<Number> = (0..10_000).map(|_| Number::column(0, Interval::UNIT)).collect();
    let sum = Number::fold(Binary::Arithmetic(Arithmetic::Add), Number::column(2, Interval::new(0.0, 4.0)), many);
    assert_eq!((sum.range.low, sum.range.high), (0.0, 10_004.0));
    let mut numbers = 0;
    sum.walk(&mut |_| numbers += 1);
    assert_eq!(numbers, 10_002);
    let typed = Typed { term: Term::Number(sum), kind: Type::Number };
    assert_eq!(run(&typed, &[[0.5, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0]]), [5_003.0]);
}

/// Expressions of numbers that are well typed.
fn numbers() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("x".to_owned()),
        Just("y".to_owned()),
        Just("n".to_owned()),
        Just("rank".to_owned()),
        (-4..9_i32).prop_map(|value| format!("({value})")),
        (-2.0..5.0_f64).prop_map(|value| format!("({value:.3})")),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let sign = prop_oneof![Just("+"), Just("-"), Just("*"), Just("/"), Just("%"), Just("^")];
        let function = prop_oneof![
            Just("abs"),
            Just("floor"),
            Just("ceil"),
            Just("round"),
            Just("sqrt"),
            Just("exp"),
            Just("ln"),
            Just("sin"),
            Just("cos"),
            Just("logistic"),
            Just("-")
        ];
        let compare = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (function, inner.clone()).prop_map(|(function, a)| format!("{function}({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, max({b}, x))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("clamp({a}, -1, {b})")),
            (inner.clone(), compare, inner.clone(), inner)
                .prop_map(|(a, sign, b, c)| format!("(if p or {a} {sign} {b} and not q then {c} else {a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an expression reads, its value lies within its bounds, and has one if they say so.
    #[test]
    fn values_lie_within_their_bounds(
        text in numbers(),
        columns in prop::collection::vec((0.0..=1.0_f64, -3.0..=3.0_f64, 0..5_i32, 0..3_i32, any::<bool>(), any::<bool>()), 16),
    ) {
        // Constants without a value are refused, which is another test's matter.
        if let Ok(typed) = typed(&text) {
            let Term::Number(number) = &typed.term else { unreachable!("a number") };
            let range = number.range;
            let fill = |&(x, y, n, rank, p, q): &(f64, f64, i32, i32, bool, bool)| {
                [x, y, f64::from(n), 0.0, f64::from(rank), f64::from(u8::from(p)), f64::from(u8::from(q))]
            };
            let columns: Vec<[f64; 7]> = columns.iter().map(fill).collect();
            for value in run(&typed, &columns) {
                // The pinned functions rise but for their last digits.
                let slack = 1e-9 * value.abs().max(1.0);
                let inside = value == range.low || value == range.high || (range.low - slack <= value && value <= range.high + slack);
                prop_assert!(if value.is_nan() { range.nan } else { inside }, "{text}: {value} outside {range:?}");
                prop_assert!(!typed.kind.is_integer() || value.is_nan() || value.is_infinite() || value.floor() == value);
            }
        }
    }
}

#[test]
fn equality_of_conditions_grows_with_its_text_only() {
    let nested = format!("{}q{}", "(p == ".repeat(30), ")".repeat(30));
    let tape = match typed(&nested).expect("typed").term {
        Term::Flag(flag) => Tape::flag(&flag, BASE),
        Term::Number(_) => unreachable!("a condition"),
    };
    assert!(tape.ops.len() <= 300, "{} operations", tape.ops.len());
    gives(&nested, 0.0);
}
