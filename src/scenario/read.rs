//! The document as a scenario: each table as plain data. What the shape check has refused is left out here.

use super::dom::{Node, Value};
use super::formula::{EffectText, Formula, Parsed};
use super::grammar::TRIGGER;
use super::text::Text;
use super::written::*;
use crate::diagnostic::{Code, Diagnostic, Span};

/// Reads the whole document.
pub(super) fn scenario(document: &Node, findings: &mut Vec<Diagnostic>) -> Scenario {
    let mut scenario = Scenario {
        header: document.get("scenario").map(header).unwrap_or_default(),
        ladder: document.get("ladder").map(ladder),
        variables: variables(document.get("state"), None),
        actors: named(document.get("actors"), |id, node| {
            Some(Actor { id: id.clone(), title: text(node, "title"), team: name(node, "team") })
        }),
        relations: named(document.get("relations"), relation),
        parameters: named(document.get("parameters"), parameter),
        injects: list(document.get("injects"), |node| trigger(node, findings)),
        dynamics: list(document.get("dynamics"), |node| {
            Some(Dynamic { id: name(node, "id")?, title: text(node, "title"), then: effects(node, "then") })
        }),
        triggers: list(document.get("triggers"), |node| trigger(node, findings)),
        metrics: list(document.get("metrics"), metric),
        milestones: list(document.get("milestones"), |node| {
            Some(Milestone { id: name(node, "id")?, title: text(node, "title"), when: formula(node, "when")? })
        }),
        outcomes: list(document.get("outcomes"), outcome),
        variants: named(document.get("variants"), |id, node| Some(variant(id, node, findings))),
        expectations: list(document.get("expectations"), expectation),
    };
    for (actor, node) in document.get("actors").map_or(&[][..], Node::entries) {
        scenario.variables.extend(variables(node.get("state"), Some(actor)));
    }
    scenario
}

fn header(node: &Node) -> Header {
    Header {
        id: name(node, "id").unwrap_or_default(),
        title: text(node, "title"),
        start: node.get("start").and_then(|date| match &date.value {
            Value::Date(text) => Some(Name::new(text.clone(), date.span)),
            _ => None,
        }),
        turn: node.get("turn").and_then(as_text),
        turns: formula(node, "turns").unwrap_or_default(),
        evidence: text(node, "evidence"),
        order: order(node).unwrap_or_default(),
        actor_order: names(node, "actor_order"),
    }
}

fn order(node: &Node) -> Option<Order> {
    match text(node, "order")?.as_str() {
        "simultaneous" => Some(Order::Simultaneous),
        _ => Some(Order::Sequential),
    }
}

fn ladder(node: &Node) -> Ladder {
    let points = |node: &Node| {
        let entry = |(rung, node): &(Name, Node)| Some((rung.clone(), as_number(node)?));
        node.entries().iter().filter_map(entry).collect()
    };
    Ladder {
        rungs: names(node, "rungs"),
        firebreaks: names(node, "firebreaks"),
        scales: named(node.get("scores"), |id, node| Some(Scale { id: id.clone(), points: points(node) })),
    }
}

fn variables(node: Option<&Node>, actor: Option<&Name>) -> Vec<Variable> {
    named(node, |id, node| {
        let plain = |initial| Variable {
            actor: actor.cloned(),
            id: id.clone(),
            title: None,
            unit: None,
            evidence: None,
            initial,
            values: Vec::new(),
            min: None,
            max: None,
            integer: false,
            overflow: None,
            each_turn: false,
            span: id.span,
        };
        if !matches!(node.value, Value::Table(_)) {
            return Some(plain(as_formula(node)?));
        }
        Some(Variable {
            title: text(node, "title"),
            unit: text(node, "unit"),
            evidence: text(node, "evidence"),
            values: names(node, "values"),
            min: formula(node, "min"),
            max: formula(node, "max"),
            integer: flag(node, "integer"),
            overflow: overflow(node),
            each_turn: flag(node, "each_turn"),
            ..plain(formula(node, "initial")?)
        })
    })
}

fn overflow(node: &Node) -> Option<Overflow> {
    match text(node, "overflow")?.as_str() {
        "fail" => Some(Overflow::Fail),
        _ => Some(Overflow::Saturate),
    }
}

fn relation(id: &Name, node: &Node) -> Option<Relation> {
    let pairs = match node.get("pairs")? {
        Node { value: Value::Text(_), .. } => Pairs::All,
        listed => Pairs::Listed(list(Some(listed), |node| {
            let between = names(node, "between");
            Some(Pair { between, evidence: text(node, "evidence"), initial: formula(node, "initial"), span: node.span })
        })),
    };
    Some(Relation {
        id: id.clone(),
        title: text(node, "title"),
        unit: text(node, "unit"),
        evidence: text(node, "evidence"),
        symmetric: flag(node, "symmetric"),
        min: formula(node, "min"),
        max: formula(node, "max"),
        overflow: overflow(node),
        initial: formula(node, "initial"),
        pairs,
        span: id.span,
    })
}

fn parameter(id: &Name, node: &Node) -> Option<Parameter> {
    let value_node = node.get("value").unwrap_or(node);
    let range = node.get("range").and_then(|range| match range.items() {
        [low, high] => Some((as_number(low)?, as_number(high)?)),
        _ => None,
    });
    Some(Parameter {
        id: id.clone(),
        title: text(node, "title"),
        unit: text(node, "unit"),
        evidence: text(node, "evidence"),
        value: as_number(value_node)?,
        value_span: value_node.span,
        range,
        drawn: formula(node, "drawn"),
    })
}

fn trigger(node: &Node, findings: &mut Vec<Diagnostic>) -> Option<Trigger> {
    let id = name(node, "id")?;
    let body = body(node, &id, findings)?;
    Some(Trigger {
        title: text(node, "title"),
        evidence: text(node, "evidence"),
        actor: name(node, "actor"),
        toward: name(node, "toward"),
        kind: name(node, "kind"),
        turns: one_or_more(node, "turn"),
        when: formula(node, "when"),
        chance: formula(node, "chance"),
        cooldown: formula(node, "cooldown"),
        limit: formula(node, "limit"),
        own: branch(node),
        body,
        before: name(node, "before"),
        span: id.span,
        id,
    })
}

/// What the trigger is: each kind has keys that the others have not.
fn body(node: &Node, id: &Name, findings: &mut Vec<Diagnostic>) -> Option<Body> {
    let has = |keys: &[&'static str]| keys.iter().copied().find(|key| node.get(key).is_some());
    let kinds: Vec<(&str, &str)> = [
        ("a decision", has(&["options"])),
        ("a commitment", has(&["honour", "breach", "kind"])),
        ("a transfer", has(&["amount", "to", "from", "transit", "loss"])),
    ]
    .into_iter()
    .filter_map(|(kind, key)| Some((kind, key?)))
    .collect();
    let mut conflict = |key: &str, message: String, hint: &str| {
        let span = node.entries().iter().find(|(name, _)| name.text == key).map_or(id.span, |(name, _)| name.span);
        findings.push(Diagnostic::new(Code::KeyConflict, span, message).hint(hint));
    };
    if let [(one, _), (other, key), ..] = kinds[..] {
        let message = format!("`{}` has the keys of {one} and of {other}", id.text);
        conflict(key, message, "make two triggers of it");
        return None;
    }
    let Some((kind, _)) = kinds.first() else { return Some(Body::Move) };
    if node.get("then").is_some() {
        let message = format!("`{}` is {kind}, which has no `then` of its own", id.text);
        let hint = if *kind == "a transfer" {
            "write a trigger with `when = \"since_landed(…) == 0\"`"
        } else {
            "write the effects into its branches"
        };
        conflict("then", message, hint);
    }
    if *kind == "a transfer" && node.get("delay").is_some() {
        let message = format!("`{}` is a transfer, which has no `delay`", id.text);
        conflict("delay", message, "`transit` says how long the goods are under way");
    }
    let mut missing = |key: &str| {
        let message = format!("`{}` is {kind} and needs the key `{key}`", id.text);
        let about = TRIGGER.key(key).map_or("", |key| key.about);
        findings.push(Diagnostic::new(Code::MissingKey, id.span, message).hint(format!("`{key}`: {about}")));
    };
    if let Some(options) = node.get("options") {
        let choice =
            |node: &Node| Some(Choice { id: name(node, "id")?, weight: formula(node, "weight"), branch: branch(node) });
        return Some(Body::Decision(list(Some(options), choice)));
    }
    if *kind == "a commitment" {
        let Some(honour) = node.get("honour") else {
            missing("honour");
            return None;
        };
        let breach = node.get("breach").map(branch).unwrap_or_default();
        return Some(Body::Commitment { chance: formula(honour, "chance")?, honour: branch(honour), breach });
    }
    for key in ["to", "amount"] {
        if node.get(key).is_none() {
            missing(key);
        }
    }
    Some(Body::Transfer(Transfer {
        from: name(node, "from"),
        to: name(node, "to")?,
        amount: formula(node, "amount")?,
        transit: formula(node, "transit"),
        loss: formula(node, "loss"),
    }))
}

fn branch(node: &Node) -> Branch {
    let observers = |node: &Node| {
        let entry = |(actor, node): &(Name, Node)| Some((actor.clone(), as_formula(node)?));
        node.entries().iter().filter_map(entry).collect()
    };
    Branch {
        title: text(node, "title"),
        rung: name(node, "rung"),
        delay: one_or_more(node, "delay"),
        observed_by: node.get("observed_by").map(observers),
        then: effects(node, "then"),
    }
}

fn metric(node: &Node) -> Option<Metric> {
    Some(Metric {
        id: name(node, "id")?,
        title: text(node, "title"),
        unit: text(node, "unit"),
        value: formula(node, "value")?,
        min: formula(node, "min"),
        max: formula(node, "max"),
    })
}

fn outcome(node: &Node) -> Option<Outcome> {
    let id = name(node, "id")?;
    Some(Outcome {
        title: text(node, "title"),
        severity: node.get("severity").and_then(as_number),
        when: formula(node, "when"),
        importance: formula(node, "importance"),
        span: id.span,
        id,
    })
}

fn variant(id: &Name, node: &Node, findings: &mut Vec<Diagnostic>) -> Variant {
    let cells = |key: &str| node.get(key).map_or(&[][..], Node::entries);
    Variant {
        id: id.clone(),
        title: text(node, "title"),
        note: text(node, "note"),
        parameters: cells("parameters")
            .iter()
            .filter_map(|(name, node)| Some((name.clone(), as_number(node)?)))
            .collect(),
        state: cells("state").iter().filter_map(|(name, node)| Some((name.clone(), as_formula(node)?))).collect(),
        disable: names(node, "disable"),
        order: order(node),
        actor_order: node.get("actor_order").map(|_| names(node, "actor_order")),
        injects: list(node.get("injects"), |node| trigger(node, findings)),
        triggers: list(node.get("triggers"), |node| trigger(node, findings)),
    }
}

fn expectation(node: &Node) -> Option<Expectation> {
    Some(Expectation {
        id: name(node, "id")?,
        title: text(node, "title"),
        variant: name(node, "variant"),
        claim: Parsed::expression(node.get("claim").and_then(as_text)?),
    })
}

fn named<T>(node: Option<&Node>, mut read: impl FnMut(&Name, &Node) -> Option<T>) -> Vec<T> {
    node.map_or(&[][..], Node::entries).iter().filter_map(|(name, node)| read(name, node)).collect()
}

fn list<T>(node: Option<&Node>, read: impl FnMut(&Node) -> Option<T>) -> Vec<T> {
    node.map_or(&[][..], Node::items).iter().filter_map(read).collect()
}

fn as_text(node: &Node) -> Option<Text> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn as_name(node: &Node) -> Option<Name> {
    let text = as_text(node)?;
    let inner = text.place(Span::new(0, text.value.len()));
    Some(Name::new(text.value, inner))
}

fn as_number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Integer(value) => Some(value as f64),
        Value::Number(value) => Some(value),
        _ => None,
    }
}

fn as_formula(node: &Node) -> Option<Formula> {
    let span = node.span;
    match &node.value {
        Value::Integer(value) => Some(Formula::Number { value: *value as f64, integer: true, span }),
        Value::Number(value) => Some(Formula::Number { value: *value, integer: false, span }),
        Value::Flag(value) => Some(Formula::Flag { value: *value, span }),
        Value::Text(text) => Some(Formula::Text(Parsed::expression(text.clone()))),
        _ => None,
    }
}

fn text(node: &Node, key: &str) -> Option<String> {
    Some(as_text(node.get(key)?)?.value)
}

fn name(node: &Node, key: &str) -> Option<Name> {
    as_name(node.get(key)?)
}

fn formula(node: &Node, key: &str) -> Option<Formula> {
    as_formula(node.get(key)?)
}

fn flag(node: &Node, key: &str) -> bool {
    matches!(node.get(key), Some(Node { value: Value::Flag(true), .. }))
}

fn names(node: &Node, key: &str) -> Vec<Name> {
    list(node.get(key), as_name)
}

fn effects(node: &Node, key: &str) -> Vec<EffectText> {
    list(node.get(key), |node| Some(Parsed::effect(as_text(node)?)))
}

/// One value, or a list of them.
fn one_or_more(node: &Node, key: &str) -> Vec<Formula> {
    match node.get(key) {
        Some(node) if matches!(node.value, Value::List(_)) => list(Some(node), as_formula),
        Some(node) => as_formula(node).into_iter().collect(),
        None => Vec::new(),
    }
}
