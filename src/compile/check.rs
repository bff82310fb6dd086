//! All that is wrong with a scenario and its variants, and what is probably not meant.

use super::lint;
use super::lower::{about, lower};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::{Scenario, Variant};
use std::collections::BTreeSet;

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
    let mut lowered = lower(&resolved, &about(scenario, Some(variant)), None);
    lowered.compiler.check_importances();
    let mut findings = lowered.compiler.findings;
    findings.retain(Diagnostic::is_error);
    findings
}
