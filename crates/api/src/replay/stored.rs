//! What the store alone can tell of a shopper: visits, decisions that showed something or were refused, orders.

use std::sync::Arc;

use counterfoil_core::facts::{DecisionFact, Fate, OrderFact, VisitFact};
use counterfoil_core::shop::ProductId;
use counterfoil_store::{Place, RunRecord};
use counterfoil_world::World;

use super::entries::ending;
use super::words::reason;
use super::{ShopWords, assembled};
use crate::api::Api;
use crate::dto::{EntryKind, Loser, ReplayArm, ReplayDecision, ReplayEntry, ShopperReplay};
use crate::error::Answered;
use crate::planning::Planned;
use counterfoil_results::display_of;

impl Api {
    pub(super) fn stored_replay(
        &self,
        record: &RunRecord,
        (world, shopper): (u32, u32),
        note: String,
    ) -> Answered<ShopperReplay> {
        let mut scenario = Planned::scenario_of(record)?;
        scenario.shoppers.count = 1;
        let shop_words = ShopWords::new(Arc::clone(&World::new(Arc::new(scenario), world).shop), &record.run);
        let mut arms = Vec::new();
        for row in &record.run.arms {
            let at = Place { run: record.run.no, world, arm: &row.name, shopper: Some(shopper) };
            arms.push(self.stored_arm(&shop_words, at)?);
        }
        Ok(assembled(record, (world, shopper), Vec::new(), arms, Some(note)))
    }

    fn stored_arm(&self, shop_words: &ShopWords, at: Place<'_>) -> Answered<ReplayArm> {
        let store = self.store()?;
        let needs = store.needs_of(at)?;
        let mut arm = ReplayArm {
            arm: at.arm.to_owned(),
            display: display_of(at.arm).to_owned(),
            index: 0,
            orders: needs.iter().filter(|need| need.fate == Fate::Bought).count() as u32,
            contribution: needs.iter().map(|need| need.contribution().0).sum::<i64>() as f64
                / shop_words.minor,
            entries: Vec::new(),
            decisions: Vec::new(),
        };
        for visit in store.visits_of(at)? {
            push_visit(shop_words, &mut arm, &visit);
        }
        for decision in store.decisions_of(at)? {
            push_decision(shop_words, &mut arm, &decision);
        }
        for order in store.orders_of(at)? {
            push_order(shop_words, &mut arm, &order);
        }
        arm.entries.sort_by_key(|entry| entry.time_ms);
        Ok(arm)
    }
}

fn entry(shop_words: &ShopWords, at: counterfoil_core::Time, kind: EntryKind, text: String) -> ReplayEntry {
    ReplayEntry {
        time_ms: shop_words.since_start(at),
        day: shop_words.day(at),
        clock: shop_words.clock(at),
        kind,
        text,
        money: None,
        decision: None,
        differs: false,
    }
}

fn push_visit(shop_words: &ShopWords, arm: &mut ReplayArm, visit: &VisitFact) {
    let pages = if visit.pages == 1 { "1 page".to_owned() } else { format!("{} pages", visit.pages) };
    arm.entries.push(entry(shop_words, visit.at, EntryKind::Visit, format!("comes, sees {pages}")));
    if let Some((kind, text)) = ending(Some(visit.end)) {
        let end = visit.at + i64::from(visit.seconds) * 1_000;
        arm.entries.push(entry(shop_words, end, kind, text.to_owned()));
    }
}

fn push_decision(shop_words: &ShopWords, arm: &mut ReplayArm, fact: &DecisionFact) {
    let winner = fact.shown.map(|id| shop_words.treatment(id));
    let subject = fact.winner.or(fact.shown).map(|id| shop_words.treatment(id)).unwrap_or_default();
    let why = reason(fact.reason).to_owned();
    let stage = fact.reason.stage().name().to_owned();
    let losers = match winner {
        Some(_) => Vec::new(),
        None => vec![Loser { treatment: subject.clone(), stage: stage.clone(), reason: why.clone() }],
    };
    let (kind, text) = match &winner {
        Some(winner) => (EntryKind::Treatment, format!("sees {winner}")),
        None => (EntryKind::Decision, format!("nothing shown: {subject}: {why}")),
    };
    arm.decisions.push(ReplayDecision {
        time_ms: shop_words.since_start(fact.at),
        clock: shop_words.clock(fact.at),
        stage,
        winner,
        sentence: format!("{subject}: {why}"),
        losers,
        candidates: Vec::new(),
        propensity: (fact.propensity_ppm < 1_000_000).then(|| f64::from(fact.propensity_ppm) / 1e6),
        latency_ms: f64::from(fact.latency_ms),
        information_age_hours: None,
    });
    let decision = Some((arm.decisions.len() - 1) as u32);
    arm.entries.push(ReplayEntry { decision, ..entry(shop_words, fact.at, kind, text) });
}

fn push_order(shop_words: &ShopWords, arm: &mut ReplayArm, order: &OrderFact) {
    let with = match order.treatment {
        Some(_) if order.sale => " in the sale".to_owned(),
        Some(id) => format!(" with {}", shop_words.treatment(id)),
        None => " at full price".to_owned(),
    };
    let paid = order.goods - order.reward;
    let text =
        format!("buys {}{with}, {}", shop_words.product(ProductId(order.product)), shop_words.money(paid));
    let money = Some(shop_words.major(paid));
    arm.entries.push(ReplayEntry { money, ..entry(shop_words, order.at, EntryKind::Order, text) });
}
