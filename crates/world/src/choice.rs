//! Utilities: what buying now, waiting and leaving are worth (world model, section 7).
//!
//! All utilities are relative to leaving. Effects of treatments are increments that are exactly zero when the effect is
//! zero, so a treatment without effect changes no bit of a choice. Waiting is buying later, so it shares the noise of
//! buying; it wins exactly when a believed deal is worth more than the cost of waiting for it (Su 2007; Besanko and
//! Winston 1990).

use crate::mind::Mind;
use crate::need::Need;
use crate::people::Traits;
use counterfoil_core::quantile::{exp, ln};
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_scenario::model::{Beliefs, Choice, Feelings, Needs};

/// How much of the way to an order lies behind her: later nodes bring news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// On the product page; shipping is anticipated in part.
    Product,
    /// With the product in the cart.
    Cart,
    /// The shipping fee is known.
    Shipping,
    /// The ways to pay are known.
    Payment,
}

/// Why she goes away to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For a sale that she expects in this many days.
    ForSale(u32),
    /// For an offer on an ordinary visit.
    ForVisit,
    /// Because leaving is believed to trigger an offer.
    Fishing,
}

/// Everything that enters a choice at one moment.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Her traits.
    pub traits: &'a Traits,
    /// Her mind, faded to today.
    pub mind: &'a Mind,
    /// The need of this visit.
    pub need: &'a Need,
    /// Settings of choosing.
    pub choice: &'a Choice,
    /// Settings of feelings.
    pub feelings: &'a Feelings,
    /// Relief per barrier from what she noticed.
    pub relief: &'a [f32; 5],
    /// Noise of buying less noise of leaving: persistent taste and the visit's shock, scaled.
    pub noise: f64,
    /// Net goods / goods at list price.
    pub ratio: f64,
    /// Shipping fee that would be charged / goods at list price.
    pub fee_ratio: f64,
    /// Now.
    pub now: Time,
}

impl Scene<'_> {
    /// Utility of buying now less that of leaving, noise included, with the news of `node`.
    pub fn net(&self, node: Node) -> f64 {
        let anticipated =
            if node >= Node::Shipping { 1.0 } else { self.choice.shipping_anticipated.fraction() };
        let total = (self.ratio + anticipated * self.fee_ratio).max(1e-4);
        self.choice.attractiveness
            + self.traits.price_sensitivity * (f64::from(self.need.value) - ln(total))
            + self.gain(self.ratio)
            - self.obstacles(node, anticipated)
            - self.feelings.fatigue_cost * f64::from(self.mind.fatigue)
            - self.feelings.trust_cost * (1.0 - f64::from(self.mind.trust))
            + self.noise
    }

    /// Gain or loss against the reference price, utils; losses weigh more.
    fn gain(&self, ratio: f64) -> f64 {
        let reference = f64::from(self.mind.reference[self.need.category as usize]);
        let relative = (reference - ratio) / reference;
        let weighed = if relative < 0.0 { self.choice.loss_aversion * relative } else { relative };
        self.traits.deal_proneness * weighed
    }

    /// Sum of what stands in the way, after relief, utils.
    fn obstacles(&self, node: Node, anticipated: f64) -> f64 {
        let left = |b: usize| {
            let level = f64::from(self.need.barriers[b]);
            level - level * f64::from(self.relief[b])
        };
        let shipping = if self.fee_ratio > 0.0 { left(1) * anticipated } else { 0.0 };
        let payment = if node == Node::Payment { left(2) } else { 0.0 };
        let life = (self.need.deadline - self.need.due).max(1) as f64;
        let to_go = ((self.need.deadline - self.now) as f64 / life).clamp(0.0, 1.0);
        left(0) + shipping + payment + left(3) + left(4) * to_go
    }

    /// The obstacle that is the price: how far the price term pulls her down, utils (never negative).
    pub fn price_obstacle(&self) -> f64 {
        (self.traits.price_sensitivity * (ln(self.ratio) - f64::from(self.need.value))).max(0.0)
    }

    /// The best reason to wait and what waiting adds to the utility of buying now; `None` if none is worth it.
    pub fn waiting(
        &self,
        beliefs: &Beliefs,
        needs: &Needs,
        weekday: u8,
        in_cart: bool,
    ) -> Option<(Waiting, f64)> {
        if !self.choice.strategic_waiting {
            return None;
        }
        let mut best: Option<(Waiting, f64)> = None;
        let mut consider = |kind: Waiting, chance: f32, depth: f32, days: f64| {
            if f64::from(chance) < beliefs.smallest {
                return;
            }
            let gain = self.wait_gain(f64::from(chance), f64::from(depth), days, needs);
            if gain > best.map_or(0.0, |(_, g)| g) {
                best = Some((kind, gain));
            }
        };
        for days in 1..=7_u32 {
            let belief = self.mind.calendar[(usize::from(weekday) + days as usize) % 7];
            consider(Waiting::ForSale(days), belief.chance, belief.depth, f64::from(days));
        }
        consider(
            Waiting::ForVisit,
            self.mind.visit.chance,
            self.mind.visit.depth,
            1.0 / needs.visit_per_day.max(0.01),
        );
        if in_cart {
            consider(Waiting::Fishing, self.mind.trigger.chance, self.mind.trigger.depth, 1.0);
        }
        best
    }

    /// What a believed deal `days` away adds: chance x survival x patience x gain - cost of waiting, utils.
    fn wait_gain(&self, chance: f64, depth: f64, days: f64, needs: &Needs) -> f64 {
        let left_ms = (self.need.deadline - self.now) as f64;
        if left_ms < days * DAY_MS as f64 {
            return f64::MIN;
        }
        let deal = (1.0 - depth).max(1e-4);
        let better = self.traits.price_sensitivity * (ln(self.ratio) - ln(deal)) + self.gain(deal)
            - self.gain(self.ratio);
        let survival = exp(-days / needs.elsewhere_days);
        let patience = exp(days * ln(self.choice.patience_per_day.clamp(1e-6, 1.0)));
        chance * survival * patience * better.max(0.0) - self.traits.waiting_cost * days
    }
}

/// Whether units for a later need are worth buying now: price advantage against the usual price, less holding cost.
pub fn stocks_up(
    traits: &Traits,
    choice: &Choice,
    reference: f64,
    ratio: f64,
    weeks_to_next: f64,
    shock: f64,
) -> bool {
    if ratio >= reference || weeks_to_next * 7.0 > f64::from(choice.stock_days) {
        return false;
    }
    traits.price_sensitivity * ln(reference / ratio) + shock > choice.holding_cost * weeks_to_next
}
