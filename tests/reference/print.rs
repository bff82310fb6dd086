//! Plans written as TOML: indexes become names, and all that is written loads.

use super::generate::{Body, Branch, Initial, Plan, Trigger, Variant};
use super::phrase::{ACTORS, CHOICES, FEAR, FIXED, FLAGS, INTEGERS, NUMBERS, Phrases, RUNGS, TRUST, pick};
use std::fmt::{Display, Formatter, Result};

const OPTIONS: [&str; 3] = ["a", "b", "c"];

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let still = Phrases { events: self.events(), every_pair: self.every_pair, draws: false };
        let writer = Writer { plan: self, drawing: Phrases { draws: true, ..still.clone() }, still };
        let mut actors: Vec<&str> = self.actor_order.iter().map(|index| pick(&ACTORS, *index)).collect();
        actors.dedup();
        writeln!(f, "language = 1\n[scenario]\nid = \"plan\"\nturns = \"{} * p2 / 2\"", self.turns)?;
        writeln!(f, "order = \"{}\"\nactor_order = {actors:?}", order(self.simultaneous))?;
        writeln!(f, "[ladder]\nrungs = {RUNGS:?}\nfirebreaks = [\"heat\"]")?;
        writer.world(f)?;
        for (index, inject) in self.injects.iter().enumerate() {
            writer.rule(f, "injects", &format!("i{index}"), inject)?;
        }
        for (index, effects) in self.dynamics.iter().enumerate() {
            writeln!(f, "[[dynamics]]\nid = \"y{index}\"\nthen = {:?}", writer.drawing.effects(effects))?;
        }
        for (index, trigger) in self.triggers.iter().enumerate() {
            writer.rule(f, "triggers", &format!("x{index}"), trigger)?;
        }
        writer.tests(f)?;
        writer.variant(f, &self.variant)
    }
}

fn order(simultaneous: bool) -> &'static str {
    if simultaneous { "simultaneous" } else { "sequential" }
}

impl Plan {
    /// The ids of injects, triggers and branches.
    fn events(&self) -> Vec<String> {
        let mut events: Vec<String> = (0..self.injects.len()).map(|index| format!("i{index}")).collect();
        for (index, trigger) in self.triggers.iter().enumerate() {
            events.push(format!("x{index}"));
            let branches = match &trigger.body {
                Body::Decision(options) => &OPTIONS[..options.len()],
                Body::Commitment(..) => &["honour", "breach"],
                _ => &[],
            };
            events.extend(branches.iter().map(|branch| format!("x{index}.{branch}")));
        }
        events
    }
}

/// Writes the parts of a plan.
struct Writer<'p> {
    plan: &'p Plan,
    /// For where draws may stand.
    drawing: Phrases,
    /// For where they may not.
    still: Phrases,
}

impl Writer<'_> {
    fn initial(&self, index: usize, min: f64, max: f64, integer: bool) -> String {
        match &self.plan.initials[index] {
            Initial::Hundredths(share) => {
                let value = min + (max - min) * f64::from(*share) / 100.0;
                if integer { format!("{value:.0}") } else { format!("{value:.2}") }
            }
            Initial::Drawn(times) if integer => format!("\"round(d0 * {times})\""),
            Initial::Drawn(plus) => format!("\"d0 + 0.{plus:02}\""),
        }
    }

    /// Parameters, actors, variables and relations.
    fn world(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "[parameters]")?;
        FIXED.iter().try_for_each(|(id, value)| writeln!(f, "{id} = {value}"))?;
        for (index, draw) in self.plan.drawn.iter().enumerate() {
            writeln!(f, "d{index} = {{ value = 0.5, drawn = \"{}\" }}", self.drawing.draw(draw))?;
        }
        let mut variables: Vec<(&str, String)> = Vec::new();
        for (index, (path, min, max, more)) in NUMBERS.iter().chain(&INTEGERS).enumerate() {
            let initial = self.initial(index, *min, *max, index >= NUMBERS.len());
            variables.push((path, format!("{{ initial = {initial}, min = {min}, max = \"{max} * p2 / 2\"{more} }}")));
        }
        variables.extend(FLAGS.iter().map(|(path, value)| (*path, (*value).to_owned())));
        for (path, values) in CHOICES {
            let each_turn = path == "mood";
            let value = format!("{{ values = {values:?}, initial = {:?}, each_turn = {each_turn} }}", values[1]);
            variables.push((path, value));
        }
        writeln!(f, "[state]")?;
        variables.iter().filter(|(path, _)| !path.contains('.')).try_for_each(|(id, it)| writeln!(f, "{id} = {it}"))?;
        for actor in ACTORS {
            writeln!(f, "[actors.{actor}.state]")?;
            let own = variables.iter().filter_map(|(path, it)| Some((path.split_once('.')?, it)));
            own.filter(|((owner, _), _)| *owner == actor).try_for_each(|((_, id), it)| writeln!(f, "{id} = {it}"))?;
        }
        self.relations(f)
    }

    fn relations(&self, f: &mut Formatter<'_>) -> Result {
        let (one, other) = (self.initial(0, 0.0, 1.0, false), self.initial(3, -1.0, 2.0, false));
        let pairs = |pairs: &[(&str, &str)], first: &str| {
            let pair = |(index, (a, b)): (usize, &(&str, &str))| match index {
                0 => format!("{{ between = [\"{a}\", \"{b}\"], initial = {first} }}"),
                _ => format!("{{ between = [\"{a}\", \"{b}\"] }}"),
            };
            format!("[{}]", pairs.iter().enumerate().map(pair).collect::<Vec<_>>().join(", "))
        };
        writeln!(f, "[relations.trust]\nsymmetric = true\ninitial = 0.25\npairs = {}", pairs(&TRUST, &one))?;
        let fear = if self.plan.every_pair { "\"all\"".to_owned() } else { pairs(&FEAR, "0.5") };
        writeln!(f, "[relations.fear]\nmin = -1\nmax = 2\noverflow = \"saturate\"\ninitial = {other}\npairs = {fear}")
    }

    /// Metrics, milestones and outcomes.
    fn tests(&self, f: &mut Formatter<'_>) -> Result {
        for (index, metric) in self.plan.metrics.iter().enumerate() {
            let value = self.still.num(metric);
            writeln!(f, "[[metrics]]\nid = \"m{index}\"\nvalue = \"{value}\"\nmin = -9\nmax = 9")?;
        }
        for (index, milestone) in self.plan.milestones.iter().enumerate() {
            writeln!(f, "[[milestones]]\nid = \"s{index}\"\nwhen = \"{}\"", self.still.flag(milestone))?;
        }
        for (index, (turn, flag)) in self.plan.outcomes.iter().enumerate() {
            let flag = self.still.flag(flag);
            writeln!(f, "[[outcomes]]\nid = \"o{index}\"\nwhen = \"turn >= {turn} and {flag}\"")?;
        }
        writeln!(f, "[[outcomes]]\nid = \"over\"")
    }

    fn variant(&self, f: &mut Formatter<'_>, variant: &Variant) -> Result {
        let rules = self.still.events.iter().filter(|event| !event.contains('.')).cloned();
        let rules: Vec<String> = rules.chain((0..self.plan.dynamics.len()).map(|index| format!("y{index}"))).collect();
        let mut disabled: Vec<&str> =
            variant.disabled.iter().map(|index| rules[*index as usize % rules.len()].as_str()).collect();
        disabled.dedup();
        let share = f64::from(variant.hundredths) / 100.0;
        writeln!(f, "[variants.other]\ndisable = {disabled:?}\norder = \"{}\"", order(variant.simultaneous))?;
        writeln!(f, "state = {{ \"us.stock\" = {share}, \"trust(them, us)\" = {share} }}")?;
        writeln!(f, "parameters = {{ d1 = {share}, p0 = {share} }}")?;
        self.rule(f, "variants.other.triggers", "added", &variant.added)?;
        writeln!(f, "[[variants.other.injects]]\nid = \"order\"\nturn = 1\nthen = [\"us.armed = not us.armed\"]")
    }

    /// An inject or trigger.
    fn rule(&self, f: &mut Formatter<'_>, table: &str, id: &str, trigger: &Trigger) -> Result {
        let inject = table == "injects";
        writeln!(f, "[[{table}]]\nid = \"{id}\"")?;
        if id == "added" {
            writeln!(f, "before = \"x1\"")?;
        }
        if let Some(actor) = trigger.actor {
            writeln!(f, "actor = \"{}\"", pick(&ACTORS, actor))?;
        }
        if inject && !trigger.turns.is_empty() {
            let turns: Vec<u8> = trigger.turns.iter().map(|turn| 1 + turn % self.plan.turns).collect();
            writeln!(f, "turn = {turns:?}")?;
        }
        match &trigger.when {
            Some(when) => writeln!(f, "when = \"{}\"", self.still.flag(when))?,
            None if inject && trigger.turns.is_empty() => writeln!(f, "when = true")?,
            None => {}
        }
        if let Some(chance) = &trigger.chance {
            writeln!(f, "chance = \"{}\"", self.still.num(chance))?;
        }
        if let Some(cooldown) = trigger.cooldown {
            writeln!(f, "cooldown = \"{} * p2 / 2\"", cooldown.min(self.plan.turns))?;
        }
        if let Some(limit) = trigger.limit {
            writeln!(f, "limit = {limit}")?;
        }
        let body = if inject { &Body::Move } else { &trigger.body };
        self.branch(f, &trigger.own, !matches!(body, Body::Transfer { .. }), matches!(body, Body::Move))?;
        self.body(f, table, body)
    }

    fn body(&self, f: &mut Formatter<'_>, table: &str, body: &Body) -> Result {
        match body {
            Body::Move => Ok(()),
            Body::Decision(options) => {
                for (id, (weight, branch)) in OPTIONS.iter().zip(options) {
                    writeln!(f, "[[{table}.options]]\nid = \"{id}\"")?;
                    if let Some(weight) = weight {
                        writeln!(f, "weight = \"{}\"", self.still.num(weight))?;
                    }
                    self.branch(f, branch, true, true)?;
                }
                Ok(())
            }
            Body::Commitment(chance, honour, breach) => {
                writeln!(f, "[{table}.honour]\nchance = \"{}\"", self.still.num(chance))?;
                self.branch(f, honour, true, true)?;
                match breach {
                    Some(breach) => {
                        writeln!(f, "[{table}.breach]")?;
                        self.branch(f, breach, true, true)
                    }
                    None => Ok(()),
                }
            }
            Body::Transfer { from, to, amount, loss, transit } => {
                if let Some(from) = from {
                    writeln!(f, "from = \"{}\"", pick(&NUMBERS[..3], *from).0)?;
                }
                writeln!(f, "to = \"{}\"\namount = \"{}\"", pick(&NUMBERS, *to).0, self.drawing.num(amount))?;
                if let Some(transit) = transit {
                    writeln!(f, "transit = {transit}")?;
                }
                loss.as_ref().map_or(Ok(()), |loss| writeln!(f, "loss = \"{}\"", self.drawing.num(loss)))
            }
        }
    }

    fn branch(&self, f: &mut Formatter<'_>, branch: &Branch, delays: bool, acts: bool) -> Result {
        if let Some(rung) = branch.rung {
            writeln!(f, "rung = \"{}\"", pick(&RUNGS, rung))?;
        }
        match branch.delay {
            Some((least, 0)) if delays => writeln!(f, "delay = {least}")?,
            Some((least, more)) if delays => writeln!(f, "delay = [{least}, \"{} + p2\"]", least + more - 1)?,
            _ => {}
        }
        if let Some(observers) = &branch.observed_by {
            let chance = |(actor, chance)| format!("{} = \"{}\"", pick(&ACTORS, actor), self.still.num(chance));
            let mut listed: Vec<(u8, String)> =
                observers.iter().map(|(actor, it)| (*actor % 3, chance((*actor, it)))).collect();
            listed.sort();
            listed.dedup_by_key(|(actor, _)| *actor);
            let listed: Vec<String> = listed.into_iter().map(|(_, chance)| chance).collect();
            writeln!(f, "observed_by = {{ {} }}", listed.join(", "))?;
        }
        if acts { writeln!(f, "then = {:?}", self.drawing.effects(&branch.then)) } else { Ok(()) }
    }
}
