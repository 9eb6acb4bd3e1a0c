//! Rows for shoppers: population, needs, choice, learning, feelings.

use super::{SHARE, days, number};
use crate::field::{Field, field};
use crate::kind::Kind;
use crate::model::{ChoiceForm, Scenario};

/// Standard deviation of a logarithm.
const LOG_SD: Kind = number(0.0, 5.0, "of the natural logarithm");

/// Two rows for a log-normal spread.
macro_rules! spread {
    ($median:literal, $log_sd:literal, $kind:expr, $($place:ident).+, $doc:literal) => {
        [
            field!($median, $kind, F64($($place).+.median), $doc),
            field!($log_sd, LOG_SD, F64($($place).+.log_sd), "Standard deviation of its logarithm over shoppers"),
        ]
    };
}

const fn per_week(max: f64) -> Kind {
    number(0.0, max, "per week")
}

const NEED_RATE: [Field<Scenario>; 2] = spread!(
    "shoppers.need_rate.median",
    "shoppers.need_rate.log_sd",
    per_week(20.0),
    shoppers.need_rate,
    "Potential needs per week over all categories"
);
const BROWSING: [Field<Scenario>; 2] = spread!(
    "shoppers.browsing.median",
    "shoppers.browsing.log_sd",
    per_week(50.0),
    shoppers.browsing,
    "Visits without a need, per week"
);
const PRICE_SENSITIVITY: [Field<Scenario>; 2] = spread!(
    "shoppers.price_sensitivity.median",
    "shoppers.price_sensitivity.log_sd",
    number(0.0, 50.0, "utils"),
    shoppers.price_sensitivity,
    "Price coefficient: utils lost per unit of ln(price / value)"
);
const DEAL_PRONENESS: [Field<Scenario>; 2] = spread!(
    "shoppers.deal_proneness.median",
    "shoppers.deal_proneness.log_sd",
    number(0.0, 50.0, "utils"),
    shoppers.deal_proneness,
    "Weight of a relative gain or loss against the reference price"
);
const WAITING_COST: [Field<Scenario>; 2] = spread!(
    "shoppers.waiting_cost.median",
    "shoppers.waiting_cost.log_sd",
    number(0.0, 50.0, "utils per day"),
    shoppers.waiting_cost,
    "Cost of waiting for a deal"
);
const DOUBT_PRONENESS: [Field<Scenario>; 2] = spread!(
    "shoppers.doubt_proneness.median",
    "shoppers.doubt_proneness.log_sd",
    number(0.0, 20.0, ""),
    shoppers.doubt_proneness,
    "Multiplies levels of doubt"
);
const SHIPPING_AVERSION: [Field<Scenario>; 2] = spread!(
    "shoppers.shipping_aversion.median",
    "shoppers.shipping_aversion.log_sd",
    number(0.0, 20.0, ""),
    shoppers.shipping_aversion,
    "Multiplies levels of the shipping barrier"
);
const ANNOYANCE: [Field<Scenario>; 2] = spread!(
    "shoppers.annoyance.median",
    "shoppers.annoyance.log_sd",
    number(0.0, 20.0, ""),
    shoppers.annoyance,
    "Multiplies the annoyance of treatments"
);
const LIFETIME: [Field<Scenario>; 2] = spread!(
    "needs.lifetime.median",
    "needs.lifetime.log_sd",
    days(0.05, 1_000.0),
    needs.lifetime_days,
    "Days until an open need lapses"
);

/// Rows of the population.
pub(super) const SHOPPERS: &[Field<Scenario>] = {
    let [need, need_sd] = NEED_RATE;
    let [browsing, browsing_sd] = BROWSING;
    let [price, price_sd] = PRICE_SENSITIVITY;
    let [deal, deal_sd] = DEAL_PRONENESS;
    let [waiting, waiting_sd] = WAITING_COST;
    let [doubt, doubt_sd] = DOUBT_PRONENESS;
    let [shipping, shipping_sd] = SHIPPING_AVERSION;
    let [annoyance, annoyance_sd] = ANNOYANCE;
    &[
        field!(
            "shoppers.count",
            Kind::Integer { min: 1, max: 5_000_000 },
            U32(shoppers.count),
            "Members of a world; part of the question, since learning and stock depend on it"
        ),
        need,
        need_sd,
        browsing,
        browsing_sd,
        price,
        price_sd,
        deal,
        deal_sd,
        waiting,
        waiting_sd,
        doubt,
        doubt_sd,
        shipping,
        shipping_sd,
        annoyance,
        annoyance_sd,
        field!("shoppers.consent", SHARE, Share(shoppers.consent), "Share that consents to personalisation"),
        field!(
            "shoppers.subscribed",
            SHARE,
            Share(shoppers.subscribed),
            "Share that allows e-mails with offers"
        ),
        field!(
            "shoppers.log_in",
            SHARE,
            Share(shoppers.log_in),
            "Share of visits of a customer who ordered before that are logged in"
        ),
        field!(
            "shoppers.second_device",
            SHARE,
            Share(shoppers.second_device),
            "Share of members with a second device, which has its own cookie"
        ),
        field!(
            "shoppers.cookie_life",
            days(1.0, 3_650.0),
            F64(shoppers.cookie_life_days),
            "Time after which a cookie is lost and a new one is set"
        ),
    ]
};

/// Two rows for a barrier.
macro_rules! barrier {
    ($share:literal, $mean:literal, $index:literal) => {
        [
            field!(
                $share,
                SHARE,
                Share(needs.barriers[$index].share),
                "Share of needs that have this barrier"
            ),
            field!(
                $mean,
                number(0.0, 20.0, "utils"),
                F64(needs.barriers[$index].mean),
                "Its mean level where it exists"
            ),
        ]
    };
}

/// Rows of needs and the visits they cause.
pub(super) const NEEDS: &[Field<Scenario>] = {
    let [lifetime, lifetime_sd] = LIFETIME;
    let [doubt, doubt_mean]: [Field<Scenario>; 2] =
        barrier!("needs.barriers.doubt.share", "needs.barriers.doubt.mean", 0);
    let [shipping, shipping_mean]: [Field<Scenario>; 2] =
        barrier!("needs.barriers.shipping.share", "needs.barriers.shipping.mean", 1);
    let [payment, payment_mean]: [Field<Scenario>; 2] =
        barrier!("needs.barriers.payment.share", "needs.barriers.payment.mean", 2);
    let [choice, choice_mean]: [Field<Scenario>; 2] =
        barrier!("needs.barriers.choice.share", "needs.barriers.choice.mean", 3);
    let [timing, timing_mean]: [Field<Scenario>; 2] =
        barrier!("needs.barriers.timing.share", "needs.barriers.timing.mean", 4);
    &[
        field!(
            "needs.active",
            SHARE,
            Share(needs.active),
            "Share of potential needs active without a stimulus"
        ),
        field!(
            "needs.loyalty_effect",
            number(0.0, 2.0, ""),
            F64(needs.loyalty_effect),
            "How strongly loyalty moves that share: times 1 + effect x (loyalty - 0.5)"
        ),
        field!(
            "needs.stimulus_effect",
            number(0.0, 1.0, ""),
            F64(needs.stimulus_effect),
            "What an opened message adds to that share at once"
        ),
        field!(
            "needs.stimulus_half_life",
            days(0.05, 365.0),
            F64(needs.stimulus_half_life_days),
            "Half-life of such a stimulus"
        ),
        lifetime,
        lifetime_sd,
        field!(
            "needs.elsewhere",
            days(0.1, 10_000.0),
            F64(needs.elsewhere_days),
            "Mean time until an open need would be met by another shop"
        ),
        field!(
            "needs.visit_per_day",
            number(0.0, 1.0, "probability"),
            F64(needs.visit_per_day),
            "Probability of a visit per day of an open need"
        ),
        field!(
            "needs.visit_while_waiting",
            number(0.0, 1.0, "probability"),
            F64(needs.visit_while_waiting),
            "The same while she waits for a deal and the day is not the expected one"
        ),
        field!(
            "needs.visit_on_expected_day",
            number(0.0, 1.0, "probability"),
            F64(needs.visit_on_expected_day),
            "The same on the day for which she expects the deal"
        ),
        field!(
            "needs.value_log_sd",
            number(0.0, 3.0, "of the natural logarithm"),
            F64(needs.value_log_sd),
            "Standard deviation over needs of ln(value / list price)"
        ),
        field!("needs.two_units", SHARE, Share(needs.two_units), "Share of needs for two units"),
        doubt,
        doubt_mean,
        shipping,
        shipping_mean,
        payment,
        payment_mean,
        choice,
        choice_mean,
        timing,
        timing_mean,
    ]
};

/// Rows of choosing.
pub(super) const CHOICE: &[Field<Scenario>] = &[
    field!(
        "choice.model",
        Kind::OneOf(ChoiceForm::WORDS),
        ChoiceForm(choice.model),
        "Form of choices: random utility with reference prices and beliefs, or price in proportion and waiting by habit"
    ),
    field!(
        "choice.attractiveness",
        number(-30.0, 30.0, "utils"),
        F64(choice.attractiveness),
        "Base utility of buying at price = value, relative to leaving"
    ),
    field!(
        "choice.taste_scale",
        number(0.0, 10.0, "utils"),
        F64(choice.taste_scale),
        "Scale of the persistent taste of a need for an alternative"
    ),
    field!(
        "choice.shock_scale",
        number(0.0, 10.0, "utils"),
        F64(choice.shock_scale),
        "Scale of the shock of a visit"
    ),
    field!(
        "choice.cart_threshold",
        number(0.0, 20.0, "utils"),
        F64(choice.cart_threshold),
        "How far below the point of buying she still puts it into the cart"
    ),
    field!(
        "choice.loss_aversion",
        number(0.0, 5.0, ""),
        F64(choice.loss_aversion),
        "How much larger losses loom than gains around the reference price"
    ),
    field!(
        "choice.patience_per_day",
        number(0.0, 1.0, ""),
        F64(choice.patience_per_day),
        "Discount factor per day of waiting"
    ),
    field!(
        "choice.holding_cost",
        number(0.0, 10.0, "utils per week"),
        F64(choice.holding_cost),
        "Holding cost of stock at home"
    ),
    field!(
        "choice.stock",
        super::whole_days(0.0, 365.0),
        U32(choice.stock_days),
        "Longest planning ahead for stock at home"
    ),
    field!(
        "choice.further_views",
        number(0.0, 50.0, "product views"),
        F64(choice.further_views),
        "Mean further product views of an engaged visit"
    ),
    field!(
        "choice.browsing_depth",
        SHARE,
        Share(choice.browsing_depth),
        "Share of visits without a need that look at more than one product"
    ),
    field!(
        "choice.shipping_anticipated",
        SHARE,
        Share(choice.shipping_anticipated),
        "Share of shipping charges that she anticipates before checkout"
    ),
    field!(
        "choice.strategic_waiting",
        Kind::Flag,
        Flag(choice.strategic_waiting),
        "Whether shoppers wait for deals they believe in"
    ),
];

const fn weight() -> Kind {
    number(0.0, 1.0, "weight of one observation")
}

/// Rows of beliefs and feelings.
pub(super) const LEARNING: &[Field<Scenario>] = &[
    field!("beliefs.calendar_rate", weight(), F64(beliefs.calendar_rate), "Learning of deals by weekday"),
    field!("beliefs.visit_rate", weight(), F64(beliefs.visit_rate), "Learning that a visit brings an offer"),
    field!(
        "beliefs.trigger_rate",
        weight(),
        F64(beliefs.trigger_rate),
        "Learning that leaving a cart or hesitating triggers an offer"
    ),
    field!(
        "beliefs.half_life",
        days(0.1, 3_650.0),
        F64(beliefs.half_life_days),
        "Half-life of deal beliefs without any observation"
    ),
    field!(
        "beliefs.smallest",
        number(0.0, 1.0, "probability"),
        F64(beliefs.smallest),
        "Smallest believed probability on which she acts"
    ),
    field!(
        "beliefs.reference_rate",
        weight(),
        F64(beliefs.reference_rate),
        "Weight of a price in the reference price"
    ),
    field!(
        "feelings.fatigue_half_life",
        days(0.05, 365.0),
        F64(feelings.fatigue_half_life_days),
        "Half-life of fatigue"
    ),
    field!(
        "feelings.fatigue_cost",
        number(0.0, 20.0, "utils"),
        F64(feelings.fatigue_cost),
        "Lost at fatigue 1"
    ),
    field!(
        "feelings.changes_tolerated",
        Kind::Integer { min: 0, max: 100 },
        U32(feelings.changes_tolerated),
        "Treatments in one session beyond which each costs trust"
    ),
    field!(
        "feelings.trust_lost",
        number(0.0, 1.0, "of trust"),
        F64(feelings.trust_lost),
        "Trust lost per treatment beyond that"
    ),
    field!(
        "feelings.trust_regained_per_week",
        number(0.0, 1.0, "of what is lost"),
        F64(feelings.trust_regained_per_week),
        "Lost trust that comes back within a week"
    ),
    field!("feelings.trust_cost", number(0.0, 20.0, "utils"), F64(feelings.trust_cost), "Lost at trust 0"),
];
