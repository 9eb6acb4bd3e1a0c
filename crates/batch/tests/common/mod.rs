//! A small shop and a host for policies: events by hand, one call for each.
#![allow(dead_code, reason = "each test file uses its own part")]

use counterfoil_core::event::{Channel, Device};
use counterfoil_core::policy::{Ask, DecisionPoint, Policy};
use counterfoil_core::shop::{Product, ProductId};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::{
    Calendar, CookieId, CustomerId, Day, DecisionNumber, Event, EventKind, HoldoutLuck, Luck, Money,
    OrderNumber, PolicyLuck, SessionNumber, Share, Shop, ShopperId, Time, TreatmentId, TreatmentKind,
    TreatmentSpec, VisitKey, Visitor,
};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Amount, BatchSpec, Guardrails, PolicyKind};
use std::sync::Arc;

pub const TEN: TreatmentId = TreatmentId(0);
pub const TWENTY: TreatmentId = TreatmentId(1);
pub const SHIPPING: TreatmentId = TreatmentId(2);
pub const REVIEWS: TreatmentId = TreatmentId(3);
pub const UNUSED: TreatmentId = TreatmentId(4);

/// Day 0 is a Monday; the horizon is days 30 to 60.
pub fn shop() -> Arc<Shop> {
    shop_with_validity(7 * DAY_MS)
}

pub fn shop_with_validity(valid_for_ms: i64) -> Arc<Shop> {
    let treatment = |name: &str, kind| TreatmentSpec {
        name: name.to_owned(),
        kind,
        cost_per_show: Money(1),
        cost_per_message: Money(2),
        smallest_order: Money::ZERO,
        largest_reward: None,
        valid_for_ms,
    };
    let product = |price| Product {
        category: 0,
        list_price: Money(price),
        unit_cost: Money(price / 2),
        return_rate_ppm: 0,
    };
    Arc::new(Shop {
        products: vec![product(2_000), product(5_000), product(8_000)],
        categories: vec!["things".to_owned()],
        treatments: vec![
            treatment("ten", TreatmentKind::Percent(Share::from_percent(10.0).unwrap())),
            treatment("twenty", TreatmentKind::Percent(Share::from_percent(20.0).unwrap())),
            treatment("shipping", TreatmentKind::FreeShipping),
            treatment("reviews", TreatmentKind::SocialProof),
            treatment("unused", TreatmentKind::Reminder),
        ],
        currency_decimals: 2,
        shipping_fee: Money(490),
        free_shipping_from: Money(10_000),
        shipping_cost: Money(400),
        payment_fee_ppm: 20_000,
        return_handling: Money(300),
        return_value_lost_ppm: 100_000,
        calendar: Calendar::starting(2026, 1, 5).unwrap(),
        horizon_start: Day(30),
        horizon_end: Day(60),
        shoppers: 100,
    })
}

pub fn free_rules() -> Guardrails {
    Guardrails {
        margin_floor: Share::ZERO,
        offer_caps: Vec::new(),
        treatment_caps: Vec::new(),
        changes_per_session: 3,
        stacking: true,
        budget: None,
        message_cap: None,
    }
}

pub fn policy(kind: PolicyKind, guardrails: Guardrails) -> PolicySpec {
    PolicySpec {
        name: "tested".to_owned(),
        description: String::new(),
        kind,
        cost_per_shopper: Amount::ZERO,
        price_of_dependency: Amount::ZERO,
        guardrails,
        holdout: Share::ZERO,
        sale: None,
    }
}

/// Everybody whom last night's records know gets something; the anonymous get nothing.
pub fn table() -> BatchSpec {
    BatchSpec {
        treatments: vec![TEN, TWENTY, SHIPPING, REVIEWS],
        on_site: [
            None,
            Some(SHIPPING),
            Some(REVIEWS),
            Some(REVIEWS),
            Some(SHIPPING),
            Some(TEN),
            Some(TEN),
            Some(TWENTY),
        ],
        push: [None; 8],
        active_days: 10,
        lapsing_days: 20,
        warm_days: 5,
        high_value: Share::from_percent(50.0).unwrap(),
    }
}

pub fn at(day: u32, hour: i64) -> Time {
    Day(day).start() + hour * HOUR_MS
}

/// Runs a policy: reports to it what happens, and asks it.
pub struct Host {
    pub policy: Box<dyn Policy>,
    pub consent: bool,
    pub trace: bool,
    session: u32,
    number: u32,
    order: u32,
    night: u32,
}

impl Host {
    pub fn of(spec: &PolicySpec, shop: &Arc<Shop>) -> Self {
        Self::with(counterfoil_batch::build(spec, shop.clone(), HoldoutLuck::new(Luck::new(1, 0))).unwrap())
    }
    pub fn with(policy: Box<dyn Policy>) -> Self {
        Self { policy, consent: true, trace: false, session: 0, number: 0, order: 0, night: 0 }
    }
    /// Nights up to the one before `day`.
    pub fn until(&mut self, day: u32) {
        while self.night < day {
            self.night += 1;
            self.policy.night(Day(self.night));
        }
    }
    /// Something happens on a cookie in the running session.
    pub fn report(&mut self, at: Time, cookie: u32, customer: Option<u32>, kind: EventKind) {
        let visitor = self.visitor(cookie, customer);
        self.policy.observe(&Event { at, visitor, kind });
    }
    /// A message is sent to a customer.
    pub fn report_sent(&mut self, at: Time, customer: u32, campaign: u32, treatment: Option<TreatmentId>) {
        let visitor = Visitor::off_site(CustomerId::new(customer));
        self.policy.observe(&Event { at, visitor, kind: EventKind::MessageSent { campaign, treatment } });
    }
    fn visitor(&self, cookie: u32, customer: Option<u32>) -> Visitor {
        let session = Some(SessionNumber::new(self.session));
        Visitor { cookie: Some(CookieId::new(cookie)), customer: customer.map(CustomerId::new), session }
    }
    pub fn visit(&mut self, at: Time, cookie: u32) {
        self.session += 1;
        let consent = self.consent;
        let kind = EventKind::SessionStarted { channel: Channel::Direct, device: Device::Mobile, consent };
        self.report(at, cookie, None, kind);
    }
    pub fn log_in(&mut self, at: Time, cookie: u32, customer: u32) {
        self.visit(at, cookie);
        self.report(at + 1, cookie, Some(customer), EventKind::Identified { subscribed: true });
    }
    pub fn order(&mut self, at: Time, cookie: u32, customer: u32, goods: i64) {
        self.log_in(at, cookie, customer);
        self.pay(at + 2, cookie, customer, goods, None);
    }
    pub fn pay(
        &mut self,
        at: Time,
        cookie: u32,
        customer: u32,
        goods: i64,
        offer: Option<(TreatmentId, Money)>,
    ) {
        self.order += 1;
        let kind = EventKind::OrderPlaced {
            order: OrderNumber::new(self.order),
            goods: Money(goods),
            reward: offer.map_or(Money::ZERO, |o| o.1),
            contribution: Money::ZERO,
            offer: offer.map(|o| o.0),
            sale: false,
            voucher: None,
        };
        self.report(at, cookie, Some(customer), kind);
    }
    pub fn end(&mut self, at: Time, cookie: u32) {
        self.report(at, cookie, None, EventKind::SessionEnded);
    }
    /// A question in the running session; shopper number for luck is the cookie's.
    pub fn question(&mut self, at: Time, cookie: u32, customer: Option<u32>, point: DecisionPoint) -> Ask {
        self.number += 1;
        Ask {
            at,
            visitor: self.visitor(cookie, customer),
            point,
            product: (point == DecisionPoint::ProductPage).then_some(ProductId(1)),
            quantity: 1,
            cart_goods: Money::ZERO,
            consent: self.consent,
            number: DecisionNumber::new(self.number),
            luck: PolicyLuck::new(Luck::new(1, 0), ShopperId::new(cookie), VisitKey(self.session), 0),
            trace: self.trace,
        }
    }
    pub fn ask(&mut self, at: Time, cookie: u32, customer: Option<u32>) -> counterfoil_core::Decision {
        let ask = self.question(at, cookie, customer, DecisionPoint::SessionStart);
        self.policy.decide(&ask)
    }
}
