//! What lies between the shop and a policy: answers that take time, and news that is late or lost.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{plan, run, scenario, small};
use counterfoil_core::facts::ArmFacts;
use counterfoil_core::ids::{CustomerId, ShopperId};
use counterfoil_core::money::Share;
use counterfoil_core::policy::Reason;
use counterfoil_core::{Ask, Day, Decision, Event, EventKind, Luck, Policy, Time, Visitor};
use counterfoil_run::pipe::Pipe;
use counterfoil_run::plan::OwnPolicy;
use counterfoil_run::{Arm, Plan};
use counterfoil_scenario::Scenario;
use counterfoil_scenario::model::Spread;
use std::sync::{Arc, Mutex};

/// Control and the shipped engine, which takes exactly `latency_ms` for every answer.
fn with_latency(latency_ms: f64) -> (ArmFacts, ArmFacts) {
    let mut scenario = scenario("fashion-web-shop", &small(400));
    scenario.pipe.latency_ms = Spread { median: latency_ms, log_sd: 0.0 };
    let mut plan = plan(scenario);
    plan.arms.retain(|arm| arm.name == "control" || arm.name == "realtime");
    let unit = run(&plan, 1, 1).remove(0);
    let [control, realtime] = <[ArmFacts; 2]>::try_from(unit.arms).unwrap();
    (control, realtime)
}

/// Goal: within the deadline of 100 ms the engine acts, and the delay that is reported is the one that there was.
#[test]
fn an_answer_in_time_is_shown_and_its_delay_is_measured() {
    for latency_ms in [1.0, 40.0, 99.0] {
        let (_, arm) = with_latency(latency_ms);
        let totals = arm.totals;
        assert!(totals.treatments_shown > 0 && totals.decisions > 0);
        assert_eq!(totals.signals_answered, totals.treatments_shown);
        assert_eq!(totals.fallbacks, 0, "nothing is late after {latency_ms} ms");
        // A log-normal draw may end a hair below its median before it is cut to whole milliseconds.
        let measured = totals.signal_ms as f64 / totals.signals_answered as f64;
        assert!((latency_ms - 1.0..=latency_ms).contains(&measured), "{measured} for {latency_ms} ms");
        assert!(arm.decisions.iter().all(|decision| f64::from(decision.latency_ms) <= latency_ms));
    }
}

/// Goal: an engine that is always too slow is no engine: nothing is shown, everything is counted, and nobody is worse off.
#[test]
fn a_slow_engine_shows_nothing_and_every_late_answer_is_counted() {
    let (control, slow) = with_latency(102.0);
    assert_eq!(slow.totals.treatments_shown, 0);
    assert_eq!(slow.totals.fallbacks, slow.totals.decisions);
    assert!(slow.totals.decisions > 100);
    assert_eq!(slow.totals.signals_answered, 0);
    assert_eq!(slow.orders_digest, control.orders_digest, "shoppers see the shop of control");
    assert!(slow.offers.is_empty());
    assert!(slow.decisions.iter().all(|decision| decision.shown.is_none()));
    assert!(slow.decisions.iter().any(|decision| decision.reason == Reason::Late));
}

/// What a policy hears: every event, when the newest question before it was asked, and where the history ended: after how
/// many events, and whether its offers ended with it.
#[derive(Default)]
struct Heard {
    events: Vec<Event>,
    early: u32,
    asked: Time,
    history_ends: Vec<(usize, bool)>,
}

/// Listens, and answers nothing.
struct Listener(Arc<Mutex<Heard>>, i64);

impl Policy for Listener {
    fn observe(&mut self, event: &Event) {
        self.0.lock().unwrap().events.push(*event);
    }
    fn decide(&mut self, ask: &Ask) -> Decision {
        let mut heard = self.0.lock().unwrap();
        let news = heard.events.last().map_or(Time(0), |event| event.at);
        heard.early += u32::from(news + self.1 > ask.at);
        heard.asked = ask.at;
        Decision::nothing(Reason::NotInPolicy)
    }
    fn history_ends(&mut self, offers_end: bool) {
        let mut heard = self.0.lock().unwrap();
        let place = heard.events.len();
        heard.history_ends.push((place, offers_end));
    }
    fn night(&mut self, _day: Day) {}
}

/// Whether the shop's own systems tell it: orders, returns and messages sent are late at most.
fn of_the_shop(event: &Event) -> bool {
    ["order_placed", "order_returned", "message_sent"].contains(&event.kind.name())
}

fn listened(change: impl Fn(&mut Scenario)) -> Heard {
    let mut scenario = scenario("fashion-web-shop", &small(400));
    change(&mut scenario);
    let delay_ms = scenario.pipe.delay_ms;
    let mut plan: Plan = plan(scenario);
    let heard = Arc::new(Mutex::new(Heard::default()));
    let mut arm = Arm::new("listener", plan.arms[0].policy.clone());
    let shared = heard.clone();
    arm.own = Some(OwnPolicy(Arc::new(move |_| Box::new(Listener(shared.clone(), delay_ms)))));
    plan.arms = vec![arm];
    run(&plan, 1, 1);
    std::mem::take(&mut *heard.lock().unwrap())
}

/// Goal: the stated share of news is lost, each piece by itself, and what arrives is what happened.
#[test]
fn the_stated_share_of_news_is_lost() {
    let (own, all): (Vec<Event>, Vec<Event>) = listened(|_| {}).events.into_iter().partition(of_the_shop);
    assert!(all.len() > 5_000 && own.len() > 10, "{} and {} events", all.len(), own.len());
    for percent in [10.0, 50.0] {
        let mut some = listened(|scenario| scenario.pipe.loss = Share::from_percent(percent).unwrap()).events;
        some.retain(|event| !of_the_shop(event));
        let (kept, expected) = (some.len() as f64 / all.len() as f64, 1.0 - percent / 100.0);
        let error = (expected * (1.0 - expected) / all.len() as f64).sqrt();
        assert!((kept - expected).abs() < 6.0 * error, "{kept} of the news arrives at a loss of {percent} %");
        let mut rest = all.iter();
        assert!(some.iter().all(|event| rest.any(|other| other == event)), "in order, and nothing else");
    }
    let none = listened(|scenario| scenario.pipe.loss = Share::from_percent(100.0).unwrap()).events;
    assert!(none.iter().all(of_the_shop), "nothing that a browser tells");
    let orders = |events: &[Event]| -> Vec<Event> {
        events.iter().filter(|event| event.kind.name().starts_with("order")).copied().collect()
    };
    assert_eq!(orders(&none), orders(&own), "what the shop's own systems write down is never lost");
}

/// Goal: no news is known before its delay has passed, and without delay the question comes after its own event.
#[test]
fn no_news_is_known_before_its_delay_has_passed() {
    let prompt = listened(|_| {});
    let late = listened(|scenario| scenario.pipe.delay_ms = 600_000);
    assert_eq!((prompt.early, late.early), (0, 0));
    assert!(late.asked > Time(0), "questions were asked");
    assert!(late.events.len() < prompt.events.len() && late.events.len() * 10 > prompt.events.len() * 9);
    let same = late.events.iter().zip(&prompt.events).filter(|(a, b)| a == b).count();
    assert!(same * 10 > late.events.len() * 9, "late, and otherwise the same: {same}");
}

/// Goal: a message that the shop sent is known to have been sent, whatever the browsers' news do.
#[test]
fn the_shop_knows_which_messages_it_sent() {
    let mut scenario = scenario("fashion-web-shop", &small(10));
    scenario.pipe.loss = Share::from_percent(100.0).unwrap();
    let pipe = Pipe::new(&scenario.pipe, Luck::new(1, 0));
    let visitor = Visitor::off_site(CustomerId::new(3));
    let loses = |kind| pipe.loses(&Event { at: Time(5), visitor, kind }, ShopperId::new(3));
    assert!(!loses(EventKind::MessageSent { campaign: 1, treatment: None }));
    assert!(loses(EventKind::MessageOpened { campaign: 1 }), "that is a browser's news");
}

/// Goal: a policy is told once where its history ends, between the news of both sides, and whether the offers that are
/// still open end there: those of a pilot do, those of an incumbent that makes offers itself go on.
#[test]
fn the_end_of_the_history_is_told_once_with_what_becomes_of_its_offers() {
    for (incumbent, offers_end) in [(None, true), (Some("calendar-sale"), true), (Some("batch"), false)] {
        let heard = listened(|scenario| scenario.incumbent = incumbent.map(str::to_owned));
        let [(place, told)] = heard.history_ends[..] else {
            panic!("told {} times", heard.history_ends.len())
        };
        assert_eq!(told, offers_end, "after {incumbent:?}");
        let start = Day(14 + 42).start();
        assert!(heard.events[place - 1].at < start && start <= heard.events[place].at);
    }
}
