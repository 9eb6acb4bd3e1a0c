//! A shop in which nobody decides, watched as a web log would watch it.

#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::ids::{SessionNumber, ShopperId, VisitKey};
use counterfoil_core::policy::Ask;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::{Overrides, Scenario};
use counterfoil_world::{Answer, ArmState, Ended, Host, World};
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn shipped(name: &str) -> Scenario {
    let text = counterfoil_scenario::shipped::scenario_text(name).unwrap();
    let load = |name: &str| counterfoil_scenario::shipped::scenario_text(name).map(str::to_owned);
    match counterfoil_scenario::parse_scenario(text, name, &Overrides::default(), &load) {
        Ok(resolved) => resolved.scenario,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// One session reduced to what the published logs hold: product views, cart adds, purchases.
#[derive(Clone, Copy, Default)]
pub struct Reduced {
    pub views: u32,
    pub adds: u32,
    pub orders: u32,
    pub first: i64,
    pub last: i64,
    pub first_add: i64,
    pub views_before_add: u32,
}

/// Watches everything from a day on.
pub struct Watcher {
    pub from: Time,
    pub until: Time,
    pub sessions: BTreeMap<SessionNumber, (ShopperId, Reduced)>,
    pub ended: Vec<Ended>,
    pub answer: fn(&Ask) -> Option<TreatmentId>,
    pub last_page: BTreeMap<SessionNumber, i64>,
    pub page_seconds: Vec<f64>,
    pub events: u64,
}

impl Watcher {
    pub fn new(from: Day, until: Day) -> Self {
        Self {
            from: from.start(),
            until: until.start(),
            sessions: BTreeMap::new(),
            ended: Vec::new(),
            answer: |_| None,
            last_page: BTreeMap::new(),
            page_seconds: Vec::new(),
            events: 0,
        }
    }
}

impl Host for Watcher {
    fn event(&mut self, event: &Event, shopper: ShopperId) {
        self.events += 1;
        let Some(session) = event.visitor.session else { return };
        if event.at < self.from || event.at >= self.until {
            return;
        }
        let page = matches!(
            event.kind,
            EventKind::PageViewed(_)
                | EventKind::ProductViewed { .. }
                | EventKind::InfoViewed(_)
                | EventKind::CartViewed { .. }
        );
        if page && let Some(before) = self.last_page.insert(session, event.at.0) {
            self.page_seconds.push((event.at.0 - before) as f64 / 1000.0);
        }
        let entry = &mut self.sessions.entry(session).or_insert((shopper, Reduced::default())).1;
        let reduced = match event.kind {
            EventKind::ProductViewed { .. } => {
                entry.views += 1;
                true
            }
            EventKind::CartAdded { .. } => {
                if entry.adds == 0 {
                    entry.first_add = event.at.0;
                    entry.views_before_add = entry.views;
                }
                entry.adds += 1;
                true
            }
            EventKind::OrderPlaced { .. } => {
                entry.orders += 1;
                true
            }
            _ => false,
        };
        if reduced {
            if entry.first == 0 {
                entry.first = event.at.0;
            }
            entry.last = event.at.0;
        }
    }
    fn ask(&mut self, ask: &Ask, _shopper: ShopperId, _visit: VisitKey) -> Answer {
        Answer { treatment: (self.answer)(ask), scope: None, delay_ms: 8 }
    }
    fn ended(&mut self, visit: &Ended) {
        if visit.started >= self.from && visit.started < self.until {
            self.ended.push(*visit);
        }
    }
}

/// Lives through `days` days without sale or message.
pub fn live(arm: &mut ArmState, days: std::ops::Range<u32>, host: &mut impl Host) {
    for day in days {
        arm.begin_day(Day(day), None, &[]);
        while arm.next_time().is_some() {
            arm.step(host);
        }
    }
}

/// The shop without promotions, warmed up and watched for `weeks` weeks.
pub fn observe(scenario: &Scenario, world: u32, weeks: u32) -> (ArmState, Watcher) {
    let warm = 56;
    let mut scenario = scenario.clone();
    scenario.phases.warmup_days = warm;
    scenario.phases.history_days = 0;
    scenario.phases.horizon_days = weeks * 7;
    scenario.phases.probe_days = 1;
    let world = Arc::new(World::new(Arc::new(scenario), world));
    let mut arm = ArmState::new(world);
    let mut watcher = Watcher::new(Day(warm), Day(warm + weeks * 7));
    live(&mut arm, 0..warm + weeks * 7, &mut watcher);
    (arm, watcher)
}

/// The published figures, as measured here.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub values: Vec<(&'static str, f64)>,
}

pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    if sorted.is_empty() { f64::NAN } else { sorted[((sorted.len() - 1) as f64 * q) as usize] }
}

pub fn figures(arm: &ArmState, watcher: &Watcher, weeks: u32) -> Figures {
    let members = arm.world().people.len() as f64;
    let sessions = watcher.ended.len() as f64;
    let orders = watcher.ended.iter().filter(|v| v.end == VisitEnd::Ordered).count() as f64;
    let reduced: Vec<&(ShopperId, Reduced)> =
        watcher.sessions.values().filter(|(_, r)| r.views + r.adds + r.orders > 0).collect();
    let sum = |f: fn(&Reduced) -> u32| reduced.iter().map(|(_, r)| f64::from(f(r))).sum::<f64>();
    let (views, adds, bought) = (sum(|r| r.views), sum(|r| r.adds), sum(|r| r.orders));
    let mut counts: Vec<f64> = reduced.iter().map(|(_, r)| f64::from(r.views + r.adds + r.orders)).collect();
    counts.sort_by(f64::total_cmp);
    let single = counts.iter().filter(|c| **c == 1.0).count() as f64 / counts.len() as f64;
    let mut per_member = vec![0_u32; members as usize];
    let mut carts = vec![(false, false); members as usize];
    for visit in watcher.ended.iter().filter(|v| v.started < watcher.from + 56 * 86_400_000) {
        per_member[visit.shopper.index()] += 1;
    }
    for (shopper, r) in &reduced {
        carts[shopper.index()].0 |= r.adds > 0;
        carts[shopper.index()].1 |= r.orders > 0;
    }
    let users = |f: fn(&(bool, bool)) -> bool| carts.iter().filter(|c| f(c)).count() as f64;
    let added = watcher.ended.iter().filter(|v| v.added).count() as f64;
    let abandoned = watcher.ended.iter().filter(|v| v.added && v.end != VisitEnd::Ordered).count() as f64;
    let mut seconds: Vec<f64> = watcher.ended.iter().map(|v| (v.ended - v.started) as f64 / 1000.0).collect();
    seconds.sort_by(f64::total_cmp);
    let mut buying: Vec<f64> = watcher
        .ended
        .iter()
        .filter(|v| v.end == VisitEnd::Ordered)
        .map(|v| (v.ended - v.started) as f64 / 1000.0)
        .collect();
    buying.sort_by(f64::total_cmp);
    let mut page_seconds = watcher.page_seconds.clone();
    page_seconds.sort_by(f64::total_cmp);
    Figures {
        values: vec![
            ("C07 seconds per page p50", quantile(&page_seconds, 0.5)),
            ("C07 seconds per page p90", quantile(&page_seconds, 0.9)),
            ("C01 conversion per session", orders / sessions),
            ("C03 events per session", counts.iter().sum::<f64>() / counts.len() as f64),
            ("C03 p75", quantile(&counts, 0.75)),
            ("C03 p99", quantile(&counts, 0.99)),
            ("C03 single-event share", single),
            ("C06 session seconds p50", quantile(&seconds, 0.5)),
            ("C06 session seconds p75", quantile(&seconds, 0.75)),
            ("C06 buying seconds p50", quantile(&buying, 0.5)),
            ("C10 view to cart", adds / views),
            ("C10 cart to purchase", bought / adds),
            ("C11 user purchase given cart", users(|c| c.0 && c.1) / users(|c| c.0)),
            ("C22 sessions per shopper in 8 weeks", per_member.iter().sum::<u32>() as f64 / members),
            ("C22 three or more", per_member.iter().filter(|n| **n >= 3).count() as f64 / members),
            ("F14 carts abandoned", abandoned / added),
            ("orders per shopper", orders / members * 12.0 / f64::from(weeks)),
        ],
    }
}
