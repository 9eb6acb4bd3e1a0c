//! A small shop, a policy and a visitor whose visits take a line each.
#![allow(dead_code, missing_docs, clippy::unwrap_used)] // each test file uses a part of it

use counterfoil_core::event::{Channel, Device, Event, EventKind, Visitor};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::policy::{Ask, Decision, DecisionPoint, LoggedDecision, Policy};
use counterfoil_core::shop::{Product, ProductId, Shop};
use counterfoil_core::time::{Calendar, DAY_MS, Day, Time};
use counterfoil_core::treatment::{TreatmentId, TreatmentKind, TreatmentSpec};
use counterfoil_core::{
    CookieId, CustomerId, DecisionNumber, HoldoutLuck, Luck, OrderNumber, PolicyLuck, SessionNumber,
    ShopperId, VisitKey,
};
use counterfoil_engine::Engine;
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{
    Amount, Cap, EligibleTreatment, Guardrails, ModelSpec, PolicyKind, RealtimeSpec, SaleCalendar,
};
use counterfoil_till::{Amounts, Deal};
use std::sync::Arc;

pub const TEN: TreatmentId = TreatmentId(0);
pub const TWENTY: TreatmentId = TreatmentId(1);
pub const FREE: TreatmentId = TreatmentId(2);
pub const TRUST: TreatmentId = TreatmentId(3);
pub const GUIDE: TreatmentId = TreatmentId(4);

pub fn share(percent: f64) -> Share {
    Share::from_percent(percent).unwrap()
}

fn treatment(name: &str, kind: TreatmentKind, valid_days: i64) -> TreatmentSpec {
    TreatmentSpec {
        name: name.to_owned(),
        kind,
        cost_per_show: Money::ZERO,
        cost_per_message: Money(5),
        smallest_order: Money::ZERO,
        largest_reward: None,
        valid_for_ms: valid_days * DAY_MS,
    }
}

pub fn shop() -> Shop {
    let product = |category: u8, price: i64| Product {
        category,
        list_price: Money(price),
        unit_cost: Money(price / 2),
        return_rate_ppm: 100_000,
    };
    Shop {
        products: (0..20).map(|i| product((i % 2) as u8, 3_000 + 200 * i)).collect(),
        categories: vec!["shoes".to_owned(), "dresses".to_owned()],
        treatments: vec![
            treatment("ten-off", TreatmentKind::Percent(share(10.0)), 3),
            treatment("twenty-off", TreatmentKind::Percent(share(20.0)), 3),
            treatment("free-shipping", TreatmentKind::FreeShipping, 0),
            treatment("reassurance", TreatmentKind::Reassurance, 0),
            treatment("guide", TreatmentKind::ChoiceHelp, 0),
        ],
        currency_decimals: 2,
        shipping_fee: Money(490),
        free_shipping_from: Money(8_000),
        shipping_cost: Money(420),
        payment_fee_ppm: 15_000,
        return_handling: Money(350),
        return_value_lost_ppm: 200_000,
        calendar: Calendar::starting(2026, 1, 5).unwrap(),
        horizon_start: Day(60),
        horizon_end: Day(144),
        shoppers: 1_000,
    }
}

pub fn model() -> ModelSpec {
    ModelSpec {
        soft_sd: 0.05,
        price_response_mean: -2.0,
        price_response_sd: 1.0,
        cell_sd: 0.05,
        base_rate: 0.05,
        window_days: 14,
        drift_half_life_days: 180.0,
    }
}

pub fn policy() -> PolicySpec {
    let all = [TEN, TWENTY, FREE, TRUST, GUIDE];
    PolicySpec {
        name: "realtime".to_owned(),
        description: String::new(),
        kind: PolicyKind::Realtime(RealtimeSpec {
            treatments: all
                .map(|treatment| EligibleTreatment { treatment, rule: String::new(), line: 1 })
                .to_vec(),
            deadline_ms: 100,
            exploration: Share::ZERO,
            exploration_floor: share(2.0),
            model: model(),
            session_half_life_seconds: 600.0,
            profile_half_life_days: 30.0,
        }),
        cost_per_shopper: Amount::ZERO,
        price_of_dependency: Amount::ZERO,
        guardrails: Guardrails {
            margin_floor: share(5.0),
            offer_caps: vec![Cap { count: 2, days: 7 }],
            treatment_caps: vec![Cap { count: 10, days: 7 }],
            changes_per_session: 3,
            stacking: false,
            budget: None,
            message_cap: None,
        },
        holdout: Share::ZERO,
        sale: None,
    }
}

/// The part of a policy that configures the engine.
pub fn realtime(policy: &mut PolicySpec) -> &mut RealtimeSpec {
    let PolicyKind::Realtime(spec) = &mut policy.kind else { panic!("the test policy is realtime") };
    spec
}

/// A policy to which ten percent are so good that they win whenever they may.
pub fn eager() -> PolicySpec {
    let mut policy = policy();
    let spec = realtime(&mut policy);
    spec.model.price_response_mean = -30.0;
    spec.model.price_response_sd = 0.01;
    spec.treatments.retain(|entry| entry.treatment == TEN);
    policy
}

/// A weekly sale of ten percent on Mondays.
pub fn mondays() -> SaleCalendar {
    SaleCalendar { treatment: TEN, weekdays: vec![0], announce: true, every_weeks: 1 }
}

pub fn engine(policy: &PolicySpec) -> Engine {
    engine_in(policy, shop())
}

pub fn engine_in(policy: &PolicySpec, shop: Shop) -> Engine {
    Engine::new(policy, Arc::new(shop), HoldoutLuck::new(Luck::new(1, 0))).unwrap()
}

/// Somebody with a browser: what she does is reported to the engine, which is asked about her.
#[derive(Clone, Copy, Debug)]
pub struct Shopper {
    pub visitor: Visitor,
    pub now: Time,
    pub page: u32,
    pub seed: u64,
}

impl Shopper {
    pub fn new(cookie: u32, day: u32) -> Self {
        let visitor = Visitor { cookie: Some(CookieId::new(cookie)), customer: None, session: None };
        Self { visitor, now: Day(day).start() + 36_000_000, page: 0, seed: 1 }
    }
    /// From here on she is known by this customer number.
    pub fn is_known_as(&mut self, customer: CustomerId) {
        self.visitor.customer = Some(customer);
    }
    /// From here on she is in this session, of which the engine need not know.
    pub fn is_in(&mut self, session: u32) {
        self.visitor.session = Some(SessionNumber::new(session));
    }
    pub fn does(&mut self, engine: &mut Engine, kind: EventKind) {
        self.now = self.now + 15_000;
        engine.observe(&Event { at: self.now, visitor: self.visitor, kind });
    }
    pub fn arrives(&mut self, engine: &mut Engine, session: u32, consent: bool) {
        self.is_in(session);
        let kind = EventKind::SessionStarted { channel: Channel::Direct, device: Device::Desktop, consent };
        self.does(engine, kind);
    }
    pub fn views(&mut self, engine: &mut Engine, product: u32) {
        let price = shop().products[product as usize].list_price;
        self.does(engine, EventKind::ProductViewed { product: ProductId(product), price });
    }
    pub fn adds(&mut self, engine: &mut Engine, product: u32) {
        let price = shop().products[product as usize].list_price;
        self.does(engine, EventKind::CartAdded { product: ProductId(product), quantity: 1, price });
    }
    pub fn question(
        &mut self,
        point: DecisionPoint,
        product: Option<u32>,
        in_cart: bool,
        number: u32,
    ) -> Ask {
        self.page += 1;
        let list = product.map_or(Money::ZERO, |id| shop().products[id as usize].list_price);
        Ask {
            at: self.now,
            visitor: self.visitor,
            point,
            product: product.map(ProductId),
            quantity: 1,
            cart_goods: if in_cart { list } else { Money::ZERO },
            consent: true,
            number: DecisionNumber::new(number),
            luck: PolicyLuck::new(
                Luck::new(self.seed, 0),
                ShopperId::new(self.visitor.cookie.unwrap().number()),
                VisitKey(self.visitor.session.unwrap().number()),
                self.page,
            ),
            trace: false,
        }
    }
    /// Asks on a product page, takes the answer as delivered and sees what is shown.
    pub fn asks(&mut self, engine: &mut Engine, product: u32, number: u32) -> Decision {
        let ask = self.question(DecisionPoint::ProductPage, Some(product), false, number);
        let decision = engine.decide(&ask);
        engine.delivered(ask.number, true);
        if let Some(treatment) = decision.treatment {
            self.does(engine, EventKind::TreatmentShown { treatment, decision: ask.number });
        }
        decision
    }
    pub fn buys(
        &mut self,
        engine: &mut Engine,
        order: u32,
        product: u32,
        offer: Option<TreatmentId>,
    ) -> Money {
        let goods = shop().products[product as usize].list_price;
        let deal = offer.and_then(|id| Deal::of(&shop().treatments[id.index()]));
        let reward = Amounts::of(&shop(), goods, deal).reward();
        let contribution = Money(goods.0 / 2) - reward;
        let (order, voucher) = (OrderNumber::new(order), None);
        let kind = EventKind::OrderPlaced { order, goods, reward, contribution, offer, sale: false, voucher };
        self.does(engine, kind);
        reward
    }
    pub fn leaves(&mut self, engine: &mut Engine) {
        self.does(engine, EventKind::SessionEnded);
    }
}

/// Pilot rows: `visitors` people on one day, every one shown `show(i)`; `buys(i)` says who orders the day after.
pub fn pilot(
    engine: &mut Engine,
    first: u32,
    visitors: u32,
    day: u32,
    show: impl Fn(u32) -> Option<TreatmentId>,
    buys: impl Fn(u32) -> bool,
) {
    for i in 0..visitors {
        let id = first + i;
        let mut shopper = Shopper::new(id, day);
        shopper.arrives(engine, id, true);
        shopper.views(engine, i % 20);
        let ask = shopper.question(DecisionPoint::ProductPage, Some(i % 20), false, id);
        engine.observe_pilot(&LoggedDecision { ask, treatment: show(i), propensity: 0.2 });
        if buys(i) {
            shopper.buys(engine, id, i % 20, None);
        }
        shopper.leaves(engine);
    }
}

/// Lets the nights from `from` to `to` pass.
pub fn nights(engine: &mut Engine, from: u32, to: u32) {
    (from..=to).for_each(|day| engine.night(Day(day)));
}
