//! What is run: a resolved scenario, its arms with their policies, and what to keep.

use counterfoil_core::draw::DrawKey;
use counterfoil_core::ids::{ArmIndex, ShopperId};
use counterfoil_core::luck::{HoldoutLuck, Luck};
use counterfoil_core::policy::Policy;
use counterfoil_core::shop::Shop;
use counterfoil_engine::Engine;
use counterfoil_scenario::model::Scenario;
use counterfoil_scenario::policy::{PolicyKind, PolicySpec};
use counterfoil_scenario::{Currency, Overrides, parse_policy, parse_scenario, report, shipped};
use std::sync::Arc;

/// How much of each unit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Totals, orders, fates of needs, offers, daily facts, truth.
    Summary,
    /// Also, for a sample of shoppers, one row per visit and per decision that showed something or whose winner was refused.
    Sample,
    /// The same for all shoppers.
    Visits,
}

/// Shoppers of a world whose visits and decisions are kept by [`Keep::Sample`], on average. Assumption: enough to look at
/// single stories and to count visits to a few percent.
const SAMPLED_SHOPPERS: u64 = 1_000;
/// One, in millionths.
const WHOLE_PPM: u64 = 1_000_000;

impl Keep {
    /// The probability that a shopper's visits and decisions are kept, in millionths, in worlds of so many shoppers.
    #[must_use]
    pub fn visits_kept_ppm(self, shoppers: u32) -> u32 {
        let kept = match self {
            Self::Summary => 0,
            Self::Sample => (SAMPLED_SHOPPERS * WHOLE_PPM / u64::from(shoppers.max(1))).min(WHOLE_PPM),
            Self::Visits => WHOLE_PPM,
        };
        u32::try_from(kept).unwrap_or(u32::MAX)
    }

    /// Whether this shopper's are kept: by her number and the world's luck alone, so the same people in every arm.
    pub(crate) fn keeps(self, luck: Luck, shoppers: u32, shopper: ShopperId) -> bool {
        match self {
            Self::Summary => false,
            Self::Visits => true,
            Self::Sample => {
                let share = f64::from(self.visits_kept_ppm(shoppers)) / WHOLE_PPM as f64;
                luck.uniform(DrawKey::kept(shopper)) < share
            }
        }
    }
}

/// One arm of a run.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Name.
    pub name: String,
    /// Its policy.
    pub policy: Arc<PolicySpec>,
    /// A decision maker of one's own in place of the one that `policy` describes.
    pub own: Option<OwnPolicy>,
}

/// What makes a decision maker for a shop.
type Make = dyn Fn(&Arc<Shop>) -> Box<dyn Policy> + Send + Sync;

/// Makes a decision maker that is written in Rust and not described by a policy file.
#[derive(Clone)]
pub struct OwnPolicy(pub Arc<Make>);

impl std::fmt::Debug for OwnPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnPolicy")
    }
}

impl Arm {
    /// An arm whose decision maker is described by a policy file.
    #[must_use]
    pub fn new(name: impl Into<String>, policy: Arc<PolicySpec>) -> Self {
        Self { name: name.into(), policy, own: None }
    }

    pub(crate) fn maker(&self) -> Maker<'_> {
        Maker { spec: &self.policy, own: self.own.as_ref() }
    }
}

/// Where a decision maker comes from.
#[derive(Clone, Copy)]
pub(crate) struct Maker<'a> {
    pub spec: &'a PolicySpec,
    pub own: Option<&'a OwnPolicy>,
}

impl Maker<'_> {
    /// Whether it ever decides anything personal.
    pub(crate) fn decides(&self) -> bool {
        self.own.is_some() || !matches!(self.spec.kind, PolicyKind::None | PolicyKind::CalendarSale)
    }

    /// The decision maker for this shop. The plan was checked before.
    pub(crate) fn make(&self, shop: &Arc<Shop>, luck: Luck) -> Box<dyn Policy> {
        match self.own {
            Some(OwnPolicy(make)) => make(shop),
            None => build(self.spec, shop, HoldoutLuck::new(luck))
                .expect("the plan was checked before it was run"),
        }
    }
}

/// The arm in which nobody is shown or sent anything; it comes first in every plan.
pub const CONTROL: ArmIndex = ArmIndex::new(0);

/// Everything that determines the result of a unit, but for the world's number.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario, with overrides applied.
    pub scenario: Arc<Scenario>,
    /// The policy of warm-up and history; `None`: no promotions.
    pub incumbent: Option<Arc<PolicySpec>>,
    /// Arms in order; the first is control.
    pub arms: Vec<Arm>,
    /// What is kept. Changes no result.
    pub keep: Keep,
}

/// A policy that cannot be turned into a decision maker.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A rule of the policy is not understood.
    #[error("policy `{policy}`: {problem}")]
    Rule {
        /// The policy.
        policy: String,
        /// Line in the policy file.
        line: usize,
        /// What is wrong, with a hint.
        problem: counterfoil_engine::RuleProblem,
    },
}

/// Turns a specification into a decision maker; `luck` draws its long-run holdout.
///
/// # Errors
/// [`PlanError::Rule`] if an eligibility rule is not understood.
pub fn build(spec: &PolicySpec, shop: &Arc<Shop>, luck: HoldoutLuck) -> Result<Box<dyn Policy>, PlanError> {
    if let Some(policy) = counterfoil_batch::build(spec, shop.clone(), luck) {
        return Ok(policy);
    }
    Engine::new(spec, shop.clone(), luck)
        .map(|engine| Box::new(engine) as Box<dyn Policy>)
        .map_err(|problem| PlanError::Rule { policy: spec.name.clone(), line: problem.line, problem })
}

/// Milliseconds after which an answer of this policy is not shown any more.
#[must_use]
pub fn deadline_ms(spec: &PolicySpec) -> u32 {
    match &spec.kind {
        PolicyKind::Realtime(engine) => engine.deadline_ms,
        _ => 100,
    }
}

/// Builds a policy once, so that a bad rule is found before anything is simulated.
///
/// # Errors
/// As [`build`].
pub fn check_policy(spec: &PolicySpec, shop: &Arc<Shop>) -> Result<(), PlanError> {
    build(spec, shop, HoldoutLuck::new(Luck::new(0, 0))).map(|_| ())
}

impl Plan {
    /// An arm.
    ///
    /// # Panics
    /// If the plan has no such arm.
    #[must_use]
    pub fn arm(&self, arm: ArmIndex) -> &Arm {
        &self.arms[arm.index()]
    }

    /// Its arms in order; the first is [`CONTROL`].
    pub fn arm_indices(&self) -> impl Iterator<Item = ArmIndex> + use<> {
        (0..self.arms.len()).map(ArmIndex::at)
    }

    /// The arm of this name.
    #[must_use]
    pub fn arm_named(&self, name: &str) -> Option<ArmIndex> {
        self.arm_indices().find(|&arm| self.arm(arm).name == name)
    }

    /// Builds every policy once.
    ///
    /// # Errors
    /// As [`build`].
    pub fn check(&self, shop: &Arc<Shop>) -> Result<(), PlanError> {
        let mut specs = self.arms.iter().map(|arm| &arm.policy).chain(&self.incumbent);
        specs.try_for_each(|spec| check_policy(spec, shop))
    }

    /// Days of one shopper that one unit simulates, over history, all arms, probes and reset twins.
    #[must_use]
    pub fn days_per_unit(&self) -> u64 {
        let phases = self.scenario.phases;
        let arms = self.arms.len() as u64;
        let (horizon, probe) = (u64::from(phases.horizon_days), u64::from(phases.probe_days));
        u64::from(phases.warmup_days + phases.history_days) + arms * (horizon + probe) + (arms - 1) * probe
    }
}

impl Plan {
    /// A shipped scenario with the arm `control` alone and no incumbent: the start for a policy written in Rust.
    ///
    /// # Errors
    /// Every problem of the name or the overrides, in words.
    pub fn control_of(scenario: &str, overrides: &Overrides) -> Result<Self, String> {
        let Some(text) = shipped::scenario_text(scenario) else {
            return Err(format!(
                "there is no scenario `{scenario}`; shipped are {}",
                shipped::scenario_names().join(", ")
            ));
        };
        let load = |name: &str| shipped::scenario_text(name).map(str::to_owned);
        let resolved =
            parse_scenario(text, scenario, overrides, &load).map_err(|problems| report(&problems))?;
        let scenario = resolved.scenario;
        let currency = Currency { code: scenario.currency.clone(), decimals: scenario.currency_decimals };
        let none = shipped::policy_text("none").expect("the policy `none` is shipped");
        let none =
            parse_policy(none, "none", "none", &scenario.treatments, &currency).map_err(|p| report(&p))?;
        let arms = vec![Arm::new("control", Arc::new(none))];
        Ok(Self { scenario: Arc::new(scenario), incumbent: None, arms, keep: Keep::Summary })
    }

    /// The same with one more arm whose decision maker is written in Rust.
    #[must_use]
    pub fn with_own(
        mut self,
        name: &str,
        make: impl Fn(&Arc<Shop>) -> Box<dyn Policy> + Send + Sync + 'static,
    ) -> Self {
        let mut arm = Arm::new(name, self.arms[0].policy.clone());
        arm.own = Some(OwnPolicy(Arc::new(make)));
        self.arms.push(arm);
        self
    }
}
