//! Rules: whether they fire, what they do at once, and what they leave to land.

use super::run::{Run, Values};
use super::settle::{Ask, Settle};
use super::watch::Watch;
use crate::expression::{LANES, Lanes, Mask, lanes};
use crate::model::{Body, Branch, Chance, Delay, Landing, Mark, Observer, Rule, Target, Transfer, Weight};
use crate::results::Reason;

impl<S: Settle, W: Watch> Run<'_, S, W> {
    pub(super) fn rule(&mut self, rule: &Rule) {
        if rule.due.as_ref().is_some_and(|turns| turns.binary_search(&self.turn).is_err()) {
            return;
        }
        let eligible = match &rule.guard {
            None => self.active,
            Some(guard) => self.test(guard, self.active),
        };
        if eligible == 0 {
            return;
        }
        self.watch.eligible(rule.event, eligible, self.bank);
        let lanes = match &rule.chance {
            None => eligible,
            Some(chance) => self.come(chance, eligible),
        };
        if lanes == 0 {
            return;
        }
        match &rule.body {
            Body::Plain(branch) => {
                self.fire(rule.event, lanes);
                self.branch(branch, lanes);
            }
            Body::Decision { site, weights, branches } => self.decide(rule.event, *site, weights, branches, lanes),
            Body::Commitment { chance, honour, breach } => {
                let honoured = self.come(chance, lanes);
                let lanes = lanes & self.active;
                self.fire(rule.event, lanes);
                self.fire_branch(honour, honoured);
                self.fire_branch(breach, lanes & !honoured);
            }
            Body::Transfer(transfer) => self.transfer(transfer, lanes),
        }
    }

    /// The lanes in which a chance comes; those in which it has no value fail.
    fn come(&mut self, chance: &Chance, mut lanes: Mask) -> Mask {
        let probability = self.share(chance, &mut lanes);
        let came = match probability {
            Values::Constant(p) if p >= 1.0 => lanes,
            Values::Constant(p) if p <= 0.0 => 0,
            _ if lanes == 0 => 0,
            _ => {
                let ask = Ask { site: chance.site, turn: self.turn, k: 0 };
                self.settle.chance(ask, lanes, probability.view())
            }
        };
        self.watch.chance(chance.site, lanes, probability.view(), came);
        came
    }

    /// A number that should lie in [0, 1]: it fails where it has no value, and is counted where it lies outside.
    fn share(&mut self, chance: &Chance, lanes: &mut Mask) -> Values {
        let values = self.number(&chance.value, *lanes, 0);
        let values = self.defined(values, chance.place, lanes);
        let below = values.which(|p| p < 0.0) & *lanes;
        let above = values.which(|p| p > 1.0) & *lanes;
        self.watch.drawn_chance(chance.site, *lanes, below, above);
        values
    }

    fn decide(&mut self, event: u32, site: u32, weights: &[Weight], branches: &[Branch], mut lanes: Mask) {
        let mut thresholds: Vec<Lanes> = Vec::with_capacity(weights.len());
        let mut total = [0.0; LANES];
        for weight in weights {
            let values = self.number(&weight.value, lanes, 0);
            let values = self.defined(values, weight.place, &mut lanes);
            let negative = values.which(|w| w < 0.0);
            let values = values.lanes();
            for lane in 0..LANES {
                total[lane] += values[lane];
            }
            let refused = (negative | crate::expression::mask_of(&total, f64::is_infinite)) & lanes;
            self.fail(weight.place, Reason::NegativeWeight, refused);
            lanes &= !refused;
            thresholds.push(total);
        }
        // Finite weights may have an infinite sum, of which no share can be taken.
        let endless = crate::expression::mask_of(&total, f64::is_infinite) & lanes;
        self.fail(weights.last().map_or(0, |weight| weight.place), Reason::NegativeWeight, endless);
        lanes &= !endless & crate::expression::mask_of(&total, |total| total > 0.0);
        if lanes == 0 {
            return;
        }
        for threshold in &mut thresholds {
            for lane in 0..LANES {
                threshold[lane] /= total[lane];
            }
        }
        let mut chosen = vec![0; branches.len()];
        self.settle.choice(Ask { site, turn: self.turn, k: 0 }, lanes, &thresholds, &mut chosen);
        self.watch.choice(site, lanes, &thresholds);
        self.fire(event, lanes);
        for (branch, chosen) in branches.iter().zip(chosen) {
            self.fire_branch(branch, chosen);
        }
    }

    fn fire_branch(&mut self, branch: &Branch, lanes: Mask) {
        let lanes = lanes & self.active;
        if lanes != 0 {
            self.fire(branch.event, lanes);
            self.branch(branch, lanes);
        }
    }

    fn fire(&mut self, event: u32, lanes: Mask) {
        let model = self.model;
        self.mark(&model.events[event as usize].fired, lanes);
        self.watch.fired(event, lanes);
    }

    fn branch(&mut self, branch: &Branch, lanes: Mask) {
        self.observe(branch.event, &branch.observers, lanes);
        let lanes = lanes & self.active;
        if let Some(delay) = &branch.delay {
            return self.schedule(branch.event, delay, lanes);
        }
        for effect in &branch.effects {
            self.effect(effect, lanes & self.active, 0);
        }
    }

    fn observe(&mut self, event: u32, observers: &[Observer], lanes: Mask) {
        let model = self.model;
        for observer in observers {
            let asked = lanes & self.active;
            let saw = self.come(&observer.chance, asked);
            self.mark(&model.sightings[observer.sighting as usize], saw);
            self.watch.observed(event, observer, asked & self.active, saw);
        }
    }

    fn schedule(&mut self, event: u32, delay: &Delay, mask: Mask) {
        if mask == 0 {
            return;
        }
        let mut turns = [f64::from(delay.least); LANES];
        if delay.most > delay.least {
            let ask = Ask { site: delay.site, turn: self.turn, k: 0 };
            self.settle.between(ask, mask, delay.least, delay.most, &mut turns);
        }
        for lane in lanes(mask) {
            let due = (self.turn + turns[lane] as u32) as usize % delay.ring.len();
            self.bank.numbers[delay.ring[due] as usize][lane] += 1.0;
        }
        if let Some(pending) = delay.pending {
            self.mark(&[Mark::Count(pending)], mask);
        }
        self.watch.scheduled(event, mask, &turns);
    }

    fn transfer(&mut self, transfer: &Transfer, mut mask: Mask) {
        let amount = self.number(&transfer.amount, mask, 0);
        let amount = self.defined(amount, transfer.amount_place, &mut mask);
        let mut amounts = amount.lanes();
        let stock = match transfer.from {
            Some(Target::Number { column, .. }) => self.bank.numbers[column as usize],
            _ => [f64::INFINITY; LANES],
        };
        for lane in 0..LANES {
            amounts[lane] = amounts[lane].max(0.0).min(stock[lane]);
        }
        mask &= crate::expression::mask_of(&amounts, |amount| amount > 0.0);
        if mask == 0 {
            return;
        }
        let mut goods = amounts;
        if let Some(loss) = &transfer.loss {
            let lost = self.share(loss, &mut mask).lanes();
            for lane in 0..LANES {
                goods[lane] = amounts[lane] * (1.0 - lost[lane].clamp(0.0, 1.0));
            }
        }
        self.fire(transfer.event, mask);
        self.observe(transfer.event, &transfer.observers, mask);
        mask &= self.active;
        self.watch.dispatched(transfer.event, mask, &amounts, &goods);
        if let Some(from) = &transfer.from {
            let left = self.combined(from, |lane, stock| stock - amounts[lane]);
            self.assign(from, mask, &left, transfer.amount_place);
        }
        self.send(transfer, mask & self.active, &goods);
    }

    fn send(&mut self, transfer: &Transfer, mask: Mask, goods: &Lanes) {
        if transfer.transit == 0 {
            return self.arrive(transfer.event, &transfer.to, mask, goods, transfer.amount_place);
        }
        let due = (self.turn + transfer.transit) as usize % transfer.goods.len();
        self.store(transfer.goods[due], mask, goods);
        self.bank.flags[transfer.due[due] as usize] |= mask;
        if let Some(pending) = transfer.pending {
            self.mark(&[Mark::Count(pending)], mask);
        }
    }

    fn arrive(&mut self, event: u32, to: &Target, mask: Mask, goods: &Lanes, place: u32) {
        if mask == 0 {
            return;
        }
        let model = self.model;
        self.mark(&model.events[event as usize].landed, mask);
        self.watch.landed(event, mask);
        let stock = self.combined(to, |lane, stock| stock + goods[lane]);
        self.assign(to, mask, &stock, place);
    }

    pub(super) fn landing(&mut self, landing: &Landing) {
        match landing {
            Landing::Effects { event, ring, pending, effects } => {
                let column = ring[self.turn as usize % ring.len()];
                let due = self.bank.numbers[column as usize];
                let mut k = 0;
                loop {
                    let mask = self.active & crate::expression::mask_of(&due, |due| due > f64::from(k));
                    if mask == 0 {
                        break;
                    }
                    let model = self.model;
                    if let Some(pending) = pending {
                        self.mark(&[Mark::Add(*pending, -1.0)], mask);
                    }
                    self.mark(&model.events[*event as usize].landed, mask);
                    self.watch.landed(*event, mask);
                    for effect in effects {
                        self.effect(effect, mask & self.active, k);
                    }
                    k += 1;
                }
                self.bank.numbers[column as usize] = [0.0; LANES];
            }
            Landing::Goods { event, goods, due, pending, to, place } => {
                let slot = self.turn as usize % due.len();
                let mask = self.bank.flags[due[slot] as usize] & self.active;
                if let Some(pending) = pending {
                    self.mark(&[Mark::Add(*pending, -1.0)], mask);
                }
                let arriving = self.bank.numbers[goods[slot] as usize];
                self.arrive(*event, to, mask, &arriving, *place);
                self.bank.numbers[goods[slot] as usize] = [0.0; LANES];
                self.bank.flags[due[slot] as usize] = 0;
            }
        }
    }
}
