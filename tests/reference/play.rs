//! What triggers and injects do: guard, chance, branch, history, observers, effects now or later, and landings.

use super::start::{some, within};
use super::value::{Luck, View, bits, draws_in};
use super::{Failure, Game, State, UnderWay};
use escalate::draws::{Threshold, choose, counting, cumulate};
use escalate::expression::{Assign, Effect};
use escalate::scenario::{Body, Branch, Choice, EffectText, Formula, Transfer, Trigger};

/// Who does it: the actor named, or the owner of what a transfer takes from.
pub fn actor_of(trigger: &Trigger) -> Option<&str> {
    match (&trigger.actor, &trigger.body) {
        (Some(actor), _) => Some(&actor.text),
        (None, Body::Transfer(Transfer { from: Some(from), .. })) => Some(from.text.split_once('.')?.0),
        _ => None,
    }
}

/// A branch with the path of its keys: those of the trigger itself, of an option, of `honour` or of `breach`.
struct Way<'a> {
    event: String,
    path: String,
    branch: &'a Branch,
}

impl<'a> Game<'a> {
    /// The view of the state as it is now or, in simultaneous order, as it was at the start of the phase.
    pub fn view<'v>(&'v self, snapshot: Option<&'v State>) -> View<'v> {
        View { game: self, state: snapshot.unwrap_or(&self.now), luck: None }
    }

    pub fn number(&self, formula: &Formula, path: &str, snapshot: Option<&State>) -> Result<f64, Failure> {
        some(self.view(snapshot).formula(formula, &[]), path)
    }

    pub fn holds(&self, formula: &Formula, path: &str, snapshot: Option<&State>) -> Result<bool, Failure> {
        Ok(self.number(formula, path, snapshot)? != 0.0)
    }

    /// Whether a chance comes, by the draw at the site.
    fn comes(&self, chance: &Formula, site: &str, snapshot: Option<&State>) -> Result<bool, Failure> {
        let chance = self.number(chance, site, snapshot)?;
        Ok(Threshold::new(chance).comes(bits(self, site, 0)))
    }

    /// Gives a trigger or inject (`kind` is `triggers` or `injects`) its turn. What cannot fire does not look at its
    /// guard, and what its guard forbids not at its chance.
    pub fn play(&mut self, trigger: &'a Trigger, kind: &str, snapshot: Option<&State>) -> Result<(), Failure> {
        let path = format!("{kind}/{}", trigger.id.text);
        if !self.is_due(trigger) {
            return Ok(());
        }
        if self.is_cooling_down(trigger) || self.is_used_up(trigger, kind) {
            return Ok(());
        }
        if let Some(when) = &trigger.when
            && !self.holds(when, &format!("{path}/when"), snapshot)?
        {
            return Ok(());
        }
        if let Some(chance) = &trigger.chance
            && !self.comes(chance, &format!("{path}/chance"), snapshot)?
        {
            return Ok(());
        }
        match &trigger.body {
            Body::Move => self.fire(trigger, &path, own(trigger, &path), snapshot),
            Body::Decision(options) => match self.choose(options, &path, snapshot)? {
                Some(choice) => self.fire(trigger, &path, option(trigger, &path, choice), snapshot),
                None => Ok(()),
            },
            Body::Commitment { chance, .. } => {
                let honoured = self.comes(chance, &format!("{path}/honour/chance"), snapshot)?;
                let way = if honoured { "honour" } else { "breach" };
                self.fire(trigger, &path, kept_or_broken(trigger, &path, way), snapshot)
            }
            Body::Transfer(transfer) => self.dispatch(trigger, transfer, &path, snapshot),
        }
    }

    /// Whether this is a turn of an inject that has turns.
    fn is_due(&self, trigger: &Trigger) -> bool {
        trigger.turns.is_empty() || trigger.turns.iter().any(|turn| self.constant(turn) == f64::from(self.turn))
    }

    /// Fired in turn t with a cooldown of c, it can fire again in turn t + c + 1.
    fn is_cooling_down(&self, trigger: &Trigger) -> bool {
        let cooldown = trigger.cooldown.as_ref().map_or(0.0, |it| self.constant(it));
        let last = self.now.history.fired(&trigger.id.text).last();
        last.is_some_and(|last| f64::from(self.turn) < f64::from(*last) + cooldown + 1.0)
    }

    fn is_used_up(&self, trigger: &Trigger, kind: &str) -> bool {
        let once = matches!(trigger.body, Body::Commitment { .. }) || (kind == "injects" && trigger.turns.is_empty());
        let limit = match &trigger.limit {
            Some(limit) => self.constant(limit),
            None if once => 1.0,
            None => f64::INFINITY,
        };
        self.now.history.fired(&trigger.id.text).len() as f64 >= limit
    }

    /// The option taken; none if all weights are 0.
    fn choose(
        &self,
        options: &'a [Choice],
        path: &str,
        snapshot: Option<&State>,
    ) -> Result<Option<&'a Choice>, Failure> {
        let mut weights = Vec::new();
        for option in options {
            let path = format!("{path}/options/{}/weight", option.id.text);
            let weight = option.weight.as_ref().map_or(Ok(1.0), |weight| self.number(weight, &path, snapshot))?;
            weights.push(weight);
            if weight < 0.0 || weights.iter().sum::<f64>() == f64::INFINITY {
                return Err(path);
            }
        }
        if cumulate(&mut weights) == 0.0 {
            return Ok(None);
        }
        Ok(choose(bits(self, &format!("{path}/options"), 0), &weights).map(|index| &options[index]))
    }

    /// Fires one way: history, rung, observers; then the effects, now or on landing.
    fn fire(
        &mut self,
        trigger: &'a Trigger,
        path: &str,
        way: Way<'a>,
        snapshot: Option<&State>,
    ) -> Result<(), Failure> {
        let (delays, at) = match &way.branch.delay[..] {
            [] => (&trigger.own.delay[..], path),
            own => (own, &way.path[..]),
        };
        self.note(trigger, path, &way, delays.is_empty(), snapshot)?;
        let delay = match delays {
            [] => return self.effects(&way.branch.then, &format!("{}/then", way.path), 0, snapshot),
            [delay] => self.constant(delay) as u32,
            [least, most, ..] => {
                let (least, most) = (self.constant(least) as i64, self.constant(most) as i64);
                counting::uniform_integer(bits(self, &format!("{at}/delay"), 0), least, most).expect("a range") as u32
            }
        };
        self.set_out(way.event, delay, 0.0);
        Ok(())
    }

    fn set_out(&mut self, event: String, turns: u32, goods: f64) {
        self.now.history.set_out(&event);
        self.under_way.push(UnderWay { event, due: self.turn + turns, goods });
    }

    /// What firing leaves behind whatever it does: history, of landing too if that is at once, rung, and what observers
    /// learn.
    fn note(
        &mut self,
        trigger: &Trigger,
        path: &str,
        way: &Way,
        lands: bool,
        snapshot: Option<&State>,
    ) -> Result<(), Failure> {
        let (turn, scenario) = (self.turn, self.scenario);
        self.trace.fired.push(trigger.id.text.clone());
        if way.event != trigger.id.text {
            self.trace.fired.push(way.event.clone());
        }
        self.now.history.fire(&way.event, turn);
        if lands {
            self.now.history.land(&way.event, turn);
        }
        if let Some(rung) = way.branch.rung.as_ref().or(trigger.own.rung.as_ref()) {
            let ladder = self.scenario.ladder.as_ref().expect("a ladder");
            let rung = ladder.rungs.iter().position(|it| it.text == rung.text).expect("a rung") as u32;
            self.now.rung = self.now.rung.max(rung);
            self.now.peak_rung = self.now.peak_rung.max(rung);
            if let Some(actor) = actor_of(trigger) {
                for rungs in [&mut self.now.rung_of, &mut self.now.peak_rung_of] {
                    let highest = rungs.entry(actor.to_owned()).or_default();
                    *highest = rung.max(*highest);
                }
            }
        }
        let (observers, at) = match &way.branch.observed_by {
            None => (&trigger.own.observed_by, path),
            own => (own, &way.path[..]),
        };
        let actors = || scenario.actors.iter().map(|actor| actor.id.text.as_str());
        for actor in actors().filter(|actor| observers.is_none() || actor_of(trigger) == Some(actor)) {
            self.now.history.see(actor, &way.event, turn);
        }
        for actor in actors() {
            let listed = observers.iter().flatten().find(|(name, _)| name.text == actor);
            if let Some((_, chance)) = listed
                && self.comes(chance, &format!("{at}/observed/{actor}"), snapshot)?
            {
                self.now.history.see(actor, &way.event, turn);
            }
        }
        Ok(())
    }

    /// Fires a transfer, if there is anything to send: the goods leave now and arrive after the transit.
    fn dispatch(
        &mut self,
        trigger: &'a Trigger,
        transfer: &Transfer,
        path: &str,
        snapshot: Option<&State>,
    ) -> Result<(), Failure> {
        let wanted = self.drawing(&transfer.amount, &format!("{path}/amount"), snapshot)?;
        let stock = transfer.from.as_ref().map_or(f64::INFINITY, |from| self.now.values[&from.text]);
        let amount = if wanted > stock { stock } else { wanted };
        if amount <= 0.0 {
            return Ok(());
        }
        let loss = match &transfer.loss {
            Some(loss) => self.drawing(loss, &format!("{path}/loss"), snapshot)?.clamp(0.0, 1.0),
            None => 0.0,
        };
        let transit = transfer.transit.as_ref().map_or(0.0, |it| self.constant(it)) as u32;
        self.note(trigger, path, &own(trigger, path), transit == 0, snapshot)?;
        if let Some(from) = &transfer.from {
            self.assign(&from.text, self.now.values[&from.text] - amount, &format!("{path}/amount"))?;
        }
        let goods = amount * (1.0 - loss);
        if transit == 0 {
            return self.receive(transfer, goods, path);
        }
        self.set_out(trigger.id.text.clone(), transit, goods);
        Ok(())
    }

    fn receive(&mut self, transfer: &Transfer, goods: f64, path: &str) -> Result<(), Failure> {
        self.assign(&transfer.to.text, self.now.values[&transfer.to.text] + goods, &format!("{path}/amount"))
    }

    /// A number in which draws may stand, at `path/0` and so on.
    fn drawing(&self, formula: &Formula, path: &str, snapshot: Option<&State>) -> Result<f64, Failure> {
        let Formula::Text(text) = formula else { return self.number(formula, path, snapshot) };
        let expression = text.parsed.as_ref().expect("it parses");
        let draws = draws_in([expression]);
        let view = View { luck: Some(Luck::numbered(path, &draws, 0)), ..self.view(snapshot) };
        some(view.value(expression, &[]), path)
    }

    /// Does the effects in order; each sees the earlier ones, unless all read a snapshot.
    pub fn effects(
        &mut self,
        then: &[EffectText],
        path: &str,
        k: u32,
        snapshot: Option<&State>,
    ) -> Result<(), Failure> {
        let effects: Vec<Effect> = then.iter().map(|text| text.parsed.clone().expect("it parses")).collect();
        let draws = draws_in(effects.iter().map(|effect| &effect.value));
        for effect in &effects {
            let view = View { luck: Some(Luck::numbered(path, &draws, k)), ..self.view(snapshot) };
            let target = view.target(&effect.target);
            let value = view.value(&effect.value, &view.set_of(&effect.target).unwrap_or_default());
            let current = self.now.values[&target];
            let result = match effect.op {
                Assign::Set => value,
                Assign::Add => current + value,
                Assign::Subtract => current - value,
                Assign::Multiply => current * value,
            };
            self.assign(&target, result, path)?;
        }
        Ok(())
    }

    /// Gives a variable or relation cell a value, within its bounds.
    fn assign(&mut self, target: &str, value: f64, path: &str) -> Result<(), Failure> {
        let bounds = self.bounds(target);
        let stored = within(some(value, path)?, &bounds);
        if bounds.fails && stored != value {
            return Err(path.to_owned());
        }
        self.now.values.insert(target.to_owned(), stored);
        Ok(())
    }

    /// What lands in this turn, in file order of what launched it.
    pub fn arrivals(&mut self) -> Result<(), Failure> {
        let scenario = self.scenario;
        for (kind, triggers) in [("injects", &scenario.injects), ("triggers", &scenario.triggers)] {
            for trigger in triggers {
                let path = format!("{kind}/{}", trigger.id.text);
                for way in ways(trigger, &path) {
                    self.land(trigger, &way)?;
                }
            }
        }
        Ok(())
    }

    /// Lands all that set out this way and is due now, one after the other, each with draws of its own.
    fn land(&mut self, trigger: &Trigger, way: &Way) -> Result<(), Failure> {
        let turn = self.turn;
        let due = self.under_way.extract_if(.., |it| it.due == turn && it.event == way.event).collect::<Vec<_>>();
        for (k, landing) in due.into_iter().enumerate() {
            self.trace.landed.push(way.event.clone());
            self.now.history.arrive(&way.event);
            self.now.history.land(&way.event, turn);
            match &trigger.body {
                Body::Transfer(transfer) => self.receive(transfer, landing.goods, &way.path)?,
                _ => self.effects(&way.branch.then, &format!("{}/then", way.path), k as u32, None)?,
            }
        }
        Ok(())
    }
}

/// All ways in which a trigger can fire.
fn ways<'a>(trigger: &'a Trigger, path: &str) -> Vec<Way<'a>> {
    match &trigger.body {
        Body::Move | Body::Transfer(_) => vec![own(trigger, path)],
        Body::Decision(options) => options.iter().map(|choice| option(trigger, path, choice)).collect(),
        Body::Commitment { .. } => ["honour", "breach"].map(|way| kept_or_broken(trigger, path, way)).into(),
    }
}

fn own<'a>(trigger: &'a Trigger, path: &str) -> Way<'a> {
    Way { event: trigger.id.text.clone(), path: path.to_owned(), branch: &trigger.own }
}

fn option<'a>(trigger: &Trigger, path: &str, choice: &'a Choice) -> Way<'a> {
    let id = &choice.id.text;
    Way { event: format!("{}.{id}", trigger.id.text), path: format!("{path}/options/{id}"), branch: &choice.branch }
}

fn kept_or_broken<'a>(trigger: &'a Trigger, path: &str, way: &str) -> Way<'a> {
    let Body::Commitment { honour, breach, .. } = &trigger.body else { panic!("not a commitment") };
    let branch = if way == "honour" { honour } else { breach };
    Way { event: format!("{}.{way}", trigger.id.text), path: format!("{path}/{way}"), branch }
}
