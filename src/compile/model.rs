//! From a scenario, or one of its variants, to the model that the engine plays.

use super::importance::Toward;
use super::lower::{about, lower};
use crate::diagnostic::Diagnostic;
use crate::model::{Climb, Model};
use crate::scenario::{Expectation, Scenario, Variant};

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
    match climb {
        Some(climb) => Ok((model, climb)),
        None => unreachable!("where nothing can be climbed on, a finding says why"),
    }
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

fn model(
    scenario: &Scenario,
    expectations: &[&Expectation],
    toward: Option<&Toward>,
) -> Result<(Model, Option<Climb>), Vec<Diagnostic>> {
    let mut lowered = lower(scenario, expectations, toward);
    // What is wrong with an importance is wrong with the file, also where nothing climbs on it.
    lowered.compiler.check_importances();
    if lowered.compiler.findings.iter().any(Diagnostic::is_error) {
        return Err(lowered.compiler.findings);
    }
    Ok(lowered.model())
}
