//! Chances and weights of rules.

use super::compiler::Compiler;
use super::scope::Reading;
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::Number;
use crate::model::{Chance, Weight};
use crate::scenario::Formula;

impl Compiler<'_> {
    pub fn chance(&mut self, chance: &Formula, path: &str, reading: &Reading) -> Option<Chance> {
        let number = self.number(chance, reading.clone())?;
        self.lint_chance(&number, chance, path.ends_with("/chance"));
        let place = self.places.place(path, &chance.source());
        Some(Chance { site: self.world.sites.site(path), value: self.number_tape(&number), place })
    }

    pub fn weight(&mut self, weight: Option<&Formula>, path: &str, reading: &Reading) -> Weight {
        let number = match weight {
            None => Number::constant(1.0),
            Some(weight) => self.number(weight, reading.clone()).unwrap_or(Number::constant(1.0)),
        };
        if number.range.high < 0.0 {
            let span = weight.map(Formula::span).unwrap_or_default();
            self.error(Code::OutOfBounds, span, "a weight must not be negative");
        }
        let place = self.places.place(&format!("{path}/weight"), &weight.map(Formula::source).unwrap_or_default());
        Weight { value: self.number_tape(&number), place }
    }

    /// Warns where the bounds of what a chance reads allow it outside [0, 1], and where it never comes.
    fn lint_chance(&mut self, chance: &Number, formula: &Formula, fires: bool) {
        const SLACK: f64 = 1e-9;
        let range = chance.range;
        if range.high <= 0.0 && range.low <= 0.0 && !range.nan {
            if !fires {
                return;
            }
            self.find(Diagnostic::new(Code::NeverFires, formula.span(), "this chance is never above 0"));
        } else if range.low < -SLACK || range.high > 1.0 + SLACK {
            let message = format!(
                "by the bounds of what it reads, this chance can be {} to {}",
                short(range.low),
                short(range.high)
            );
            let finding = Diagnostic::new(Code::ChanceOutside, formula.span(), message);
            self.find(
                finding.hint("outside [0, 1] it acts as the nearer bound; `clamp(…, 0, 1)` says that you mean it"),
            );
        }
    }
}

fn short(value: f64) -> String {
    if value.is_infinite() {
        (if value > 0.0 { "any size" } else { "minus any size" }).to_owned()
    } else {
        format!("{}", (value * 1e6).round() / 1e6)
    }
}
