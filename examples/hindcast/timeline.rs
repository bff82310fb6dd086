//! Questions of June 2024 with the answers of June 2025: the model's probabilities, a base-rate forecaster's, and Brier scores.

use super::measure::{self, Questions};
use escalate::results::summary::Summary;
use serde::Deserialize;

pub const FILE: &str = "scenarios/evidence/korea_2024_hindcast.csv";

/// When all questions are put, in months after the start: December 2024 and June 2025.
pub const HORIZONS: [usize; 2] = [6, 12];

#[derive(Deserialize)]
pub struct Question {
    pub id: String,
    pub question: String,
    pub when: String,
    /// The date, empty if it had not happened by June 2025.
    pub happened: String,
    past_events: f64,
    past_months: f64,
    pub base_rate_from: String,
    pub role: String,
    pub source: String,
}

impl Question {
    /// The month in which it happened: the first runs to 20 July 2024.
    pub fn month(&self) -> Option<usize> {
        let part = |range: std::ops::Range<usize>| self.happened.get(range).and_then(|text| text.parse::<usize>().ok());
        let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
        Some((year * 12 + month + usize::from(day > 20)).saturating_sub(2024 * 12 + 6))
    }

    pub fn happened_by(&self, month: usize) -> f64 {
        f64::from(u8::from(self.month().is_some_and(|it| it <= month)))
    }

    /// A forecaster who knows only how often such things happened before June 2024.
    pub fn base_rate(&self, months: usize) -> f64 {
        1.0 - libm::exp(-self.past_events / self.past_months * months as f64)
    }
}

/// All questions.
pub fn questions() -> Result<Vec<Question>, String> {
    let text = measure::text(FILE)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| format!("{FILE}: {error}"))
}

/// The questions put to a scenario.
pub fn asked(questions: &[Question]) -> Questions {
    let mut asked = Questions::default();
    for question in questions {
        asked.whether(&format!("asked_{}", question.id), &question.when);
    }
    asked
}

/// The model's probability that it has happened by the end of a turn.
pub fn probability(summary: &Summary, question: &Question, turn: usize) -> f64 {
    measure::passed(summary, &format!("asked_{}", question.id), turn)
}

/// Mean squares of what was said against what came, at both horizons: the model's and the base-rate forecaster's.
pub fn brier(summary: &Summary, questions: &[&Question]) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for question in questions {
        for month in HORIZONS {
            let came = question.happened_by(month);
            let said = [probability(summary, question, month), question.base_rate(month)];
            for (sum, said) in sums.iter_mut().zip(said) {
                *sum += (said - came) * (said - came) / (questions.len() * HORIZONS.len()) as f64;
            }
        }
    }
    sums
}
