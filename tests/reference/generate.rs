//! Plans of random scenarios: trees of kinds and indexes, in which every choice can shrink on its own.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;

/// A whole scenario; `Display` writes it as TOML. Indexes wrap around what there is to choose from.
#[derive(Debug, Clone)]
pub struct Plan {
    pub turns: u8,
    pub simultaneous: bool,
    pub actor_order: Vec<u8>,
    pub initials: Vec<Initial>,
    pub drawn: Vec<Draw>,
    pub every_pair: bool,
    pub injects: Vec<Trigger>,
    pub dynamics: Vec<Vec<Effect>>,
    pub triggers: Vec<Trigger>,
    pub metrics: Vec<Num>,
    pub milestones: Vec<Flag>,
    /// Conditions that count from a turn on.
    pub outcomes: Vec<(u8, Flag)>,
    pub variant: Variant,
}

/// A course of action: what it disables, sets, and plays first.
#[derive(Debug, Clone)]
pub struct Variant {
    pub disabled: Vec<u8>,
    pub simultaneous: bool,
    pub hundredths: u8,
    pub added: Trigger,
}

#[derive(Debug, Clone)]
pub enum Initial {
    Hundredths(u8),
    /// A drawn parameter plus so many hundredths, or times so much.
    Drawn(u8),
}

#[derive(Debug, Clone)]
pub struct Trigger {
    pub actor: Option<u8>,
    /// Only of injects.
    pub turns: Vec<u8>,
    pub when: Option<Flag>,
    pub chance: Option<Num>,
    pub cooldown: Option<u8>,
    pub limit: Option<u8>,
    pub own: Branch,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub enum Body {
    Move,
    Decision(Vec<(Option<Num>, Branch)>),
    Commitment(Num, Branch, Option<Branch>),
    Transfer { from: Option<u8>, to: u8, amount: Num, loss: Option<Num>, transit: Option<u8> },
}

#[derive(Debug, Clone)]
pub struct Branch {
    pub rung: Option<u8>,
    /// Least, and how much more at most.
    pub delay: Option<(u8, u8)>,
    pub observed_by: Option<Vec<(u8, Num)>>,
    pub then: Vec<Effect>,
}

#[derive(Debug, Clone)]
pub enum Effect {
    Number(u8, u8, Num),
    Integer(u8, u8, Int),
    Flag(u8, Flag),
    Choice(u8, Choice),
    Cell(u8, u8, bool, Num),
}

/// A call of a distribution.
#[derive(Debug, Clone)]
pub struct Draw {
    pub distribution: u8,
    /// Whether its arguments are left as they come, even outside their domain.
    pub wild: bool,
    pub arguments: Vec<Num>,
}

#[derive(Debug, Clone)]
pub enum Num {
    Hundredths(i16),
    Variable(u8),
    Prev(u8),
    Cell(u8, u8, bool),
    PrevCell(u8, u8, bool),
    Parameter(u8),
    Aggregate(u8, u8),
    Since(u8, u8, u8),
    Integer(Box<Int>),
    Unary(u8, Box<Num>),
    Binary(u8, Box<Num>, Box<Num>),
    Extreme(bool, Vec<Num>),
    Clamp(Box<Num>, u8, u8),
    If(Box<Flag>, Box<Num>, Box<Num>),
    Draw(Box<Draw>),
}

#[derive(Debug, Clone)]
pub enum Int {
    Constant(i8),
    Variable(u8),
    Prev(u8),
    Turn(bool),
    Rung(u8),
    Count(u8),
    Pending(u8),
    Rounded(u8, Box<Num>),
    Flag(Box<Flag>),
    Binary(u8, Box<Int>, Box<Int>),
    Extreme(bool, Vec<Int>),
    If(Box<Flag>, Box<Int>, Box<Int>),
    Bernoulli(Box<Num>),
}

#[derive(Debug, Clone)]
pub enum Flag {
    Constant(bool),
    Variable(u8),
    Prev(u8),
    Fired(u8),
    Landed(u8),
    Observed(u8, u8),
    Compare(u8, Box<Num>, Box<Num>),
    CompareIntegers(u8, Box<Int>, Box<Int>),
    /// A rung, or one of the turn before, with a name.
    Rung(u8, u8, u8, bool),
    Choice(u8, bool, Box<Choice>, Box<Choice>),
    /// A quotient compared where the divisor is not 0; else true or false.
    Guarded(bool, Box<Num>, Box<Num>, u8),
    Same(Box<Flag>, Box<Flag>),
    Not(Box<Flag>),
    And(Box<Flag>, Box<Flag>),
    Or(Box<Flag>, Box<Flag>),
    If(Box<Flag>, Box<Flag>, Box<Flag>),
    Bernoulli(Box<Num>),
}

/// A value of some enum; which one is said where it stands.
#[derive(Debug, Clone)]
pub enum Choice {
    Value(u8),
    Variable,
    Prev,
    If(Box<Flag>, u8),
}

/// The strategies for expressions up to some depth.
#[derive(Clone)]
struct Level {
    num: BoxedStrategy<Num>,
    int: BoxedStrategy<Int>,
    flag: BoxedStrategy<Flag>,
    choice: BoxedStrategy<Choice>,
}

impl Level {
    fn leaves() -> Self {
        let index = any::<u8>;
        let num = prop_oneof![
            4 => (-50..250_i16).prop_map(Num::Hundredths),
            6 => index().prop_map(Num::Variable),
            2 => index().prop_map(Num::Prev),
            2 => (index(), index(), any::<bool>()).prop_map(|(a, b, c)| Num::Cell(a, b, c)),
            1 => (index(), index(), any::<bool>()).prop_map(|(a, b, c)| Num::PrevCell(a, b, c)),
            2 => index().prop_map(Num::Parameter),
            1 => (index(), index()).prop_map(|(a, b)| Num::Aggregate(a, b)),
            1 => (0..3_u8, index(), index()).prop_map(|(a, b, c)| Num::Since(a, b, c)),
        ];
        let int = prop_oneof![
            4 => (-3..7_i8).prop_map(Int::Constant),
            4 => index().prop_map(Int::Variable),
            1 => index().prop_map(Int::Prev),
            2 => any::<bool>().prop_map(Int::Turn),
            1 => index().prop_map(Int::Rung),
            2 => index().prop_map(Int::Count),
            1 => index().prop_map(Int::Pending),
        ];
        let flag = prop_oneof![
            1 => any::<bool>().prop_map(Flag::Constant),
            4 => index().prop_map(Flag::Variable),
            1 => index().prop_map(Flag::Prev),
            4 => index().prop_map(Flag::Fired),
            2 => index().prop_map(Flag::Landed),
            2 => (index(), index()).prop_map(|(a, b)| Flag::Observed(a, b)),
            2 => (index(), index(), index(), any::<bool>()).prop_map(|(a, b, c, d)| Flag::Rung(a, b, c, d)),
        ];
        let choice = prop_oneof![
            3 => index().prop_map(Choice::Value),
            2 => Just(Choice::Variable),
            1 => Just(Choice::Prev),
        ];
        Self { num: num.boxed(), int: int.boxed(), flag: flag.boxed(), choice: choice.boxed() }
    }

    /// One level deeper: leaves, and trees of what this level has.
    fn deeper(&self) -> Self {
        let Self { num, int, flag, choice } = self.clone();
        let index = any::<u8>;
        let n = || num.clone().prop_map(Box::new);
        let i = || int.clone().prop_map(Box::new);
        let f = || flag.clone().prop_map(Box::new);
        let c = || choice.clone().prop_map(Box::new);
        let deeper_num = prop_oneof![
            6 => num.clone(),
            2 => i().prop_map(Num::Integer),
            2 => (index(), n()).prop_map(|(a, b)| Num::Unary(a, b)),
            6 => (index(), n(), n()).prop_map(|(a, b, c)| Num::Binary(a, b, c)),
            2 => (any::<bool>(), vec(num.clone(), 2..4)).prop_map(|(a, b)| Num::Extreme(a, b)),
            1 => (n(), index(), index()).prop_map(|(a, b, c)| Num::Clamp(a, b, c)),
            2 => (f(), n(), n()).prop_map(|(a, b, c)| Num::If(a, b, c)),
            3 => draw(num.clone(), 0.1).prop_map(|a| Num::Draw(Box::new(a))),
        ];
        let deeper_int = prop_oneof![
            6 => int.clone(),
            1 => (index(), n()).prop_map(|(a, b)| Int::Rounded(a, b)),
            1 => f().prop_map(Int::Flag),
            3 => (index(), i(), i()).prop_map(|(a, b, c)| Int::Binary(a, b, c)),
            1 => (any::<bool>(), vec(int.clone(), 2..4)).prop_map(|(a, b)| Int::Extreme(a, b)),
            1 => (f(), i(), i()).prop_map(|(a, b, c)| Int::If(a, b, c)),
            1 => n().prop_map(Int::Bernoulli),
        ];
        let deeper_flag = prop_oneof![
            5 => flag.clone(),
            4 => (index(), n(), n()).prop_map(|(a, b, c)| Flag::Compare(a, b, c)),
            2 => (index(), i(), i()).prop_map(|(a, b, c)| Flag::CompareIntegers(a, b, c)),
            2 => (index(), any::<bool>(), c(), c()).prop_map(|(a, b, c, d)| Flag::Choice(a, b, c, d)),
            1 => (any::<bool>(), n(), n(), index()).prop_map(|(a, b, c, d)| Flag::Guarded(a, b, c, d)),
            1 => (f(), f()).prop_map(|(a, b)| Flag::Same(a, b)),
            2 => f().prop_map(Flag::Not),
            2 => (f(), f()).prop_map(|(a, b)| Flag::And(a, b)),
            2 => (f(), f()).prop_map(|(a, b)| Flag::Or(a, b)),
            1 => (f(), f(), f()).prop_map(|(a, b, c)| Flag::If(a, b, c)),
            1 => n().prop_map(Flag::Bernoulli),
        ];
        let deeper_choice = prop_oneof![4 => choice.clone(), 1 => (f(), index()).prop_map(|(a, b)| Choice::If(a, b))];
        Self {
            num: deeper_num.boxed(),
            int: deeper_int.boxed(),
            flag: deeper_flag.boxed(),
            choice: deeper_choice.boxed(),
        }
    }

    /// Mostly a number between 0 and 1.
    fn chance(&self) -> BoxedStrategy<Num> {
        prop_oneof![
            6 => (0..=100_i16).prop_map(Num::Hundredths),
            3 => self.num.clone().prop_map(|num| Num::Clamp(Box::new(num), 1, 2)),
            1 => self.num.clone(),
        ]
        .boxed()
    }

    fn effect(&self) -> BoxedStrategy<Effect> {
        let index = any::<u8>;
        prop_oneof![
            6 => (index(), 0..4_u8, self.num.clone()).prop_map(|(a, b, c)| Effect::Number(a, b, c)),
            2 => (index(), 0..4_u8, self.int.clone()).prop_map(|(a, b, c)| Effect::Integer(a, b, c)),
            3 => (index(), self.flag.clone()).prop_map(|(a, b)| Effect::Flag(a, b)),
            2 => (index(), self.choice.clone()).prop_map(|(a, b)| Effect::Choice(a, b)),
            2 => (index(), 0..4_u8, any::<bool>(), self.num.clone()).prop_map(|(a, b, c, d)| Effect::Cell(a, b, c, d)),
        ]
        .boxed()
    }

    fn branch(&self) -> BoxedStrategy<Branch> {
        let observed_by = vec((any::<u8>(), self.chance()), 0..3);
        (
            weighted(0.4, any::<u8>()),
            weighted(0.35, (1..4_u8, 0..3_u8)),
            weighted(0.4, observed_by),
            vec(self.effect(), 0..4),
        )
            .prop_map(|(rung, delay, observed_by, then)| Branch { rung, delay, observed_by, then })
            .boxed()
    }

    fn body(&self) -> BoxedStrategy<Body> {
        let index = any::<u8>;
        let (num, branch) = (self.num.clone(), self.branch());
        let weight = of(prop_oneof![3 => (0..300_i16).prop_map(Num::Hundredths), 1 => num.clone()]);
        let transfer = (of(index()), index(), num, weighted(0.6, self.chance()), of(0..4_u8))
            .prop_map(|(from, to, amount, loss, transit)| Body::Transfer { from, to, amount, loss, transit });
        prop_oneof![
            4 => Just(Body::Move),
            2 => vec((weight, branch.clone()), 1..4).prop_map(Body::Decision),
            2 => (self.chance(), branch.clone(), of(branch)).prop_map(|(a, b, c)| Body::Commitment(a, b, c)),
            2 => transfer,
        ]
        .boxed()
    }

    fn trigger(&self) -> BoxedStrategy<Trigger> {
        let turns = vec(1..8_u8, 0..3);
        let when = weighted(0.6, self.flag.clone());
        let (chance, cooldown, limit) = (weighted(0.5, self.chance()), weighted(0.3, 0..4_u8), weighted(0.3, 1..4_u8));
        (weighted(0.6, any::<u8>()), turns, when, chance, cooldown, limit, self.branch(), self.body())
            .prop_map(|(actor, turns, when, chance, cooldown, limit, own, body)| Trigger {
                actor,
                turns,
                when,
                chance,
                cooldown,
                limit,
                own,
                body,
            })
            .boxed()
    }
}

/// A draw, and how often its arguments are wild.
fn draw(num: BoxedStrategy<Num>, wild: f64) -> impl Strategy<Value = Draw> {
    (0..6_u8, prop::bool::weighted(wild), vec(num, 3..4)).prop_map(|(distribution, wild, arguments)| Draw {
        distribution,
        wild,
        arguments,
    })
}

/// Scenarios with all that the language has.
pub fn plans() -> impl Strategy<Value = Plan> {
    let leaves = Level::leaves();
    let level = leaves.deeper().deeper();
    let initial = prop_oneof![
        3 => (0..=100_u8).prop_map(Initial::Hundredths),
        1 => (0..60_u8).prop_map(Initial::Drawn),
    ];
    let constants = (-50..250_i16).prop_map(Num::Hundredths).boxed();
    let head = (
        2..=8_u8,
        any::<bool>(),
        vec(any::<u8>(), 0..3),
        vec(initial, 12),
        vec(draw(constants, 0.02), 2),
        any::<bool>(),
    );
    let rules = (vec(level.trigger(), 0..3), vec(vec(level.effect(), 1..3), 0..3), vec(level.trigger(), 3..8));
    let tests = (vec(level.num.clone(), 0..3), vec(level.flag.clone(), 0..3), vec((0..8_u8, level.flag.clone()), 0..2));
    let variant = (vec(any::<u8>(), 0..3), any::<bool>(), 0..=100_u8, level.trigger());
    let variant = variant.prop_map(|(disabled, simultaneous, hundredths, added)| Variant {
        disabled,
        simultaneous,
        hundredths,
        added,
    });
    (head, rules, tests, variant).prop_map(|(head, rules, tests, variant)| {
        let (turns, simultaneous, actor_order, initials, drawn, every_pair) = head;
        let ((injects, dynamics, triggers), (metrics, milestones, outcomes)) = (rules, tests);
        Plan {
            turns,
            simultaneous,
            actor_order,
            initials,
            drawn,
            every_pair,
            injects,
            dynamics,
            triggers,
            metrics,
            milestones,
            outcomes,
            variant,
        }
    })
}
