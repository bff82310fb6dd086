//! The spaces of an expression: one form, and not a character else changed.

use super::lexer::{Token, TokenKind, tokens};
use super::parser::{KEYWORDS, parse, parse_effect};

/// An expression, or an effect, with its spaces in one form: one around operators, one after commas, none within brackets.
/// Around `*`, `/`, `%` and `^` there are spaces on both sides or on none, as the author has it: `1/2`, `0.2*a + 0.3*b`.
/// None if it is no expression, or would grow too long for one, or has several lines, which are its author's too.
pub fn spaced(text: &str, is_effect: bool) -> Option<String> {
    if text.contains('\n') {
        return None;
    }
    let tokens = tokens(text).ok()?;
    let mut spaced = String::new();
    let mut before: Option<(&Token, bool)> = None;
    for token in tokens.iter().filter(|token| token.kind != TokenKind::End) {
        let is_unary = token.kind == TokenKind::Sign("-") && before.is_none_or(|(token, _)| !ends_value(token));
        if before.is_some_and(|(before, unary)| {
            !unary && is_apart(before, token) && ![before, token].iter().any(|it| is_close(text, it))
        }) {
            spaced.push(' ');
        }
        spaced.push_str(text.get(token.span.start..token.span.end)?);
        before = Some((token, is_unary));
    }
    let form = |text: &str| match is_effect {
        true => parse_effect(text).map(|effect| effect.to_string()).ok(),
        false => parse(text).map(|expr| expr.to_string()).ok(),
    };
    (form(text)? == form(&spaced)?).then_some(spaced)
}

/// Whether a value may end here, so that a minus that follows has two sides.
fn ends_value(token: &Token) -> bool {
    match &token.kind {
        TokenKind::Number(..) | TokenKind::Sign(")") => true,
        TokenKind::Word(word) => !KEYWORDS.contains(word) || matches!(*word, "true" | "false"),
        _ => false,
    }
}

/// Whether a sign that may stand close to its sides does so on both.
fn is_close(text: &str, token: &Token) -> bool {
    let is_space = |side: Option<char>| side.is_none_or(char::is_whitespace);
    matches!(token.kind, TokenKind::Sign("*" | "/" | "%" | "^"))
        && !is_space(text[..token.span.start].chars().next_back())
        && !is_space(text[token.span.end..].chars().next())
}

/// Whether a space stands between two tokens, the first of which is no sign of a negative.
fn is_apart(before: &Token, token: &Token) -> bool {
    match (&before.kind, &token.kind) {
        (TokenKind::Sign("("), _) | (_, TokenKind::Sign(")" | ",")) => false,
        (TokenKind::Word(word), TokenKind::Sign("(")) => KEYWORDS.contains(word),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form() {
        for (written, form) in [
            ("a+b*-c", "a + b*-c"),
            ("a+b *-c", "a + b * -c"),
            ("-2 ^ - 2", "-2 ^ -2"),
            ("-2^- 2", "-2^-2"),
            ("( a )and not( b )", "(a) and not (b)"),
            ("clamp( x ,0,1 )", "clamp(x, 0, 1)"),
            ("if x>=1_000 then-1 else 2e-3", "if x >= 1_000 then -1 else 2e-3"),
            ("max(true-1 ,x)", "max(true - 1, x)"),
            ("a - (-b) - -c", "a - (-b) - -c"),
            (" 3 ", "3"),
        ] {
            assert_eq!(spaced(written, false).as_deref(), Some(form));
            assert_eq!(spaced(form, false).as_deref(), Some(form));
        }
        assert_eq!(spaced("tension ( a,b )+=-0.1", true).as_deref(), Some("tension(a, b) += -0.1"));
        for none in ["a && b", "a +\nb", "a = b", "a +"] {
            assert_eq!(spaced(none, false), None);
        }
    }
}
