//! The features that eligibility rules may name: one list for the compiler, the trace and the documentation.
//!
//! # Promises
//! - A feature is one `f64` slot. Booleans are 0 or 1; texts are the number of their word in a closed list, interned when
//!   the engine is built, so that no string is touched while a shop is running.
//! - The order of [`FEATURES`] is the order of the slots and of [`Feature`].

use counterfoil_core::policy::DecisionPoint;

/// What a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// One word of a closed list.
    Text,
}

/// One documented feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureDoc {
    /// The name that rules use.
    pub name: &'static str,
    /// What it is.
    pub kind: FeatureKind,
    /// Meaning and unit.
    pub doc: &'static str,
}

macro_rules! features {
    ($($feature:ident $name:literal $kind:ident $doc:literal;)+) => {
        /// Slots of the feature array, in the order of [`FEATURES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Feature { $(#[doc = $doc] $feature,)+ }
        /// Every feature that a rule may name.
        pub const FEATURES: &[FeatureDoc] =
            &[$(FeatureDoc { name: $name, kind: FeatureKind::$kind, doc: $doc },)+];
        /// Number of features.
        pub const FEATURE_COUNT: usize = [$($name,)+].len();
        const ALL: [Feature; FEATURE_COUNT] = [$(Feature::$feature,)+];
    };
}

features! {
    CartValue "cart_value" Number "Goods in the cart at list price, in major units; 0 before the first add";
    ProductPrice "product_price" Number "List price of the product in question, in major units; 0 if there is none";
    Views "views_in_session" Number "Product pages in this session";
    Pages "pages_in_session" Number "Pages of any kind in this session";
    Seconds "seconds_in_session" Number "Seconds since this session began";
    Sessions30d "sessions_30d" Number "Sessions in the last 30 days, this one included (at most 15 a day are counted)";
    Orders "orders" Number "Orders ever, as far as the shop knows her";
    DaysSinceOrder "days_since_order" Number "Days since the last order; 999 without one";
    DaysSinceVisit "days_since_visit" Number "Days since the session before this one; 999 without one";
    Spend "spend" Number "Goods paid for, major units, halved with every half-life of the profile";
    CouponAffinity "coupon_affinity" Number "Share of orders on offer or in a sale, recent ones weighing more; 0 to 1";
    PPrice "p_price" Number "Probability that the price is what holds her back";
    PDoubt "p_doubt" Number "Probability that doubt about fit or quality holds her back";
    PShipping "p_shipping" Number "Probability that delivery holds her back";
    PPayment "p_payment" Number "Probability that paying holds her back";
    PChoice "p_choice" Number "Probability that too much choice holds her back";
    PTiming "p_timing" Number "Probability that the moment holds her back";
    Readiness "readiness" Number "How close to buying this session is, 0 to 1";
    Offers30d "offers_30d" Number "Offers shown to her in the last 30 days";
    PaymentFailures "payment_failures" Number "Failed payments in this session";
    MarginRate "margin_rate" Number "Gross margin at list price of the product in question, as a share; the catalogue's mean without one";
    Hour "hour" Number "Hour of the day, 0 to 23";
    Weekday "weekday" Number "Day of the week, 0 is Monday";
    Known "known" Bool "Whether her customer number is known";
    NewCustomer "new_customer" Bool "Whether the shop knows of no order of hers";
    InCart "in_cart" Bool "Whether there is something in the cart";
    SaleOn "sale_on" Bool "Whether a sale is posted today";
    CouponField "coupon_field" Bool "Whether the field for a code was entered in this session";
    ExitIntent "exit_intent" Bool "Whether she was about to leave in this session";
    Stalled "stalled" Bool "Whether nothing happened for 30 seconds at least once in this session";
    Mobile "mobile" Bool "Whether she is on a telephone or tablet";
    Subscribed "subscribed" Bool "Whether e-mails with offers are allowed";
    Point "point" Text "Why a decision is asked for: session-start, product-page, cart-change, checkout, coupon-field, payment-failed, stall, exit-intent";
    Channel "channel" Text "Where the session comes from: direct, search, paid, email, social";
    Lifecycle "lifecycle" Text "prospect (no order), active (last order within 60 days), lapsing (within 120), lapsed";
    Category "category" Text "Category of the product in question, else the one looked at most in this session";
}

/// A feature array as the stages fill it.
pub type FeatureValues = [f64; FEATURE_COUNT];

impl Feature {
    /// As an index into [`FeatureValues`].
    #[must_use]
    #[inline]
    pub const fn slot(self) -> usize {
        self as usize
    }
    /// The feature with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|feature| feature.doc().name == name)
    }
    /// Its entry in [`FEATURES`].
    #[must_use]
    pub fn doc(self) -> &'static FeatureDoc {
        &FEATURES[self.slot()]
    }
}

/// The closed lists of words behind text features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    categories: Vec<String>,
}

const POINTS: [DecisionPoint; 8] = [
    DecisionPoint::SessionStart,
    DecisionPoint::ProductPage,
    DecisionPoint::CartChange,
    DecisionPoint::Checkout,
    DecisionPoint::CouponField,
    DecisionPoint::PaymentFailed,
    DecisionPoint::Stall,
    DecisionPoint::ExitIntent,
];

impl Vocabulary {
    /// The words of a shop with these categories.
    #[must_use]
    pub fn new(categories: &[String]) -> Self {
        Self { categories: categories.to_vec() }
    }
    /// The words that a text feature may take; a word's number is its place here.
    #[must_use]
    pub fn words(&self, feature: Feature) -> Vec<&str> {
        match feature {
            Feature::Point => POINTS.iter().map(|point| point.name()).collect(),
            Feature::Channel => vec!["direct", "search", "paid", "email", "social"],
            Feature::Lifecycle => vec!["prospect", "active", "lapsing", "lapsed"],
            Feature::Category => self.categories.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_slots_follow_the_list() {
        for (slot, doc) in FEATURES.iter().enumerate() {
            assert_eq!(Feature::named(doc.name).map(Feature::slot), Some(slot), "{}", doc.name);
            assert!(!doc.doc.is_empty());
        }
    }

    #[test]
    fn the_number_of_a_point_is_its_place_among_the_words() {
        let words = Vocabulary::new(&[]);
        for point in POINTS {
            assert_eq!(words.words(Feature::Point)[point as usize], point.name());
        }
    }
}
