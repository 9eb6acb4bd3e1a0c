//! Places of the guard that no whole policy reaches in its tests: news that was lost, the history, messages beside visits.
#![allow(clippy::unwrap_used)]

use counterfoil_core::event::{Channel, Device};
use counterfoil_core::policy::{Ask, DecisionPoint, Reason};
use counterfoil_core::shop::{Product, ProductId};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::{
    Books, Calendar, CookieId, CustomerId, Day, DecisionNumber, Event, EventKind, HoldoutLuck, Luck, Money,
    OrderNumber, PolicyLuck, SessionNumber, Share, Shop, ShopperId, Time, TreatmentId, TreatmentKind,
    TreatmentSpec, VisitKey, Visitor, Voucher,
};
use counterfoil_scenario::PolicySpec;
use counterfoil_scenario::policy::{Amount, Budget, Cap, Guardrails, PolicyKind, SaleCalendar};
use counterfoil_till::{Deal, Guard, Moment, Party};
use std::sync::Arc;

const TEN: TreatmentId = TreatmentId(0);
const HELP: TreatmentId = TreatmentId(1);
const SALE: TreatmentId = TreatmentId(2);
/// Its horizon begins on this day.
const START: u32 = 10;
/// What is set aside for ten percent: of three times 50.00.
const RESERVED: Money = Money(1_500);

fn percent(percent: f64) -> Share {
    Share::from_percent(percent).unwrap()
}

/// One product of 50.00; ten percent for three days, help, a sale of twenty percent.
fn shop() -> Shop {
    let treatment = |kind, valid_for_ms| TreatmentSpec {
        name: "treatment".to_owned(),
        kind,
        cost_per_show: Money::ZERO,
        cost_per_message: Money::ZERO,
        smallest_order: Money::ZERO,
        largest_reward: None,
        valid_for_ms,
    };
    Shop {
        products: vec![Product {
            category: 0,
            list_price: Money(5_000),
            unit_cost: Money(2_000),
            return_rate_ppm: 0,
        }],
        categories: vec!["things".to_owned()],
        treatments: vec![
            treatment(TreatmentKind::Percent(percent(10.0)), 3 * DAY_MS),
            treatment(TreatmentKind::Reassurance, 0),
            treatment(TreatmentKind::Percent(percent(20.0)), 0),
        ],
        currency_decimals: 2,
        shipping_fee: Money(490),
        free_shipping_from: Money(6_000),
        shipping_cost: Money(450),
        payment_fee_ppm: 15_000,
        return_handling: Money(300),
        return_value_lost_ppm: 150_000,
        calendar: Calendar::starting(2026, 1, 5).unwrap(),
        horizon_start: Day(START),
        horizon_end: Day(100),
        shoppers: 10,
    }
}

fn spec() -> PolicySpec {
    PolicySpec {
        name: "tested".to_owned(),
        description: String::new(),
        kind: PolicyKind::Blanket { treatment: TEN },
        cost_per_shopper: Amount::ZERO,
        price_of_dependency: Amount::ZERO,
        guardrails: Guardrails {
            margin_floor: Share::ZERO,
            offer_caps: Vec::new(),
            treatment_caps: Vec::new(),
            changes_per_session: 3,
            stacking: true,
            budget: Some(Budget::PerWorld(Amount::Money(Money(100_000)))),
            message_cap: None,
        },
        holdout: Share::ZERO,
        sale: None,
    }
}

fn guard(spec: &PolicySpec) -> Guard {
    Guard::new(spec, Arc::new(shop()), HoldoutLuck::new(Luck::new(1, 0)))
}

fn at(day: u32, hour: i64) -> Time {
    Day(day).start() + hour * HOUR_MS
}

/// Somebody on cookie 7, in session 3.
fn visitor(customer: Option<CustomerId>) -> Visitor {
    Visitor { cookie: Some(CookieId::new(7)), customer, session: Some(SessionNumber::new(3)) }
}

/// The customer of most of these stories.
const CUSTOMER: CustomerId = CustomerId::new(5);

fn by_decision(number: u32) -> Voucher {
    Voucher::Decision(DecisionNumber::new(number))
}

fn observe(guard: &mut Guard, at: Time, customer: Option<CustomerId>, kind: EventKind) {
    guard.observe(&Event { at, visitor: visitor(customer), kind });
}

fn moment(guard: &mut Guard, at: Time, customer: Option<CustomerId>, number: u32) -> Moment {
    let ask = Ask {
        at,
        visitor: visitor(customer),
        point: DecisionPoint::SessionStart,
        product: None,
        quantity: 1,
        cart_goods: Money::ZERO,
        consent: true,
        number: DecisionNumber::new(number),
        luck: PolicyLuck::new(Luck::new(1, 0), ShopperId::new(0), VisitKey(0), 0),
        trace: false,
    };
    guard.moment(&ask).unwrap()
}

fn refusal(guard: &Guard, treatment: TreatmentId, moment: &Moment) -> Option<Reason> {
    guard.refusal(treatment, moment, &guard.standing(moment))
}

/// Issues ten percent to the anonymous visitor by decision `number`.
fn issue(guard: &mut Guard, at: Time, number: u32) {
    let moment = moment(guard, at, None, number);
    guard.issue(TEN, &moment);
}

fn order(reward: i64, sale: bool, voucher: Option<Voucher>) -> EventKind {
    let (goods, reward, contribution) = (Money(5_000), Money(reward), Money::ZERO);
    EventKind::OrderPlaced {
        order: OrderNumber::new(1),
        goods,
        reward,
        contribution,
        offer: Some(TEN),
        sale,
        voucher,
    }
}

fn money(guard: &Guard) -> (Money, Money) {
    let Books { reserved, spent, .. } = guard.books();
    (reserved, spent)
}

/// The news that she saw it may be lost; then it is set aside for as long as it would be had it been seen a minute later.
#[test]
fn an_offer_that_may_still_be_on_its_way_is_set_aside_a_minute_longer() {
    let mut guard = guard(&spec());
    issue(&mut guard, at(20, 9), 1);
    let end = at(23, 9);
    observe(&mut guard, end + 60_000, None, EventKind::SessionEnded);
    assert_eq!(money(&guard).0, RESERVED);
    observe(&mut guard, end + 60_001, None, EventKind::SessionEnded);
    assert_eq!(money(&guard).0, Money::ZERO);
}

/// A message is sent when it says so.
#[test]
fn an_offer_in_a_message_is_set_aside_to_its_end_and_no_longer() {
    let mut guard = guard(&spec());
    guard.issue(TEN, &Guard::message(CUSTOMER, 1, at(20, 7)));
    observe(&mut guard, at(23, 7), None, EventKind::SessionEnded);
    assert_eq!(money(&guard).0, RESERVED);
    observe(&mut guard, at(23, 7) + 1, None, EventKind::SessionEnded);
    assert_eq!(money(&guard).0, Money::ZERO);
}

/// The budget is that of the horizon: an incumbent's offers of the history are neither set aside nor spent.
#[test]
fn what_is_issued_before_the_horizon_costs_no_budget() {
    let mut guard = guard(&spec());
    issue(&mut guard, at(START, 0) + -1, 1);
    assert_eq!(money(&guard), (Money::ZERO, Money::ZERO));
    observe(&mut guard, at(START, 0), None, order(500, false, Some(by_decision(1))));
    assert_eq!(money(&guard), (Money::ZERO, Money::ZERO));
    issue(&mut guard, at(START, 0), 2);
    assert_eq!(money(&guard), (RESERVED, Money::ZERO), "it begins with its first day");
}

/// Most of what a browser tells can be lost, so every event that names her is enough to know whose offers these are.
#[test]
fn whatever_names_the_customer_moves_what_her_cookie_holds() {
    let shown = EventKind::TreatmentShown { treatment: HELP, decision: DecisionNumber::new(9) };
    let (channel, device) = (Channel::Direct, Device::Desktop);
    let begins = EventKind::SessionStarted { channel, device, consent: true };
    let order = EventKind::OrderPlaced {
        order: OrderNumber::new(1),
        goods: Money(5_000),
        reward: Money::ZERO,
        contribution: Money::ZERO,
        offer: None,
        sale: false,
        voucher: None,
    };
    let named = EventKind::Identified { subscribed: true };
    for kind in [begins, named, shown, order, EventKind::SessionEnded] {
        let mut spec = spec();
        spec.guardrails.stacking = false;
        let mut guard = guard(&spec);
        issue(&mut guard, at(20, 9), 1);
        observe(&mut guard, at(20, 10), Some(CUSTOMER), kind);
        let hers = Guard::message(CUSTOMER, 1, at(21, 7));
        assert_eq!(refusal(&guard, TEN, &hers), Some(Reason::Stacking), "{kind:?}");
    }
}

/// A question names her as well.
#[test]
fn a_question_that_names_the_customer_moves_what_her_cookie_holds() {
    let mut spec = spec();
    spec.guardrails.stacking = false;
    let mut guard = guard(&spec);
    issue(&mut guard, at(20, 9), 1);
    let hers = moment(&mut guard, at(20, 10), Some(CUSTOMER), 2);
    assert_eq!(refusal(&guard, TEN, &hers), Some(Reason::Stacking));
}

/// A session's cap is about sessions, and a message of the morning is in none.
#[test]
fn messages_are_bound_by_no_session() {
    let mut spec = spec();
    spec.guardrails.changes_per_session = 0;
    let mut guard = guard(&spec);
    let first = Guard::message(CUSTOMER, 1, at(20, 7));
    assert_eq!(refusal(&guard, TEN, &first), None);
    guard.issue(TEN, &first);
    assert_eq!(
        refusal(&guard, TEN, &Guard::message(CUSTOMER, 2, at(20, 7))),
        None,
        "another campaign of the morning"
    );
    let on_site = moment(&mut guard, at(20, 9), Some(CUSTOMER), 2);
    assert_eq!(refusal(&guard, HELP, &on_site), Some(Reason::SessionCap));
}

/// The sale may be the same treatment as an offer that she holds.
#[test]
fn an_order_at_the_posted_sale_redeems_no_offer() {
    let mut guard = guard(&spec());
    issue(&mut guard, at(20, 9), 1);
    observe(&mut guard, at(20, 10), None, order(500, true, None));
    assert_eq!(money(&guard), (RESERVED, Money::ZERO));
    observe(&mut guard, at(20, 11), None, order(500, false, None));
    assert_eq!(money(&guard), (Money::ZERO, Money(500)));
}

/// In the history somebody else's calendar may run: what is seen in the prices counts, not what this policy would post.
#[test]
fn a_policy_posts_its_sale_on_days_that_it_governs() {
    let mut spec = spec();
    let weekdays = (0..7).collect();
    spec.sale = Some(SaleCalendar { treatment: SALE, weekdays, announce: false, every_weeks: 1 });
    let mut guard = guard(&spec);
    let own = Deal::of(&shop().treatments[SALE.index()]);
    assert_eq!(guard.posted(Day(START - 1)), None);
    let seen = |price| EventKind::ProductViewed { product: ProductId(0), price: Money(price) };
    observe(&mut guard, at(START - 2, 9), None, seen(-1));
    assert_eq!(guard.posted(Day(START - 2)), None, "not a price");
    observe(&mut guard, at(START - 2, 9), None, seen(3_500));
    assert_eq!(guard.posted(Day(START - 2)), Some(Deal::posted(percent(30.0))));
    guard.announce(Day(START - 1), &mut Vec::new());
    assert_eq!(guard.posted(Day(START - 1)), own, "it was asked for its sale, so it governs");
    assert_eq!(guard.posted(Day(START)), own);
}

/// What rules read as `offers_30d`: offers, on site and in messages, within the window.
#[test]
fn offers_lately_are_offers_and_lately() {
    let mut guard = guard(&spec());
    let (start, party) = (at(20, 9), moment(&mut guard, at(20, 9), None, 0).party);
    issue(&mut guard, start, 1);
    issue(&mut guard, start + 1, 2);
    let help = moment(&mut guard, start + 2, None, 3);
    guard.issue(HELP, &help);
    assert_eq!(guard.offers_since(party, start), 1);
    assert_eq!(guard.offers_since(party, start + -1), 2);
}

/// Announcements count towards the contact cap of later messages, whoever sent them.
#[test]
fn an_announcement_counts_as_a_message_and_as_nothing_else() {
    let mut spec = spec();
    spec.guardrails.message_cap = Some(Cap { count: 1, days: 2 });
    spec.guardrails.treatment_caps = vec![Cap { count: 1, days: 2 }];
    let mut guard = guard(&spec);
    let sent = EventKind::MessageSent { campaign: 1, treatment: None };
    let visitor = Visitor::off_site(CUSTOMER);
    guard.observe(&Event { at: at(20, 7), visitor, kind: sent });
    assert_eq!(refusal(&guard, TEN, &Guard::message(CUSTOMER, 2, at(21, 7))), Some(Reason::FrequencyCap));
    let on_site = moment(&mut guard, at(20, 9), Some(CUSTOMER), 1);
    assert_eq!(refusal(&guard, TEN, &on_site), None);
}

/// News of a treatment that the shop does not have are no news.
#[test]
fn an_unknown_treatment_is_ignored() {
    let mut guard = Guard::new(&spec(), Arc::new(shop()), HoldoutLuck::new(Luck::new(1, 0)));
    let visitor = visitor(Some(CUSTOMER));
    let before = guard.books();
    for kind in [
        EventKind::TreatmentShown { treatment: TreatmentId(9), decision: DecisionNumber::new(1) },
        EventKind::MessageSent { campaign: 1, treatment: Some(TreatmentId(9)) },
    ] {
        guard.observe(&Event { at: Day(START).start(), visitor, kind });
    }
    assert_eq!(guard.books(), before);
    assert_eq!(guard.offers_since(Party::Customer(CUSTOMER), Time(0)), 0);
}
