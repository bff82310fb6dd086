//! Tokens to expressions and effects, by precedence climbing.

use super::ast::{Arithmetic, Assign, BinaryOp, Comparison, Effect, Expr, Kind, UnaryOp};
use super::lexer::{Token, TokenKind, tokens};
use crate::diagnostic::{Code, Diagnostic, Span, closest};

/// How deeply expressions may be nested.
pub const DEPTH_MAX: usize = 64;
/// How long the text of one expression may be, in bytes.
pub const LENGTH_MAX: usize = 4_096;

/// How many operators and commas one expression may have: they bound how deep its tree can be.
pub const OPERATORS_MAX: usize = 256;

/// Words with a meaning of their own: no name may be one of them.
pub const KEYWORDS: &[&str] = &["and", "or", "not", "if", "then", "else", "true", "false"];

/// Reads one expression.
pub fn parse(text: &str) -> Result<Expr, Diagnostic> {
    let mut parser = Parser::new(text)?;
    let expression = parser.expression(0)?;
    parser.end()?;
    Ok(expression)
}

/// Reads one effect: `target = value`, or with `+=`, `-=`, `*=`.
pub fn parse_effect(text: &str) -> Result<Effect, Diagnostic> {
    let mut parser = Parser::new(text)?;
    let target = parser.operand(OPERAND, 0)?;
    let op = match parser.peek() {
        TokenKind::Sign("=") => Assign::Set,
        TokenKind::Sign("+=") => Assign::Add,
        TokenKind::Sign("-=") => Assign::Subtract,
        TokenKind::Sign("*=") => Assign::Multiply,
        _ => return Err(parser.no_assignment()),
    };
    parser.next();
    if let (Assign::Set, TokenKind::Sign(sign @ ("+" | "*"))) = (op, parser.peek()) {
        return Err(parser.unexpected("a value").hint(format!("write `{sign}=` for `=`")));
    }
    let value = parser.expression(0)?;
    parser.end()?;
    Ok(Effect { target, op, value })
}

/// Binding powers, loosest first.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const ADD: u8 = 5;
const MULTIPLY: u8 = 6;
const NEGATE: u8 = 7;
const POWER: u8 = 8;
const OPERAND: u8 = 9;

const SIDE_BY_SIDE: &str = "two values side by side need an operator between them, such as `*`";

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    /// How many operators and commas have been read.
    operators: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Result<Self, Diagnostic> {
        if text.len() > LENGTH_MAX {
            let message = format!("an expression may have {LENGTH_MAX} bytes, this one has {}", text.len());
            return Err(too_large(Span::new(0, text.len()), message));
        }
        Ok(Self { tokens: tokens(text)?, at: 0, operators: 0 })
    }

    fn peek(&self) -> TokenKind<'t> {
        self.tokens[self.at].kind
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    /// The end of the token before.
    fn reached(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |before| self.tokens[before].span.end)
    }

    fn next(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(here) if here == word)
    }

    fn unexpected(&self, expected: &str) -> Diagnostic {
        let message = format!("expected {expected}, found {}", self.peek().describe());
        Diagnostic::new(Code::Syntax, self.span(), message).label(format!("expected {expected}"))
    }

    /// The finding for an effect without an assignment.
    fn no_assignment(&self) -> Diagnostic {
        let error = self.unexpected("one of `=`, `+=`, `-=`, `*=`");
        match self.peek() {
            TokenKind::Sign("==") => error.hint("`=` assigns, `==` compares"),
            _ => error.hint("an effect changes something: `tension += 0.1`"),
        }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Diagnostic> {
        if !self.is_word(word) {
            return Err(self.unexpected(&format!("`{word}`")).hint("write `if c then a else b`"));
        }
        self.next();
        Ok(())
    }

    fn end(&self) -> Result<(), Diagnostic> {
        match self.peek() {
            TokenKind::End => Ok(()),
            TokenKind::Sign("=") => {
                Err(self.unexpected("an operator or the end").hint("`==` compares; `=` is for effects in `then`"))
            }
            TokenKind::Word(word) => {
                let error = self
                    .unexpected("an operator or the end")
                    .did_you_mean(&word.to_lowercase(), ["and", "or", "then", "else"]);
                Err(if error.hint.is_none() { error.hint(SIDE_BY_SIDE) } else { error })
            }
            TokenKind::Number(..) | TokenKind::Sign("(") => {
                Err(self.unexpected("an operator or the end").hint(SIDE_BY_SIDE))
            }
            _ => Err(self.unexpected("an operator or the end")),
        }
    }

    fn expression(&mut self, depth: usize) -> Result<Expr, Diagnostic> {
        self.operand(0, depth)
    }

    /// An expression whose operators bind at least as tightly as `power`.
    fn operand(&mut self, power: u8, depth: usize) -> Result<Expr, Diagnostic> {
        if depth > DEPTH_MAX {
            let message = format!("an expression may be nested {DEPTH_MAX} deep, this one is nested more deeply");
            return Err(too_large(self.span(), message));
        }
        let mut bracketed = self.peek() == TokenKind::Sign("(");
        let mut left = self.prefix(power, depth)?;
        while let Some((op, binds)) = self.operator() {
            if binds < power {
                break;
            }
            if binds == COMPARE && !bracketed && matches!(left.kind, Kind::Binary(BinaryOp::Compare(_), ..)) {
                return Err(self.chained(&left, depth));
            }
            self.count()?;
            self.next();
            // A power binds to the right, and its exponent may carry a sign.
            let right = self.operand(if binds == POWER { NEGATE } else { binds + 1 }, depth + 1)?;
            let span = left.span.to(right.span);
            bracketed = false;
            left = Expr { kind: Kind::Binary(op, Box::new(left), Box::new(right)), span };
        }
        Ok(left)
    }

    /// Counts an operator or a comma.
    fn count(&mut self) -> Result<(), Diagnostic> {
        self.operators += 1;
        if self.operators <= OPERATORS_MAX {
            return Ok(());
        }
        let message = format!("an expression may have {OPERATORS_MAX} operators and commas, this one has more");
        Err(too_large(self.span(), message))
    }

    /// The finding for a comparison of a comparison, with what is probably meant.
    fn chained(&mut self, left: &Expr, depth: usize) -> Diagnostic {
        let finding =
            Diagnostic::new(Code::ChainedComparison, left.span.to(self.span()), "comparisons cannot be chained");
        let hint = finding.clone().hint("write `a < b and b < c`");
        let (Kind::Binary(_, first, second), Some((op, _))) = (&left.kind, self.operator()) else { return hint };
        self.next();
        match self.operand(COMPARE + 1, depth + 1) {
            Ok(third) => {
                let (span, before) = (left.span.to(third.span), left.kind.operator());
                let meant = format!("write `{first} {before} {second} and {second} {} {third}`", op.symbol());
                Diagnostic { span, ..finding }.hint(meant)
            }
            Err(_) => hint,
        }
    }

    fn operator(&self) -> Option<(BinaryOp, u8)> {
        let compare = |comparison| Some((BinaryOp::Compare(comparison), COMPARE));
        let arithmetic = |operation, power| Some((BinaryOp::Arithmetic(operation), power));
        match self.peek() {
            TokenKind::Word("or") => Some((BinaryOp::Or, OR)),
            TokenKind::Word("and") => Some((BinaryOp::And, AND)),
            TokenKind::Sign(sign) => match sign {
                "==" => compare(Comparison::Equal),
                "!=" => compare(Comparison::NotEqual),
                "<" => compare(Comparison::Less),
                "<=" => compare(Comparison::LessEqual),
                ">" => compare(Comparison::Greater),
                ">=" => compare(Comparison::GreaterEqual),
                "+" => arithmetic(Arithmetic::Add, ADD),
                "-" => arithmetic(Arithmetic::Subtract, ADD),
                "*" => arithmetic(Arithmetic::Multiply, MULTIPLY),
                "/" => arithmetic(Arithmetic::Divide, MULTIPLY),
                "%" => arithmetic(Arithmetic::Remainder, MULTIPLY),
                "^" => arithmetic(Arithmetic::Power, POWER),
                _ => None,
            },
            _ => None,
        }
    }

    fn prefix(&mut self, power: u8, depth: usize) -> Result<Expr, Diagnostic> {
        let start = self.span();
        match self.peek() {
            TokenKind::Sign("-") if power < OPERAND => self.unary(UnaryOp::Negate, NEGATE, depth),
            TokenKind::Sign("+") => Err(self.unexpected("a value").hint("leave the `+` out")),
            TokenKind::Word("not") if power <= NOT => self.unary(UnaryOp::Not, NOT, depth),
            TokenKind::Word("not") => Err(self.unexpected("a value").hint("put `not …` in brackets here")),
            TokenKind::Word("if") => self.conditional(depth),
            TokenKind::Number(value, integer) => {
                self.next();
                Ok(Expr { kind: Kind::Number(value, integer), span: start })
            }
            TokenKind::Word(word @ ("true" | "false")) => {
                self.next();
                Ok(Expr { kind: Kind::Bool(word == "true"), span: start })
            }
            TokenKind::Word(word) if !KEYWORDS.contains(&word) => self.name(word.to_owned(), depth),
            TokenKind::Sign("(") => {
                self.next();
                let inner = self.expression(depth + 1)?;
                self.close()?;
                Ok(Expr { kind: inner.kind, span: Span::new(start.start, self.reached()) })
            }
            TokenKind::End if self.at == 0 => {
                Err(Diagnostic::new(Code::Syntax, self.span(), "there is nothing here, and an expression is expected"))
            }
            TokenKind::End if self.tokens[self.at - 1].kind == TokenKind::Sign("%") => {
                let error = self.unexpected("a value");
                Err(error.hint("`%` gives the remainder of a division; 50 per cent is `0.5`"))
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn unary(&mut self, op: UnaryOp, power: u8, depth: usize) -> Result<Expr, Diagnostic> {
        let start = self.span();
        self.next();
        let inner = self.operand(power, depth + 1)?;
        let span = start.to(inner.span);
        Ok(Expr { kind: Kind::Unary(op, Box::new(inner)), span })
    }

    fn conditional(&mut self, depth: usize) -> Result<Expr, Diagnostic> {
        let start = self.span();
        self.next();
        let condition = self.expression(depth + 1)?;
        self.expect_word("then")?;
        let yes = self.expression(depth + 1)?;
        self.expect_word("else")?;
        let no = self.expression(depth + 1)?;
        let span = start.to(no.span);
        Ok(Expr { kind: Kind::If(Box::new(condition), Box::new(yes), Box::new(no)), span })
    }

    fn name(&mut self, word: String, depth: usize) -> Result<Expr, Diagnostic> {
        let start = self.span();
        self.next();
        if self.peek() != TokenKind::Sign("(") {
            return Ok(Expr { kind: Kind::Name(word), span: start });
        }
        self.next();
        let mut arguments = Vec::new();
        if self.peek() != TokenKind::Sign(")") {
            arguments.push(self.expression(depth + 1)?);
            while self.peek() == TokenKind::Sign(",") {
                self.count()?;
                self.next();
                arguments.push(self.expression(depth + 1)?);
            }
        }
        self.close()?;
        Ok(Expr { kind: Kind::Call(word, arguments), span: Span::new(start.start, self.reached()) })
    }

    fn close(&mut self) -> Result<(), Diagnostic> {
        if self.peek() != TokenKind::Sign(")") {
            let error = self.unexpected("`)`");
            return Err(match self.peek() {
                TokenKind::Word(word) => match closest(&word.to_lowercase(), ["and", "or", "then", "else"]) {
                    Some(meant) if meant != word => error.hint(format!("did you mean `{meant}`?")),
                    _ => error,
                },
                _ => error,
            });
        }
        self.next();
        Ok(())
    }
}

fn too_large(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, span, message).hint("break it up with variables that dynamics set")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands for the expression once brackets stand around every operation.
    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(parse(text).expect("an expression").to_string(), expected);
    }

    #[track_caller]
    fn refuses(parse: impl Fn(&str) -> Option<Diagnostic>, text: &str, code: Code, hint: &str) {
        let finding = parse(text).expect("no expression");
        assert_eq!((finding.code, finding.hint.unwrap_or_default().as_str()), (code, hint), "{text}");
    }

    #[test]
    fn operators_bind_as_the_language_says() {
        reads("-2^2", "(-(2 ^ 2))");
        reads("2^3^2", "(2 ^ (3 ^ 2))");
        reads("2^-1", "(2 ^ (-1))");
        reads("2 ^ -x ^ 3 * 4", "((2 ^ (-(x ^ 3))) * 4)");
        reads("-a * b", "((-a) * b)");
        reads("1 - 2 - 3", "((1 - 2) - 3)");
        reads("8 / 4 / 2 % 3", "(((8 / 4) / 2) % 3)");
        reads("1 + 2 * 3", "(1 + (2 * 3))");
        reads("a or b and not c == d", "(a or (b and (not (c == d))))");
        reads("not a and b", "((not a) and b)");
        reads("not not a", "(not (not a))");
        reads("a and b or c and d", "((a and b) or (c and d))");
        reads("if a then b else c + 1", "(if a then b else (c + 1))");
        reads("if a then if b then 1 else 2 else 3", "(if a then (if b then 1 else 2) else 3)");
        reads("1 + if a then b else c", "(1 + (if a then b else c))");
        reads("f(a, g(b)) + rok.shells", "(f(a, g(b)) + rok.shells)");
        reads("1_000 + .5 + 1e-3 + 2E2", "(((1000 + 0.5) + 0.001) + 200)");
    }

    #[test]
    fn comparisons_are_chained_only_in_brackets() {
        reads("(a < b) == c", "((a < b) == c)");
        reads("c == (a < b)", "(c == (a < b))");
        refuses(|text| parse(text).err(), "a < b == c", Code::ChainedComparison, "write `a < b and b == c`");
        refuses(|text| parse(text).err(), "a < b < )", Code::ChainedComparison, "write `a < b and b < c`");
    }

    #[test]
    fn effects_assign() {
        let effect = parse_effect("tension(rok, dprk) -= 0.1 * x").expect("an effect");
        assert_eq!(effect.to_string(), "tension(rok, dprk) -= (0.1 * x)");
        let refused = |text: &str| parse_effect(text).err();
        refuses(refused, "x == 2", Code::Syntax, "`=` assigns, `==` compares");
        refuses(refused, "x =+ 2", Code::Syntax, "write `+=` for `=`");
        refuses(refused, "x + 2", Code::Syntax, "an effect changes something: `tension += 0.1`");
        refuses(refused, "x /= 2", Code::Syntax, "write `x = x / y`");
        assert!(parse_effect("x = -2").is_ok() && parse_effect("x = y = 2").is_err());
    }

    #[test]
    fn what_cannot_be_read_says_what_to_write() {
        let refused = |text: &str| parse(text).err();
        refuses(refused, "a not b", Code::Syntax, SIDE_BY_SIDE);
        refuses(refused, "a * not b", Code::Syntax, "put `not …` in brackets here");
        refuses(refused, "+a", Code::Syntax, "leave the `+` out");
        refuses(refused, "(a adn b)", Code::Syntax, "did you mean `and`?");
        refuses(refused, "if a then b", Code::Syntax, "write `if c then a else b`");
        refuses(refused, "3 (a)", Code::Syntax, SIDE_BY_SIDE);
        refuses(refused, "1.2.3", Code::Syntax, "write `*` between a number and a name");
        refuses(refused, "a ≤ b", Code::Syntax, "write `<=`");
        refuses(refused, "", Code::Syntax, "");
        refuses(refused, "a @ b", Code::Syntax, "");
        refuses(refused, &"9".repeat(400), Code::Syntax, "");
    }

    #[test]
    fn depth_length_and_operators_are_bounded() {
        let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        let code = |text: &str| parse(text).err().map(|finding| finding.code);
        assert_eq!(code(&deep(DEPTH_MAX)), None);
        assert_eq!(code(&deep(DEPTH_MAX + 1)), Some(Code::TooDeep));
        assert_eq!(code(&"a".repeat(LENGTH_MAX + 1)), Some(Code::TooDeep));
        assert_eq!(code(&format!("a{}", " + a".repeat(OPERATORS_MAX))), None);
        assert_eq!(code(&format!("a{}", " + a".repeat(OPERATORS_MAX + 1))), Some(Code::TooDeep));
        assert_eq!(code(&format!("max(a{})", ", a".repeat(OPERATORS_MAX + 1))), Some(Code::TooDeep));
    }
}
