//! Rules: whether they fire, what they do at once, and what they leave to land.

use super::assign_wide::combined;
use super::settle::{DrawId, Outside, Settle};
use super::state::{Play, Slot};
use super::watch::Watch;
use crate::expression::{Assign, Bank, Comparison, Interval, LANES, Lanes, Mask, each, lanes, store, which};
use crate::model::{Body, Branch, Chance, Delay, Landing, Mark, Observer, Rule, Target, Transfer, Weight};
use crate::results::Reason;
use crate::simd::Simd;

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// A rule of any kind. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn rule(&mut self, rule: &Rule) {
        self.wide.run(
            #[inline(always)]
            || self.guarded(rule),
        );
    }

    #[inline(always)]
    fn guarded(&mut self, rule: &Rule) {
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
            Some(chance) => self.settled(chance, eligible),
        };
        if lanes == 0 {
            return;
        }
        match &rule.body {
            Body::Plain(branch) => {
                self.fire(rule.event, lanes);
                self.branch(branch, lanes);
            }
            body => self.wide.run(
                #[inline(always)]
                || self.body(rule.event, body, lanes),
            ),
        }
    }

    /// What fires where a rule has more to it than effects.
    #[inline(always)]
    fn body(&mut self, event: u32, body: &Body, lanes: Mask) {
        match body {
            Body::Plain(branch) => self.branch(branch, lanes),
            Body::Decision { site, weights, branches } => self.decide(event, *site, weights, branches, lanes),
            Body::Commitment { chance, honour, breach } => {
                let honoured = self.come(chance, lanes);
                let lanes = lanes & self.active;
                self.fire(event, lanes);
                self.fire_branch(honour, honoured);
                self.fire_branch(breach, lanes & !honoured);
            }
            Body::Transfer(transfer) => self.transfer(transfer, lanes),
        }
    }

    /// The lanes in which a chance comes; those in which it has no value fail.
    #[inline(always)]
    fn come(&mut self, chance: &Chance, lanes: Mask) -> Mask {
        self.wide.run(
            #[inline(always)]
            || self.settled(chance, lanes),
        )
    }

    #[inline(always)]
    fn settled(&mut self, chance: &Chance, mut lanes: Mask) -> Mask {
        let probability = self.share(chance, &mut lanes);
        self.comes(chance.site, probability, lanes)
    }

    /// The lanes in which something of this probability comes.
    #[inline(always)]
    fn comes(&mut self, site: u32, probability: Slot, lanes: Mask) -> Mask {
        let came = match probability {
            Slot::Constant(p) if p >= 1.0 => lanes,
            Slot::Constant(p) if p <= 0.0 => 0,
            _ if lanes == 0 => 0,
            _ => return self.asked(site, probability, lanes),
        };
        self.watch.chance(site, lanes, probability.view(self.bank), came);
        came
    }

    /// The lanes in which something of this probability comes, where that has to be asked for.
    #[inline(always)]
    pub(super) fn asked(&mut self, site: u32, probability: Slot, lanes: Mask) -> Mask {
        let ask = DrawId { site, turn: self.turn, k: 0 };
        let came = match probability {
            Slot::Constant(p) => self.settle.chance(ask, lanes, p),
            Slot::Column(column) => self.settle.chance(ask, lanes, &*self.bank.numbers[column as usize]),
        };
        self.watch.chance(site, lanes, probability.view(self.bank), came);
        came
    }

    /// A number that should lie in [0, 1]: it fails where it has no value, and is counted where it lies outside.
    #[inline(always)]
    fn share(&mut self, chance: &Chance, lanes: &mut Mask) -> Slot {
        let value = self.defined(&chance.value, chance.place, lanes);
        self.look_at(chance.site, Outside::of(chance.value.range), 1.0, value, *lanes);
        value
    }

    /// Counts where a chance or share lies outside [0, 1], of which 1 is this number.
    #[inline(always)]
    pub(super) fn look_at(&mut self, site: u32, outside: Outside, one: f64, value: Slot, lanes: Mask) {
        let below = if outside.below { self.compared(value, Comparison::Less, 0.0) & lanes } else { 0 };
        let above = if outside.above { self.compared(value, Comparison::Greater, one) & lanes } else { 0 };
        self.watch.drawn_chance(site, lanes, below, above);
    }

    #[inline(always)]
    fn decide(&mut self, event: u32, site: u32, weights: &[Weight], branches: &[Branch], mut lanes: Mask) {
        let (first, chosen) = self.program.beyond();
        let mut total = [0.0; LANES];
        for (index, weight) in weights.iter().enumerate() {
            let value = self.defined(&weight.value, weight.place, &mut lanes);
            let negative = value.which(self.bank, lanes, |w| w < 0.0);
            match value {
                Slot::Constant(value) => each(lanes, |lane| total[lane] += value),
                Slot::Column(column) => {
                    let values = &self.bank.numbers[column as usize];
                    each(lanes, |lane| total[lane] += values[lane]);
                }
            }
            let refused = negative | which(&total, lanes, f64::is_infinite);
            self.fail(weight.place, Reason::NegativeWeight, refused);
            lanes &= !refused;
            *self.bank.numbers[first + index] = total;
        }
        lanes &= which(&total, lanes, |total| total > 0.0);
        if lanes == 0 {
            return;
        }
        for threshold in &mut self.bank.numbers[first..first + weights.len()] {
            each(lanes, |lane| threshold[lane] /= total[lane]);
        }
        let Bank { numbers, flags } = &mut *self.bank;
        let thresholds = &numbers[first..first + weights.len()];
        flags[chosen..].fill(0);
        self.settle.choice(DrawId { site, turn: self.turn, k: 0 }, lanes, thresholds, &mut flags[chosen..]);
        self.watch.choice(site, lanes, thresholds);
        self.fire(event, lanes);
        for (index, branch) in branches.iter().enumerate() {
            self.fire_branch(branch, self.bank.flags[chosen + index]);
        }
    }

    #[inline(always)]
    fn fire_branch(&mut self, branch: &Branch, lanes: Mask) {
        let lanes = lanes & self.active;
        if lanes != 0 {
            self.fire(branch.event, lanes);
            self.branch(branch, lanes);
        }
    }

    #[inline(always)]
    fn fire(&mut self, event: u32, lanes: Mask) {
        let model = self.model;
        self.mark(&model.events[event as usize].fired, lanes);
        self.watch.fired(event, lanes);
    }

    #[inline(always)]
    fn branch(&mut self, branch: &Branch, lanes: Mask) {
        self.observe(branch.event, &branch.observers, lanes);
        let lanes = lanes & self.active;
        if let Some(delay) = &branch.delay {
            return self.schedule(branch.event, delay, lanes);
        }
        self.effects(branch.effects, lanes, 0);
    }

    #[inline(always)]
    fn observe(&mut self, event: u32, observers: &[Observer], lanes: Mask) {
        if observers.is_empty() {
            return;
        }
        self.wide.run(
            #[inline(always)]
            || {
                let model = self.model;
                for observer in observers {
                    let asked = lanes & self.active;
                    let saw = self.come(&observer.chance, asked);
                    self.mark(&model.sightings[observer.sighting as usize], saw);
                    self.watch.observed(event, observer, asked & self.active, saw);
                }
            },
        );
    }

    #[inline(always)]
    fn schedule(&mut self, event: u32, delay: &Delay, mask: Mask) {
        if mask == 0 {
            return;
        }
        let mut turns = [f64::from(delay.least); LANES];
        if delay.most > delay.least {
            let ask = DrawId { site: delay.site, turn: self.turn, k: 0 };
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

    #[inline(always)]
    fn transfer(&mut self, transfer: &Transfer, mut mask: Mask) {
        let amount = self.defined(&transfer.amount, transfer.amount_place, &mut mask);
        let mut amounts = amount.lanes(self.bank);
        let stock = match transfer.from {
            Some(Target::Number { column, .. }) => *self.bank.numbers[column as usize],
            _ => [f64::INFINITY; LANES],
        };
        for lane in 0..LANES {
            amounts[lane] = amounts[lane].max(0.0).min(stock[lane]);
        }
        mask &= self.wide.less(0.0, &amounts);
        if mask == 0 {
            return;
        }
        let mut goods = amounts;
        if let Some(loss) = &transfer.loss {
            let lost = self.share(loss, &mut mask).lanes(self.bank);
            for lane in 0..LANES {
                goods[lane] = amounts[lane] * (1.0 - lost[lane].clamp(0.0, 1.0));
            }
        }
        self.fire(transfer.event, mask);
        self.observe(transfer.event, &transfer.observers, mask);
        mask &= self.active;
        self.watch.dispatched(transfer.event, mask, &amounts, &goods);
        if let Some(from) = &transfer.from {
            let left = combined(Assign::Subtract, &stock, &amounts);
            self.assign(from, mask, &left, transfer.amount_place, Interval::ANYTHING);
        }
        self.send(transfer, mask & self.active, &goods);
    }

    #[inline(always)]
    fn send(&mut self, transfer: &Transfer, mask: Mask, goods: &Lanes) {
        if transfer.transit == 0 {
            return self.arrive(transfer.event, &transfer.to, mask, goods, transfer.amount_place);
        }
        let due = (self.turn + transfer.transit) as usize % transfer.goods.len();
        store(self.wide, mask, goods, &mut self.bank.numbers[transfer.goods[due] as usize]);
        self.bank.flags[transfer.due[due] as usize] |= mask;
        if let Some(pending) = transfer.pending {
            self.mark(&[Mark::Count(pending)], mask);
        }
    }

    #[inline(always)]
    fn arrive(&mut self, event: u32, to: &Target, mask: Mask, goods: &Lanes, place: u32) {
        if mask == 0 {
            return;
        }
        let model = self.model;
        self.mark(&model.events[event as usize].landed, mask);
        self.watch.landed(event, mask);
        if let Target::Number { column, .. } = *to {
            let stock = combined(Assign::Add, &self.bank.numbers[column as usize], goods);
            self.assign(to, mask, &stock, place, Interval::ANYTHING);
        }
    }

    #[inline(always)]
    pub(super) fn landing(&mut self, landing: &Landing) {
        match landing {
            Landing::Effects { event, ring, pending, effects } => {
                let column = ring[self.turn as usize % ring.len()];
                let mut k = 0;
                loop {
                    let mask = self.active & self.wide.less(f64::from(k), &self.bank.numbers[column as usize]);
                    if mask == 0 {
                        break;
                    }
                    let model = self.model;
                    if let Some(pending) = pending {
                        self.mark(&[Mark::Add(*pending, -1.0)], mask);
                    }
                    self.mark(&model.events[*event as usize].landed, mask);
                    self.watch.landed(*event, mask);
                    self.effects(*effects, mask, k);
                    k += 1;
                }
                if k > 0 {
                    *self.bank.numbers[column as usize] = [0.0; LANES];
                }
            }
            Landing::Goods { event, goods, due, pending, to, place } => {
                let slot = self.turn as usize % due.len();
                let mask = self.bank.flags[due[slot] as usize] & self.active;
                if mask == 0 {
                    return;
                }
                if let Some(pending) = pending {
                    self.mark(&[Mark::Add(*pending, -1.0)], mask);
                }
                let arriving = self.bank.numbers[goods[slot] as usize];
                self.arrive(*event, to, mask, &arriving, *place);
                *self.bank.numbers[goods[slot] as usize] = [0.0; LANES];
                self.bank.flags[due[slot] as usize] = 0;
            }
        }
    }
}
