//! The keys of the language, table by table: what the reader checks, the schema prints and the docs list.

/// What a value may look like.
#[derive(Debug)]
pub enum Shape {
    /// Text for people.
    Text,
    /// The name that is given here.
    Id,
    /// The name of something declared here or elsewhere.
    Name,
    /// One of a few words.
    Word(&'static [&'static str]),
    Flag,
    Integer,
    Number,
    /// A number, or an expression in a string.
    Formula,
    /// True, false, or an expression in a string.
    Condition,
    /// An effect in a string: `target = value`.
    Effect,
    Date,
    List(&'static Shape),
    /// A list of so many items at least and at most.
    Few(&'static Shape, usize, usize),
    /// A table with these keys.
    Table(&'static Table),
    /// A table from names to values of one shape.
    Map(&'static Shape),
    /// A table from references to variables to values of one shape.
    Cells(&'static Shape),
    /// The first whose TOML type fits.
    Either(&'static [Shape]),
}

/// A kind of table.
#[derive(Debug)]
pub struct Table {
    /// What one is called in messages: `a trigger`.
    pub name: &'static str,
    /// A table all of whose keys this one has too.
    pub base: Option<&'static Table>,
    pub keys: &'static [Key],
}

impl Table {
    /// All keys, those of the base first.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> {
        let base: &'static [Key] = self.base.map_or(&[], |base| base.keys);
        base.iter().chain(self.keys)
    }

    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    pub about: &'static str,
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, required: false, about }
}

const fn must(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, required: true, about }
}

/// As many items as anybody likes; the limits of a scenario hold elsewhere.
const MANY: usize = usize::MAX;

const TITLE: Key = key("title", Shape::Text, "what people read");
const NOTE: Key = key("note", Shape::Text, "remarks for readers of the file");
const EVIDENCE: Key =
    key("evidence", Shape::Text, "a grade (A measured, B by analogy, C judgement), then the source or reason");
const UNIT: Key = key("unit", Shape::Text, "the unit, last in charts and tables");
const ID: Key = must("id", Shape::Id, "the name");

const WHEN: Key = key("when", Shape::Condition, "the guard: what must hold");
const CHANCE: Key =
    key("chance", Shape::Formula, "the chance with which it comes, when the guard holds; 1 if left out");
const COOLDOWN: Key = key("cooldown", Shape::Formula, "turns that must lie between two firings");
const LIMIT: Key = key("limit", Shape::Formula, "how often it may fire in a replication");
const RUNG: Key = key("rung", Shape::Name, "the rung of the ladder it stands on");
const DELAY: Key = key(
    "delay",
    Shape::Either(&[Shape::Formula, Shape::Few(&Shape::Formula, 2, 2)]),
    "turns until it lands: a number, or `[least, most]`, drawn uniformly",
);
const OBSERVED_BY: Key =
    key("observed_by", Shape::Map(&Shape::Formula), "who learns of it, each with a chance; everybody, if left out");
const THEN: Key = key("then", Shape::List(&Shape::Effect), "what it does, in order");
const ACTOR: Key = key("actor", Shape::Name, "who does it");

pub static ROOT: Table = Table {
    name: "a scenario file",
    base: None,
    keys: &[
        must("language", Shape::Integer, "the version of the language: 1"),
        must("scenario", Shape::Table(&HEADER), "what it is about, and how long it runs"),
        key("ladder", Shape::Table(&LADDER), "the rungs of escalation"),
        key("state", Shape::Map(&VARIABLE), "variables of no actor"),
        key("actors", Shape::Map(&Shape::Table(&ACTOR_TABLE)), "who takes part"),
        key("relations", Shape::Map(&Shape::Table(&RELATION)), "a number for each listed pair of actors"),
        key("parameters", Shape::Map(&PARAMETER), "numbers the analyst is unsure of"),
        key("injects", Shape::List(&Shape::Table(&INJECT)), "events from outside, by turn or by condition"),
        key("dynamics", Shape::List(&Shape::Table(&DYNAMIC)), "what changes every turn, unconditionally"),
        key("triggers", Shape::List(&Shape::Table(&TRIGGER)), "what happens on conditions, in order of play"),
        key("metrics", Shape::List(&Shape::Table(&METRIC)), "what is measured at the end of every turn"),
        key("milestones", Shape::List(&Shape::Table(&MILESTONE)), "what is noted when it first holds"),
        must(
            "outcomes",
            Shape::Few(&Shape::Table(&OUTCOME), 1, MANY),
            "how a replication can end; the last has no condition",
        ),
        key("variants", Shape::Map(&Shape::Table(&VARIANT)), "courses of action, compared on the same luck"),
        key("expectations", Shape::List(&Shape::Table(&EXPECTATION)), "what the author expects of the results"),
    ],
};

static HEADER: Table = Table {
    name: "the header",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        key("evidence", Shape::Text, "where all numbers come from that say nothing of their own"),
        key("start", Shape::Date, "the date at which turn 1 begins"),
        key("turn", Shape::Text, "what a turn stands for: `1 day`, `2 weeks`, `1 month`, `1 year`"),
        must("turns", Shape::Formula, "how many turns there are"),
        key(
            "order",
            Shape::Word(&["sequential", "simultaneous"]),
            "whether triggers see what earlier ones did this turn",
        ),
        key("actor_order", Shape::List(&Shape::Name), "triggers in one block an actor, in this order"),
    ],
};

static LADDER: Table = Table {
    name: "the ladder",
    base: None,
    keys: &[
        must("rungs", Shape::Few(&Shape::Id, 1, MANY), "the rungs, lowest first"),
        key("firebreaks", Shape::List(&Shape::Name), "rungs whose crossing is reported"),
        key("scores", Shape::Map(&Shape::Map(&Shape::Number)), "scales: points for each rung"),
    ],
};

static VARIABLE: Shape = Shape::Either(&[Shape::Flag, Shape::Formula, Shape::Table(&VARIABLE_TABLE)]);

static VARIABLE_TABLE: Table = Table {
    name: "a variable",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        EVIDENCE,
        UNIT,
        must(
            "initial",
            Shape::Either(&[Shape::Flag, Shape::Formula]),
            "the value at turn 0; of an enum, one of its values",
        ),
        key("values", Shape::Few(&Shape::Id, 2, MANY), "the values of an enum"),
        key("min", Shape::Formula, "the lower bound; 0 if left out"),
        key("max", Shape::Formula, "the upper bound; 1 if left out"),
        key("integer", Shape::Flag, "whether it holds integers only"),
        key("overflow", Shape::Word(&["saturate", "fail"]), "what an assignment outside the bounds does"),
        key("each_turn", Shape::Flag, "whether it returns to its initial value at the start of every turn"),
    ],
};

static ACTOR_TABLE: Table = Table {
    name: "an actor",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        key("team", Shape::Name, "which side it plays on"),
        key("state", Shape::Map(&VARIABLE), "its variables, read as `actor.variable`"),
    ],
};

static RELATION: Table = Table {
    name: "a relation",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        EVIDENCE,
        UNIT,
        key("symmetric", Shape::Flag, "whether (a, b) and (b, a) are one number"),
        key("min", Shape::Formula, "the lower bound; 0 if left out"),
        key("max", Shape::Formula, "the upper bound; 1 if left out"),
        key("overflow", Shape::Word(&["saturate", "fail"]), "what an assignment outside the bounds does"),
        key("initial", Shape::Formula, "the value at turn 0 of pairs that give none"),
        must(
            "pairs",
            Shape::Either(&[Shape::Word(&["all"]), Shape::Few(&Shape::Table(&PAIR), 1, MANY)]),
            "the pairs that have a number, or `all`",
        ),
    ],
};

static PAIR: Table = Table {
    name: "a pair",
    base: None,
    keys: &[
        must("between", Shape::Few(&Shape::Name, 2, 2), "two actors"),
        key("initial", Shape::Formula, "the value at turn 0"),
        NOTE,
        EVIDENCE,
    ],
};

static PARAMETER: Shape = Shape::Either(&[Shape::Number, Shape::Table(&PARAMETER_TABLE)]);

static PARAMETER_TABLE: Table = Table {
    name: "a parameter",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        EVIDENCE,
        UNIT,
        must("value", Shape::Number, "the value used where it is not drawn"),
        key("range", Shape::Few(&Shape::Number, 2, 2), "`[lowest, highest]` that is still plausible"),
        key("drawn", Shape::Formula, "the distribution from which each replication draws it"),
    ],
};

static INJECT: Table = Table {
    name: "an inject",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        EVIDENCE,
        ACTOR,
        key(
            "turn",
            Shape::Either(&[Shape::Formula, Shape::Few(&Shape::Formula, 1, MANY)]),
            "the turn or turns in which it is due",
        ),
        WHEN,
        CHANCE,
        COOLDOWN,
        LIMIT,
        RUNG,
        DELAY,
        OBSERVED_BY,
        THEN,
    ],
};

static DYNAMIC: Table = Table {
    name: "a dynamic",
    base: None,
    keys: &[ID, TITLE, NOTE, EVIDENCE, must("then", Shape::List(&Shape::Effect), "what it does, in order")],
};

pub static TRIGGER: Table = Table {
    name: "a trigger",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        EVIDENCE,
        ACTOR,
        key("toward", Shape::Name, "whom it is addressed to"),
        key("kind", Shape::Word(&["threat", "promise", "treaty"]), "what kind of commitment it is"),
        WHEN,
        CHANCE,
        COOLDOWN,
        LIMIT,
        RUNG,
        DELAY,
        OBSERVED_BY,
        THEN,
        key("options", Shape::Few(&Shape::Table(&OPTION), 1, MANY), "a decision: what may be chosen"),
        key("honour", Shape::Table(&HONOUR), "a commitment: what keeping it means"),
        key("breach", Shape::Table(&BREACH), "a commitment: what breaking it means"),
        key("from", Shape::Name, "a transfer: the stock the goods leave"),
        key("to", Shape::Name, "a transfer: the stock they reach"),
        key("amount", Shape::Formula, "a transfer: how much leaves"),
        key("transit", Shape::Formula, "a transfer: turns under way"),
        key("loss", Shape::Formula, "a transfer: the share that does not arrive"),
    ],
};

static OPTION: Table = Table {
    name: "an option",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        EVIDENCE,
        key("weight", Shape::Formula, "how likely beside the other options; 1 if left out"),
        RUNG,
        DELAY,
        OBSERVED_BY,
        THEN,
    ],
};

static HONOUR: Table = Table {
    name: "the honour branch",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        EVIDENCE,
        must("chance", Shape::Formula, "the chance that the commitment is kept"),
        RUNG,
        DELAY,
        OBSERVED_BY,
        THEN,
    ],
};

static BREACH: Table =
    Table { name: "the breach branch", base: None, keys: &[TITLE, NOTE, EVIDENCE, RUNG, DELAY, OBSERVED_BY, THEN] };

static METRIC: Table = Table {
    name: "a metric",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        UNIT,
        must("value", Shape::Either(&[Shape::Flag, Shape::Formula]), "what is measured"),
        key(
            "min",
            Shape::Formula,
            "what its values should not be below; those that are are counted, and change no number",
        ),
        key(
            "max",
            Shape::Formula,
            "what its values should not be above; those that are are counted, and change no number",
        ),
    ],
};

static MILESTONE: Table = Table {
    name: "a milestone",
    base: None,
    keys: &[ID, TITLE, NOTE, must("when", Shape::Condition, "what must hold at the end of a turn")],
};

static OUTCOME: Table = Table {
    name: "an outcome",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        key("severity", Shape::Number, "how bad it is, for expected severity"),
        key("when", Shape::Condition, "what must hold at the end of a turn; the last outcome has none"),
        key("importance", Shape::Formula, "what splitting climbs on"),
    ],
};

static VARIANT: Table = Table {
    name: "a variant",
    base: None,
    keys: &[
        TITLE,
        NOTE,
        key("parameters", Shape::Map(&Shape::Number), "other values of parameters"),
        key(
            "state",
            Shape::Cells(&Shape::Either(&[Shape::Flag, Shape::Formula])),
            "other initial values, by `actor.variable`",
        ),
        key("disable", Shape::List(&Shape::Name), "injects, dynamics and triggers that are left out"),
        key("order", Shape::Word(&["sequential", "simultaneous"]), "another order of play"),
        key("actor_order", Shape::List(&Shape::Name), "another order of actors"),
        key("injects", Shape::List(&Shape::Table(&INJECT)), "injects that are added"),
        key(
            "triggers",
            Shape::List(&Shape::Table(&ADDED_TRIGGER)),
            "triggers that are added, last or `before` another",
        ),
    ],
};

/// A trigger of a variant: one more key, for its place.
static ADDED_TRIGGER: Table = Table {
    name: "an added trigger",
    base: Some(&TRIGGER),
    keys: &[key("before", Shape::Name, "the trigger before which it is played; last if left out")],
};

static EXPECTATION: Table = Table {
    name: "an expectation",
    base: None,
    keys: &[
        ID,
        TITLE,
        NOTE,
        key("variant", Shape::Name, "the variant it speaks of; the base case if left out"),
        must("claim", Shape::Text, "a comparison of `share(…)` or `mean(…)` with a number"),
    ],
};
