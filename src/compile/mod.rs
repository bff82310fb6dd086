//! Scenario to model: every table of the file is lowered to columns, guarded rules and tests.
//!
//! - `lower`: the stages in order; `compiler`: the shared state; `pools`: columns, sites, sets, places; `scope`: what names mean where;
//!   `calls`: pairs of relations and draws
//! - `state`: parameters, variables, relations; `events` and `history`: what fires and what is remembered of it
//! - `rules`: injects, dynamics, triggers; `measures`: metrics, milestones, outcomes, scores, claims
//! - `labels`, `calendar`: names for reports; `canonical`: what is hashed; `difference`: how two of them differ; `lint`: what is probably not
//!   meant; `format`: the layout of a file, its meaning unchanged
//! - `climb`, `roads`: what splitting climbs on, and what that cannot see; it is no part of the model

mod calendar;
mod calls;
mod canonical;
mod compiler;
mod difference;
mod events;
mod format;
mod history;
mod importance;
mod labels;
mod lint;
mod lower;
mod measures;
mod pools;
mod rules;
mod scope;
mod state;

pub use difference::{Change, Comparison, Difference, Stated, compare};
pub use format::format;
pub use importance::Toward;
pub use pools::site_number;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::Base;
use crate::model::{Climb, Model};
use crate::scenario::{Expectation, Scenario, Variant};
use lower::lower;
use std::collections::BTreeSet;

pub use crate::scenario::BASE;

/// Compiles a scenario, or one of its variants.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(scenario: &Scenario, variant: Option<&Variant>) -> Result<Model, Vec<Diagnostic>> {
    Ok(with(scenario, variant, None)?.0)
}

/// Compiles a scenario, or one of its variants, and what splitting climbs on towards a goal.
///
/// The model may have more columns than that of [`compile`], for the history that the importance reads; what happens in
/// it is the same.
///
/// # Errors
/// Everything that is wrong with it; also if there is no such goal.
pub fn compile_toward(
    scenario: &Scenario,
    variant: Option<&Variant>,
    toward: &Toward,
) -> Result<(Model, Climb), Vec<Diagnostic>> {
    let (model, climb) = with(scenario, variant, Some(toward))?;
    climb.map(|climb| (model, climb)).ok_or_else(Vec::new)
}

fn with(
    scenario: &Scenario,
    variant: Option<&Variant>,
    toward: Option<&Toward>,
) -> Result<(Model, Option<Climb>), Vec<Diagnostic>> {
    let resolved = scenario.resolved(variant)?;
    let (mut model, climb) = model(&resolved, &about(scenario, variant), toward)?;
    if let Some(variant) = variant {
        model.labels.variant = variant.id.text.clone();
        model.labels.variant_title = variant.title.clone().unwrap_or_default();
    }
    Ok((model, climb))
}

/// All errors and warnings of a scenario and its variants, each once.
pub fn check(scenario: &Scenario) -> Vec<Diagnostic> {
    let base = about(scenario, None);
    let mut findings = match scenario.resolved(None) {
        Err(findings) => findings,
        Ok(resolved) => lint::findings(&resolved, &base),
    };
    for variant in &scenario.variants {
        findings.extend(errors(scenario, variant));
    }
    for variant in scenario.expectations.iter().filter_map(|expectation| expectation.variant.as_ref()) {
        if scenario.variant(&variant.text).is_none() {
            let ids = scenario.variants.iter().map(|variant| variant.id.text.as_str());
            let message = format!("there is no variant `{}`", variant.text);
            let finding = Diagnostic::new(Code::UnknownReference, variant.span, message);
            findings.push(finding.did_you_mean(&variant.text, ids));
        }
    }
    findings.sort_by(|a, b| (a.severity, a.span, a.code, &a.message).cmp(&(b.severity, b.span, b.code, &b.message)));
    findings.dedup();
    findings
}

/// All findings of a file that was read with these: also in a file whose tables have errors, its expressions are
/// checked. What may only follow from something that could not be read is left out.
pub fn check_read(scenario: &Scenario, mut read: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let any = |codes: &[Code]| read.iter().any(|finding| codes.contains(&finding.code));
    if any(&[Code::LimitExceeded]) {
        return read;
    }
    let mut findings = check(scenario);
    if read.iter().any(Diagnostic::is_error) {
        let is_gap = any(&[Code::MissingKey, Code::WrongType, Code::KeyConflict]);
        let follows = |code: Code| {
            matches!(
                code,
                Code::UnknownName
                    | Code::UnknownFunction
                    | Code::UnknownReference
                    | Code::NotAssignable
                    | Code::BadOutcomes
                    | Code::MissingKey
            )
        };
        let places: BTreeSet<Span> = read.iter().map(|finding| finding.span).collect();
        findings.retain(|it| it.is_error() && !(is_gap && follows(it.code)) && !places.contains(&it.span));
    }
    read.append(&mut findings);
    read
}

/// The errors of a variant.
fn errors(scenario: &Scenario, variant: &Variant) -> Vec<Diagnostic> {
    let resolved = match scenario.resolved(Some(variant)) {
        Err(findings) => return findings,
        Ok(resolved) => resolved,
    };
    let mut lowered = lower(&resolved, &about(scenario, Some(variant)), None, NO_COLUMNS);
    lowered.compiler.check_importances();
    let mut findings = lowered.compiler.findings;
    findings.retain(Diagnostic::is_error);
    findings
}

/// The expectations that speak of the variant, or of the base case.
fn about<'s>(scenario: &'s Scenario, variant: Option<&Variant>) -> Vec<&'s Expectation> {
    let wanted = variant.map(|variant| variant.id.text.as_str());
    let about = |it: &&Expectation| it.variant.as_ref().map(|name| name.text.as_str()) == wanted;
    scenario.expectations.iter().filter(about).collect()
}

const NO_COLUMNS: Base = Base { numbers: 0, flags: 0 };

/// Tapes put their own columns behind those of the state, and history grows columns as expressions ask for it: so the
/// scenario is lowered once to learn how many columns there are, and once more in earnest.
fn model(
    scenario: &Scenario,
    expectations: &[&Expectation],
    toward: Option<&Toward>,
) -> Result<(Model, Option<Climb>), Vec<Diagnostic>> {
    let mut sizes = lower(scenario, expectations, toward, NO_COLUMNS);
    let base = sizes.base();
    // What is wrong with an importance is wrong with the file, also where nothing climbs on it; its columns do not count.
    sizes.compiler.check_importances();
    if sizes.compiler.findings.iter().any(Diagnostic::is_error) {
        return Err(sizes.compiler.findings);
    }
    Ok(lower(scenario, expectations, toward, base).model())
}
