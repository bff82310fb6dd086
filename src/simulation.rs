//! A scenario ready to be run, solved, told and compared: the front door of the library.

use crate::batch::{self, Batch, Collect};
use crate::chronicle;
use crate::compile::{self, Toward};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::error::Error;
use crate::exact;
use crate::model::Model;
use crate::questions::{exactly, summarise};
use crate::rare;
use crate::results::chronicle::Chronicle;
use crate::results::comparison::Comparison;
use crate::results::estimate::Estimate;
use crate::results::exact::Exact;
use crate::results::summary::Summary;
use crate::scenario::{self, Scenario};
use crate::studies::compare::{Courses, PairCollector, Range as Replications};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// A scenario, or one of its variants, checked and compiled.
///
/// Every answer is a function of the scenario, of the seed and of the numbers of the replications: it is the same on every
/// machine and with any number of threads.
///
/// ```
/// use escalate::Simulation;
///
/// let simulation = Simulation::open("scenarios/tutorial.toml")?;
/// let summary = simulation.batch(1, 0..1_000)?;
/// let shots = &summary.outcomes[0];
/// assert_eq!((shots.id.as_str(), shots.share.count), ("shots_fired", 175));
/// # Ok::<(), escalate::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Simulation {
    file: Arc<File>,
    variant: String,
    model: Arc<Model>,
}

/// The file as it was read.
#[derive(Debug)]
struct File {
    name: String,
    source: String,
    scenario: Scenario,
    warnings: Vec<Diagnostic>,
}

impl File {
    fn error(&self, findings: Vec<Diagnostic>) -> Error {
        Diagnostics { findings, name: self.name.clone(), source: self.source.clone() }.into()
    }
}

impl Simulation {
    /// Reads, checks and compiles a scenario file as written.
    ///
    /// # Errors
    /// The file cannot be read, or [`Error::Diagnostics`] with everything that is wrong with it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(Error::unreadable(path))?;
        Self::read(&path.display().to_string(), &bytes)
    }

    /// Reads, checks and compiles the text of a scenario file; `name` is what error messages call it.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let error = Simulation::read("crisis.toml", b"[scenario]\nturns = 10\n").unwrap_err();
    /// assert!(error.to_string().contains("crisis.toml:1:1"));
    /// ```
    ///
    /// # Errors
    /// [`Error::Diagnostics`] with everything that is wrong with it.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let (scenario, findings) = scenario::read(bytes);
        let (name, source) = (name.to_owned(), String::from_utf8_lossy(bytes).into_owned());
        let Some(scenario) = scenario else {
            return Err(Diagnostics { findings, name, source }.into());
        };
        let warnings = compile::check_read(&scenario, findings);
        let file = File { name, source, scenario, warnings };
        if file.warnings.iter().any(Diagnostic::is_error) {
            return Err(file.error(file.warnings.clone()));
        }
        let model = compile::compile(&file.scenario, None).map_err(|findings| file.error(findings))?;
        Ok(Self { file: Arc::new(file), variant: compile::BASE.to_owned(), model: Arc::new(model) })
    }

    /// A variant of the scenario; `base` is the scenario as written.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let base = Simulation::open("scenarios/korea_2024.toml")?;
    /// let early = base.variant("seoul_ships_early")?;
    /// assert_ne!(base.hash(), early.hash());
    /// assert!(base.variant("no_such").unwrap_err().to_string().contains("there is no variant `no_such`"));
    /// # Ok::<(), escalate::Error>(())
    /// ```
    ///
    /// # Errors
    /// There is no variant of this name.
    pub fn variant(&self, name: &str) -> Result<Self, Error> {
        let file = &self.file;
        let variant = file.scenario.variant(name);
        if variant.is_none() && name != compile::BASE {
            let known: Vec<&str> = self.variants().collect();
            return Err(Error::Request(format!("there is no variant `{name}`; there are {}", known.join(", "))));
        }
        let model = compile::compile(&file.scenario, variant).map_err(|findings| file.error(findings))?;
        Ok(Self { file: file.clone(), variant: name.to_owned(), model: Arc::new(model) })
    }

    /// The names of the variants that the file declares, `base` first.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let simulation = Simulation::open("scenarios/tutorial.toml")?;
    /// assert_eq!(simulation.variants().next(), Some("base"));
    /// # Ok::<(), escalate::Error>(())
    /// ```
    pub fn variants(&self) -> impl Iterator<Item = &str> {
        let declared = self.file.scenario.variants.iter().map(|variant| variant.id.text.as_str());
        std::iter::once(compile::BASE).chain(declared)
    }

    /// What is allowed in the file and yet probably not meant.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.file.warnings
    }

    /// BLAKE3 of what the scenario means, in hexadecimal: equal for two files that mean the same, however they are laid
    /// out.
    pub fn hash(&self) -> String {
        crate::provenance::hex(&self.model.hash)
    }

    /// The compiled model, by whose indexes collectors see outcomes, events and metrics.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Plays these replications on all processors, and summarises them: shares with 95 % intervals, quantiles by turn.
    ///
    /// # Errors
    /// The machine gives no threads.
    pub fn batch(&self, seed: u64, replications: Range<u64>) -> Result<Summary, Error> {
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let tally = batch::run(&self.model, &request(seed, &replications, &done, &stop))?;
        let (first, replications) = (replications.start, count(&replications));
        Ok(summarise::summarise(&self.model, &tally, &summarise::Request { seed, first, replications }))
    }

    /// Shows every block of replications to a collector, on all processors, and gives all that was collected; `make` gives
    /// an empty collector.
    ///
    /// How often the first outcome comes after turn 5, counted by a collector of one's own:
    ///
    /// ```
    /// use escalate::{Collect, Played, Simulation};
    ///
    /// struct Late(u64);
    ///
    /// impl Collect for Late {
    ///     fn block(&mut self, _arm: usize, played: &Played<'_>) {
    ///         for (lane, _) in played.replications() {
    ///             self.0 += u64::from(played.outcome[lane] == Some(0) && played.end_turn[lane] > 5);
    ///         }
    ///     }
    ///     fn merge(&mut self, following: Self) {
    ///         self.0 += following.0;
    ///     }
    /// }
    ///
    /// let simulation = Simulation::open("scenarios/tutorial.toml")?;
    /// let late = simulation.collect(1, 0..1_000, || Late(0))?;
    /// assert!(late.0 < simulation.batch(1, 0..1_000)?.outcomes[0].share.count);
    /// # Ok::<(), escalate::Error>(())
    /// ```
    ///
    /// # Errors
    /// The machine gives no threads.
    pub fn collect<C: Collect>(
        &self,
        seed: u64,
        replications: Range<u64>,
        make: impl Fn() -> C + Send + Sync,
    ) -> Result<C, Error> {
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let request = request(seed, &replications, &done, &stop);
        let arms = [crate::engine::Program::new(&self.model)];
        let mut all = make();
        batch::collect(&arms, &request, &make, &mut |played| {
            all.merge(played.collector);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Compares courses of action with this one, the reference, on common luck: every replication is played by each.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let base = Simulation::open("scenarios/korea_2024.toml")?;
    /// let comparison = base.compare(&[base.variant("seoul_ships_early")?], 1, 0..640)?;
    /// let course = &comparison.courses[1];
    /// assert_eq!(course.variant, "seoul_ships_early");
    /// assert_eq!(course.flips.iter().map(|flip| flip.replications).sum::<u64>(), course.ended_differently);
    /// // Against itself nothing differs.
    /// let same = base.compare(&[base.clone()], 1, 0..640)?;
    /// assert_eq!(same.courses[1].ended_differently, 0);
    /// # Ok::<(), escalate::Error>(())
    /// ```
    ///
    /// # Errors
    /// The machine gives no threads, or a variant does not fit its scenario.
    pub fn compare(&self, courses: &[Simulation], seed: u64, replications: Range<u64>) -> Result<Comparison, Error> {
        let changes: Result<Vec<_>, Error> = courses.iter().map(|course| self.changes(course)).collect();
        let models: Vec<&Model> = std::iter::once(self).chain(courses).map(|course| &*course.model).collect();
        let aligned = Courses::new(models.clone(), &changes?, &[]);
        let arms: Vec<_> = models.into_iter().map(crate::engine::Program::new).collect();
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let make = || PairCollector::new(&aligned.arms, aligned.outcomes.len());
        let mut all = make();
        batch::collect(&arms, &request(seed, &replications, &done, &stop), make, &mut |played| {
            all.merge(played.collector);
            ControlFlow::Continue(())
        })?;
        let (first, asked) = (replications.start, count(&replications));
        Ok(aligned.summarise(&all.courses, Replications { seed, first, replications: asked, asked }))
    }

    fn changes(&self, course: &Simulation) -> Result<Vec<compile::Difference>, Error> {
        let of = |it: &Self| it.file.scenario.variant(&it.variant).cloned();
        let (old, new) = (of(self), of(course));
        let found = compile::compare((&self.file.scenario, old.as_ref()), (&course.file.scenario, new.as_ref()));
        found.map(|found| found.differences).map_err(|findings| course.file.error(findings))
    }

    /// Solves the scenario exactly: the probability of every outcome, where its states are few enough.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let die = Simulation::open("scenarios/textbook/knuth_yao_die.toml")?.exact()?;
    /// assert!((die.outcomes[0].probability - 1.0 / 6.0).abs() < 1e-6);
    /// # Ok::<(), escalate::Error>(())
    /// ```
    ///
    /// # Errors
    /// It draws from continuous distributions, or has too many states; the message says which.
    pub fn exact(&self) -> Result<Exact, Error> {
        let stop = AtomicBool::new(false);
        exactly::solve(&self.model, &exact::Request::new(&stop), false)
            .map_err(|trouble| Error::Unsolved(trouble.into()))
    }

    /// Estimates the probability of a rare outcome by splitting: `effort` copies on each level, so many independent
    /// `repetitions`, from whose spread the interval comes.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let ladder = Simulation::open("scenarios/textbook/rare_ladder.toml")?;
    /// let outcome = ladder.model().labels.outcomes[0].id.clone();
    /// let estimate = ladder.rare(&outcome, 1, 8, 256)?;
    /// assert!(estimate.low <= estimate.probability && estimate.probability <= estimate.high);
    /// # Ok::<(), escalate::Error>(())
    /// ```
    ///
    /// # Errors
    /// There is no such outcome, or a number is outside its limits.
    pub fn rare(&self, outcome: &str, seed: u64, repetitions: u64, effort: u64) -> Result<Estimate, Error> {
        let file = &self.file;
        let toward = Toward::Outcome(outcome.to_owned());
        let (model, climb) = compile::compile_toward(&file.scenario, file.scenario.variant(&self.variant), &toward)
            .map_err(|findings| file.error(findings))?;
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        rare::estimate(
            &model,
            &climb,
            &rare::Request { seed, repetitions, effort, threads: 0, done: &done, stop: &stop },
        )
    }

    /// Tells one replication turn by turn: what fired and why, what was drawn, who learned of it, what changed.
    ///
    /// ```
    /// use escalate::Simulation;
    ///
    /// let told = Simulation::open("scenarios/tutorial.toml")?.tell(1, 17);
    /// assert_eq!(told.turns[0].turn, 0);
    /// # Ok::<(), escalate::Error>(())
    /// ```
    pub fn tell(&self, seed: u64, replication: u64) -> Chronicle {
        chronicle::replay(&self.model, seed, replication)
    }
}

fn count(replications: &Range<u64>) -> u64 {
    replications.end.saturating_sub(replications.start)
}

fn request<'a>(seed: u64, replications: &Range<u64>, done: &'a AtomicU64, stop: &'a AtomicBool) -> Batch<'a> {
    Batch { seed, first: replications.start, replications: count(replications), threads: 0, done, stop }
}
