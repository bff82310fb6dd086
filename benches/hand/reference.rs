//! The reference model by hand: `scenarios/benchmarks/reference.toml` as a program.
//!
//! Frozen on 2026-11-24, before the engine was tuned against it: it changes only if it is found to be wrong or slow.
//! Tried and slower: conditions without short circuits (5 %), everything inlined into one function (3 %), a u in [0, 1)
//! compared with p instead of both scaled (14 %).

use super::table::add;
use super::{Counts, Xoshiro};

pub const TURNS: usize = 24;
const TRIGGERS: usize = 24;
/// The numbers and the rung.
const VARIABLES: usize = 22;
const RUNGS: usize = 11;

/// How a replication ended.
pub const OUTCOMES: [&str; 4] = ["none", "limited_war", "nuclear_use", "settlement"];
const NONE: usize = 0;
const LIMITED_WAR: usize = 1;
const NUCLEAR_USE: usize = 2;
const SETTLEMENT: usize = 3;

/// What the model's page asks for. Turns count from 0; what has not ended has its last turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<A> {
    /// By outcome, last turn and highest rung at the end of a turn.
    pub joint: [[[u64; RUNGS]; TURNS]; 4],
    /// By turn and rung, over all replications; those that have ended keep their last rung.
    pub rungs: [[u64; RUNGS]; TURNS],
    /// What else is counted.
    pub also: A,
}

/// What else may be counted, as the engine does by default.
pub trait Also: Default + Send {
    /// A chance was asked for.
    fn asked(&mut self, _trigger: usize, _probability: f64) {}
    fn fired(&mut self, _trigger: usize, _turn: usize) {}
    /// A variable was assigned, and this is where it would be without its bounds.
    fn assigned(&mut self, _variable: usize, _value: f64, _max: f64) {}
    /// A replication is over.
    fn over(&mut self) {}
    fn merge(&mut self, _other: &Self) {}
}

impl Also for () {}

/// All that the engine counts by default, beyond what the model's page asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Everything {
    pub fired: [[u64; TURNS]; TRIGGERS],
    pub first_fired: [[u64; TURNS]; TRIGGERS],
    /// The triggers that have fired in this replication.
    ever: u32,
    /// By trigger: chances below 0, above 1, and all.
    pub chances: [[u64; 3]; TRIGGERS],
    /// By variable: assignments below its bounds, above, and all.
    pub assignments: [[u64; 3]; VARIABLES],
}

impl Also for Everything {
    #[inline]
    fn asked(&mut self, trigger: usize, probability: f64) {
        let counts = &mut self.chances[trigger];
        counts[0] += u64::from(probability < 0.0);
        counts[1] += u64::from(probability > 1.0);
        counts[2] += 1;
    }

    #[inline]
    fn fired(&mut self, trigger: usize, turn: usize) {
        self.fired[trigger][turn] += 1;
        self.first_fired[trigger][turn] += u64::from(self.ever >> trigger & 1 == 0);
        self.ever |= 1 << trigger;
    }

    #[inline]
    fn assigned(&mut self, variable: usize, value: f64, max: f64) {
        let counts = &mut self.assignments[variable];
        counts[0] += u64::from(value < 0.0);
        counts[1] += u64::from(value > max);
        counts[2] += 1;
    }

    fn over(&mut self) {
        self.ever = 0;
    }

    fn merge(&mut self, other: &Self) {
        add(self.fired.as_flattened_mut(), other.fired.as_flattened());
        add(self.first_fired.as_flattened_mut(), other.first_fired.as_flattened());
        add(self.chances.as_flattened_mut(), other.chances.as_flattened());
        add(self.assignments.as_flattened_mut(), other.assignments.as_flattened());
    }
}

impl<A: Also> Table<A> {
    pub fn empty() -> Self {
        Self { joint: [[[0; RUNGS]; TURNS]; 4], rungs: [[0; RUNGS]; TURNS], also: A::default() }
    }

    /// How many ended so.
    pub fn outcome(&self, outcome: usize) -> u64 {
        self.joint[outcome].as_flattened().iter().sum()
    }
}

impl<A: Also> Counts for Table<A> {
    fn merge(&mut self, other: &Self) {
        add(self.joint.as_flattened_mut().as_flattened_mut(), other.joint.as_flattened().as_flattened());
        add(self.rungs.as_flattened_mut(), other.rungs.as_flattened());
        self.also.merge(&other.also);
    }
}

/// The state of a replication.
struct World {
    t_rus_ukr: f64,
    t_rus_usa: f64,
    t_rus_rok: f64,
    t_prk_rok: f64,
    t_prk_usa: f64,
    fric_usa_rok: f64,
    arms_rok_ukr: f64,
    arms_rus_prk: f64,
    arms_prk_rus: f64,
    arms_usa_ukr: f64,
    tech_rus_prk: f64,
    cred_usa_rok: f64,
    cred_rok: f64,
    cred_rus: f64,
    cred_prk: f64,
    rdy_rus: f64,
    rdy_prk: f64,
    rdy_rok: f64,
    rdy_usa: f64,
    rdy_ukr: f64,
    rus_gain: f64,
    prk_nuc: f64,
    rok_dom: f64,
    mediation: f64,
    f_lethal: bool,
    f_troops: bool,
    f_treaty: bool,
    f_nuctest: bool,
    f_talks: bool,
    f_clash: bool,
    rung: u8,
    peak: u8,
}

const START: World = World {
    t_rus_ukr: 0.70,
    t_rus_usa: 0.50,
    t_rus_rok: 0.30,
    t_prk_rok: 0.60,
    t_prk_usa: 0.55,
    fric_usa_rok: 0.15,
    arms_rok_ukr: 0.00,
    arms_rus_prk: 0.10,
    arms_prk_rus: 0.40,
    arms_usa_ukr: 0.50,
    tech_rus_prk: 0.13,
    cred_usa_rok: 0.60,
    cred_rok: 0.60,
    cred_rus: 0.50,
    cred_prk: 0.50,
    rdy_rus: 0.60,
    rdy_prk: 0.40,
    rdy_rok: 0.30,
    rdy_usa: 0.30,
    rdy_ukr: 0.60,
    rus_gain: 0.50,
    prk_nuc: 0.50,
    rok_dom: 0.30,
    mediation: 0.20,
    f_lethal: false,
    f_troops: false,
    f_treaty: false,
    f_nuctest: false,
    f_talks: false,
    f_clash: false,
    rung: 0,
    peak: 0,
};

/// The numbers of variables where assignments are counted.
#[allow(non_camel_case_types)]
enum Variable {
    t_rus_ukr,
    t_rus_usa,
    t_rus_rok,
    t_prk_rok,
    t_prk_usa,
    arms_rok_ukr,
    arms_rus_prk,
    arms_prk_rus,
    arms_usa_ukr,
    tech_rus_prk,
    cred_usa_rok,
    cred_prk,
    rdy_rus,
    rdy_prk,
    rdy_rok,
    rdy_usa,
    rdy_ukr,
    rus_gain,
    prk_nuc,
    rok_dom,
    mediation,
    rung,
}

impl World {
    fn raise<A: Also>(&mut self, dice: &mut Dice<'_, A>, rung: u8) {
        self.rung = self.rung.max(rung);
        dice.also.assigned(Variable::rung as usize, f64::from(self.rung), 10.0);
    }

    fn lower<A: Also>(&mut self, dice: &mut Dice<'_, A>, rungs: u8) {
        dice.also.assigned(Variable::rung as usize, f64::from(self.rung) - f64::from(rungs), 10.0);
        self.rung = self.rung.saturating_sub(rungs);
    }
}

/// The luck of a turn, and who counts it.
struct Dice<'a, A> {
    luck: &'a mut Xoshiro,
    also: &'a mut A,
    turn: usize,
}

impl<A: Also> Dice<'_, A> {
    #[inline]
    fn fires(&mut self, trigger: usize, probability: f64) -> bool {
        self.also.asked(trigger, probability);
        let fires = self.luck.comes(probability);
        if fires {
            self.also.fired(trigger, self.turn);
        }
        fires
    }
}

/// A number rises, at most to 1.
macro_rules! up {
    ($world:ident, $dice:ident, $name:ident, $by:expr) => {
        let value = $world.$name + $by;
        $dice.also.assigned(Variable::$name as usize, value, 1.0);
        $world.$name = if value > 1.0 { 1.0 } else { value };
    };
}

/// A number falls, at most to 0.
macro_rules! down {
    ($world:ident, $dice:ident, $name:ident, $by:expr) => {
        let value = $world.$name - $by;
        $dice.also.assigned(Variable::$name as usize, value, 1.0);
        $world.$name = if value < 0.0 { 0.0 } else { value };
    };
}

/// Arms for Ukraine, arms and troops for Russia, and what they do at the front.
#[inline]
fn arms_and_fronts<A: Also>(w: &mut World, dice: &mut Dice<'_, A>) {
    // rok_lethal_policy
    if (w.arms_prk_rus > 0.545 || w.f_troops)
        && w.t_rus_rok > 0.255
        && !w.f_lethal
        && dice.fires(0, 0.02 + 0.15 * w.arms_prk_rus + 0.10 * w.rok_dom - 0.10 * w.t_prk_rok)
    {
        w.f_lethal = true;
        up!(w, dice, arms_rok_ukr, 0.2);
        w.raise(dice, 1);
    }
    // rus_arms_prk
    if w.f_lethal
        && w.arms_rus_prk < 0.895
        && w.arms_rok_ukr > 0.105
        && dice.fires(1, 0.05 + 0.40 * w.t_rus_rok + 0.10 * w.cred_rus - 0.10 * w.cred_usa_rok)
    {
        up!(w, dice, arms_rus_prk, 0.08);
        up!(w, dice, tech_rus_prk, 0.03);
        up!(w, dice, t_rus_rok, 0.04);
    }
    // rok_arms_step
    if w.f_lethal
        && w.arms_rok_ukr < 0.895
        && (w.rus_gain > 0.545 || w.arms_prk_rus > 0.595)
        && dice.fires(2, 0.15 + 0.30 * w.rus_gain - 0.10 * w.t_prk_rok)
    {
        up!(w, dice, arms_rok_ukr, 0.1);
        down!(w, dice, rus_gain, 0.05);
        up!(w, dice, t_rus_rok, 0.03);
    }
    // prk_troops
    if !w.f_troops
        && w.arms_prk_rus > 0.495
        && w.rdy_prk > 0.195
        && w.rus_gain < 0.645
        && dice.fires(3, 0.06 + 0.20 * w.arms_prk_rus - 0.10 * w.t_prk_usa)
    {
        w.f_troops = true;
        up!(w, dice, arms_rus_prk, 0.1);
        up!(w, dice, t_rus_usa, 0.05);
    }
    // prk_shells
    if w.arms_prk_rus < 0.845 && (w.arms_rus_prk > 0.195 || w.f_treaty || w.t_rus_usa > 0.495) && dice.fires(4, 0.22) {
        up!(w, dice, arms_prk_rus, 0.04);
        up!(w, dice, rus_gain, 0.03);
        up!(w, dice, rdy_rus, 0.04);
    }
    // treaty_invoked
    if !w.f_treaty && w.arms_rus_prk > 0.155 && w.t_rus_usa > 0.495 && dice.fires(5, 0.1) {
        w.f_treaty = true;
        up!(w, dice, cred_prk, 0.08);
        w.raise(dice, 2);
    }
    // us_aid_step
    if w.t_rus_ukr > 0.595
        && w.arms_usa_ukr < 0.795
        && w.rus_gain > 0.595
        && dice.fires(6, 0.10 + 0.30 * w.rus_gain - 0.20 * w.fric_usa_rok)
    {
        up!(w, dice, arms_usa_ukr, 0.06);
        down!(w, dice, rus_gain, 0.04);
        up!(w, dice, rdy_ukr, 0.05);
    }
    // ukr_offensive
    if w.rdy_ukr > 0.545
        && w.arms_usa_ukr > 0.495
        && (w.arms_rok_ukr > 0.245 || w.rus_gain < 0.395)
        && dice.fires(7, 0.12)
    {
        down!(w, dice, rus_gain, 0.06);
        up!(w, dice, t_rus_ukr, 0.04);
        down!(w, dice, rdy_ukr, 0.1);
    }
    // rus_offensive
    if w.rdy_rus > 0.545
        && w.arms_prk_rus > 0.345
        && w.rus_gain < 0.795
        && dice.fires(8, 0.10 + 0.15 * w.rdy_rus - 0.10 * w.arms_usa_ukr)
    {
        up!(w, dice, rus_gain, 0.06);
        up!(w, dice, t_rus_ukr, 0.02);
        down!(w, dice, rdy_rus, 0.1);
    }
}

/// Tests, drills and clashes.
#[inline]
fn korea<A: Also>(w: &mut World, dice: &mut Dice<'_, A>) {
    // nuclear_test
    if !w.f_nuctest && w.tech_rus_prk > 0.115 && w.t_prk_usa > 0.595 && dice.fires(9, 0.04 + 0.10 * w.tech_rus_prk) {
        w.f_nuctest = true;
        up!(w, dice, prk_nuc, 0.15);
        w.raise(dice, 3);
    }
    // missile_test
    if w.prk_nuc > 0.395
        && w.t_prk_usa > 0.395
        && !w.f_talks
        && w.rung < 5
        && dice.fires(10, 0.08 + 0.20 * w.tech_rus_prk)
    {
        up!(w, dice, t_prk_usa, 0.04);
        up!(w, dice, t_prk_rok, 0.04);
        w.raise(dice, 3);
    }
    // us_rok_drills
    if w.t_prk_rok > 0.595 && w.cred_usa_rok > 0.395 && !w.f_talks && dice.fires(11, 0.25) {
        up!(w, dice, rdy_rok, 0.05);
        up!(w, dice, rdy_usa, 0.04);
        up!(w, dice, t_prk_rok, 0.03);
    }
    // prk_mobilise
    if w.rdy_rok > 0.345
        && w.t_prk_rok > 0.545
        && (w.t_prk_usa > 0.595 || w.f_lethal)
        && dice.fires(12, 0.15 + 0.20 * w.t_prk_rok)
    {
        up!(w, dice, rdy_prk, 0.08);
        up!(w, dice, cred_prk, 0.03);
        w.raise(dice, 4);
    }
    // prk_provocation
    if w.t_prk_rok > 0.655
        && w.rdy_prk > 0.445
        && !w.f_clash
        && dice.fires(13, 0.08 + 0.25 * w.t_prk_rok + 0.10 * w.arms_rus_prk - 0.20 * w.cred_usa_rok - 0.05 * w.cred_rok)
    {
        w.f_clash = true;
        up!(w, dice, t_prk_rok, 0.08);
        w.raise(dice, 5);
    }
    // rok_retaliation
    if w.f_clash
        && w.rdy_rok > 0.345
        && (w.cred_rok > 0.395 || w.rok_dom > 0.495)
        && dice.fires(14, 0.15 + 0.30 * w.rdy_rok)
    {
        up!(w, dice, t_prk_rok, 0.06);
        up!(w, dice, rok_dom, 0.05);
        w.raise(dice, 6);
    }
    // clash_fades
    if w.f_clash && w.rung < 7 && w.mediation > 0.145 && dice.fires(15, 0.20 + 0.30 * w.mediation) {
        w.f_clash = false;
        down!(w, dice, t_prk_rok, 0.06);
        w.lower(dice, 2);
    }
    // us_reinforces
    if w.rung > 4 && w.rdy_usa < 0.795 && w.cred_usa_rok > 0.295 && dice.fires(16, 0.3) {
        up!(w, dice, rdy_usa, 0.1);
        up!(w, dice, cred_usa_rok, 0.03);
        up!(w, dice, t_prk_usa, 0.01 * f64::from(w.rung));
    }
    // general_mobilisation
    if w.rung > 5 && w.rdy_prk > 0.445 && w.rdy_rok > 0.395 && dice.fires(17, 0.15 + 0.30 * w.t_prk_rok) {
        up!(w, dice, rdy_prk, 0.08);
        up!(w, dice, rdy_rok, 0.08);
        w.raise(dice, 7);
    }
    // nuclear_signal
    if w.rung > 6
        && w.prk_nuc > 0.595
        && (w.f_treaty || w.t_prk_usa > 0.745)
        && dice.fires(18, 0.15 + 0.05 * w.cred_prk)
    {
        up!(w, dice, t_prk_usa, 0.08);
        up!(w, dice, cred_prk, 0.05);
        w.raise(dice, 9);
    }
}

/// What ends a replication, and what leads away from it: the outcome.
#[inline]
fn endings<A: Also>(w: &mut World, dice: &mut Dice<'_, A>) -> usize {
    // nuclear_use
    if w.rung > 8
        && w.rdy_prk > 0.595
        && w.cred_usa_rok < 0.995
        && dice.fires(19, 0.05 + 0.15 * w.prk_nuc - 0.05 * w.cred_usa_rok)
    {
        w.raise(dice, 10);
        return NUCLEAR_USE;
    }
    // limited_war
    if w.rung > 5
        && w.t_prk_rok > 0.745
        && w.f_clash
        && dice.fires(20, 0.03 + 0.30 * w.t_prk_rok - 0.20 * w.cred_usa_rok - 0.10 * w.mediation)
    {
        w.raise(dice, 8);
        return LIMITED_WAR;
    }
    // mediation_opens
    if w.rung < 6
        && (w.t_rus_ukr > 0.695 || w.mediation > 0.295)
        && !w.f_talks
        && dice.fires(21, 0.02 + 0.10 * w.mediation)
    {
        w.f_talks = true;
        up!(w, dice, mediation, 0.15);
        down!(w, dice, t_prk_usa, 0.05);
    }
    // settlement
    if w.f_talks
        && w.mediation > 0.445
        && w.t_rus_ukr < 0.645
        && w.rung < 5
        && dice.fires(22, 0.02 + 0.20 * w.mediation - 0.10 * w.t_rus_rok)
    {
        w.lower(dice, 2);
        return SETTLEMENT;
    }
    // cooling
    if w.t_rus_ukr > 0.295 && w.rung < 7 && (w.f_talks || w.t_prk_rok > 0.645) && dice.fires(23, 0.3) {
        down!(w, dice, t_prk_rok, 0.02);
        down!(w, dice, t_rus_ukr, 0.03);
        up!(w, dice, mediation, 0.03);
    }
    NONE
}

/// The text of the scenario.
pub fn scenario() -> String {
    include_str!("../../scenarios/benchmarks/reference.toml").to_owned()
}

/// Runs so many replications.
pub fn chunk<A: Also>(counts: &mut Table<A>, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        let mut world = START;
        let mut ended = (NONE, TURNS - 1);
        for turn in 0..TURNS {
            let dice = &mut Dice { luck, also: &mut counts.also, turn };
            arms_and_fronts(&mut world, dice);
            korea(&mut world, dice);
            let outcome = endings(&mut world, dice);
            world.peak = world.peak.max(world.rung);
            counts.rungs[turn][usize::from(world.rung)] += 1;
            if outcome != NONE {
                for turn in turn + 1..TURNS {
                    counts.rungs[turn][usize::from(world.rung)] += 1;
                }
                ended = (outcome, turn);
                break;
            }
        }
        counts.joint[ended.0][ended.1][usize::from(world.peak)] += 1;
        counts.also.over();
    }
}

/// Runs so many replications on the current pool.
pub fn run<A: Also>(replications: u64, seed: u64) -> Box<Table<A>> {
    super::run(replications, seed, Table::empty, chunk)
}
