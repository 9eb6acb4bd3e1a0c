//! What eligibility rules of real-time policies may speak about: the closed list of features.
//!
//! The rules are CEL expressions (comparisons, `&&`, `||`, `!`, `in` lists, arithmetic) that the engine compiles.

/// Type of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureType {
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// A word of a closed list.
    Word,
}

impl FeatureType {
    /// The type in the reference.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Flag => "true or false",
            Self::Word => "word",
        }
    }
}

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Name in rules.
    pub name: &'static str,
    /// Type.
    pub kind: FeatureType,
    /// What it means, with its unit.
    pub doc: &'static str,
}

const fn number(name: &'static str, doc: &'static str) -> Feature {
    Feature { name, kind: FeatureType::Number, doc }
}
const fn flag(name: &'static str, doc: &'static str) -> Feature {
    Feature { name, kind: FeatureType::Flag, doc }
}
const fn word(name: &'static str, doc: &'static str) -> Feature {
    Feature { name, kind: FeatureType::Word, doc }
}

/// Every feature a rule may name, as far as the shop has seen it.
pub const FEATURES: &[Feature] = &[
    number("cart_value", "Goods in the cart at list price, in whole units of the currency"),
    number(
        "product_price",
        "List price of the product on the page or in the cart, in whole units of the currency",
    ),
    number("views_in_session", "Product pages of this session"),
    number("pages_in_session", "Pages of this session"),
    number("seconds_in_session", "Seconds since this session began"),
    number("sessions_30d", "Sessions in the last 30 days, this one included"),
    number("orders", "Orders so far"),
    number("days_since_order", "Days since the last order"),
    number("days_since_visit", "Days since the session before this one"),
    number("spend", "Money spent so far, in whole units of the currency"),
    number("coupon_affinity", "Share of her orders that were on deal, 0 to 1"),
    number("p_price", "Probability that the price is what keeps her, 0 to 1"),
    number("p_doubt", "Probability that doubt keeps her, 0 to 1"),
    number("p_shipping", "Probability that delivery keeps her, 0 to 1"),
    number("p_payment", "Probability that paying keeps her, 0 to 1"),
    number("p_choice", "Probability that too much choice keeps her, 0 to 1"),
    number("p_timing", "Probability that it is not the time, 0 to 1"),
    number("readiness", "How near she is to buying, 0 to 1"),
    number("offers_30d", "Offers shown to her in the last 30 days"),
    number("payment_failures", "Failed payments in this session"),
    number("margin_rate", "Gross margin of the product at list price, 0 to 1"),
    number("hour", "Hour of the day, 0 to 23"),
    number("weekday", "Weekday, 0 is Monday"),
    flag("known", "Whether she is logged in or was recognised"),
    flag("new_customer", "Whether she never ordered, as far as the shop knows"),
    flag("in_cart", "Whether something is in the cart"),
    flag("sale_on", "Whether the policy's posted sale runs today"),
    flag("coupon_field", "Whether she entered the coupon field in this session"),
    flag("exit_intent", "Whether she was about to leave in this session"),
    flag("stalled", "Whether she stalled in this session"),
    flag("mobile", "Whether she is on a mobile device"),
    flag("subscribed", "Whether she allows e-mails with offers"),
    word(
        "point",
        "Why a decision is asked for: session-start, product-page, cart-change, checkout, coupon-field, payment-failed, stall, exit-intent",
    ),
    word("channel", "Where the visit came from: direct, search, paid, email, social"),
    word("lifecycle", "prospect, active, lapsing, lapsed"),
    word("category", "Category of the product"),
];
