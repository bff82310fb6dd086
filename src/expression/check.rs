//! Typing: an expression as written, in a scope, becomes a term.

use super::ast::{Arithmetic, BinaryOp, Comparison, Expr, Kind, UnaryOp};
use super::function::{FUNCTIONS, Unary};
use super::term::{Binary, Flag, Number, SetId, Term, Type, Typed};
use crate::diagnostic::{Code, Diagnostic, Span};

/// What names and functions mean where the expression stands.
pub trait Scope {
    /// What a name stands for, if it stands for a value.
    fn name(&mut self, name: &str, span: Span) -> Option<Result<Typed, Diagnostic>>;

    /// What a call means, if the function is one of the scope's own.
    fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Option<Result<Typed, Vec<Diagnostic>>>;

    /// Whether each evaluation of a call of this function is a fresh value.
    fn is_draw(&self, function: &str) -> bool;

    /// The values of a set, in order.
    fn values(&self, set: SetId) -> &[String];

    /// The finding for a name that nothing has.
    fn unknown_name(&self, name: &str, span: Span) -> Diagnostic;

    /// The finding for a function that neither the language nor the scope has.
    fn unknown_function(&self, name: &str, span: Span) -> Diagnostic;

    /// The values of a set that has an order, as messages call one of them: `a rank`.
    fn ranked(&self, set: SetId) -> &str;
}

/// What is needed where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Any,
    Number,
    Flag,
    /// A value of this set.
    Value(SetId),
}

type Checked<T> = Result<T, Vec<Diagnostic>>;

/// Types an expression; all that is wrong with it at once.
pub fn check(expr: &Expr, wanted: Wanted, scope: &mut dyn Scope) -> Checked<Typed> {
    let typed = infer(expr, wanted, scope)?;
    match wanted {
        Wanted::Any => Ok(typed),
        Wanted::Number if typed.kind.is_numeric() => Ok(typed),
        Wanted::Flag if typed.kind == Type::Flag => Ok(typed),
        Wanted::Value(set) if typed.kind.set() == Some(set) => Ok(typed),
        _ => Err(vec![mismatch(expr, wanted, typed.kind, scope)]),
    }
}

/// Types an expression that must be a number.
pub fn number(expr: &Expr, scope: &mut dyn Scope) -> Checked<Number> {
    match check(expr, Wanted::Number, scope)?.term {
        Term::Number(number) => Ok(number),
        Term::Flag(flag) => Ok(Number::from_flag(flag)),
    }
}

/// Types an expression that must be true or false.
pub fn flag(expr: &Expr, scope: &mut dyn Scope) -> Checked<Flag> {
    match check(expr, Wanted::Flag, scope)?.term {
        Term::Flag(flag) => Ok(flag),
        Term::Number(number) => Ok(Flag::compare(Comparison::NotEqual, number, Number::constant(0.0))),
    }
}

fn infer(expr: &Expr, wanted: Wanted, scope: &mut dyn Scope) -> Checked<Typed> {
    match &expr.kind {
        Kind::Number(value, integer) => Ok(numeric(Number::constant(*value), *integer)),
        Kind::Bool(value) => Ok(logical(Flag::Constant(*value))),
        Kind::Name(name) => infer_name(name, expr.span, wanted, scope),
        Kind::Call(name, arguments) => infer_call(name, arguments, expr, wanted, scope),
        Kind::Unary(UnaryOp::Negate, inner) => {
            let typed = check(inner, Wanted::Number, scope)?;
            let integer = typed.kind.is_integer();
            Ok(numeric(Number::unary(Unary::Negate, into_number(typed)), integer))
        }
        Kind::Unary(UnaryOp::Not, inner) => Ok(logical(flag(inner, scope)?.negated())),
        Kind::Binary(op, left, right) => infer_binary(*op, left, right, expr.span, scope),
        Kind::If(condition, yes, no) => infer_if(condition, yes, no, wanted, scope),
    }
}

fn infer_name(name: &str, span: Span, wanted: Wanted, scope: &mut dyn Scope) -> Checked<Typed> {
    if let Wanted::Value(set) = wanted
        && let Some(index) = scope.values(set).iter().position(|value| value == name)
    {
        return Ok(value(set, index));
    }
    if name == "pi" {
        return Ok(numeric(Number::constant(std::f64::consts::PI), false));
    }
    match scope.name(name, span) {
        Some(found) => found.map_err(|error| vec![error]),
        None => Err(vec![match wanted {
            _ if matches!(name, "True" | "False") => {
                let right = name.to_lowercase();
                scope.unknown_name(name, span).hint(format!("write `{right}`, in small letters"))
            }
            Wanted::Value(set) => unknown_value(name, span, scope.values(set)),
            _ => scope.unknown_name(name, span),
        }]),
    }
}

fn value(set: SetId, index: usize) -> Typed {
    Typed { term: Term::Number(Number::constant(index as f64)), kind: Type::Choice(set) }
}

fn unknown_value(name: &str, span: Span, values: &[String]) -> Diagnostic {
    let list = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::new(Code::UnknownName, span, format!("`{name}` is not one of the values here"))
        .label(format!("one of {list}"))
        .did_you_mean(name, values.iter().map(String::as_str))
}

fn infer_call(name: &str, arguments: &[Expr], expr: &Expr, wanted: Wanted, scope: &mut dyn Scope) -> Checked<Typed> {
    if let Some(found) = scope.call(name, arguments, expr.span) {
        let typed = found?;
        // A draw of 0 or 1 is as good as false or true where one of these is wanted.
        if wanted == Wanted::Flag && scope.is_draw(name) && typed.kind == Type::Integer {
            return Ok(logical(Flag::compare(Comparison::NotEqual, into_number(typed), Number::constant(0.0))));
        }
        return Ok(typed);
    }
    if let Some((_, function, _)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) {
        let [argument] = exactly::<1>(name, arguments, expr.span)?;
        let typed = check(argument, Wanted::Number, scope)?;
        let integer = function.gives_integers() || (function.keeps_integers() && typed.kind.is_integer());
        let range = function.interval(into_number(typed.clone()).range);
        let number = Number::unary(*function, into_number(typed));
        let why = format!("`{name}` has no value outside its domain");
        return defined(numeric(number, integer), range.nan, expr.span, &why);
    }
    match name {
        "min" => infer_extreme(Binary::Min, name, arguments, expr.span, scope),
        "max" => infer_extreme(Binary::Max, name, arguments, expr.span, scope),
        "clamp" => {
            let [x, low, high] = exactly::<3>(name, arguments, expr.span)?;
            let mut part = |expr| check(expr, Wanted::Number, scope);
            let (x, low, high) = (part(x), part(low), part(high));
            let (x, low, high) = all3(x, low, high)?;
            let integer = [&x, &low, &high].iter().all(|part| part.kind.is_integer());
            let floored = Number::binary(Binary::Max, into_number(x), into_number(low));
            Ok(numeric(Number::binary(Binary::Min, floored, into_number(high)), integer))
        }
        "number" => {
            let [argument] = exactly::<1>(name, arguments, expr.span)?;
            Ok(numeric(Number::from_flag(flag(argument, scope)?), true))
        }
        _ => {
            let span = Span::new(expr.span.start, expr.span.start + name.len());
            Err(vec![scope.unknown_function(name, span)])
        }
    }
}

/// Exactly `N` arguments, or what is wrong.
pub fn exactly<'a, const N: usize>(name: &str, arguments: &'a [Expr], span: Span) -> Checked<[&'a Expr; N]> {
    let found: Vec<&Expr> = arguments.iter().collect();
    found.try_into().map_err(|_| vec![wrong_number(name, N, arguments.len(), span)])
}

/// The finding for a function called with a wrong number of arguments.
pub fn wrong_number(name: &str, takes: usize, found: usize, span: Span) -> Diagnostic {
    let takes = if takes == 1 { "1 argument".to_owned() } else { format!("{takes} arguments") };
    Diagnostic::new(Code::WrongArguments, span, format!("`{name}` takes {takes}, not {found}"))
}

fn infer_extreme(
    function: Binary,
    name: &str,
    arguments: &[Expr],
    span: Span,
    scope: &mut dyn Scope,
) -> Checked<Typed> {
    if arguments.len() < 2 {
        let message = format!("`{name}` takes two or more numbers");
        return Err(vec![Diagnostic::new(Code::WrongArguments, span, message)]);
    }
    let mut errors = Vec::new();
    let mut best: Option<Typed> = None;
    for argument in arguments {
        match check(argument, Wanted::Number, scope) {
            Err(found) => errors.extend(found),
            Ok(typed) => {
                best = Some(match best {
                    None => typed,
                    Some(best) => {
                        let integer = best.kind.is_integer() && typed.kind.is_integer();
                        numeric(Number::binary(function, into_number(best), into_number(typed)), integer)
                    }
                });
            }
        }
    }
    match best {
        Some(best) if errors.is_empty() => {
            let integer = best.kind.is_integer();
            Ok(numeric(into_number(best), integer))
        }
        _ => Err(errors),
    }
}

fn infer_binary(op: BinaryOp, left: &Expr, right: &Expr, span: Span, scope: &mut dyn Scope) -> Checked<Typed> {
    match op {
        BinaryOp::And => {
            let (a, b) = both(flag(left, scope), flag(right, scope))?;
            Ok(logical(a.and(b)))
        }
        BinaryOp::Or => {
            let (a, b) = both(flag(left, scope), flag(right, scope))?;
            Ok(logical(a.or(b)))
        }
        BinaryOp::Compare(comparison) => infer_comparison(comparison, left, right, span, scope),
        BinaryOp::Arithmetic(op) => {
            let (a, b) = both(check(left, Wanted::Number, scope), check(right, Wanted::Number, scope))?;
            let integer = a.kind.is_integer() && b.kind.is_integer();
            let (a, b) = (into_number(a), into_number(b));
            let integer = integer
                && match op {
                    Arithmetic::Divide => false,
                    Arithmetic::Power => b.as_constant().is_some_and(|exponent| exponent >= 0.0),
                    _ => true,
                };
            let number = Number::binary(Binary::Arithmetic(op), a, b);
            let nan = number.range.nan;
            let why = match op {
                Arithmetic::Divide => "a division by zero has no value",
                Arithmetic::Remainder => "the remainder of a division by zero has no value",
                Arithmetic::Power => "this power has no value: a negative number takes whole exponents only",
                _ => "infinity taken from infinity, or times zero, has no value",
            };
            defined(numeric(number, integer), nan, span, why)
        }
    }
}

/// Refuses a constant that is no number.
fn defined(typed: Typed, nan: bool, span: Span, why: &str) -> Checked<Typed> {
    let constant = matches!(&typed.term, Term::Number(number) if number.as_constant().is_some_and(f64::is_nan));
    if nan && constant {
        return Err(vec![Diagnostic::new(Code::NotANumber, span, why)]);
    }
    Ok(typed)
}

fn infer_comparison(
    comparison: Comparison,
    left: &Expr,
    right: &Expr,
    span: Span,
    scope: &mut dyn Scope,
) -> Checked<Typed> {
    let wanted = match set_of(left, scope).or_else(|| set_of(right, scope)) {
        Some(set) => Wanted::Value(set),
        None => Wanted::Any,
    };
    let (a, b) = match (infer(left, wanted, scope), infer(right, wanted, scope)) {
        // A name beside something that is wrong itself may be a value of a set that is not known.
        (Err(errors), Err(_)) if matches!(right.kind, Kind::Name(_)) => return Err(errors),
        (a, b) => both(a, b)?,
    };
    let same = match (a.kind, b.kind) {
        (Type::Flag, Type::Flag) => !comparison.is_order(),
        (a, b) if a.set().is_some() && b.set() == a.set() => {
            let ranked = matches!(a, Type::Rank(_)) || matches!(b, Type::Rank(_));
            if comparison.is_order() && !ranked {
                let message =
                    format!("the values of an enum have no order, so `{}` means nothing", comparison.symbol());
                return Err(vec![Diagnostic::new(Code::TypeMismatch, span, message).hint("use `==` or `!=`")]);
            }
            true
        }
        (a, b) => a.is_numeric() && b.is_numeric(),
    };
    if !same {
        let (a, b) = (describe(a.kind, scope), describe(b.kind, scope));
        let message = format!("`{}` cannot compare {a} with {b}", comparison.symbol());
        let error = Diagnostic::new(Code::TypeMismatch, span, message);
        let hint = "what is true or false is a condition already: write `x` or `not x`";
        return Err(vec![if a == TRUE_OR_FALSE || b == TRUE_OR_FALSE { error.hint(hint) } else { error }]);
    }
    Ok(logical(match (a.term, b.term) {
        (Term::Flag(Flag::Constant(wanted)), Term::Flag(flag))
        | (Term::Flag(flag), Term::Flag(Flag::Constant(wanted))) => {
            if wanted == (comparison == Comparison::Equal) {
                flag
            } else {
                flag.negated()
            }
        }
        // Flags too are compared as numbers, so that neither side is written twice.
        (a, b) => Flag::compare(comparison, term_number(a), term_number(b)),
    }))
}

/// The set that a plain name or call has values of, if it has.
fn set_of(expr: &Expr, scope: &mut dyn Scope) -> Option<SetId> {
    match &expr.kind {
        Kind::Name(name) => scope.name(name, expr.span)?.ok()?.kind.set(),
        Kind::Call(name, arguments) if !scope.is_draw(name) => scope.call(name, arguments, expr.span)?.ok()?.kind.set(),
        Kind::If(_, yes, no) => set_of(yes, scope).or_else(|| set_of(no, scope)),
        _ => None,
    }
}

fn infer_if(condition: &Expr, yes: &Expr, no: &Expr, wanted: Wanted, scope: &mut dyn Scope) -> Checked<Typed> {
    let condition = flag(condition, scope);
    let branch = match wanted {
        Wanted::Any => match set_of(yes, scope).or_else(|| set_of(no, scope)) {
            Some(set) => Wanted::Value(set),
            None => Wanted::Any,
        },
        wanted => wanted,
    };
    let branches = both(infer(yes, branch, scope), infer(no, branch, scope));
    let (condition, (a, b)) = both(condition, branches)?;
    let span = yes.span.to(no.span);
    let kind = match (a.kind, b.kind) {
        (Type::Flag, Type::Flag) => Type::Flag,
        (x, y) if x == y => x,
        (x, y) if x.set().is_some() && x.set() == y.set() => x,
        (x, y) if x.is_integer() && y.is_integer() => Type::Integer,
        (x, y) if x.is_numeric() && y.is_numeric() => Type::Number,
        (x, y) => {
            let message = format!("the branches differ: {} and {}", describe(x, scope), describe(y, scope));
            return Err(vec![Diagnostic::new(Code::TypeMismatch, span, message)]);
        }
    };
    let term = match (a.term, b.term) {
        (Term::Flag(a), Term::Flag(b)) => Term::Flag(Flag::choose(condition, a, b)),
        (a, b) => Term::Number(Number::choose(condition, term_number(a), term_number(b))),
    };
    Ok(Typed { term, kind })
}

fn mismatch(expr: &Expr, wanted: Wanted, found: Type, scope: &dyn Scope) -> Diagnostic {
    let needed = match wanted {
        Wanted::Any => "a value".to_owned(),
        Wanted::Number => "a number".to_owned(),
        Wanted::Flag => "true or false".to_owned(),
        Wanted::Value(set) => describe(Type::Choice(set), scope),
    };
    let found_text = describe(found, scope);
    let error = Diagnostic::new(Code::TypeMismatch, expr.span, format!("expected {needed}, found {found_text}"))
        .label(found_text);
    match (wanted, found) {
        (Wanted::Number, Type::Flag) => error.hint("`number(…)` makes 1 of true and 0 of false"),
        (Wanted::Flag, _) if matches!(expr.kind, Kind::Number(..)) => error.hint("write `true` or `false`"),
        (Wanted::Flag, kind) if kind.is_numeric() => error.hint("compare it with something, as in `… > 0`"),
        (Wanted::Flag, Type::Choice(_)) => error.hint("compare it with one of its values, as in `… == value`"),
        _ => error,
    }
}

const TRUE_OR_FALSE: &str = "true or false";

fn describe(kind: Type, scope: &dyn Scope) -> String {
    match kind {
        Type::Number => "a number".to_owned(),
        Type::Integer => "an integer".to_owned(),
        Type::Flag => TRUE_OR_FALSE.to_owned(),
        Type::Choice(set) => format!("one of {}", scope.values(set).join(", ")),
        Type::Rank(set) => scope.ranked(set).to_owned(),
    }
}

fn numeric(number: Number, integer: bool) -> Typed {
    Typed { term: Term::Number(number), kind: if integer { Type::Integer } else { Type::Number } }
}

fn logical(flag: Flag) -> Typed {
    Typed { term: Term::Flag(flag), kind: Type::Flag }
}

fn into_number(typed: Typed) -> Number {
    term_number(typed.term)
}

fn term_number(term: Term) -> Number {
    match term {
        Term::Number(number) => number,
        Term::Flag(flag) => Number::from_flag(flag),
    }
}

fn both<A, B>(a: Checked<A>, b: Checked<B>) -> Checked<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.extend(b);
            Err(a)
        }
        (Err(errors), _) | (_, Err(errors)) => Err(errors),
    }
}

fn all3<A, B, C>(a: Checked<A>, b: Checked<B>, c: Checked<C>) -> Checked<(A, B, C)> {
    let (a, (b, c)) = both(a, both(b, c))?;
    Ok((a, b, c))
}
