//! The events of a scenario: injects, triggers and their branches, and who can see them.

use crate::scenario::{Body, Branch, Formula, Name, Scenario, Trigger};

/// Something that fires.
#[derive(Debug, Clone)]
pub(super) struct Event<'s> {
    /// `x`, or `x.option`.
    pub id: String,
    /// `triggers/x`, or `triggers/x/options/option`.
    pub path: String,
    pub title: Option<&'s str>,
    pub actor: Option<usize>,
    pub parent: Option<usize>,
    /// The branches, in order; none if it has no branches.
    pub branches: Vec<usize>,
    pub rung: Option<&'s Name>,
    pub delay: &'s [Formula],
    pub delay_path: String,
    /// None: everybody sees it.
    pub observers: Option<Vec<Watcher<'s>>>,
    /// Whether it lands later than it fires.
    pub delayed: bool,
}

/// An actor that may learn of it.
#[derive(Debug, Clone)]
pub(super) struct Watcher<'s> {
    pub actor: usize,
    pub name: &'s Name,
    pub chance: &'s Formula,
    pub path: String,
}

/// All events: injects in file order, then triggers in file order, each before its branches.
pub(super) fn events(scenario: &Scenario) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    for inject in &scenario.injects {
        add(scenario, "injects", inject, &mut events);
    }
    for trigger in &scenario.triggers {
        add(scenario, "triggers", trigger, &mut events);
    }
    events
}

fn add<'s>(scenario: &'s Scenario, table: &str, trigger: &'s Trigger, events: &mut Vec<Event<'s>>) {
    let path = format!("{table}/{}", trigger.id.text);
    let actor = actor_of(scenario, trigger);
    let own = &trigger.own;
    let mut whole = Event {
        id: trigger.id.text.clone(),
        title: trigger.title.as_deref(),
        actor,
        parent: None,
        branches: Vec::new(),
        rung: own.rung.as_ref(),
        delay: &own.delay,
        delay_path: format!("{path}/delay"),
        observers: watchers(scenario, own, &path),
        delayed: !own.delay.is_empty(),
        path,
    };
    if let Body::Transfer(transfer) = &trigger.body {
        let at_once = matches!(transfer.transit, None | Some(Formula::Number { value: 0.0, .. }));
        whole.delayed = !at_once;
    }
    let parent = events.len();
    let branches = branches(trigger);
    let whole_path = whole.path.clone();
    whole.branches = (0..branches.len()).map(|index| parent + 1 + index).collect();
    events.push(whole);
    for (name, sub, branch) in branches {
        let path = format!("{whole_path}/{sub}");
        let whole = &events[parent];
        let own_delay = !branch.delay.is_empty();
        let event = Event {
            id: format!("{}.{name}", trigger.id.text),
            title: branch.title.as_deref(),
            actor,
            parent: Some(parent),
            branches: Vec::new(),
            rung: branch.rung.as_ref().or(whole.rung),
            delay: if own_delay { &branch.delay } else { whole.delay },
            delay_path: if own_delay { format!("{path}/delay") } else { whole.delay_path.clone() },
            observers: match branch.observed_by {
                Some(_) => watchers(scenario, branch, &path),
                None => whole.observers.clone(),
            },
            delayed: own_delay || !whole.delay.is_empty(),
            path,
        };
        events.push(event);
    }
}

/// The branches of a trigger: name, path below the trigger, and the branch.
pub(super) fn branches(trigger: &Trigger) -> Vec<(&str, String, &Branch)> {
    match &trigger.body {
        Body::Decision(options) => options
            .iter()
            .map(|option| (option.id.text.as_str(), format!("options/{}", option.id.text), &option.branch))
            .collect(),
        Body::Commitment { honour, breach, .. } => {
            vec![("honour", "honour".to_owned(), honour), ("breach", "breach".to_owned(), breach)]
        }
        Body::Move | Body::Transfer(_) => Vec::new(),
    }
}

/// The actor of a trigger; of a transfer, the owner of the stock that goods leave unless named.
pub(super) fn actor_of(scenario: &Scenario, trigger: &Trigger) -> Option<usize> {
    let named = trigger.actor.as_ref().map(|actor| actor.text.as_str());
    let owner = match &trigger.body {
        Body::Transfer(transfer) => transfer.from.as_ref().and_then(|from| Some(from.text.split_once('.')?.0)),
        _ => None,
    };
    let name = named.or(owner)?;
    scenario.actors.iter().position(|actor| actor.id.text == name)
}

/// Who may learn of a branch, by name; names of no actor are reported elsewhere.
fn watchers<'s>(scenario: &Scenario, branch: &'s Branch, path: &str) -> Option<Vec<Watcher<'s>>> {
    let listed = branch.observed_by.as_ref()?;
    let mut watchers: Vec<Watcher<'s>> = listed
        .iter()
        .filter_map(|(name, chance)| {
            let actor = scenario.actors.iter().position(|actor| actor.id.text == name.text)?;
            Some(Watcher { actor, name, chance, path: format!("{path}/observed/{}", name.text) })
        })
        .collect();
    watchers.sort_by(|a, b| a.name.text.cmp(&b.name.text));
    Some(watchers)
}
