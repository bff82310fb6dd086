//! Turn 0 and the start of every other: parameters, initial values, bounds, what returns and what is remembered.

use super::value::{Luck, View};
use super::{Failure, Game};
use escalate::scenario::{Formula, Overflow, Pairs, Relation, Scenario, Variable};

/// What a variable or relation cell can hold.
pub struct Bounds {
    pub min: f64,
    pub max: f64,
    /// Whether to leave the bounds is a failure; else the value stops there.
    pub fails: bool,
}

impl Game<'_> {
    /// Parameters, then initial values, which may hang on them.
    pub fn set_up(&mut self) -> Result<(), Failure> {
        for parameter in &self.scenario.parameters {
            self.parameters.insert(parameter.id.text.clone(), parameter.value);
        }
        self.turns = self.constant(&self.scenario.header.turns) as u32;
        let mut drawn = Vec::new();
        for parameter in &self.scenario.parameters {
            if let Some(formula) = &parameter.drawn {
                let path = format!("parameters/{}", parameter.id.text);
                let value = View { luck: Some(Luck::single(&path)), ..self.view(None) }.formula(formula, &[]);
                drawn.push((parameter.id.text.clone(), some(value, &path)?));
            }
        }
        self.parameters.extend(drawn);
        for variable in &self.scenario.variables {
            self.set_initial(variable)?;
        }
        for relation in &self.scenario.relations {
            for (a, b, initial) in cells(self.scenario, relation) {
                let cell = format!("{}({a}, {b})", relation.id.text);
                let value = initial.map_or(0.0, |initial| self.view(None).formula(initial, &[]));
                let value = within(some(value, &format!("relations/{cell}"))?, &self.bounds(&cell));
                self.now.values.insert(cell, value);
            }
        }
        self.now.previous = self.now.values.clone();
        Ok(())
    }

    fn set_initial(&mut self, variable: &Variable) -> Result<(), Failure> {
        let values: Vec<String> = variable.values.iter().map(|value| value.text.clone()).collect();
        let table = if variable.actor.is_some() { "actors/state" } else { "state" };
        let path = format!("{table}/{}", variable.path());
        let value = some(self.view(None).formula(&variable.initial, &values), &path)?;
        let value = within(value, &self.bounds(&variable.path()));
        self.now.values.insert(variable.path(), value);
        Ok(())
    }

    /// What every turn but the first begins with.
    pub fn start_turn(&mut self) -> Result<(), Failure> {
        self.now.previous = self.now.values.clone();
        self.now.previous_rung = self.now.rung;
        self.now.previous_rung_of = std::mem::take(&mut self.now.rung_of);
        self.now.rung = 0;
        self.scenario.variables.iter().filter(|it| it.each_turn).try_for_each(|it| self.set_initial(it))
    }

    /// A number that is the same in all replications.
    pub fn constant(&self, formula: &Formula) -> f64 {
        self.view(None).formula(formula, &[])
    }

    /// The bounds of a variable or relation cell.
    pub fn bounds(&self, path: &str) -> Bounds {
        let or = |formula: &Option<Formula>, default| formula.as_ref().map_or(default, |it| self.constant(it));
        if let Some((relation, _)) = path.split_once('(') {
            let relation = self.scenario.relations.iter().find(|it| it.id.text == relation).expect("a relation");
            let fails = relation.overflow == Some(Overflow::Fail);
            return Bounds { min: or(&relation.min, 0.0), max: or(&relation.max, 1.0), fails };
        }
        let variable = self.scenario.variables.iter().find(|it| it.path() == path).expect("a variable");
        let default = if variable.integer { Overflow::Fail } else { Overflow::Saturate };
        let max = if variable.values.is_empty() { 1.0 } else { variable.values.len() as f64 - 1.0 };
        Bounds {
            min: or(&variable.min, 0.0),
            max: or(&variable.max, max),
            fails: variable.overflow.unwrap_or(default) == Overflow::Fail,
        }
    }
}

/// The pairs of a relation in order, each with its initial value.
pub fn cells<'a>(scenario: &'a Scenario, relation: &'a Relation) -> Vec<(&'a str, &'a str, Option<&'a Formula>)> {
    let common = relation.initial.as_ref();
    let actors = || scenario.actors.iter().map(|actor| actor.id.text.as_str());
    match &relation.pairs {
        Pairs::Listed(pairs) => pairs
            .iter()
            .map(|pair| (&*pair.between[0].text, &*pair.between[1].text, pair.initial.as_ref().or(common)))
            .collect(),
        Pairs::All => actors()
            .flat_map(|a| actors().map(move |b| (a, b, common)))
            .filter(|(a, b, _)| if relation.symmetric { a < b } else { a != b })
            .collect(),
    }
}

/// The nearest value within the bounds; 0 has no sign.
pub fn within(value: f64, bounds: &Bounds) -> f64 {
    let value = if value < bounds.min {
        bounds.min
    } else if value > bounds.max {
        bounds.max
    } else {
        value
    };
    if value == 0.0 { 0.0 } else { value }
}

/// A value that there is, or a failure at the path.
pub fn some(value: f64, path: &str) -> Result<f64, Failure> {
    if value.is_nan() { Err(path.to_owned()) } else { Ok(value) }
}
