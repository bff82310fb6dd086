//! The names that reports use, and what explains a guard.

use super::compiler::Compiler;
use super::events::branches;
use super::scope::{Reading, ScopeAt};
use super::world::{self, Symbol};
use crate::expression::{self, Expr, Kind, Term, Typed, Wanted};
use crate::model::{self, Label, Labels, Mention};
use crate::scenario::{Formula, Order, Scenario, Trigger};

impl Compiler<'_> {
    pub fn labels(&mut self, variant: &str, variant_title: &str) -> Labels {
        let scenario = self.world.scenario;
        let (calendar, turn_length) = self.calendar();
        Labels {
            scenario: scenario.header.id.text.clone(),
            title: scenario.header.title.clone().unwrap_or_else(|| scenario.header.id.text.clone()),
            variant: variant.to_owned(),
            variant_title: variant_title.to_owned(),
            calendar,
            turn_length,
            actors: scenario.actors.iter().map(|actor| label(&actor.id.text, actor.title.as_deref(), None)).collect(),
            variables: self.variable_labels(),
            events: self.event_labels(),
            dynamics: scenario.dynamics.iter().map(|it| label(&it.id.text, it.title.as_deref(), None)).collect(),
            metrics: scenario
                .metrics
                .iter()
                .map(|it| label(&it.id.text, it.title.as_deref(), it.unit.as_deref()))
                .collect(),
            milestones: milestones(scenario),
            outcomes: scenario
                .outcomes
                .iter()
                .map(|it| model::Outcome {
                    id: it.id.text.clone(),
                    title: it.title.clone().unwrap_or_else(|| it.id.text.clone()),
                    severity: it.severity,
                })
                .collect(),
            rungs: rungs(scenario),
            scales: scenario
                .ladder
                .iter()
                .flat_map(|ladder| ladder.scales.iter().map(|scale| scale.id.text.clone()))
                .collect(),
            claims: Vec::new(),
            sites: self.world.sites.paths.clone(),
            places: self.places.0.clone(),
        }
    }

    fn variable_labels(&self) -> Vec<model::Variable> {
        let label = |variable: &world::Variable| model::Variable {
            path: variable.path.clone(),
            title: variable.title.clone().unwrap_or_else(|| variable.path.clone()),
            unit: variable.unit.clone(),
            cell: variable.cell,
            values: variable.kind.set().map_or_else(Vec::new, |set| self.world.sets.0[set as usize].clone()),
            each_turn: variable.each_turn,
        };
        self.world.variables.iter().map(label).collect()
    }

    fn event_labels(&mut self) -> Vec<model::Event> {
        let scenario = self.world.scenario;
        let simultaneous = scenario.header.order == Order::Simultaneous;
        let mut labels = Vec::new();
        for (index, trigger) in scenario.injects.iter().chain(&scenario.triggers).enumerate() {
            let reading = Reading::state().at_start_of_phase(simultaneous && index >= scenario.injects.len());
            let parent = labels.len();
            labels.push(self.event_label(parent, trigger, None));
            let formulas = trigger.when.iter().chain(&trigger.chance);
            labels[parent].mentions = self.mentions(formulas, &reading);
            for _ in branches(trigger) {
                labels.push(self.event_label(labels.len(), trigger, Some(parent as u32)));
            }
        }
        labels
    }

    fn event_label(&mut self, event: usize, trigger: &Trigger, parent: Option<u32>) -> model::Event {
        let found = &self.world.events[event];
        let (id, title, actor, rung) = (found.id.clone(), found.title, found.actor, found.rung);
        let has_branches = !found.branches.is_empty();
        let toward = trigger.toward.as_ref().and_then(|toward| match self.world.symbols.get(&toward.text) {
            Some(Symbol::Actor(actor)) => Some(*actor as u32),
            _ => None,
        });
        model::Event {
            title: title.map_or_else(|| id.clone(), str::to_owned),
            id,
            actor: actor.map(|actor| actor as u32),
            toward,
            kind: trigger.kind.as_ref().map(|kind| kind.text.clone()),
            rung: if has_branches { None } else { rung.and_then(|rung| self.rung(rung)) },
            parent,
            when: trigger.when.as_ref().map(Formula::source),
            mentions: Vec::new(),
        }
    }

    /// What the formulas speak of, each once, with tapes that work it out.
    fn mentions<'f>(&mut self, formulas: impl Iterator<Item = &'f Formula>, reading: &Reading) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::new();
        for formula in formulas {
            let Ok(expr) = formula.expr() else { continue };
            for atom in self.atoms(&expr) {
                let text = atom.to_string();
                if mentions.iter().any(|mention| mention.text == text) {
                    continue;
                }
                let mut scope = ScopeAt { world: &mut self.world, reading: reading.clone() };
                let Ok(typed) = expression::check(atom, Wanted::Any, &mut scope) else { continue };
                mentions.extend(self.mention(text, typed));
            }
        }
        mentions
    }

    /// The parts of an expression that have a value of their own and are not made of smaller ones.
    fn atoms<'e>(&self, expr: &'e Expr) -> Vec<&'e Expr> {
        let mut atoms = Vec::new();
        let mut inside: Option<crate::diagnostic::Span> = None;
        expr.walk(&mut |part| {
            let within = inside.is_some_and(|span| span.start <= part.span.start && part.span.end <= span.end);
            let is_atom = match &part.kind {
                Kind::Name(name) => {
                    matches!(self.world.symbols.get(name), Some(Symbol::Variable(_) | Symbol::Parameter(_)))
                        || matches!(name.as_str(), "rung" | "peak_rung" | "turn")
                }
                Kind::Call(name, _) => {
                    matches!(self.world.symbols.get(name), Some(Symbol::Relation(_)))
                        || (crate::scenario::is_reserved(name) && !is_pure(name))
                }
                _ => false,
            };
            if is_atom && !within {
                atoms.push(part);
                inside = Some(part.span);
            }
        });
        atoms
    }

    fn mention(&mut self, text: String, typed: Typed) -> Option<Mention> {
        let values = typed.kind.set().map_or_else(Vec::new, |set| self.world.sets.0[set as usize].clone());
        let value = match typed.term {
            Term::Number(number) => self.number_tape(&number),
            Term::Flag(flag) => self.flag_tape(&flag),
        };
        Some(Mention { text, value, values })
    }
}

/// Whether a function is one of numbers only.
fn is_pure(name: &str) -> bool {
    expression::pure_functions().any(|known| known == name) || matches!(name, "sum" | "mean")
}

fn label(id: &str, title: Option<&str>, unit: Option<&str>) -> Label {
    Label { id: id.to_owned(), title: title.unwrap_or(id).to_owned(), unit: unit.unwrap_or("").to_owned() }
}

fn milestones(scenario: &Scenario) -> Vec<Label> {
    let own = scenario.milestones.iter().map(|it| label(&it.id.text, it.title.as_deref(), None));
    let firebreaks = scenario.ladder.iter().flat_map(|ladder| &ladder.firebreaks).map(|rung| {
        let title = format!("firebreak crossed: {}", rung.text);
        label(&format!("firebreak_{}", rung.text), Some(&title), None)
    });
    own.chain(firebreaks).collect()
}

fn rungs(scenario: &Scenario) -> Vec<model::Rung> {
    let Some(ladder) = &scenario.ladder else { return Vec::new() };
    let is_firebreak = |id: &str| ladder.firebreaks.iter().any(|firebreak| firebreak.text == id);
    ladder.rungs.iter().map(|rung| model::Rung { id: rung.text.clone(), firebreak: is_firebreak(&rung.text) }).collect()
}
