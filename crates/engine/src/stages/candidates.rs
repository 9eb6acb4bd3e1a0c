//! Stage 5, candidates: which treatments of the policy may be considered here. Each has a rule, compiled when the engine is
//! built; running it touches numbers only.

use crate::economics::Basket;
use crate::features::NEVER_DAYS;
use crate::rule::{Feature, FeatureValues, Program, RuleProblem, Vocabulary, compile};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Reason};
use counterfoil_core::shop::Shop;
use counterfoil_core::treatment::{TREATMENTS_MAX, TreatmentId, TreatmentKind};
use counterfoil_scenario::policy::EligibleTreatment;
use counterfoil_till::Amounts;

/// What stands against each treatment so far, by [`TreatmentId`]; `None`: nothing.
pub type Objections = [Option<Reason>; TREATMENTS_MAX];

/// The compiled rules of a policy.
#[derive(Clone, Debug)]
pub struct Rules {
    programs: [Option<Program>; TREATMENTS_MAX],
    texts: [String; TREATMENTS_MAX],
}

impl Rules {
    /// Compiles every rule once.
    ///
    /// # Errors
    /// The first rule outside the subset, with its place in the policy file.
    pub fn new(treatments: &[EligibleTreatment], shop: &Shop) -> Result<Self, RuleProblem> {
        let words = Vocabulary::new(&shop.categories);
        let mut rules = Self { programs: Default::default(), texts: Default::default() };
        for entry in treatments {
            let program =
                compile(&entry.rule, &words).map_err(|((line, column), message, hint)| RuleProblem {
                    treatment: shop.treatment(entry.treatment).name.clone(),
                    line: entry.line.max(1) + line - 1,
                    column,
                    message,
                    hint,
                })?;
            rules.programs[entry.treatment.index()] = Some(program);
            rules.texts[entry.treatment.index()].clone_from(&entry.rule);
        }
        Ok(rules)
    }
    /// The text of a treatment's rule, empty if it has none.
    #[must_use]
    pub fn text(&self, treatment: TreatmentId) -> &str {
        &self.texts[treatment.index()]
    }
    /// Treatments of the policy, in the order of their ids.
    pub fn treatments(&self) -> impl Iterator<Item = TreatmentId> + '_ {
        (0..TREATMENTS_MAX as u8).map(TreatmentId).filter(|id| self.programs[id.index()].is_some())
    }
}

/// What the stage needs to know of the moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Features, for the rules.
    pub features: &'a FeatureValues,
    /// The order in question.
    pub basket: &'a Basket,
    /// Why a decision is asked for.
    pub point: DecisionPoint,
    /// Whether an order was already placed in this session.
    pub ordered: bool,
}

/// Goes through all treatments of the scenario; those without an objection are eligible.
#[must_use]
pub fn candidates(rules: &Rules, shop: &Shop, moment: Moment) -> Objections {
    let mut objections = [Some(Reason::NotInPolicy); TREATMENTS_MAX];
    for (id, program) in rules.programs.iter().enumerate() {
        if let Some(program) = program {
            objections[id] = objection(program, shop, TreatmentId(id as u8), moment);
        }
    }
    objections
}

fn objection(program: &Program, shop: &Shop, id: TreatmentId, moment: Moment) -> Option<Reason> {
    let spec = shop.treatment(id);
    if moment.ordered || !fits(spec.kind, moment, shop) {
        return Some(Reason::WrongMoment);
    }
    if !program.holds(moment.features) {
        return Some(Reason::NotEligible);
    }
    let small = moment.basket.known && moment.basket.goods < spec.smallest_order;
    (small && spec.kind.is_offer()).then_some(Reason::SmallestOrder)
}

/// Whether a treatment can do anything at this moment: a reminder needs something to remind of, a guide through the range
/// has no place in checkout, and free delivery promises nothing to a cart that ships free anyway.
fn fits(kind: TreatmentKind, moment: Moment, shop: &Shop) -> bool {
    match kind {
        TreatmentKind::Reminder => {
            let value = |feature: Feature| moment.features[feature.slot()];
            value(Feature::Views) > 0.0 || value(Feature::DaysSinceVisit) < NEVER_DAYS
        }
        TreatmentKind::ChoiceHelp => {
            !matches!(moment.point, DecisionPoint::Checkout | DecisionPoint::PaymentFailed)
        }
        TreatmentKind::FreeShipping => {
            let plain = Amounts::of(shop, moment.basket.goods, moment.basket.sale);
            shop.shipping_fee > Money::ZERO && !(moment.basket.known && plain.fee == Money::ZERO)
        }
        TreatmentKind::Percent(_)
        | TreatmentKind::Fixed(_)
        | TreatmentKind::Reassurance
        | TreatmentKind::SocialProof
        | TreatmentKind::ShippingInfo
        | TreatmentKind::PaymentHelp => true,
    }
}
