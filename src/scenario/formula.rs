//! Formulas and effects: strings of the file that hold an expression, parsed once, when the file is read.

use super::text::Text;
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Effect, Expr, Kind, parse, parse_effect};
use std::borrow::Cow;
use std::sync::Arc;

/// A string of the file and what was parsed from it.
///
/// A string that does not parse is no fault of the file until it is used as an expression, so the finding is kept here
/// and reported by the compiler; its spans are those of the string's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<T> {
    pub text: Text,
    pub parsed: Result<T, Diagnostic>,
}

/// An effect of the file: `target = value`. Shared, so that applying a variant copies no tree.
pub type EffectText = Arc<Parsed<Effect>>;

/// An expression of the file, shared like an effect.
pub type ExprText = Arc<Parsed<Expr>>;

/// A value that may be an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Number { value: f64, integer: bool, span: Span },
    Flag { value: bool, span: Span },
    Text(ExprText),
}

impl Parsed<Expr> {
    /// Parses a string as an expression.
    pub fn expression(text: Text) -> ExprText {
        Arc::new(Self { parsed: parse(&text.value), text })
    }
}

impl Parsed<Effect> {
    /// Parses a string as an effect.
    pub fn effect(text: Text) -> EffectText {
        Arc::new(Self { parsed: parse_effect(&text.value), text })
    }
}

impl Default for Formula {
    fn default() -> Self {
        Formula::Number { value: 1.0, integer: true, span: Span::default() }
    }
}

impl Formula {
    /// The place in the file; of a string, quotes included.
    pub fn span(&self) -> Span {
        match self {
            Formula::Number { span, .. } | Formula::Flag { span, .. } => *span,
            Formula::Text(parsed) => parsed.text.span,
        }
    }

    /// The formula as it would stand in an expression.
    pub fn source(&self) -> String {
        match self {
            Formula::Number { value, .. } => value.to_string(),
            Formula::Flag { value, .. } => value.to_string(),
            Formula::Text(parsed) => parsed.text.value.clone(),
        }
    }

    /// The formula as an expression, its spans counted from where it begins.
    ///
    /// # Errors
    /// What is wrong with a string that holds no expression, with spans of the string's value.
    pub fn expr(&self) -> Result<Cow<'_, Expr>, &Diagnostic> {
        let plain = |kind, span: &Span| Cow::Owned(Expr { kind, span: Span::new(0, span.end - span.start) });
        match self {
            Formula::Number { value, integer, span } => Ok(plain(Kind::Number(*value, *integer), span)),
            Formula::Flag { value, span } => Ok(plain(Kind::Bool(*value), span)),
            Formula::Text(parsed) => parsed.parsed.as_ref().map(Cow::Borrowed),
        }
    }

    /// A finding about the expression, with its places in the file.
    pub fn place(&self, finding: Diagnostic) -> Diagnostic {
        match self {
            Formula::Text(parsed) => parsed.text.placed(finding),
            Formula::Number { span, .. } | Formula::Flag { span, .. } => finding.moved(|_| *span),
        }
    }
}
