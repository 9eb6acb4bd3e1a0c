//! Treatments as a shop knows them: what is promised and what it costs. What a treatment *does* to a shopper is not here.

use crate::money::{Money, Share};
use serde::{Deserialize, Serialize};

/// The most treatments a scenario may define; keeps per-decision arrays on the stack.
pub const TREATMENTS_MAX: usize = 16;

/// Index of a treatment in [`crate::Shop::treatments`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TreatmentId(pub u8);

impl TreatmentId {
    /// As an index.
    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is promised to the shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TreatmentKind {
    /// A share off the goods of the next order.
    Percent(Share),
    /// An amount off the goods of the next order (never more than the goods).
    Fixed(Money),
    /// No shipping charge on the next order.
    FreeShipping,
    /// Easy returns, guarantees, advice.
    Reassurance,
    /// Reviews and popularity, true ones.
    SocialProof,
    /// Delivery promise, progress towards free shipping.
    ShippingInfo,
    /// Payment methods reordered, instalments.
    PaymentHelp,
    /// A smaller, sorted choice; a guide.
    ChoiceHelp,
    /// A message that names what she looked at, without an offer.
    Reminder,
}

impl TreatmentKind {
    /// What of an order it gives away. Every kind states it here, so a new one does not compile until its money is written.
    #[must_use]
    #[inline]
    pub fn gives(self) -> Gives {
        match self {
            Self::Percent(depth) => Gives::ShareOfGoods(depth),
            Self::Fixed(amount) => Gives::AmountOffGoods(amount),
            Self::FreeShipping => Gives::ShippingFee,
            Self::Reassurance
            | Self::SocialProof
            | Self::ShippingInfo
            | Self::PaymentHelp
            | Self::ChoiceHelp
            | Self::Reminder => Gives::Nothing,
        }
    }
    /// Whether it gives money away.
    #[must_use]
    #[inline]
    pub fn is_offer(self) -> bool {
        self.gives() != Gives::Nothing
    }
    /// Whether it is a discount on the goods.
    #[must_use]
    #[inline]
    pub fn is_discount(self) -> bool {
        matches!(self.gives(), Gives::ShareOfGoods(_) | Gives::AmountOffGoods(_))
    }
    /// The type under which a model pools effects: 0 discount, 1 free shipping, 2 soft nudge.
    #[must_use]
    pub fn family(self) -> usize {
        match self.gives() {
            Gives::ShareOfGoods(_) | Gives::AmountOffGoods(_) => 0,
            Gives::ShippingFee => 1,
            Gives::Nothing => 2,
        }
    }
}

/// What of an order a treatment gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A share of the goods at list price.
    ShareOfGoods(Share),
    /// An amount of the goods, never more than they are worth.
    AmountOffGoods(Money),
    /// The fee for delivery.
    ShippingFee,
    /// No money.
    Nothing,
}

/// A treatment as policies and engines receive it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatmentSpec {
    /// The name that scenario and policy files use.
    pub name: String,
    /// What is promised.
    pub kind: TreatmentKind,
    /// Cost of showing it once.
    pub cost_per_show: Money,
    /// Cost of sending it once as a message.
    pub cost_per_message: Money,
    /// Smallest value of goods (list price) to which an offer applies.
    pub smallest_order: Money,
    /// The most that one order gets of it; `None`: no limit.
    pub largest_reward: Option<Money>,
    /// For how long an offer can be redeemed after it was shown, in milliseconds; 0: in the same session only.
    pub valid_for_ms: i64,
}

/// What keeps a shopper from buying. `Price` is the label of a visit whose largest obstacle is the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Barrier {
    /// Does it fit, is it good, can I trust them?
    Doubt,
    /// Fee and duration of delivery.
    Shipping,
    /// The preferred way to pay is missing or failed.
    Payment,
    /// Too many alternatives.
    Choice,
    /// Not now.
    Timing,
    /// The price term is the largest obstacle.
    Price,
}

impl Barrier {
    /// All barriers, in the order of their indices.
    pub const ALL: [Self; 6] =
        [Self::Doubt, Self::Shipping, Self::Payment, Self::Choice, Self::Timing, Self::Price];
    /// Barriers with a level of their own (all but `Price`).
    pub const LEVELS: usize = 5;
    /// As an index into arrays of six.
    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }
    /// Name in files and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["doubt", "shipping", "payment", "choice", "timing", "price"][self.index()]
    }
}
