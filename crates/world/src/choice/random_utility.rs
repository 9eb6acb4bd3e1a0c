//! Random utility with reference prices and beliefs (world model, section 7).
//!
//! Waiting is buying later, so it shares the noise of buying; it wins exactly when a believed deal is worth more than the
//! cost of waiting for it (Su 2007; Besanko and Winston 1990).

use super::{ChoiceModel, Outlook, Situation, Waiting};
use crate::mind::Mind;
use crate::mind::belief::Belief;
use crate::node::Node;
use counterfoil_core::quantile::{exp, ln};
use counterfoil_core::time::DAY_MS;

/// The form of the world model.
#[derive(Debug)]
pub(crate) struct RandomUtility;

impl ChoiceModel for RandomUtility {
    fn net(&self, s: &Situation<'_>, node: Node) -> f64 {
        let buying = s.scenario.choice.attractiveness
            + s.traits.price_sensitivity * (f64::from(s.need.value) - ln(s.total_ratio(node)))
            + gain(s, s.price_ratio)
            - s.obstacles(node);
        s.mind.add_utility(buying, s.scenario) + s.noise
    }

    fn waiting(&self, s: &Situation<'_>, outlook: Outlook) -> Option<(Waiting, f64)> {
        if !s.scenario.choice.strategic_waiting {
            return None;
        }
        let mut best: Option<(Waiting, f64)> = None;
        let mut consider = |why: Waiting, belief: Belief, days: f64| {
            if f64::from(belief.chance) < s.scenario.beliefs.smallest {
                return;
            }
            let gain = wait_gain(s, belief, days);
            if gain > best.map_or(0.0, |(_, best)| best) {
                best = Some((why, gain));
            }
        };
        for days in 1..=7 {
            consider(Waiting::ForSale(days), s.mind.sales.after(outlook.weekday, days), f64::from(days));
        }
        let until_next_visit = 1.0 / s.scenario.needs.visit_per_day.max(0.01);
        consider(Waiting::ForVisit, s.mind.deals.at_visit, until_next_visit);
        if outlook.in_cart {
            consider(Waiting::Fishing, s.mind.deals.on_hesitation, 1.0);
        }
        best
    }

    fn price_obstacle(&self, s: &Situation<'_>) -> f64 {
        (s.traits.price_sensitivity * (ln(s.price_ratio) - f64::from(s.need.value))).max(0.0)
    }

    fn usual_price(&self, mind: &Mind, category: u8) -> f64 {
        mind.reference.of(category)
    }
}

/// Gain or loss of a price against the reference price, utils.
fn gain(s: &Situation<'_>, price_ratio: f64) -> f64 {
    let relative = s.mind.reference.gain(s.need.category, price_ratio, s.scenario.choice.loss_aversion);
    s.traits.deal_proneness * relative
}

/// What a believed deal `days` away adds: chance x survival x patience x gain - cost of waiting, utils.
fn wait_gain(s: &Situation<'_>, belief: Belief, days: f64) -> f64 {
    let left_ms = (s.need.deadline - s.now) as f64;
    if left_ms < days * DAY_MS as f64 {
        return f64::MIN;
    }
    let deal = (1.0 - f64::from(belief.depth)).max(1e-4);
    let better =
        s.traits.price_sensitivity * (ln(s.price_ratio) - ln(deal)) + gain(s, deal) - gain(s, s.price_ratio);
    let survival = exp(-days / s.scenario.needs.elsewhere_days);
    let patience = exp(days * ln(s.scenario.choice.patience_per_day.clamp(1e-6, 1.0)));
    f64::from(belief.chance) * survival * patience * better.max(0.0) - s.traits.waiting_cost * days
}
