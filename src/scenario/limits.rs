//! How large a scenario may be; every limit has a name, and passing it is a message.

/// Bytes of a scenario file.
pub const FILE_BYTES_MAX: usize = 4 << 20;
/// Turns of a replication.
pub const TURNS_MAX: u32 = 10_000;
/// Variables and relation cells together.
pub const VARIABLES_MAX: usize = 10_000;
/// Actors.
pub const ACTORS_MAX: usize = 256;
/// Triggers, injects and dynamics together, those of variants included.
pub const TRIGGERS_MAX: usize = 10_000;
/// Options of one decision.
pub const OPTIONS_MAX: usize = 64;
/// Effects in one `then`.
pub const EFFECTS_MAX: usize = 256;
/// Rungs of the ladder.
pub const RUNGS_MAX: usize = 64;
/// Scales of the ladder.
pub const SCALES_MAX: usize = 16;
/// Values of an enum.
pub const VALUES_MAX: usize = 256;
/// Parameters.
pub const PARAMETERS_MAX: usize = 4_096;
/// Metrics.
pub const METRICS_MAX: usize = 256;
/// Milestones.
pub const MILESTONES_MAX: usize = 256;
/// Outcomes.
pub const OUTCOMES_MAX: usize = 64;
/// Variants.
pub const VARIANTS_MAX: usize = 256;
/// Numbers that one replication keeps: variables with their copies, history, and room for what is under way.
pub const COLUMNS_MAX: usize = 1 << 17;
/// Integers up to this, 2^53, and down to its negative are numbers without rounding.
pub const INTEGER_MAX: u64 = 1 << 53;
/// Points of a rung on a scale, up or down.
pub const POINTS_MAX: f64 = 1e9;
/// Turns of a delay or of a transit.
pub const DELAY_MAX: u32 = 500;
/// Entries of all tables that count by turn: (metrics × counters + triggers + …) × turns.
pub const COUNTERS_MAX: usize = 1 << 24;
/// Depth of nested TOML values.
pub const NESTING_MAX: usize = 64;
