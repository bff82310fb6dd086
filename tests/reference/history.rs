//! What has fired, landed and been seen so far in a replication, by name.

use std::collections::BTreeMap;

/// Turns in which something happened, by event: `x`, and `x.option` for a branch.
#[derive(Debug, Clone, Default)]
pub struct History {
    fired: BTreeMap<String, Vec<u32>>,
    landed: BTreeMap<String, Vec<u32>>,
    /// By observer and event.
    seen: BTreeMap<(String, String), Vec<u32>>,
    /// Firings that have not landed.
    pending: BTreeMap<String, u32>,
}

impl History {
    /// Notes a firing, of a branch also as one of its trigger.
    pub fn fire(&mut self, event: &str, turn: u32) {
        itself_and_trigger(event).for_each(|event| note(&mut self.fired, event.to_owned(), turn));
    }

    pub fn land(&mut self, event: &str, turn: u32) {
        itself_and_trigger(event).for_each(|event| note(&mut self.landed, event.to_owned(), turn));
    }

    pub fn see(&mut self, actor: &str, event: &str, turn: u32) {
        itself_and_trigger(event).for_each(|event| note(&mut self.seen, (actor.to_owned(), event.to_owned()), turn));
    }

    pub fn set_out(&mut self, event: &str) {
        itself_and_trigger(event).for_each(|event| *self.pending.entry(event.to_owned()).or_default() += 1);
    }

    pub fn arrive(&mut self, event: &str) {
        itself_and_trigger(event).for_each(|event| *self.pending.entry(event.to_owned()).or_default() -= 1);
    }

    pub fn fired(&self, event: &str) -> &[u32] {
        self.fired.get(event).map_or(&[], Vec::as_slice)
    }

    pub fn landed(&self, event: &str) -> &[u32] {
        self.landed.get(event).map_or(&[], Vec::as_slice)
    }

    pub fn seen(&self, actor: &str, event: &str) -> &[u32] {
        self.seen.get(&(actor.to_owned(), event.to_owned())).map_or(&[], Vec::as_slice)
    }

    pub fn pending(&self, event: &str) -> u32 {
        self.pending.get(event).copied().unwrap_or(0)
    }
}

fn itself_and_trigger(event: &str) -> impl Iterator<Item = &str> {
    let trigger = event.split_once('.').map(|(trigger, _)| trigger);
    [Some(event), trigger].into_iter().flatten()
}

fn note<K: Ord>(turns: &mut BTreeMap<K, Vec<u32>>, key: K, turn: u32) {
    turns.entry(key).or_default().push(turn);
}
