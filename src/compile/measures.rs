//! Metrics, milestones, outcomes, scores and claims.

use super::compiler::Compiler;
use super::scope::{Reading, ScopeAt};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{self, BinaryOp, Comparison, Expr, Flag, Interval, Kind, Number, Term, Type, Typed};
use crate::model::{Claim, ClaimValue, LadderColumns, Mark, Marks, Metric, Milestone, Range, Score, Test};
use crate::scenario::limits::{COLUMNS_MAX, COUNTERS_MAX, POINTS_MAX};
use crate::scenario::{self, Expectation, Formula};

/// How many decimal places the points of a scale may have.
const DECIMALS_MAX: u32 = 6;

impl Compiler<'_> {
    pub fn metrics(&mut self) -> Vec<Metric> {
        let scenario = self.world.scenario;
        scenario.metrics.iter().filter_map(|metric| self.metric(metric)).collect()
    }

    fn metric(&mut self, metric: &scenario::Metric) -> Option<Metric> {
        let typed = self.any(&metric.value, Reading::state())?;
        let integer = typed.kind.is_integer() || typed.kind == Type::Flag;
        if matches!(typed.kind, Type::Choice(_)) {
            let message = format!("the metric `{}` is a value of an enum, which has no mean", metric.id.text);
            let hint = "measure `number(… == value)`, a share";
            self.find(Diagnostic::new(Code::TypeMismatch, metric.value.span(), message).hint(hint));
            return None;
        }
        let number = into_number(typed);
        let bounds = [&metric.min, &metric.max].map(|bound| bound.as_ref().map(|bound| self.constant(bound)));
        let bounds = match bounds {
            [Some(None), _] | [_, Some(None)] => return None,
            bounds => bounds.map(Option::flatten),
        };
        let end = |end: f64, open: f64| if end.is_nan() { open } else { end };
        let range = Range {
            low: end(number.range.low, f64::NEG_INFINITY),
            high: end(number.range.high, f64::INFINITY),
            is_whole: integer,
        };
        let (low, high) = (bounds[0].unwrap_or(range.low), bounds[1].unwrap_or(range.high));
        if low > high || (integer && low.ceil() > high.floor()) {
            let message = match low > high {
                true => format!("the lower bound {low} is above the upper bound {high}"),
                false => format!("there is no integer between the bounds {low} and {high}"),
            };
            let span = metric.max.as_ref().or(metric.min.as_ref()).map_or(metric.id.span, Formula::span);
            self.error(Code::BoundsCross, span, message);
            return None;
        }
        let place = self.places.place(&format!("metrics/{}", metric.id.text), &metric.value.source());
        Some(Metric { value: self.number_tape(&number), place, range, bounds })
    }

    /// Refuses tables that would not fit into memory.
    pub fn count_counters(&mut self, metrics: &[Metric], rules: usize) {
        /// Words that a metric needs in a turn at least, where its values have no counter each.
        const LEAST: usize = 64;
        let bins: usize = metrics.iter().map(|metric| metric.range.few().unwrap_or(0) + LEAST).sum();
        let rungs =
            self.world.scenario.ladder.as_ref().map_or(0, |ladder| ladder.rungs.len() + ladder.firebreaks.len());
        let by_turn =
            bins + 4 * rules + rungs + self.world.scenario.milestones.len() + self.world.scenario.outcomes.len();
        let counters = by_turn.saturating_mul(self.world.turns as usize + 1);
        if counters > COUNTERS_MAX {
            let message =
                format!("metrics, triggers and turns together need {counters} counters; {COUNTERS_MAX} are allowed");
            let finding = Diagnostic::new(Code::LimitExceeded, self.world.scenario.header.turns.span(), message);
            self.find(finding.hint("measure less, or for fewer turns"));
        }
    }

    /// Refuses more columns than fit into memory.
    pub fn count_columns(&mut self) {
        let columns = self.world.columns.numbers.len();
        if columns > COLUMNS_MAX {
            let message = format!("a replication would keep {columns} numbers; {COLUMNS_MAX} are allowed");
            let finding = Diagnostic::new(Code::LimitExceeded, self.world.scenario.header.id.span, message);
            self.find(
                finding.hint("every delay and transit keeps a number for each turn it may last: make them shorter"),
            );
        }
    }

    /// The milestones of the author, then the firebreaks of the ladder.
    pub fn milestones(&mut self) -> Vec<Milestone> {
        let scenario = self.world.scenario;
        let mut tests = Vec::new();
        for milestone in &scenario.milestones {
            tests.extend(self.condition(&milestone.when, &format!("milestones/{}", milestone.id.text)));
        }
        let firebreaks = scenario.ladder.as_ref().map_or(&[][..], |ladder| &ladder.firebreaks);
        for firebreak in firebreaks {
            let Some(rung) = self.rung(firebreak) else { continue };
            if rung == 0 {
                let message =
                    format!("`{}` is the lowest rung, and no firebreak: nothing lies below it", firebreak.text);
                self.error(Code::BadValue, firebreak.span, message);
            }
            let highest = self.world.scenario.ladder.as_ref().map_or(0, |ladder| ladder.rungs.len().saturating_sub(1));
            let peak = Number::column(self.world.peak_column(None), Interval::new(0.0, highest as f64));
            let crossed = Flag::compare(Comparison::GreaterEqual, peak, Number::constant(f64::from(rung)));
            let place = self.places.place(&format!("ladder/firebreaks/{}", firebreak.text), "");
            tests.push(Test { tape: self.flag_tape(&crossed), place });
        }
        tests.into_iter().map(|test| Milestone { test, passed: self.world.columns.flag(false) }).collect()
    }

    /// All outcomes but the last, which must be the only one without a condition.
    pub fn outcomes(&mut self) -> Vec<Test> {
        let scenario = self.world.scenario;
        let Some((last, others)) = scenario.outcomes.split_last() else {
            self.error(Code::BadOutcomes, scenario.header.id.span, "a scenario needs at least one outcome");
            return Vec::new();
        };
        if last.when.is_some() {
            let message = format!(
                "the last outcome, `{}`, must have no `when`: it is what running out of turns means",
                last.id.text
            );
            let finding = Diagnostic::new(Code::BadOutcomes, last.span, message);
            self.find(finding.hint("add a last outcome without `when`"));
        }
        let mut tests = Vec::new();
        let mut certain: Option<&scenario::Outcome> = None;
        for outcome in others {
            let path = format!("outcomes/{}", outcome.id.text);
            match &outcome.when {
                Some(when) => {
                    let condition = self.flag(when, Reading::state());
                    if let Some(certain) = certain {
                        let message =
                            format!("`{}` always holds before `{}` is tested", certain.id.text, outcome.id.text);
                        self.error(Code::Unreachable, outcome.span, message);
                    } else if condition == Some(Flag::Constant(false)) {
                        let message =
                            format!("the outcome `{}` can never be: its condition cannot hold", outcome.id.text);
                        self.error(Code::Unreachable, when.span(), message);
                    } else if condition == Some(Flag::Constant(true)) {
                        certain = Some(outcome);
                    }
                    tests.extend(condition.map(|condition| self.test(&condition, &path, when)));
                }
                None => {
                    let message = format!("the outcome `{}` has no `when` and is not the last", outcome.id.text);
                    let finding = Diagnostic::new(Code::BadOutcomes, outcome.span, message);
                    self.find(finding.hint("only the last outcome, for running out of turns, has no condition"));
                }
            }
        }
        tests
    }

    fn condition(&mut self, when: &Formula, path: &str) -> Option<Test> {
        let flag = self.flag(when, Reading::state())?;
        Some(self.test(&flag, path, when))
    }

    fn test(&mut self, flag: &Flag, path: &str, when: &Formula) -> Test {
        let place = self.places.place(path, &when.source());
        Test { tape: self.flag_tape(flag), place }
    }

    pub fn ladder(&mut self) -> Option<LadderColumns> {
        let rungs = self.world.scenario.ladder.as_ref()?.rungs.len() as u32;
        let rung = self.world.rung_columns(None).rung;
        Some(LadderColumns { rung, peak: self.world.peak_column(None), rungs })
    }

    pub fn scores(&mut self) -> Vec<Score> {
        let Some(ladder) = &self.world.scenario.ladder else { return Vec::new() };
        ladder.scales.iter().filter_map(|scale| self.score(scale, &ladder.rungs)).collect()
    }

    fn score(&mut self, scale: &scenario::Scale, rungs: &[scenario::Name]) -> Option<Score> {
        for (rung, points) in &scale.points {
            self.rung(rung);
            if points.abs() > POINTS_MAX {
                let message = format!("points lie between -{POINTS_MAX} and {POINTS_MAX}, and these are {points}");
                self.error(Code::OutOfBounds, rung.span, message);
                return None;
            }
        }
        let has_points = |rung: &scenario::Name| scale.points.iter().any(|(name, _)| name.text == rung.text);
        let missing: Vec<String> =
            rungs.iter().filter(|rung| !has_points(rung)).map(|rung| format!("`{}`", rung.text)).collect();
        if !missing.is_empty() {
            let message = format!("the scale `{}` has no points for {}", scale.id.text, missing.join(", "));
            self.error(Code::MissingKey, scale.id.span, message);
            return None;
        }
        let decimals = (0..=DECIMALS_MAX).find(|places| {
            let scaled = |points: f64| points * libm::exp10(f64::from(*places));
            scale.points.iter().all(|(_, points)| (scaled(*points) - scaled(*points).round()).abs() < 1e-6)
        });
        let Some(decimals) = decimals else {
            let message = format!("the points of `{}` have more than {DECIMALS_MAX} decimal places", scale.id.text);
            self.error(Code::BadValue, scale.id.span, message);
            return None;
        };
        let per_point = f64::from(10_u32.pow(decimals));
        let units: Vec<f64> = rungs
            .iter()
            .filter_map(|rung| scale.points.iter().find(|(name, _)| name.text == rung.text))
            .map(|(_, points)| (points * per_point).round())
            .collect();
        let column = self.world.columns.number(0.0);
        let turns = f64::from(self.world.turns);
        let (mut low, mut high) = (0.0, 0.0);
        for event in self.world.events.iter().filter(|event| event.parent.is_none()) {
            let leaves = if event.branches.is_empty() {
                vec![event]
            } else {
                event.branches.iter().map(|leaf| &self.world.events[*leaf]).collect()
            };
            let points = leaves.iter().filter_map(|leaf| {
                let rung = leaf.rung?;
                let index = rungs.iter().position(|name| name.text == rung.text)?;
                units.get(index).copied()
            });
            let (least, most) = points.fold((0.0_f64, 0.0_f64), |(least, most), p| (least.min(p), most.max(p)));
            low += least * turns;
            high += most * turns;
        }
        Some(Score { column, unit: 1.0 / per_point, range: Range { low, high, is_whole: true } })
    }

    /// Adds to the marks of events what their rungs mean.
    pub fn rung_marks(&mut self, marks: &mut [Marks], scores: &[Score]) {
        let Some(ladder) = &self.world.scenario.ladder else { return };
        for index in 0..self.world.events.len() {
            if !self.world.events[index].branches.is_empty() {
                continue;
            }
            let (Some(name), actor) = (self.world.events[index].rung, self.world.events[index].actor) else { continue };
            let Some(rung) = self.rung(name) else { continue };
            for whose in [None, actor].into_iter().take(if actor.is_some() { 2 } else { 1 }) {
                let Some(columns) = self.world.rungs.get(&whose).copied() else { continue };
                let level = f64::from(rung);
                marks[index].fired.push(Mark::Raise(columns.rung, level));
                marks[index].fired.extend(columns.peak.map(|peak| Mark::Raise(peak, level)));
            }
            for (scale, score) in ladder.scales.iter().zip(scores) {
                let points = scale.points.iter().find(|(other, _)| other.text == name.text).map_or(0.0, |(_, p)| *p);
                marks[index].fired.push(Mark::Add(score.column, (points / score.unit).round()));
            }
        }
    }

    /// The claims of expectations, those about this variant only.
    pub fn claims(&mut self, expectations: &[&Expectation], metrics: &[Metric]) -> Vec<Claim> {
        let outcomes = self.world.scenario.outcomes.iter().map(|outcome| outcome.id.text.clone()).collect();
        self.world.outcome_set = Some(self.world.sets.set(outcomes));
        let mut claims = Vec::new();
        for (label, expectation) in expectations.iter().enumerate() {
            let text = &expectation.claim.text;
            let claim = match &expectation.claim.parsed {
                Ok(expr) => self.claim(expr, label as u32, &text.value, metrics),
                Err(finding) => Err(vec![finding.clone()]),
            };
            match claim {
                Ok(claim) => claims.push(claim),
                Err(findings) => {
                    self.findings.extend(findings.into_iter().map(|finding| text.placed(finding)));
                }
            }
        }
        claims
    }

    fn claim(&mut self, expr: &Expr, label: u32, text: &str, metrics: &[Metric]) -> Result<Claim, Vec<Diagnostic>> {
        let refuse = |span: Span| {
            let message = "a claim compares `share(condition)` or `mean(metric)` with a number";
            vec![Diagnostic::new(Code::Syntax, span, message).hint("for example `share(fired(x)) > 0.3`")]
        };
        let Kind::Binary(BinaryOp::Compare(comparison), left, right) = &expr.kind else {
            return Err(refuse(expr.span));
        };
        let asks = |side: &Expr| matches!(&side.kind, Kind::Call(name, _) if name == "share" || name == "mean");
        let (call, comparison, bound) = match (asks(left), asks(right)) {
            (true, _) => (left, *comparison, right),
            (false, true) => (right, comparison.flipped(), left),
            (false, false) => return Err(refuse(expr.span)),
        };
        if !comparison.is_order() {
            return Err(vec![Diagnostic::new(Code::Syntax, expr.span, "a claim compares with `<`, `<=`, `>` or `>=`")]);
        }
        let mut scope = ScopeAt { world: &mut self.world, reading: Reading::constant() };
        let bound = expression::number(bound, &mut scope)
            .and_then(|number| number.as_constant().ok_or_else(|| refuse(bound.span)));
        let place = self.places.place("expectations", text);
        let value = self.claimed(call, refuse);
        let (value, bound) = match (value, bound) {
            (Ok(value), Ok(bound)) => (value, bound),
            (value, bound) => {
                let errors = value.err().into_iter().chain(bound.err());
                return Err(errors.flatten().collect());
            }
        };
        match value {
            ClaimValue::Share(_) => can_be_shown(comparison, bound, expr.span)?,
            ClaimValue::Mean(metric) => self.is_bounded(metric, metrics, call.span)?,
        }
        Ok(Claim { value, comparison, bound, label, place })
    }

    /// Refuses the mean of a metric that has no bounds: no sample says anything about it.
    fn is_bounded(&self, metric: u32, metrics: &[Metric], span: Span) -> Result<(), Vec<Diagnostic>> {
        // A metric that could not be compiled has been found fault with already.
        let bounds = metrics.get(metric as usize).map_or([0.0; 2], Metric::mean_bounds);
        if bounds.iter().all(|bound| bound.is_finite()) && (bounds[1] - bounds[0]).is_finite() {
            return Ok(());
        }
        let name = &self.world.scenario.metrics[metric as usize].id.text;
        let message =
            format!("`{name}` has no bounds, and without them no number of replications says what its mean is");
        Err(vec![
            Diagnostic::new(Code::UnboundedMetric, span, message)
                .hint("declare `min` and `max` of the metric, or of the variables that it reads"),
        ])
    }

    /// What a claim is about.
    fn claimed(
        &mut self,
        call: &Expr,
        refuse: impl Fn(Span) -> Vec<Diagnostic>,
    ) -> Result<ClaimValue, Vec<Diagnostic>> {
        Ok(match &call.kind {
            Kind::Call(name, arguments) if name == "share" && arguments.len() == 1 => {
                let reading = Reading { outcome: true, ..Reading::state() };
                let mut scope = ScopeAt { world: &mut self.world, reading };
                let flag = expression::flag(&arguments[0], &mut scope)?;
                ClaimValue::Share(self.flag_tape(&flag))
            }
            Kind::Call(name, arguments) if name == "mean" && arguments.len() == 1 => {
                let Kind::Name(metric) = &arguments[0].kind else { return Err(refuse(arguments[0].span)) };
                let index = self.world.scenario.metrics.iter().position(|known| known.id.text == *metric);
                let metrics = self.world.scenario.metrics.iter().map(|known| known.id.text.as_str());
                let index = index.ok_or_else(|| {
                    let message = format!("there is no metric `{metric}`");
                    vec![Diagnostic::new(Code::UnknownName, arguments[0].span, message).did_you_mean(metric, metrics)]
                })?;
                ClaimValue::Mean(index as u32)
            }
            _ => return Err(refuse(call.span)),
        })
    }
}

/// Refuses claims about shares that no sample can show, and those that need none.
fn can_be_shown(comparison: Comparison, bound: f64, span: Span) -> Result<(), Vec<Diagnostic>> {
    let refuse = |message: &str, hint: &str| Err(vec![Diagnostic::new(Code::BadValue, span, message).hint(hint)]);
    let (is_certain, is_never, instead) = match comparison {
        Comparison::Greater => (bound < 0.0, bound >= 1.0, "> 0.999"),
        Comparison::GreaterEqual => (bound <= 0.0, bound >= 1.0, ">= 0.999"),
        Comparison::Less => (bound > 1.0, bound <= 0.0, "< 0.001"),
        _ => (bound >= 1.0, bound <= 0.0, "<= 0.001"),
    };
    if is_certain {
        return refuse("this holds whatever happens: a share lies between 0 and 1", "claim more, or leave it out");
    }
    if is_never {
        let message = "no number of replications can show this: what was never seen may still happen";
        return refuse(message, &format!("claim `{instead}`, or whatever is near enough"));
    }
    Ok(())
}

fn into_number(typed: Typed) -> Number {
    match typed.term {
        Term::Number(number) => number,
        Term::Flag(flag) => Number::from_flag(flag),
    }
}
