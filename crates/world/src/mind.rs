//! What a shopper remembers in one arm: deal beliefs, reference prices, fatigue, trust, loyalty, stock, wallet.
//!
//! Memory fades by half-lives and is brought up to date when it is next needed, so quiet days cost nothing.

use counterfoil_core::money::Money;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::{Beliefs, Feelings};

/// Most categories of a scenario; reference prices lie in an array.
pub const CATEGORIES_MAX: usize = counterfoil_core::shop::CATEGORIES_MAX;
/// Needs that a shopper can have open at once and still be found by a message.
pub const OPEN_MAX: usize = 4;

/// A believed deal: how likely and how deep (0 to 1 each).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Belief {
    /// Probability.
    pub chance: f32,
    /// Depth as a share of the list price.
    pub depth: f32,
}

impl Belief {
    /// Moves the belief by one observation of weight `rate`; `depth` 0 means that there was no deal.
    pub fn learn(&mut self, rate: f64, depth: f64) {
        let rate = rate as f32;
        if depth > 0.0 {
            self.chance += rate * (1.0 - self.chance);
            self.depth = if self.depth == 0.0 {
                depth as f32
            } else {
                self.depth + rate * (depth as f32 - self.depth)
            };
        } else {
            self.chance -= rate * self.chance;
        }
    }
}

/// A personal offer in her wallet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalletOffer {
    /// Which treatment.
    pub treatment: TreatmentId,
    /// Redeemable until.
    pub until: Time,
    /// Entry in the ledger of offers.
    pub entry: u32,
}

/// A unit at home that will meet a later need; money is its share of the order that supplied it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StockUnit {
    /// Category.
    pub category: u8,
    /// Order that supplied it.
    pub order: u32,
    /// Need for which that order was placed.
    pub buyer_need: u32,
    /// List price less unit cost.
    pub goods_margin: Money,
    /// Rewards on it.
    pub reward: Money,
    /// Shipping, payment and returns.
    pub logistics: Money,
}

/// One shopper's mind in one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Mind {
    /// Believed deals by weekday.
    pub calendar: [Belief; 7],
    /// Believed deal on an ordinary visit.
    pub visit: Belief,
    /// Believed deal after hesitating or leaving a cart.
    pub trigger: Belief,
    /// Reference price by category, as a share of the list price.
    pub reference: [f32; CATEGORIES_MAX],
    /// Fatigue from treatments, 0 to 1.
    pub fatigue: f32,
    /// Trust, 0 to 1.
    pub trust: f32,
    /// Loyalty, 0 to 1.
    pub loyalty: f32,
    /// Stimulus from opened messages.
    pub stimulus: f32,
    /// Day up to which everything above has faded.
    pub day: u32,
    /// Personal offer that she may still redeem.
    pub wallet: Option<WalletOffer>,
    /// Units at home.
    pub stock: Vec<StockUnit>,
    /// Open needs, newest last; `u32::MAX` where there is none.
    pub open: [u32; OPEN_MAX],
    /// Orders so far.
    pub orders: u32,
}

impl Default for Mind {
    fn default() -> Self {
        Self {
            calendar: [Belief::default(); 7],
            visit: Belief::default(),
            trigger: Belief::default(),
            reference: [1.0; CATEGORIES_MAX],
            fatigue: 0.0,
            trust: 1.0,
            loyalty: 0.5,
            stimulus: 0.0,
            day: 0,
            wallet: None,
            stock: Vec::new(),
            open: [u32::MAX; OPEN_MAX],
            orders: 0,
        }
    }
}

/// Factors by which memory fades over a number of days, tabulated.
#[derive(Clone, Debug)]
pub struct Fading {
    belief: Vec<f32>,
    fatigue: Vec<f32>,
    stimulus: Vec<f32>,
    distrust: Vec<f32>,
}

impl Fading {
    /// Tables for up to `days` days.
    pub fn new(beliefs: &Beliefs, feelings: &Feelings, stimulus_half_life_days: f64, days: u32) -> Self {
        let halving = |half_life: f64| {
            (0..=days).map(|d| libm_exp2(-f64::from(d) / half_life) as f32).collect::<Vec<f32>>()
        };
        let kept = (1.0 - feelings.trust_regained_per_week).max(1e-9);
        let per_day = counterfoil_core::quantile::ln(kept) / 7.0;
        Self {
            belief: halving(beliefs.half_life_days),
            fatigue: halving(feelings.fatigue_half_life_days),
            stimulus: halving(stimulus_half_life_days),
            distrust: (0..=days)
                .map(|d| counterfoil_core::quantile::exp(per_day * f64::from(d)) as f32)
                .collect(),
        }
    }
}

fn libm_exp2(x: f64) -> f64 {
    counterfoil_core::quantile::exp(x * std::f64::consts::LN_2)
}

impl Mind {
    /// Lets memory fade until `day`.
    #[inline]
    pub fn fade(&mut self, day: u32, fading: &Fading) {
        if day <= self.day {
            return;
        }
        let days = ((day - self.day) as usize).min(fading.belief.len() - 1);
        self.day = day;
        let kept = fading.belief[days];
        self.calendar.iter_mut().for_each(|b| b.chance *= kept);
        self.visit.chance *= kept;
        self.trigger.chance *= kept;
        self.fatigue *= fading.fatigue[days];
        self.stimulus *= fading.stimulus[days];
        self.trust = 1.0 - (1.0 - self.trust) * fading.distrust[days];
    }

    /// Sees a price (share of list price) in a category.
    #[inline]
    pub fn see_price(&mut self, category: u8, ratio: f64, rate: f64) {
        let reference = &mut self.reference[category as usize];
        *reference += rate as f32 * (ratio as f32 - *reference);
    }

    /// Takes over deal beliefs, reference prices and fatigue of another mind (the reset twin of the withdrawal test).
    pub fn reset_to(&mut self, other: &Self) {
        self.calendar = other.calendar;
        self.visit = other.visit;
        self.trigger = other.trigger;
        self.reference = other.reference;
        self.fatigue = other.fatigue;
    }

    /// Remembers an open need.
    pub fn open_need(&mut self, need: u32) {
        self.open.rotate_left(1);
        self.open[OPEN_MAX - 1] = need;
    }

    /// Forgets a need that is no longer open.
    pub fn close_need(&mut self, need: u32) {
        for place in &mut self.open {
            if *place == need {
                *place = u32::MAX;
            }
        }
    }
}
