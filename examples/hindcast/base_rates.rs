//! Base rates: what the world did, what the model does, and whether that lies within the interval.

use super::measure::{self, Questions};
use serde::Deserialize;

/// Where they are written down.
pub const FILE: &str = "scenarios/evidence/korea_2024_base_rates.toml";
/// Replications behind the model's figures.
pub const REPLICATIONS: u64 = 50_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Rules that only count.
    rules: String,
    rate: Vec<Rate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub id: String,
    pub title: String,
    measure: String,
    #[serde(default = "one")]
    per: String,
    /// To be taken off the quotient: a variance is a mean square less the mean.
    #[serde(default = "zero")]
    less: String,
    pub value: f64,
    pub interval: [f64; 2],
    pub n: String,
    pub years: String,
    pub source: String,
    pub role: Role,
    pub expected: Place,
    /// Why a known miss is one.
    pub why: Option<String>,
    /// What the model says.
    #[serde(skip)]
    pub model: f64,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
pub enum Role {
    #[serde(rename = "fitted")]
    Fitted,
    #[serde(rename = "held out")]
    HeldOut,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Within,
    Outside,
}

fn one() -> String {
    "1".to_owned()
}

fn zero() -> String {
    "0".to_owned()
}

impl Rate {
    pub fn place(&self) -> Place {
        let [low, high] = self.interval;
        if (low..=high).contains(&self.model) { Place::Within } else { Place::Outside }
    }
}

/// The rates, with the model's figures.
pub fn rates(scenario: &str) -> Result<Vec<Rate>, String> {
    let mut file: File = toml::from_str(&measure::text(FILE)?).map_err(|error| format!("{FILE}: {error}"))?;
    let mut questions = Questions::default();
    questions.rules(&file.rules);
    for rate in &file.rate {
        for (part, expression) in [("measure", &rate.measure), ("per", &rate.per), ("less", &rate.less)] {
            questions.how_much(&format!("{}_{part}", rate.id), &format!("{expression} + 0"));
        }
    }
    let model = measure::model(&measure::scenario(scenario, &questions)?, None)?;
    let summary = measure::run(&model, REPLICATIONS)?;
    for rate in &mut file.rate {
        let part = |part: &str| measure::mean(&summary, &format!("{}_{part}", rate.id));
        rate.model = part("measure") / part("per") - part("less");
    }
    Ok(file.rate)
}
