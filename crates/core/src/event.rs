//! What a storefront sees: a closed list of events. Nothing latent is in them.
//!
//! The names are those that shops log (see `docs/glossary.md` for the Google Analytics and Shopify names beside them).
//! A visitor is known by cookie; the customer number is there only from the log-in or order on which revealed it.

use crate::digest::Digest;
use crate::ids::{CookieId, CustomerId, DecisionNumber, OrderNumber, SessionNumber};
use crate::money::Money;
use crate::shop::ProductId;
use crate::time::Time;
use crate::treatment::TreatmentId;
use serde::{Deserialize, Serialize};

/// Who a storefront believes is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visitor {
    /// Cookie of the browser; none for messages and returns.
    pub cookie: Option<CookieId>,
    /// Customer number, if it is known in this session.
    pub customer: Option<CustomerId>,
    /// The session, unique within an arm of a world; none outside sessions.
    pub session: Option<SessionNumber>,
}

impl Visitor {
    /// Somebody who is not on the site: a customer to whom a message or a return belongs.
    #[must_use]
    pub const fn off_site(customer: CustomerId) -> Self {
        Self { cookie: None, customer: Some(customer), session: None }
    }
}

/// Where a visit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// Typed or bookmarked.
    Direct,
    /// Unpaid search.
    Search,
    /// Paid advertising.
    Paid,
    /// A link in an e-mail.
    Email,
    /// Social media.
    Social,
}

/// The kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Device {
    /// Telephone or tablet.
    Mobile,
    /// Computer.
    Desktop,
}

/// Pages that are not product pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Page {
    /// Home page.
    Home,
    /// Category listing.
    Category,
    /// Sale listing.
    Sale,
    /// Checkout address step.
    Checkout,
    /// Confirmation.
    Confirmation,
}

/// What an information page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// Reviews.
    Reviews,
    /// Sizes and fit.
    Size,
    /// Delivery.
    Shipping,
    /// Returns.
    Returns,
    /// Ways to pay.
    Payment,
}

/// How a listing was narrowed or ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FilterBy {
    /// By an attribute such as size or colour.
    Attribute,
    /// Sorted or filtered by price.
    Price,
}

/// What issued something personal: it names an offer, as the number on a voucher does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// A decision on site, by number.
    Decision(DecisionNumber),
    /// A message, by campaign number; one campaign writes to a customer once.
    Campaign(u32),
}

impl Voucher {
    /// A word for digests.
    #[must_use]
    pub fn word(self) -> u64 {
        match self {
            Self::Decision(number) => 1 << 32 | u64::from(number.number()),
            Self::Campaign(number) => 2 << 32 | u64::from(number),
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A session begins. `consent`: may it be used for personalisation at all?
    SessionStarted {
        /// Where from.
        channel: Channel,
        /// On what.
        device: Device,
        /// Consent to personalisation, enforced at collection.
        consent: bool,
    },
    /// A page other than a product page.
    PageViewed(Page),
    /// Half a page or more scrolled.
    Scrolled,
    /// A search on the site.
    Searched,
    /// A listing narrowed or sorted.
    Filtered(FilterBy),
    /// A product page, with the unit price shown.
    ProductViewed {
        /// Which product.
        product: ProductId,
        /// Unit price on the page, after a sitewide sale.
        price: Money,
    },
    /// An information page.
    InfoViewed(Topic),
    /// Two products side by side.
    Compared(ProductId),
    /// Saved for later.
    Wishlisted(ProductId),
    /// Put into the cart.
    CartAdded {
        /// Which product.
        product: ProductId,
        /// How many units.
        quantity: u32,
        /// Unit price on the page.
        price: Money,
    },
    /// Cart page, with its value at list price.
    CartViewed {
        /// Goods at list price.
        goods: Money,
    },
    /// Checkout begins.
    CheckoutStarted,
    /// The fee for delivery becomes known.
    ShippingShown {
        /// The fee charged.
        fee: Money,
    },
    /// The field for a code was entered.
    CouponFieldFocused,
    /// A payment attempt failed.
    PaymentFailed,
    /// The pointer or gesture of somebody about to leave.
    ExitIntent,
    /// Nothing happened for 30 seconds.
    Stalled,
    /// The visitor logged in (or is recognised by log-in).
    Identified {
        /// Whether e-mails with offers are allowed.
        subscribed: bool,
    },
    /// A treatment was really shown.
    TreatmentShown {
        /// Which one.
        treatment: TreatmentId,
        /// The decision.
        decision: DecisionNumber,
    },
    /// An order was placed and paid.
    OrderPlaced {
        /// The order.
        order: OrderNumber,
        /// Goods at list price.
        goods: Money,
        /// Everything given away: discounts and shipping waived.
        reward: Money,
        /// What the shop earns on it before returns: paid goods + shipping charged - costs.
        contribution: Money,
        /// The personal offer redeemed or the sale it was bought in.
        offer: Option<TreatmentId>,
        /// Whether that was a posted sale and not a personal offer.
        sale: bool,
        /// What issued the personal offer that was redeemed: the number on the voucher.
        voucher: Option<Voucher>,
    },
    /// Lines of an order came back.
    OrderReturned {
        /// The order.
        order: OrderNumber,
        /// What the return took away from the order's contribution.
        loss: Money,
    },
    /// A message was sent.
    MessageSent {
        /// Campaign number.
        campaign: u32,
        /// The offer inside, if any.
        treatment: Option<TreatmentId>,
    },
    /// A message was opened.
    MessageOpened {
        /// Campaign number.
        campaign: u32,
    },
    /// A link in a message was followed.
    MessageClicked {
        /// Campaign number.
        campaign: u32,
    },
    /// A session ended (30 idle minutes or the window closed).
    SessionEnded,
}

/// Something that happened at a storefront, as small as a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Time,
    /// To whom, as far as the shop knows.
    pub visitor: Visitor,
    /// What.
    pub kind: EventKind,
}

/// What is in an event as whole numbers, each in a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    words: [i64; 7],
    len: usize,
}

impl Words {
    #[inline]
    fn of<const N: usize>(words: [i64; N]) -> Self {
        let mut all = [0; 7];
        all[..N].copy_from_slice(&words);
        Self { words: all, len: N }
    }

    /// The words.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[i64] {
        &self.words[..self.len]
    }
}

impl EventKind {
    /// A number for the kind, and everything that is in it: the digest and whoever looks for duplicates use this.
    #[must_use]
    #[inline]
    pub fn words(&self) -> (u8, Words) {
        let treatment = |t: Option<TreatmentId>| t.map_or(-1, |t| i64::from(t.0));
        match *self {
            Self::SessionStarted { channel, device, consent } => {
                (0, Words::of([channel as i64, device as i64, i64::from(consent)]))
            }
            Self::PageViewed(page) => (1, Words::of([page as i64])),
            Self::Scrolled => (2, Words::of([])),
            Self::Searched => (3, Words::of([])),
            Self::Filtered(by) => (4, Words::of([by as i64])),
            Self::ProductViewed { product, price } => (5, Words::of([i64::from(product.0), price.0])),
            Self::InfoViewed(topic) => (6, Words::of([topic as i64])),
            Self::Compared(product) => (7, Words::of([i64::from(product.0)])),
            Self::Wishlisted(product) => (8, Words::of([i64::from(product.0)])),
            Self::CartAdded { product, quantity, price } => {
                (9, Words::of([i64::from(product.0), i64::from(quantity), price.0]))
            }
            Self::CartViewed { goods } => (10, Words::of([goods.0])),
            Self::CheckoutStarted => (11, Words::of([])),
            Self::ShippingShown { fee } => (12, Words::of([fee.0])),
            Self::CouponFieldFocused => (13, Words::of([])),
            Self::PaymentFailed => (14, Words::of([])),
            Self::ExitIntent => (15, Words::of([])),
            Self::Stalled => (16, Words::of([])),
            Self::Identified { subscribed } => (17, Words::of([i64::from(subscribed)])),
            Self::TreatmentShown { treatment, decision } => {
                (18, Words::of([i64::from(treatment.0), i64::from(decision.number())]))
            }
            Self::OrderPlaced { order, goods, reward, contribution, offer, sale, voucher } => {
                let order = i64::from(order.number());
                let voucher = voucher.map_or(0, |voucher| voucher.word() as i64);
                let words =
                    [order, goods.0, reward.0, contribution.0, treatment(offer), i64::from(sale), voucher];
                (19, Words::of(words))
            }
            Self::OrderReturned { order, loss } => (20, Words::of([i64::from(order.number()), loss.0])),
            Self::MessageSent { campaign, treatment: id } => {
                (21, Words::of([i64::from(campaign), treatment(id)]))
            }
            Self::MessageOpened { campaign } => (22, Words::of([i64::from(campaign)])),
            Self::MessageClicked { campaign } => (23, Words::of([i64::from(campaign)])),
            Self::SessionEnded => (24, Words::of([])),
        }
    }

    /// The name of the kind in logs and on screen.
    #[must_use]
    pub fn name(&self) -> &'static str {
        const NAMES: [&str; 25] = [
            "session_started",
            "page_viewed",
            "scrolled",
            "searched",
            "filtered",
            "product_viewed",
            "info_viewed",
            "compared",
            "wishlisted",
            "cart_added",
            "cart_viewed",
            "checkout_started",
            "shipping_shown",
            "coupon_field_focused",
            "payment_failed",
            "exit_intent",
            "stalled",
            "identified",
            "treatment_shown",
            "order_placed",
            "order_returned",
            "message_sent",
            "message_opened",
            "message_clicked",
            "session_ended",
        ];
        NAMES[self.words().0 as usize]
    }
}

impl Event {
    /// Folds every field into `digest`.
    #[inline]
    pub fn fold_into(&self, digest: &mut Digest) {
        let (kind, words) = self.kind.words();
        digest.fold_signed(self.at.0);
        let Visitor { cookie, customer, session } = self.visitor;
        digest.fold(u64::from(CookieId::word(cookie)) << 32 | u64::from(CustomerId::word(customer)));
        digest.fold(u64::from(SessionNumber::word(session)) << 8 | u64::from(kind));
        words.as_slice().iter().for_each(|&word| digest.fold_signed(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> EventKind {
        EventKind::OrderPlaced {
            order: OrderNumber::new(3),
            goods: Money(1_000),
            reward: Money(100),
            contribution: Money(400),
            offer: Some(TreatmentId(2)),
            sale: false,
            voucher: Some(Voucher::Decision(DecisionNumber::new(9))),
        }
    }

    fn digest(kind: EventKind) -> Digest {
        let mut digest = Digest::default();
        let visitor = Visitor::off_site(CustomerId::new(1));
        Event { at: Time(5), visitor, kind }.fold_into(&mut digest);
        digest
    }

    /// Goal: every field of an order is in the digest by itself; none hides behind another.
    #[test]
    fn every_field_of_an_order_counts() {
        let changed = |change: fn(&mut EventKind)| {
            let mut kind = order();
            change(&mut kind);
            digest(kind) != digest(order())
        };
        assert!(!changed(|_| {}));
        let changes: [fn(&mut EventKind); 7] = [
            |kind| {
                if let EventKind::OrderPlaced { order, .. } = kind {
                    *order = OrderNumber::new(4)
                }
            },
            // Once goods and reward were packed into one word, in which these two could not be told apart.
            |kind| {
                if let EventKind::OrderPlaced { goods, reward, .. } = kind {
                    (*goods, *reward) = (Money(1_001), Money(100 ^ (1_000 * 0x1_0001) ^ (1_001 * 0x1_0001)));
                }
            },
            |kind| {
                if let EventKind::OrderPlaced { reward, .. } = kind {
                    *reward = Money(101)
                }
            },
            |kind| {
                if let EventKind::OrderPlaced { contribution, .. } = kind {
                    *contribution = Money(401)
                }
            },
            |kind| {
                if let EventKind::OrderPlaced { offer, .. } = kind {
                    *offer = None
                }
            },
            |kind| {
                if let EventKind::OrderPlaced { sale, .. } = kind {
                    *sale = true
                }
            },
            |kind| {
                if let EventKind::OrderPlaced { voucher, .. } = kind {
                    *voucher = None
                }
            },
        ];
        assert!(changes.into_iter().all(changed));
    }
}
