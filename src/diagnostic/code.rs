//! The stable codes of all findings, each with its stage and one line of what it means.

use serde::{Serialize, Serializer};

/// How bad it is: an error stops the scenario from being run, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// Where on the way from text to model a finding is made; the folder of its example in `tests/rejects`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The file as TOML.
    Toml,
    /// Tables and keys.
    Shape,
    /// The strings that hold expressions: syntax, names, types.
    Expression,
    /// What the parts mean together.
    Meaning,
    /// What is allowed and yet probably not meant.
    Lint,
}

macro_rules! codes {
    ($($stage:ident { $($variant:ident $name:literal $about:literal)* })*) => {
        /// A stable name of a kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $about] $variant,)*)* }

        impl Code {
            /// All codes, in order of stage.
            pub const ALL: &'static [Code] = &[$($(Code::$variant,)*)*];

            /// The name under which it is printed: `unknown-key`.
            pub fn name(self) -> &'static str {
                match self { $($(Code::$variant => $name,)*)* }
            }

            /// One line of what it means.
            pub fn about(self) -> &'static str {
                match self { $($(Code::$variant => $about,)*)* }
            }

            pub fn stage(self) -> Stage {
                match self { $($(Code::$variant => Stage::$stage,)*)* }
            }
        }
    };
}

codes! {
    Toml {
        NotText "not-text" "the file is not UTF-8 text"
        FileTooLarge "file-too-large" "the file is larger than a scenario may be"
        TomlSyntax "toml-syntax" "the file is not TOML"
        TomlVersion "toml-1-1" "syntax of TOML 1.1, which other TOML 1.0 readers refuse"
    }
    Shape {
        UnknownKey "unknown-key" "a key that the language does not know in this table"
        MisplacedKey "misplaced-key" "a key that belongs to the table above, and sits under a branch header"
        MissingKey "missing-key" "a key that this table must have"
        WrongType "wrong-type" "a value of another type than the key takes"
        BadValue "bad-value" "a value of the right type that the key does not take"
        BadName "bad-name" "a name that is not snake_case, or is reserved"
        DuplicateName "duplicate-name" "two things of one name in one namespace"
        KeyConflict "key-conflict" "keys that do not go together"
        LimitExceeded "limit-exceeded" "more of something than a scenario may have"
    }
    Expression {
        Syntax "syntax" "an expression or effect that cannot be read"
        ChainedComparison "chained-comparison" "comparisons that follow one another without `and`"
        TooDeep "too-deep" "an expression nested more deeply, or longer, than allowed"
        UnknownName "unknown-name" "a name that nothing in the scenario has"
        UnknownFunction "unknown-function" "a function that the language does not have"
        WrongArguments "wrong-arguments" "arguments that the function does not take"
        TypeMismatch "type-mismatch" "a value of another type than is needed there"
        NotAllowedHere "not-allowed-here" "something that has no meaning in this place"
        NotAssignable "not-assignable" "an effect on something that effects cannot change"
        NotConstant "not-constant" "a value that must be the same in all replications, and is not"
    }
    Meaning {
        BoundsCross "bounds-cross" "a lower bound above the upper"
        OutOfBounds "out-of-bounds" "a number outside what is allowed for it"
        BadOutcomes "bad-outcomes" "outcomes in an order that leaves one without meaning"
        UnknownReference "unknown-reference" "a reference to something that the scenario does not have"
        UnboundedMetric "unbounded-metric" "a claim about the mean of a metric that has no bounds, declared or derived"
        SiteCollision "site-collision" "two draws whose paths have the same 40-bit number"
        NotANumber "not-a-number" "an expression that can only fail: a division by zero, a root of a negative number"
    }
    Lint {
        NeverFires "never-fires" "a trigger that can never fire"
        Unread "unread" "a variable that nothing reads"
        Unwritten "unwritten" "a variable that nothing writes; a parameter would say so"
        UnusedParameter "unused-parameter" "a parameter that nothing reads"
        ChanceOutside "chance-outside" "a chance that declared bounds allow outside [0, 1]"
        Unreachable "unreachable-outcome" "an outcome that nothing can reach"
        NoEvidence "no-evidence" "a number without evidence"
        OutsideRange "outside-range" "a parameter outside its own range"
        InfiniteSince "infinite-since" "arithmetic with a `since` that is infinite before the first firing"
        RungWithoutPrev "rung-without-prev" "a guard that reads `rung` of a turn that is still running"
        HiddenFromActor "hidden-from-actor" "a guard that reads what its actor may not have seen"
        DelayedRefire "delayed-refire" "a delayed trigger whose guard stays true until it lands"
    }
}

impl Code {
    pub fn severity(self) -> Severity {
        match self.stage() {
            Stage::Lint => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl Stage {
    /// The folder name of the stage.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Toml => "toml",
            Stage::Shape => "shape",
            Stage::Expression => "expression",
            Stage::Meaning => "meaning",
            Stage::Lint => "lint",
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
