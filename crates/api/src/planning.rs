//! From a scenario and flags, or from a stored run, to a plan that can be run.
//!
//! # Promises
//! - Arms stand in one order: `control` (no promotions), `status-quo` where there is an incumbent, then the scenario's arms or
//!   those that were asked for.
//! - Every policy is read and its rules are compiled before anything is simulated.
//! - What is stored ([`Planned::new_run`]) is enough to make the same plan again ([`Planned::from_store`]).
//!
//! # Where to start
//! [`Api::planned`] for a new run, [`Planned::from_store`] for a stored one.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterfoil_core::time::Day;
use counterfoil_run::{Arm, Plan};
use counterfoil_scenario::limits::ARMS_MAX;
use counterfoil_scenario::{
    Currency, Found, Overrides, PolicySpec, Resolved, Scenario, Shelf, Source, for_scenario, parse_policy,
    parse_scenario, policy_document, resolve_scenario,
};
use counterfoil_store::{ArmRow, Keep, NewRun, PolicyRow, RunRecord};

use crate::api::{Api, VERSION};
use crate::clock;
use crate::dto::{ApiError, ErrorCode, TextRead};
use crate::error::Answered;
use crate::library::{Library, shop_for_rules};
use crate::texts;

pub(crate) use counterfoil_results::{CONTROL, STATUS_QUO};

/// What to run, as a command line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// Name of a scenario of the library, or a path.
    pub scenario: String,
    /// The scenario itself, where it comes from no file; it is read as if it lay in the working directory.
    pub text: Option<String>,
    /// Flags that change the scenario.
    pub overrides: Overrides,
    /// Threads; `None`: as many as the machine has.
    pub threads: Option<u32>,
    /// How much is stored.
    pub keep: Keep,
    /// Shoppers per world whose full traces are stored; they are the same numbers in every world.
    pub trace: u32,
    /// Open covered by the scenario's question until a guess is stored.
    pub cover_until_guess: bool,
}

impl RunOptions {
    /// A scenario as it is written.
    #[must_use]
    pub fn new(scenario: impl Into<String>) -> Self {
        Self {
            scenario: scenario.into(),
            text: None,
            overrides: Overrides::default(),
            threads: None,
            keep: Keep::Sample,
            trace: 0,
            cover_until_guess: false,
        }
    }
}

/// A plan with the texts it came from.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// What is simulated.
    pub plan: Plan,
    /// Name of the scenario: file stem or shipped name.
    pub name: String,
    /// The resolved scenario.
    pub document: String,
    /// Its digest.
    pub scenario_hash: String,
    /// Policy of each arm, in the plan's order.
    pub arms: Vec<ArmRow>,
    /// Texts of all policies, by name.
    pub policies: Vec<PolicyRow>,
    /// Where each text was read; nothing of it enters a hash.
    pub read: Vec<TextRead>,
}

/// What a plan is made of beside its resolved scenario.
pub(crate) struct Texts<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// Arms in order.
    pub arms: &'a [ArmRow],
    /// Policies by name.
    pub policies: &'a [PolicyRow],
    /// How much is stored.
    pub keep: Keep,
}

/// Reads policies once each and keeps their names apart.
struct Reader<'a> {
    scenario: &'a Scenario,
    policies: BTreeMap<String, (PolicyRow, Arc<PolicySpec>)>,
    read: Vec<TextRead>,
}

impl<'a> Reader<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        Self { scenario, policies: BTreeMap::new(), read: Vec::new() }
    }

    fn spec(&self, source: &Source) -> Answered<PolicySpec> {
        let currency = currency_of(self.scenario)?;
        let spec =
            parse_policy(&source.text, &source.file, &source.name, &self.scenario.treatments, &currency)?;
        Ok(for_scenario(spec, self.scenario))
    }

    /// The policy under a name that no other text of this run has.
    fn read(&mut self, source: &Source) -> Answered<(String, Arc<PolicySpec>)> {
        let mut name = source.name.clone();
        let mut more = 1;
        while let Some((row, spec)) = self.policies.get(&name) {
            if row.text == source.text {
                return Ok((name, Arc::clone(spec)));
            }
            more += 1;
            name = format!("{}-{more}", source.name);
        }
        let spec = Arc::new(self.spec(source)?);
        let hash = counterfoil_scenario::hash(&policy_document(&spec, self.scenario));
        self.read.push(texts::policy(&name, &hash, source));
        let row = PolicyRow { name: name.clone(), text: source.text.clone(), hash };
        self.policies.insert(name.clone(), (row, Arc::clone(&spec)));
        Ok((name, spec))
    }

    fn rows(&self) -> Vec<PolicyRow> {
        self.policies.values().map(|(row, _)| row.clone()).collect()
    }
}

fn currency_of(scenario: &Scenario) -> Answered<Currency> {
    Currency::of(&scenario.currency)
        .ok_or_else(|| ApiError::defect(format!("the currency {} is not known", scenario.currency)))
}

impl Api {
    /// The plan that a command line asks for.
    pub(crate) fn planned(&self, options: &RunOptions) -> Answered<Planned> {
        let shelves = self.library().shelves();
        let source = match &options.text {
            Some(text) => Library::given(text),
            None => shelves.find(Shelf::Scenarios, &options.scenario)?,
        };
        let found = resolve_scenario(&source, &options.overrides, &shelves)?;
        let policies = shelves.policies(&found)?;
        assemble(&source.name, found, &policies, options.keep)
    }

    /// The policy that `--add-arm` names: of the scenario's arms no more are known, so a policy of the library or a path.
    pub(crate) fn policy_source(&self, policy: &str) -> Answered<Source> {
        Ok(self.library().shelves().find(Shelf::Policies, policy)?)
    }
}

/// Reads the policies of a scenario, found in its order, and puts the arms in order. `control` is the shipped `none`
/// whatever files lie about.
fn assemble(name: &str, found: Found, policies: &[Source], keep: Keep) -> Answered<Planned> {
    let Found { resolved: Resolved { scenario, document, hash }, texts, policies: named } = found;
    let mut reader = Reader::of(&scenario);
    let mut arms = Vec::new();
    let mut rows = Vec::new();
    let mut add = |arm: &str, source: &Source, reader: &mut Reader<'_>| -> Answered<Arc<PolicySpec>> {
        let (policy, spec) = reader.read(source)?;
        arms.push(Arm::new(arm, Arc::clone(&spec)));
        rows.push(ArmRow { name: arm.to_owned(), policy });
        Ok(spec)
    };
    let none = Shelf::Policies.shipped_source("none");
    let none = none.ok_or_else(|| ApiError::defect("the policy `none` is not shipped"))?;
    add(CONTROL, &none, &mut reader)?;
    let mut incumbent = None;
    for (named, source) in named.iter().zip(policies) {
        if named.arm != STATUS_QUO {
            add(&named.arm, source, &mut reader)?;
        } else if scenario.phases.history_days > 0 {
            incumbent = Some(add(STATUS_QUO, source, &mut reader)?);
        }
    }
    let policies = reader.rows();
    let mut read = texts::scenario(&texts, &hash);
    read.append(&mut reader.read);
    let plan = Plan { scenario: Arc::new(scenario), incumbent, arms, keep: plan_keep(keep) };
    check(&plan)?;
    Ok(Planned { plan, name: name.to_owned(), document, scenario_hash: hash, arms: rows, policies, read })
}

/// Finds a bad rule before anything is simulated.
fn check(plan: &Plan) -> Answered<()> {
    Ok(plan.check(&shop_for_rules(&plan.scenario))?)
}

fn plan_keep(keep: Keep) -> counterfoil_run::Keep {
    match keep {
        Keep::Sample => counterfoil_run::Keep::Sample,
        Keep::Summary => counterfoil_run::Keep::Summary,
        Keep::Visits => counterfoil_run::Keep::Visits,
    }
}

impl Planned {
    /// The scenario of a stored run.
    pub(crate) fn scenario_of(record: &RunRecord) -> Answered<Scenario> {
        let scenario = resolved(record)?.scenario;
        row_fits(record, &scenario)?;
        Ok(scenario)
    }

    /// The plan of a stored run, from what the store holds alone.
    pub(crate) fn from_store(record: &RunRecord) -> Answered<Self> {
        let planned = Self::from_texts(record)?;
        row_fits(record, &planned.plan.scenario)?;
        Ok(planned)
    }

    /// The same whatever the run's row says beside its texts: for who compares the two.
    pub(crate) fn from_texts(record: &RunRecord) -> Answered<Self> {
        let run = &record.run;
        has_control(record)?;
        let read = resolved(record)?;
        let missing = |policy: &str| damaged(&run.id, &format!("has no text of policy {policy}"));
        let texts =
            Texts { name: &run.scenario, arms: &run.arms, policies: &record.policies, keep: run.keep };
        let planned = Self::of_texts(read, &texts, &format!("run {}", run.id), &missing)?;
        Ok(Self { read: texts::stored(record), ..planned })
    }

    /// A plan from resolved texts; `place` says where they stand, `missing` that a policy has none.
    pub(crate) fn of_texts(
        resolved: Resolved,
        texts: &Texts<'_>,
        place: &str,
        missing: &dyn Fn(&str) -> ApiError,
    ) -> Answered<Self> {
        let Resolved { scenario, document, hash } = resolved;
        let mut reader = Reader::of(&scenario);
        let mut arms = Vec::new();
        for row in texts.arms {
            let stored = texts.policies.iter().find(|policy| policy.name == row.policy);
            let stored = stored.ok_or_else(|| missing(&row.policy))?;
            let (_, spec) = reader.read(&stored_source(place, stored))?;
            arms.push(Arm::new(row.name.clone(), spec));
        }
        let policies = reader.rows();
        let incumbent = arms.iter().find(|arm| arm.name == STATUS_QUO).map(|arm| Arc::clone(&arm.policy));
        let plan = Plan { scenario: Arc::new(scenario), incumbent, arms, keep: plan_keep(texts.keep) };
        check(&plan)?;
        let (name, rows) = (texts.name.to_owned(), texts.arms.to_vec());
        let read = Vec::new();
        Ok(Self { plan, name, document, scenario_hash: hash, arms: rows, policies, read })
    }

    /// A stored run as its texts describe it.
    pub(crate) fn new_run_like(&self, record: &RunRecord) -> NewRun {
        let options = RunOptions { keep: record.run.keep, ..RunOptions::new("") };
        self.new_run(&options, false)
    }

    /// What the store needs to know of a new run.
    pub(crate) fn new_run(&self, options: &RunOptions, sample: bool) -> NewRun {
        let scenario = &self.plan.scenario;
        let phases = scenario.phases;
        let covered = options.cover_until_guess && !scenario.about.question.is_empty();
        NewRun {
            created_at: clock::now_utc(),
            engine_version: VERSION.to_owned(),
            scenario: self.name.clone(),
            title: scenario.about.title.clone(),
            scenario_text: self.document.clone(),
            scenario_hash: self.scenario_hash.clone(),
            command: command_of(options, &self.read),
            currency: scenario.currency.clone(),
            currency_decimals: scenario.currency_decimals,
            seed: scenario.seed,
            worlds: scenario.worlds,
            shoppers: scenario.shoppers.count,
            days: phases.horizon_days,
            first_day_from_epoch: scenario.calendar.first_day_from_epoch,
            horizon_start_day: phases.warmup_days + phases.history_days,
            keep: options.keep,
            visits_kept_ppm: self.plan.keep.visits_kept_ppm(scenario.shoppers.count),
            sample,
            deterministic: true,
            covered,
            question: scenario.about.question.clone(),
            policies: self.policies.clone(),
            arms: self.arms.clone(),
            treatments: scenario.treatments.iter().map(|treatment| treatment.name.clone()).collect(),
            categories: scenario.catalogue.categories.iter().map(|category| category.name.clone()).collect(),
        }
    }

    /// The same worlds with other arms beside control: what an added arm needs.
    pub(crate) fn with_arms(&self, wanted: &[String]) -> Plan {
        let arm = |arm: &&Arm| arm.name == CONTROL || wanted.contains(&arm.name);
        Plan { arms: self.plan.arms.iter().filter(arm).cloned().collect(), ..self.plan.clone() }
    }

    /// A policy for another arm of this run.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for a policy that cannot be read, and where the run has all the arms that it may have.
    pub(crate) fn added(&self, arm: &str, source: &Source) -> Answered<(ArmRow, PolicyRow)> {
        let arms = self.plan.arms.len();
        if arms >= ARMS_MAX {
            let message = format!(
                "The run has {arms} arms, and a run has at most {ARMS_MAX}, control and status-quo among them."
            );
            return Err(ApiError::new(ErrorCode::InvalidInput, message)
                .hint("Compare more in another run with the same seed: its shoppers are the same."));
        }
        let mut reader = Reader::of(&self.plan.scenario);
        for row in &self.policies {
            reader.read(&stored_source("run ", row))?;
        }
        let (policy, spec) = reader.read(source)?;
        let plan = Plan { arms: vec![Arm::new(arm, spec)], ..self.plan.clone() };
        check(&plan)?;
        let row = reader.rows().into_iter().find(|row| row.name == policy);
        let row = row.ok_or_else(|| ApiError::defect(format!("policy {policy} was read and is gone")))?;
        Ok((ArmRow { name: arm.to_owned(), policy }, row))
    }

    /// First day of the horizon.
    pub(crate) fn horizon_start(&self) -> Day {
        let phases = self.plan.scenario.phases;
        Day(phases.warmup_days + phases.history_days)
    }
}

/// Every run has control, first: all others are compared with it.
fn has_control(record: &RunRecord) -> Answered<()> {
    match record.run.arms.first() {
        Some(arm) if arm.name == CONTROL => Ok(()),
        _ => Err(damaged(&record.run.id, &format!("has no arm `{CONTROL}` in the first place"))),
    }
}

/// What the run's row says about the run is what its scenario says: everything that is shown is made from both.
fn row_fits(record: &RunRecord, scenario: &Scenario) -> Answered<()> {
    has_control(record)?;
    let (run, phases) = (&record.run, scenario.phases);
    let start = phases.warmup_days + phases.history_days;
    let pairs = [
        ("worlds", i64::from(run.worlds), i64::from(scenario.worlds)),
        ("shoppers", i64::from(run.shoppers), i64::from(scenario.shoppers.count)),
        ("days", i64::from(run.days), i64::from(phases.horizon_days)),
        ("first day of the horizon", i64::from(record.horizon_start_day), i64::from(start)),
        ("decimals of the currency", i64::from(run.currency_decimals), i64::from(scenario.currency_decimals)),
        ("seed", run.seed as i64, scenario.seed as i64),
    ];
    match pairs.into_iter().find(|(_, row, text)| row != text) {
        Some((what, row, text)) => Err(damaged(
            &run.id,
            &format!("says {row} for {what}, and {text} in the scenario of the same run"),
        )),
        None => Ok(()),
    }
}

/// The stored scenario, read again.
fn resolved(record: &RunRecord) -> Answered<Resolved> {
    let file = format!("run {}", record.run.id);
    parse_scenario(&record.scenario_text, &file, &Overrides::default(), &|_| None).map_err(|problems| {
        ApiError::of_problems(&problems).hint("The stored text was changed; restore the store from a copy.")
    })
}

fn stored_source(place: &str, policy: &PolicyRow) -> Source {
    let file = format!("policy {} of {place}", policy.name);
    Source { name: policy.name.clone(), file, text: policy.text.clone(), shipped: false, path: None }
}

fn damaged(run: &str, found: &str) -> ApiError {
    ApiError::new(ErrorCode::Store, format!("The store {found}."))
        .at(format!("run {run}"))
        .hint("Restore the store from a copy.")
}

/// The flags, and where the texts were read, as a JSON object for people who query the store.
fn command_of(options: &RunOptions, read: &[TextRead]) -> String {
    let flags = &options.overrides;
    let object = serde_json::json!({
        "scenario": options.scenario, "worlds": flags.worlds, "shoppers": flags.shoppers, "days": flags.days,
        "seed": flags.seed, "history": flags.history, "warmup": flags.warmup, "probe": flags.probe,
        "policies": flags.policies, "trace": options.trace, "read": texts::json(read),
    });
    object.to_string()
}
