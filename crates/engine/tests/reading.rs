//! What the engine reads in a visit, and the sentence that it has for the shopper.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    FREE, GUIDE, Shopper, TEN, TRUST, TWENTY, eager, engine, engine_in, policy, realtime, share, shop,
};
use counterfoil_core::event::{EventKind, FilterBy};
use counterfoil_core::money::{Money, Share};
use counterfoil_core::policy::{DecisionPoint, Policy, Reason, Trace};
use counterfoil_core::shop::{ProductId, Shop};
use counterfoil_core::time::DAY_MS;
use counterfoil_core::treatment::{Barrier, TreatmentId, TreatmentKind};
use counterfoil_core::{DecisionNumber, OrderNumber};
use counterfoil_engine::Engine;
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Amount, EligibleTreatment};

/// Asks without an event in between and gives the whole explanation of the answer.
fn trace_of(engine: &mut Engine, shopper: &mut Shopper, product: Option<u32>) -> Trace {
    let point = if product.is_some() { DecisionPoint::ProductPage } else { DecisionPoint::SessionStart };
    let mut ask = shopper.question(point, product, false, 1_000 + shopper.page);
    ask.trace = true;
    let decision = engine.decide(&ask);
    engine.delivered(ask.number, false);
    *decision.trace.unwrap()
}

fn feature(trace: &Trace, name: &str) -> f64 {
    trace.features.iter().find(|(found, _)| found == name).unwrap().1
}

/// The mission as the intent stage names it.
fn mission(trace: &Trace) -> &str {
    trace.stages[3].1.strip_prefix("mission ").unwrap().split_once(',').unwrap().0
}

fn arrived(policy: &PolicySpec, kinds: &[EventKind]) -> (Engine, Shopper) {
    let mut engine = engine(policy);
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    for &kind in kinds {
        shopper.does(&mut engine, kind);
    }
    (engine, shopper)
}

fn mission_after(kinds: &[EventKind]) -> String {
    let (mut engine, mut shopper) = arrived(&policy(), kinds);
    mission(&trace_of(&mut engine, &mut shopper, None)).to_owned()
}

fn viewed(product: u32) -> EventKind {
    EventKind::ProductViewed {
        product: ProductId(product),
        price: shop().products[product as usize].list_price,
    }
}

/// Goal: putting products side by side, and searching twice, is a mission of its own until a cart says more.
#[test]
fn who_compares_has_come_to_compare() {
    let compared = EventKind::Compared(ProductId(3));
    let by_price = EventKind::Filtered(FilterBy::Price);
    let cart = EventKind::CartAdded { product: ProductId(3), quantity: 1, price: Money(3_600) };
    assert_eq!(mission_after(&[]), "arrive");
    assert_eq!(mission_after(&[viewed(3)]), "explore");
    assert_eq!(mission_after(&[viewed(3), compared]), "compare");
    assert_eq!(mission_after(&[viewed(3), EventKind::Searched]), "explore", "one search is no comparison");
    assert_eq!(mission_after(&[viewed(3), EventKind::Searched, by_price]), "compare");
    assert_eq!(mission_after(&[viewed(3), compared, cart]), "buy");
}

/// Goal: a comparison says that the choice is what holds her back, each one more, and that she looks at its category.
#[test]
fn a_comparison_points_at_the_choice_and_at_its_category() {
    let mut spec = eager();
    realtime(&mut spec).treatments[0].rule = "category == 'dresses'".to_owned();
    let (mut engine, mut shopper) = arrived(&spec, &[viewed(4)]);
    let choice = |trace: &Trace| trace.barriers[Barrier::Choice.index()];
    let before = trace_of(&mut engine, &mut shopper, None);
    assert_eq!(before.candidates[TEN.index()].reason, Reason::NotEligible, "she looked at shoes");
    let mut last = choice(&before);
    for product in [3, 5, 7] {
        shopper.does(&mut engine, EventKind::Compared(ProductId(product)));
        let now = choice(&trace_of(&mut engine, &mut shopper, None));
        assert!(now > 1.15 * last, "{now} after {last}");
        last = now;
    }
    let after = trace_of(&mut engine, &mut shopper, None);
    let largest = after.barriers.iter().copied().fold(0.0, f64::max);
    assert_eq!(choice(&after).to_bits(), largest.to_bits(), "{:?}", after.barriers);
    assert_ne!(after.candidates[TEN.index()].reason, Reason::NotEligible, "three dresses outweigh a shoe");
}

/// Half of the catalogue earns 30 % of its price, the other half 70 %.
fn uneven() -> Shop {
    let mut shop = shop();
    for (place, product) in shop.products.iter_mut().enumerate() {
        let cost = if place < 10 { 70.0 } else { 30.0 };
        product.unit_cost = share(cost).of(product.list_price);
    }
    shop
}

/// Goal: a rule can name the margin of the product in question, and the catalogue's while there is none.
#[test]
fn the_margin_rate_is_that_of_the_product_or_of_the_catalogue() {
    let mut spec = eager();
    realtime(&mut spec).treatments[0].rule = "margin_rate >= 0.6".to_owned();
    let mut engine = engine_in(&spec, uneven());
    let mut shopper = Shopper::new(1, 60);
    shopper.arrives(&mut engine, 1, true);
    let mut read = |product| {
        let trace = trace_of(&mut engine, &mut shopper, product);
        (feature(&trace, "margin_rate"), trace.candidates[TEN.index()].reason == Reason::NotEligible)
    };
    let (poor, refused) = read(Some(4));
    assert!((poor - 0.3).abs() < 1e-3 && refused, "{poor}");
    let (rich, refused) = read(Some(14));
    assert!((rich - 0.7).abs() < 1e-3 && !refused, "{rich}");
    let products = uneven().products;
    let list: i64 = products.iter().map(|product| product.list_price.0).sum();
    let cost: i64 = products.iter().map(|product| product.unit_cost.0).sum();
    let (mean, refused) = read(None);
    assert!((mean - (1.0 - cost as f64 / list as f64)).abs() < 1e-9 && refused, "{mean}");
    assert!(mean > 0.5, "dearer products earn more here: {mean}");
}

/// Goal: an order on an offer is charged what it costs later, by how likely it is; other treatments are not.
#[test]
fn every_offer_and_no_other_treatment_is_charged_the_price_of_dependency() {
    let values = |price: i64| {
        let spec = PolicySpec { price_of_dependency: Amount::Money(Money(price)), ..policy() };
        let (mut engine, mut shopper) = arrived(&spec, &[viewed(4)]);
        trace_of(&mut engine, &mut shopper, Some(4)).candidates
    };
    let [free, once, twice] = [0, 100, 200].map(values);
    let value = |from: &[counterfoil_core::policy::CandidateTrace], id: TreatmentId| {
        from[id.index()].value_minor.unwrap()
    };
    for id in [TEN, TWENTY, FREE] {
        let [first, second] = [value(&free, id) - value(&once, id), value(&once, id) - value(&twice, id)];
        assert!((first - second).abs() < 1e-9, "in proportion: {first} and {second}");
        let with = free[id.index()].note.split("buys with ").nth(1);
        assert!(first > 3.0 && first < 15.0, "100 by the probability of an order, {with:?}: {first}");
    }
    for id in [TRUST, GUIDE] {
        assert_eq!(value(&free, id).to_bits(), value(&twice, id).to_bits());
    }
}

#[test]
fn a_dear_dependency_ends_offers() {
    let offers = |price: i64| {
        let mut spec = PolicySpec { price_of_dependency: Amount::Money(Money(price)), ..policy() };
        realtime(&mut spec).model.price_response_mean = -6.0;
        let given = (0..200).filter(|&cookie| {
            let mut engine = engine(&spec);
            let mut shopper = Shopper::new(cookie, 60);
            shopper.arrives(&mut engine, 1, true);
            shopper.views(&mut engine, 4);
            let shown = shopper.asks(&mut engine, 4, 1).treatment;
            shown.is_some_and(|id| shop().treatment(id).kind.is_offer())
        });
        given.count()
    };
    let [free, dear] = [0, 2_000].map(offers);
    assert!(free > 150, "{free} of 200");
    assert_eq!(dear, 0);
}

/// P(price) at the start of the visit after `orders` orders, and the affinity that the engine reads then.
fn habit(orders: u32, offer: Option<TreatmentId>, sale: bool) -> (f64, f64) {
    let mut engine = engine(&policy());
    let mut shopper = Shopper::new(1, 60);
    for order in 0..orders {
        shopper.arrives(&mut engine, order, true);
        let kind = EventKind::OrderPlaced {
            order: OrderNumber::new(order),
            goods: Money(3_800),
            reward: Money(380),
            contribution: Money(1_500),
            offer,
            sale,
            voucher: None,
        };
        shopper.does(&mut engine, kind);
        shopper.leaves(&mut engine);
        shopper.now = shopper.now + 5 * DAY_MS;
    }
    shopper.arrives(&mut engine, 99, true);
    let trace = trace_of(&mut engine, &mut shopper, None);
    (trace.barriers[Barrier::Price.index()], feature(&trace, "coupon_affinity"))
}

/// Goal: who is used to buying on offer is believed to be waiting for one, in proportion to the habit.
#[test]
fn a_habit_of_buying_on_offer_points_at_the_price() {
    let odds = |p: f64| p / (1.0 - p);
    let (plain, none) = habit(3, None, false);
    assert!(none.abs() < 1e-12, "{none}");
    let (mut last, mut before) = (0.0, 0.0);
    for orders in 1..5 {
        let (price, affinity) = habit(orders, Some(TEN), false);
        assert!(affinity > last && price > before, "{affinity} after {last}, {price} after {before}");
        let (usual, _) = habit(orders, None, false);
        let more = odds(price) / odds(usual) - (1.0 + affinity);
        assert!(more > -1e-6, "{price} against {usual} at {affinity}");
        assert!(orders > 1 || more < 1e-6, "no more than the habit before there is anything to carry over");
        (last, before) = (affinity, price);
    }
    let (sale, affinity) = habit(3, None, true);
    assert!(sale > plain && affinity > 0.5, "an order in a sale is one on offer");
}

/// Shows `kind` to somebody who has looked at a product, and gives its sentence; the last is that of showing nothing.
fn sentences(kind: TreatmentKind, valid_for_ms: i64) -> [String; 2] {
    let mut shop = shop();
    shop.treatments[0].kind = kind;
    shop.treatments[0].valid_for_ms = valid_for_ms;
    let mut spec = policy();
    let all = realtime(&mut spec);
    all.treatments = vec![EligibleTreatment { treatment: TEN, rule: String::new(), line: 1 }];
    (all.exploration, all.exploration_floor) = (share(100.0), share(50.0));
    let (mut shown, mut quiet) = (None, None);
    for cookie in 0..64 {
        let mut engine = engine_in(&spec, shop.clone());
        let mut shopper = Shopper::new(cookie, 60);
        shopper.arrives(&mut engine, 1, true);
        shopper.views(&mut engine, 4);
        let mut ask = shopper.question(DecisionPoint::ProductPage, Some(4), false, 1);
        ask.trace = true;
        let decision = engine.decide(&ask);
        let sentence = decision.trace.unwrap().sentence;
        *(if decision.treatment.is_some() { &mut shown } else { &mut quiet }) = Some(sentence);
    }
    [shown.unwrap(), quiet.unwrap()]
}

/// Goal: the shopper reads what she gets, how much and until when, in one sentence, and nothing about herself.
#[test]
fn every_kind_of_treatment_has_its_sentence_for_the_shopper() {
    let ten = Share::from_percent(10.0).unwrap();
    let kinds = [
        (TreatmentKind::Percent(ten), "10 % off"),
        (TreatmentKind::Fixed(Money(750)), "7.50 off"),
        (TreatmentKind::FreeShipping, "elivery is free"),
        (TreatmentKind::Reassurance, "returns"),
        (TreatmentKind::SocialProof, "other customers"),
        (TreatmentKind::ShippingInfo, "delivery costs"),
        (TreatmentKind::PaymentHelp, "ways to pay"),
        (TreatmentKind::ChoiceHelp, "guide"),
        (TreatmentKind::Reminder, "what you looked at"),
    ];
    let mut all = Vec::new();
    for (kind, says) in kinds {
        for (valid_for_ms, until) in
            [(0, "in this visit"), (DAY_MS + 1, "within 2 days"), (7 * DAY_MS, "within 7 days")]
        {
            let [shown, quiet] = sentences(kind, valid_for_ms);
            assert!(shown.contains(says), "{kind:?}: {shown}");
            assert_eq!(shown.contains(until), kind.is_offer(), "{kind:?}: {shown}");
            assert!(shown.ends_with('.') && shown.matches(". ").count() == 0, "one sentence: {shown}");
            assert_eq!(quiet, "You see the shop as everybody does.");
            all.push(shown);
        }
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 3 * 3 + 6, "no two kinds say the same, and an offer says until when");
}

/// Goal: a rule that reads `offers_30d` reads offers that she saw, for thirty days, and nothing else that was shown.
#[test]
fn offers_are_counted_for_thirty_days() {
    let mut policy = eager();
    let all = [TEN, TRUST].map(|treatment| EligibleTreatment { treatment, rule: String::new(), line: 1 });
    realtime(&mut policy).treatments = all.to_vec();
    let (mut engine, mut shopper) = arrived(&policy, &[]);
    let offers = |engine: &Engine, shopper: &Shopper| {
        feature(&trace_of(&mut engine.clone(), &mut shopper.clone(), Some(3)), "offers_30d")
    };
    assert_eq!(offers(&engine, &shopper), 0.0);
    assert_eq!(shopper.asks(&mut engine, 3, 1).treatment, Some(TEN));
    shopper
        .does(&mut engine, EventKind::TreatmentShown { treatment: TRUST, decision: DecisionNumber::new(90) });
    assert_eq!(offers(&engine, &shopper), 1.0);
    shopper.now = shopper.now + 30 * DAY_MS;
    assert_eq!(offers(&engine, &shopper), 0.0);
}
