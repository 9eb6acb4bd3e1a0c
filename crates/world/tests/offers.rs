//! Which deal an order gets in the world, and for how long an offer holds, read from what orders redeemed.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::shipped;
use counterfoil_core::facts::{OfferFate, OrderFact};
use counterfoil_core::ids::{CustomerId, DecisionNumber, SessionNumber, ShopperId, VisitKey};
use counterfoil_core::policy::{Ask, DecisionPoint, Push};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Day};
use counterfoil_core::{Event, EventKind, Money, Scope, Share, TreatmentId, TreatmentKind, Voucher};
use counterfoil_scenario::Scenario;
use counterfoil_till::sale::message_time;
use counterfoil_world::{Answer, ArmState, Ended, Host, World};
use std::collections::BTreeMap;
use std::sync::Arc;

const DAYS: u32 = 28;
const SHOPPERS: u32 = 400;

/// Shows a treatment at the beginning of every third visit, or nothing, and notes in which visits offers are redeemed.
#[derive(Default)]
struct Shop {
    shows: Option<TreatmentId>,
    scope: Option<Arc<Scope>>,
    asked: u32,
    /// Session by decision.
    shown: BTreeMap<DecisionNumber, Option<SessionNumber>>,
    /// Orders that redeemed an offer of the same visit, and of an earlier one.
    redeemed: [u32; 2],
    /// Prices on pages.
    prices: Vec<(ProductId, Money)>,
}

impl Host for Shop {
    fn event(&mut self, event: &Event, _shopper: ShopperId) {
        match event.kind {
            EventKind::TreatmentShown { decision, .. } => {
                self.shown.insert(decision, event.visitor.session);
            }
            EventKind::ProductViewed { product, price } => self.prices.push((product, price)),
            EventKind::OrderPlaced { voucher: Some(Voucher::Decision(decision)), .. } => {
                let earlier = self.shown[&decision] != event.visitor.session;
                self.redeemed[usize::from(earlier)] += 1;
            }
            _ => {}
        }
    }
    fn ask(&mut self, ask: &Ask, _shopper: ShopperId, _visit: VisitKey) -> Answer {
        self.asked += u32::from(ask.point == DecisionPoint::SessionStart);
        let now = ask.point == DecisionPoint::SessionStart && self.asked.is_multiple_of(3);
        Answer { treatment: self.shows.filter(|_| now), scope: self.scope.clone(), delay_ms: 8 }
    }
    fn ended(&mut self, _visit: &Ended) {}
}

/// A shop of people who buy, in which offers hold for `valid_for_ms`.
fn busy_shop(valid_for_ms: i64) -> Scenario {
    shop_like("always-buyers", valid_for_ms)
}

fn shop_like(name: &str, valid_for_ms: i64) -> Scenario {
    let mut scenario = shipped(name);
    scenario.shoppers.count = SHOPPERS;
    scenario.phases.warmup_days = DAYS;
    scenario.phases.history_days = 0;
    (scenario.phases.horizon_days, scenario.phases.probe_days) = (1, 1);
    (scenario.shoppers.subscribed, scenario.messages.open) = (Share::WHOLE, Share::WHOLE);
    scenario.treatments.iter_mut().for_each(|spec| spec.valid_for_ms = valid_for_ms);
    scenario.effects.iter_mut().for_each(|effect| effect.visibility = 1.0);
    scenario.shoppers.need_rate.median = 0.8;
    scenario
}

fn id(scenario: &Scenario, name: &str) -> TreatmentId {
    TreatmentId(scenario.treatments.iter().position(|spec| spec.name == name).unwrap() as u8)
}

/// Lives through all days with `sale` on each, and with `mail` to everybody every other morning. Nobody ever holds two offers.
fn lived(
    scenario: Scenario,
    host: &mut Shop,
    sale: Option<TreatmentId>,
    mail: Option<TreatmentId>,
) -> Vec<OrderFact> {
    let mut arm = ArmState::new(Arc::new(World::new(Arc::new(scenario), 0)));
    for day in (0..DAYS).map(Day) {
        let (campaign, at) = (day.0, message_time(day));
        let push = |customer| Push {
            customer: CustomerId::new(customer),
            treatment: mail,
            campaign,
            at,
            scope: None,
        };
        let mailed = (0..SHOPPERS).filter(|_| mail.is_some() && day.0 % 2 == 0);
        arm.begin_day(day, sale, &mailed.map(push).collect::<Vec<_>>());
        while arm.next_time().is_some() {
            arm.step(host);
        }
        let open = arm.ledger.offers.iter().filter(|offer| offer.fate == OfferFate::Open);
        let mut holders: Vec<u32> = open.map(|offer| offer.shopper).collect();
        holders.sort_unstable();
        assert!(holders.windows(2).all(|pair| pair[0] < pair[1]), "offers pile up on day {}", day.0);
    }
    arm.ledger.orders.clone()
}

/// Orders where everybody gets twenty percent by e-mail.
fn mailed(valid_for_ms: i64) -> Vec<OrderFact> {
    let scenario = busy_shop(valid_for_ms);
    let twenty = id(&scenario, "discount-20");
    lived(scenario, &mut Shop::default(), None, Some(twenty))
}

/// Goal: whatever a treatment says about pages, in a message it holds for a day from sending.
#[test]
fn an_offer_in_a_message_holds_for_a_day_at_least() {
    let day = mailed(DAY_MS);
    assert!(day.iter().filter(|order| order.treatment.is_some()).count() > 20);
    assert_eq!(mailed(0), day);
    assert_eq!(mailed(DAY_MS / 4), day);
    assert_ne!(mailed(2 * DAY_MS), day, "longer is longer");
}

/// Goal: an offer that holds in its visit is redeemed in it and never later; another one lies in the wallet.
#[test]
fn an_offer_of_a_visit_is_redeemed_in_that_visit() {
    let redeemed = |valid_for_ms| {
        let scenario = busy_shop(valid_for_ms);
        let mut host = Shop { shows: Some(id(&scenario, "discount-20")), ..Shop::default() };
        lived(scenario, &mut host, None, None);
        host.redeemed
    };
    let ([here, later], [_, from_the_wallet]) = (redeemed(0), redeemed(3 * DAY_MS));
    assert!(here > 20 && later == 0 && from_the_wallet > 5, "{here}, {later}, {from_the_wallet}");
}

/// Goal: on a sale day everybody sees and pays the posted price, unless she holds an offer that gives more; they never add
/// up.
#[test]
fn an_order_gets_the_sale_or_the_offer_whichever_gives_more() {
    for (offer, wins) in [("discount-10", false), ("discount-20", true)] {
        let mut scenario = busy_shop(3 * DAY_MS);
        let fifteen = id(&scenario, "sale-20");
        let share = |percent| Share::from_percent(percent).unwrap();
        scenario.treatments[fifteen.index()].kind = TreatmentKind::Percent(share(15.0));
        let offered = id(&scenario, offer);
        scenario.treatments.iter_mut().for_each(|spec| spec.largest_reward = None);
        let mut host = Shop { shows: Some(offered), ..Shop::default() };
        let shop = World::new(Arc::new(scenario.clone()), 0).shop;
        let orders = lived(scenario, &mut host, Some(fifteen), None);
        let posted = |list: Money| list - share(15.0).of(list);
        assert!(host.prices.iter().all(|&(id, price)| price == posted(shop.product(id).list_price)));
        let (sold, personal): (Vec<OrderFact>, Vec<_>) = orders.into_iter().partition(|order| order.sale);
        assert!(sold.len() > 20 && (personal.len() > 5) == wins, "{} and {}", sold.len(), personal.len());
        assert!(sold.iter().all(|order| order.reward == share(15.0).of(order.goods)));
        assert!(personal.iter().all(|order| order.treatment == Some(offered)));
        assert!(personal.iter().all(|order| order.reward == share(20.0).of(order.goods)));
    }
}

/// Goal: an offer that does not hold for what she wants is no deal, neither now nor in what she remembers and waits for.
#[test]
fn an_offer_that_does_not_hold_for_what_she_wants_changes_no_order() {
    let orders = |shows: bool, holds: bool| {
        let mut scenario = shop_like("fashion-web-shop", 3 * DAY_MS);
        scenario.feelings.trust_lost = 0.0;
        scenario.effects.iter_mut().for_each(|effect| effect.annoyance = 0.0);
        let products = World::new(Arc::new(scenario.clone()), 0).shop.products.len();
        let scope = Some(Arc::new(Scope::of(products, |_| holds)));
        let shows = Some(id(&scenario, "discount-20")).filter(|_| shows);
        lived(scenario, &mut Shop { shows, scope, ..Shop::default() }, None, None)
    };
    let quiet = orders(false, false);
    assert_eq!(orders(true, false), quiet);
    assert_ne!(orders(true, true), quiet);
}
