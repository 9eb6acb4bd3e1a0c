//! Potential needs: what a shopper may come to want, drawn in advance and identical in every arm.
//!
//! The sequence of each (shopper, category) is a Poisson process with keyed gaps; `k` numbers it. Arms differ only in
//! what becomes of a potential need. Nothing shifts a due time.

use crate::cancel::{GoOn, is_time_to_ask};
use crate::catalogue::Popularity;
use crate::people::Shopper;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::ids::{NeedCode, ShopperId};
use counterfoil_core::luck::{Luck, uniform};
use counterfoil_core::quantile::{exponential, gumbel, ln, lognormal, normal};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_scenario::model::Scenario;
use counterfoil_till::terms::NEED_UNITS_MAX;

/// One potential need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    /// Whose.
    pub shopper: ShopperId,
    /// Category number.
    pub category: u8,
    /// Number within shopper and category.
    pub k: u16,
    /// Units needed.
    pub quantity: u8,
    /// When it arises.
    pub due: Time,
    /// When it lapses.
    pub deadline: Time,
    /// When she would meet it elsewhere.
    pub elsewhere: Time,
    /// The product that fits it.
    pub product: ProductId,
    /// ln(value / list price).
    pub value: f32,
    /// Active if the stimulus reaches this threshold (0 to 1).
    pub threshold: f32,
    /// Levels of doubt, shipping, payment, choice, timing; utils.
    pub barriers: [f32; 5],
    /// Persistent taste for buying here less that for leaving, in units of a Gumbel difference.
    pub taste: f32,
}

impl Need {
    /// Its name among the needs of its shopper.
    #[must_use]
    #[inline]
    pub fn code(&self) -> NeedCode {
        NeedCode::new(self.category, self.k)
    }
}

/// What needs are drawn from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub scenario: &'a Scenario,
    pub luck: &'a Luck,
    pub people: &'a [Shopper],
    pub popularity: &'a Popularity,
    /// Needs that fall due from then on are nobody's concern.
    pub end: Time,
}

/// All potential needs of a world that fall due in time, by due time, then shopper, category and k; `None` if it was
/// cancelled.
pub(crate) fn needs(source: Source<'_>, go_on: GoOn<'_>) -> Option<Vec<Need>> {
    let mut by_day = vec![Vec::new(); source.end.day().0 as usize + 1];
    for shopper in 0..source.people.len() {
        if is_time_to_ask(shopper) && !go_on() {
            return None;
        }
        for category in 0..source.scenario.catalogue.categories.len() {
            source.sequence(ShopperId::at(shopper), category as u8, &mut by_day);
        }
    }
    // Day by day, so that nobody who cancels waits for all of them.
    let mut needs = Vec::with_capacity(by_day.iter().map(Vec::len).sum());
    for mut of_day in by_day {
        if !go_on() {
            return None;
        }
        of_day.sort_unstable_by_key(|n: &Need| (n.due, n.shopper, n.category, n.k));
        needs.append(&mut of_day);
    }
    Some(needs)
}

/// Longest that anything lasts, days: a thousand years are as good as for ever.
const DAYS_MAX: f64 = 365_000.0;

fn days(days: f64) -> i64 {
    (days.min(DAYS_MAX) * DAY_MS as f64) as i64
}

/// Noise of one alternative less that of another, from two words: the difference of two Gumbel draws.
pub(crate) fn gumbel_difference(words: [u32; 4]) -> f64 {
    gumbel(uniform(words[0])) - gumbel(uniform(words[1]))
}

impl Source<'_> {
    /// The needs of a shopper in a category, one after the other.
    fn sequence(&self, shopper: ShopperId, category: u8, by_day: &mut [Vec<Need>]) {
        let share = self.scenario.catalogue.categories[usize::from(category)].share.fraction();
        let per_week = self.people[shopper.index()].traits.need_rate * share;
        if per_week <= 0.0 {
            return;
        }
        let mean_gap_ms = 7.0 * DAY_MS as f64 / per_week;
        let mut due = 0.0_f64;
        for k in 0..NeedCode::NEEDS_MAX {
            let code = NeedCode::new(category, k);
            let words: [[u32; 4]; 5] =
                std::array::from_fn(|lane| self.luck.block(DrawKey::need(shopper, code, lane as u32)));
            due += exponential(uniform(words[0][0])) * mean_gap_ms;
            if due >= self.end.0 as f64 {
                return;
            }
            let need = self.need(shopper, (category, k), Time(due as i64), &words);
            by_day[need.due.day().0 as usize].push(need);
        }
    }

    fn need(&self, shopper: ShopperId, (category, k): (u8, u16), due: Time, words: &[[u32; 4]; 5]) -> Need {
        let settings = &self.scenario.needs;
        let u = |lane: usize, word: usize| uniform(words[lane][word]);
        let life = lognormal(u(0, 1), settings.lifetime_days.median, settings.lifetime_days.log_sd);
        let code = NeedCode::new(category, k);
        let taste = self.luck.block(DrawKey::taste(shopper, code));
        let popular = self.luck.stream(DrawKey::wanted_product(shopper, code));
        Need {
            shopper,
            category,
            k,
            quantity: if u(0, 2) < settings.two_units.fraction() { NEED_UNITS_MAX as u8 } else { 1 },
            due,
            deadline: due + days(life),
            elsewhere: due + days(settings.elsewhere_days * exponential(u(0, 3))),
            product: self.popularity.product(category, popular),
            value: (settings.value_log_sd * normal(u(1, 1)) - ln(self.scenario.catalogue.price_level)) as f32,
            threshold: u(1, 2) as f32,
            barriers: self.barriers(shopper, words),
            taste: gumbel_difference(taste) as f32,
        }
    }

    /// Levels of what stands in the way; each barrier takes two words, from the third block on.
    fn barriers(&self, shopper: ShopperId, words: &[[u32; 4]; 5]) -> [f32; 5] {
        let traits = &self.people[shopper.index()].traits;
        let proneness = [traits.doubt_proneness, traits.shipping_aversion, 1.0, 1.0, 1.0];
        std::array::from_fn(|b| {
            let (block, first) = (&words[2 + b / 2], 2 * (b % 2));
            let settings = &self.scenario.needs.barriers[b];
            let present = uniform(block[first]) < settings.share.fraction();
            let size = settings.mean * proneness[b] * exponential(uniform(block[first + 1]));
            if present { size as f32 } else { 0.0 }
        })
    }
}
