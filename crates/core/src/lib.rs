//! The words that every part of Counterfoil shares: money, time, luck, events, treatments, policies, facts.
//!
//! # Promises
//! - No clock, no files, no threads, no shared random stream. Everything here is plain data or a pure function.
//! - Money is integral ([`Money`], minor units); luck is keyed ([`Luck`]), never drawn from a stream that an arm could shift.
//! - Nothing in this crate knows a shopper's mind: policies see [`Event`]s and the public [`Shop`], and that is all.
//!
//! # Where to start
//! Read [`luck`] for the promise under the whole product, then [`policy`] for what a decision maker may see and answer,
//! then [`facts`] for what a finished world leaves behind.

pub mod digest;
pub mod draw;
pub mod event;
pub mod facts;
pub mod ids;
pub mod luck;
pub mod metrics;
pub mod money;
pub mod number;
pub mod policy;
pub mod quantile;
pub mod scope;
pub mod shop;
pub mod time;
pub mod treatment;

pub use digest::Digest;
pub use draw::DrawKey;
pub use event::{Event, EventKind, Visitor, Voucher};
pub use ids::{
    ArmIndex, CookieId, CustomerId, DecisionNumber, NeedCode, NeedIndex, OfferNumber, OrderNumber,
    SessionNumber, ShopperId, VisitKey,
};
pub use luck::{HoldoutLuck, Luck, PolicyLuck};
pub use money::{Money, Share};
pub use policy::{Ask, Books, Decision, Policy};
pub use scope::Scope;
pub use shop::Shop;
pub use time::{Calendar, Day, Time};
pub use treatment::{Gives, TreatmentId, TreatmentKind, TreatmentSpec};
