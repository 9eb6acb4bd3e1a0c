//! Potential needs: what a shopper may come to want, drawn in advance and identical in every arm.
//!
//! The sequence of each (shopper, category) is a Poisson process with keyed gaps; `k` numbers it. Arms differ only in
//! what becomes of a potential need. Nothing shifts a due time.

use crate::people::Shopper;
use crate::shop::product_at;
use crate::town::{GoOn, is_time_to_ask};
use counterfoil_core::luck::{Luck, Purpose, uniform};
use counterfoil_core::quantile::{exponential, gumbel, ln, lognormal, normal};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_scenario::model::Scenario;
use counterfoil_till::terms::NEED_UNITS_MAX;

/// One potential need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    /// Whose.
    pub shopper: u32,
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
    /// (category, k) in one word: the part of a key that names a need of a shopper.
    #[must_use]
    #[inline]
    pub fn code(&self) -> u32 {
        u32::from(self.category) << 10 | u32::from(self.k)
    }
}

/// All potential needs of a world that fall due before `end`, by due time, then shopper, category and k; `None` if it was
/// cancelled.
pub fn needs(
    scenario: &Scenario,
    luck: &Luck,
    (people, popularity): (&[Shopper], &[f64]),
    end: Time,
    go_on: GoOn<'_>,
) -> Option<Vec<Need>> {
    let mut by_day = vec![Vec::new(); end.day().0 as usize + 1];
    for (shopper, person) in people.iter().enumerate() {
        if is_time_to_ask(shopper) && !go_on() {
            return None;
        }
        for (category, settings) in scenario.catalogue.categories.iter().enumerate() {
            let per_week = person.traits.need_rate * settings.share.fraction();
            if per_week <= 0.0 {
                continue;
            }
            let place = Place { shopper: shopper as u32, category: category as u8 };
            sequence(scenario, luck, person, popularity, (place, per_week, end), &mut by_day);
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

#[derive(Clone, Copy)]
struct Place {
    shopper: u32,
    category: u8,
}

fn sequence(
    scenario: &Scenario,
    luck: &Luck,
    person: &Shopper,
    popularity: &[f64],
    (place, per_week, end): (Place, f64, Time),
    by_day: &mut [Vec<Need>],
) {
    let mean_gap_ms = 7.0 * DAY_MS as f64 / per_week;
    let mut due = 0.0_f64;
    for k in 0..1024_u16 {
        let code = u32::from(place.category) << 10 | u32::from(k);
        let words: [[u32; 4]; 5] =
            std::array::from_fn(|lane| luck.block(Purpose::Need, [place.shopper, code, lane as u32]));
        due += exponential(uniform(words[0][0])) * mean_gap_ms;
        if due >= end.0 as f64 {
            return;
        }
        let taste = luck.block(Purpose::Taste, [place.shopper, code, 0]);
        let at = Time(due as i64);
        by_day[at.day().0 as usize].push(draw(scenario, person, popularity, (place, k, at), &words, taste));
    }
}

/// Longest that anything lasts, days: a thousand years are as good as for ever.
const DAYS_MAX: f64 = 365_000.0;

fn draw(
    scenario: &Scenario,
    person: &Shopper,
    popularity: &[f64],
    (place, k, due): (Place, u16, Time),
    words: &[[u32; 4]; 5],
    taste: [u32; 4],
) -> Need {
    let settings = &scenario.needs;
    let u = |lane: usize, word: usize| uniform(words[lane][word]);
    let days = |d: f64| (d.min(DAYS_MAX) * DAY_MS as f64) as i64;
    let life = lognormal(u(0, 1), settings.lifetime_days.median, settings.lifetime_days.log_sd);
    let level = |b: usize, u_share: f64, u_size: f64| {
        let proneness = match b {
            0 => person.traits.doubt_proneness,
            1 => person.traits.shipping_aversion,
            _ => 1.0,
        };
        let present = u_share < settings.barriers[b].share.fraction();
        if present { (settings.barriers[b].mean * proneness * exponential(u_size)) as f32 } else { 0.0 }
    };
    Need {
        shopper: place.shopper,
        category: place.category,
        k,
        quantity: if u(0, 2) < settings.two_units.fraction() { NEED_UNITS_MAX as u8 } else { 1 },
        due,
        deadline: due + days(life),
        elsewhere: due + days(settings.elsewhere_days * exponential(u(0, 3))),
        product: product_at(popularity, place.category, u(1, 0)),
        value: (settings.value_log_sd * normal(u(1, 1)) - ln(scenario.catalogue.price_level)) as f32,
        threshold: u(1, 2) as f32,
        barriers: [
            level(0, u(2, 0), u(2, 1)),
            level(1, u(2, 2), u(2, 3)),
            level(2, u(3, 0), u(3, 1)),
            level(3, u(3, 2), u(3, 3)),
            level(4, u(4, 0), u(4, 1)),
        ],
        taste: (gumbel(uniform(taste[0])) - gumbel(uniform(taste[1]))) as f32,
    }
}
