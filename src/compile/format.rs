//! A scenario file in one layout: spaces of TOML and of expressions, and nothing else.

use super::canonical::meaning;
use crate::diagnostic::Span;
use crate::error::Error;
use crate::expression;
use crate::scenario::{self, Scenario};
use std::collections::BTreeMap;

/// A file in one layout, with every comment and every value as it was.
///
/// # Errors
/// The result does not say or mean the same as the file, which is a bug here; it must not take the file's place.
pub fn format(source: &str) -> Result<String, Error> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let spaced = |(span, is_effect): (Span, bool)| {
        let raw = source.get(span.start..span.end)?;
        let quote = raw.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let inner = raw.strip_prefix(quote)?.strip_suffix(quote)?;
        // With escapes, or three quotes, it is left as it is.
        let is_plain = !inner.contains(['\\', quote]) && inner.is_ascii();
        let text = is_plain.then(|| expression::spaced(inner, is_effect))??;
        Some((span, format!("{quote}{text}{quote}")))
    };
    let texts: BTreeMap<Span, String> = scenario::expressions(source).into_iter().filter_map(spaced).collect();
    let formatted = scenario::laid_out(source, &texts);
    if !says_the_same(source, &formatted) {
        return Err(Error::Request("formatted, the file would not say the same".to_owned()));
    }
    match (read(source), read(&formatted)) {
        (Some(old), Some(new)) if !means_the_same(&old, &new) => {
            Err(Error::Request("formatted, the file would not mean the same".to_owned()))
        }
        (Some(_), None) | (None, Some(_)) => Err(Error::Request("formatted, the file could not be read".to_owned())),
        _ => Ok(formatted),
    }
}

fn read(source: &str) -> Option<Scenario> {
    scenario::read(source.as_bytes()).0
}

/// Whether the pieces of two texts are the same, but for spaces within them.
fn says_the_same(old: &str, new: &str) -> bool {
    let bare = |piece: &str| piece.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    scenario::pieces(old).map(bare).eq(scenario::pieces(new).map(bare))
}

/// Whether the scenarios as written, and under every variant, have one meaning.
fn means_the_same(old: &Scenario, new: &Scenario) -> bool {
    let text = |scenario: &Scenario, variant| scenario.resolved(variant).map(|it| meaning(&it).text()).ok();
    let same = |variant: Option<&str>| {
        text(old, variant.and_then(|id| old.variant(id))) == text(new, variant.and_then(|id| new.variant(id)))
    };
    old.variants.len() == new.variants.len()
        && std::iter::once(None).chain(old.variants.iter().map(|it| Some(it.id.text.as_str()))).all(same)
}
