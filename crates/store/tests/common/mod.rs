//! Synthetic units in realistic proportions, the same on every machine.

use counterfoil_core::digest::Digest;
use counterfoil_core::facts::{
    ArmFacts, DailyFact, DecisionFact, Fate, NeedFact, OfferFact, OfferFate, OrderFact, ProbeWeek, QuietFact,
    Totals, TruthFact, UnitFacts, VisitEnd, VisitFact,
};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{DecisionPoint, Reason, Stage};
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_store::{ArmRow, Keep, NewRun, PolicyRow};

/// Arms of every test run.
pub const ARMS: [&str; 4] = ["control", "status-quo", "batch", "realtime"];
/// First day of the horizon.
pub const HORIZON_START: u32 = 182;

/// Numbers that look random: SplitMix64.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next one below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A run of `worlds` worlds with four arms.
pub fn new_run(worlds: u32, keep: Keep) -> NewRun {
    let policies = ["none", "calendar-sale", "batch", "realtime"];
    NewRun {
        created_at: "2026-11-20 17:42:05".into(),
        engine_version: "0.1.0".into(),
        scenario: "fashion-web-shop".into(),
        title: "A fashion shop on the web".into(),
        scenario_text: "format = 1\nname = \"fashion-web-shop\"\n".into(),
        scenario_hash: "8f3a".into(),
        command: "{\"days\":84}".into(),
        currency: "EUR".into(),
        currency_decimals: 2,
        seed: (1 << 53) - 1,
        worlds,
        shoppers: 20_000,
        days: 84,
        first_day_from_epoch: 20_458,
        horizon_start_day: HORIZON_START,
        keep,
        visits_kept_ppm: if keep == Keep::Summary { 0 } else { 1_000_000 },
        sample: false,
        deterministic: true,
        covered: true,
        question: "Which arm earns most?".into(),
        policies: policies
            .iter()
            .map(|&name| PolicyRow {
                name: name.into(),
                text: format!("format = 1 # {name}"),
                hash: name.into(),
            })
            .collect(),
        arms: ARMS
            .iter()
            .zip(policies)
            .map(|(&arm, policy)| ArmRow { name: arm.into(), policy: policy.into() })
            .collect(),
        treatments: ["ten-off", "free-shipping", "reviews", "sale"].map(str::to_owned).to_vec(),
        categories: ["dresses", "shoes", "coats"].map(str::to_owned).to_vec(),
    }
}

/// One world in which each arm has `visits` visits, and needs, orders, offers and decisions in proportion.
pub fn unit(world: u32, shoppers: u32, visits: u32) -> UnitFacts {
    let arms =
        ARMS.iter().enumerate().map(|(number, &name)| arm(world, number, name, shoppers, visits)).collect();
    UnitFacts { world, shoppers, arms, events: u64::from(visits) * 30 }
}

/// One arm of such a world. Visits and needs are the same in every arm; what becomes of them is not.
pub fn arm(world: u32, number: usize, name: &str, shoppers: u32, visits: u32) -> ArmFacts {
    let mut shared = Numbers(u64::from(world) << 8);
    let mut own = Numbers((u64::from(world) << 8) + 1 + number as u64);
    let at = |numbers: &mut Numbers| {
        Time(i64::from(HORIZON_START) * DAY_MS + numbers.below(168 * DAY_MS as u64) as i64)
    };
    let shopper = |numbers: &mut Numbers| numbers.below(u64::from(shoppers)) as u32;
    let mut visit_rows: Vec<VisitFact> =
        (0..visits).map(|_| visit(at(&mut shared), shopper(&mut shared), &mut own, &mut shared)).collect();
    visit_rows.sort_by_key(|v| v.at);
    let needs =
        (0..visits / 10).map(|n| need(n, shoppers, number, &mut shared, &mut own)).collect::<Vec<_>>();
    let orders: Vec<OrderFact> = (0..visits / 50)
        .map(|n| {
            let need = &needs[n as usize];
            order(n, need, at(&mut own), &mut own)
        })
        .collect();
    let offers =
        (0..if number == 0 { 0 } else { visits / 50 }).map(|n| offer(&orders[n as usize], n)).collect();
    let decisions = (0..if number == 0 { 0 } else { visits * 3 / 10 })
        .map(|n| decision(n, at(&mut own), shopper(&mut own), &mut own))
        .collect();
    let mut digest = Digest::default();
    digest.fold(own.below(u64::MAX));
    ArmFacts {
        arm: name.into(),
        events: 0,
        digest,
        orders_digest: digest,
        totals: totals(shoppers, visits, number),
        daily: (0..168).map(|day| daily(day, number)).collect(),
        truth: TruthFact {
            needs: [3, 14, 15, 92, 65, 35],
            bridge: [100, 20, -5, -1, -7, 3, -2, -1, 107],
            spillover_orders: number as i64,
        },
        probe_weeks: (0..12).map(|week| ProbeWeek { as_is: 100 - week, reset: 100 }).collect(),
        orders,
        needs,
        offers,
        visits: visit_rows,
        decisions,
        quiet_decisions: (HORIZON_START..HORIZON_START + 84)
            .map(|day| QuietFact { day, stage: Stage::Value, reason: Reason::NotWorthIt, count: 311 })
            .collect(),
    }
}

fn visit(at: Time, shopper: u32, own: &mut Numbers, shared: &mut Numbers) -> VisitFact {
    let ends = [
        VisitEnd::Bounced,
        VisitEnd::Left,
        VisitEnd::Abandoned,
        VisitEnd::Waited,
        VisitEnd::Fished,
        VisitEnd::Ordered,
    ];
    VisitFact {
        shopper,
        at,
        seconds: 10 + own.below(900) as u32,
        key: shared.below(1 << 32) as u32,
        pages: 1 + own.below(12) as u16,
        shown: own.below(2) as u8,
        end: ends[own.below(6) as usize],
    }
}

fn need(number: u32, shoppers: u32, arm: usize, shared: &mut Numbers, own: &mut Numbers) -> NeedFact {
    let fates = [Fate::Bought, Fate::Bought, Fate::MetFromStock, Fate::Lapsed, Fate::Elsewhere, Fate::Open];
    let fate =
        if number.is_multiple_of(7) { fates[own.below(6) as usize] } else { fates[shared.below(6) as usize] };
    let bought = fate == Fate::Bought;
    NeedFact {
        shopper: number % shoppers,
        category: (number / shoppers) as u8 % 3,
        k: (number / shoppers / 3) as u16,
        due_day: HORIZON_START + shared.below(84) as u32,
        fate,
        order: bought.then_some(number),
        waited: arm > 0 && own.below(10) == 0,
        goods_margin: Money(if bought { 2_000 + own.below(3_000) as i64 } else { 0 }),
        reward: Money(if bought && arm > 0 { own.below(2) as i64 * 900 } else { 0 }),
        logistics: Money(if bought { -(own.below(700) as i64) } else { 0 }),
    }
}

fn order(number: u32, need: &NeedFact, at: Time, own: &mut Numbers) -> OrderFact {
    OrderFact {
        order: number,
        shopper: need.shopper,
        at,
        category: need.category,
        k: need.k,
        product: own.below(400) as u32,
        units: 1,
        units_stocked: own.below(2) as u32,
        goods: Money(4_000 + own.below(9_000) as i64),
        reward: need.reward,
        treatment: (need.reward.0 > 0).then_some(TreatmentId(0)),
        sale: false,
        contribution: need.contribution(),
        returned: own.below(5) == 0,
    }
}

fn offer(order: &OrderFact, number: u32) -> OfferFact {
    let fate = [OfferFate::Open, OfferFate::Redeemed, OfferFate::Expired][number as usize % 3];
    OfferFact {
        shopper: order.shopper,
        treatment: TreatmentId(number as u8 % 2),
        issued_at: order.at,
        fate,
        order: (fate == OfferFate::Redeemed).then_some(order.order),
        cost: order.reward,
    }
}

fn decision(number: u32, at: Time, shopper: u32, own: &mut Numbers) -> DecisionFact {
    let shown = (own.below(3) > 0).then_some(TreatmentId(own.below(3) as u8));
    DecisionFact {
        at,
        shopper,
        number,
        point: [DecisionPoint::ProductPage, DecisionPoint::ExitIntent][own.below(2) as usize],
        shown,
        winner: shown.or(Some(TreatmentId(1))),
        reason: if shown.is_some() { Reason::Won } else { Reason::FrequencyCap },
        propensity_ppm: 20_000 + own.below(980_000) as u32,
        latency_ms: 5 + own.below(90) as u32,
    }
}

fn totals(shoppers: u32, visits: u32, arm: usize) -> Totals {
    let mut totals = Totals::default();
    for (place, name) in Totals::NAMES.iter().enumerate() {
        assert!(totals.set(name, i64::from(visits) * 7 + place as i64 - 20));
    }
    totals.shoppers = i64::from(shoppers);
    totals.contribution = -1_234_567 + arm as i64;
    totals
}

fn daily(day: i64, arm: usize) -> DailyFact {
    DailyFact {
        sessions: 900 + day,
        orders: 20 + arm as i64,
        discounted_orders: arm as i64,
        goods_net: 123_456 + day,
        rewards: 900,
        contribution: 40_000 - day,
        treatments_shown: arm as i64 * 30,
        waits: 4,
    }
}
