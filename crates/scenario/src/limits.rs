//! What a scenario asks for in total, in closed form, and how much of it one world can hold.
//!
//! # Promises
//! - A scenario whose product of rates never ends is refused when it is read, with the number that it would come to.
//! - Limits belong to the file: the same text is allowed on every machine. A machine that is too small for an allowed
//!   scenario is a matter of estimates and questions.
//! - What is refused is counted so that shoppers never do more on average: needs that are met early and fatigue only take
//!   visits away. (Messages add two visits per shopper and day at the very most, and are left out.)
//!
//! # Where to start
//! [`expected`], then [`check`].

use counterfoil_core::quantile::exp;

use crate::field::key_at;
use crate::kind::grouped;
use crate::model::{Scenario, Spread};
use crate::problem::Problem;
use crate::tree::Node;

/// Arms of one run, `control` and `status-quo` among them.
pub const ARMS_MAX: usize = 32;

/// Visits of a shopper and day that a scenario may expect on average, and potential needs likewise.
pub const PER_SHOPPER_AND_DAY_MAX: f64 = 500.0;

/// Events that one arm of one world may expect: visits, questions and orders are numbered with 32 bits.
pub const EVENTS_MAX: f64 = 4e9;

/// Events of a visit beside further views of products: it begins, a page, somebody is recognised, it ends.
const EVENTS_BESIDE_VIEWS: f64 = 4.0;

/// Further views of a visit are cut there by the world.
const VIEWS_MAX: f64 = 60.0;

/// Days after which an open need causes no more visits: the world's slots of a need.
const SLOTS_MAX: f64 = 255.0;

/// What a scenario leads to on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Visits without a need, per shopper and day.
    pub browsing: f64,
    /// Visits for a need, per shopper and day, of shoppers who expect no sale.
    pub for_needs: f64,
    /// The same if every open need waited for a sale on the next day.
    pub for_needs_in_sales: f64,
    /// Potential needs that are drawn, per shopper and day.
    pub potential_needs: f64,
    /// Days of all phases.
    pub days: f64,
    /// Visits of one arm of one world over all phases.
    pub visits: f64,
    /// Events of one arm of one world over all phases.
    pub events: f64,
    /// The most that sales can make of them, and the potential needs.
    pub events_max: f64,
}

impl Expected {
    /// Visits per shopper and day.
    #[must_use]
    pub fn visits_per_day(&self) -> f64 {
        self.browsing + self.for_needs
    }

    /// The most that sales can make of it.
    #[must_use]
    pub fn visits_per_day_max(&self) -> f64 {
        self.browsing + self.for_needs_in_sales
    }
}

/// Mean of a log-normal: median x exp(log_sd^2 / 2).
fn mean(spread: Spread) -> f64 {
    spread.median * exp(spread.log_sd * spread.log_sd / 2.0)
}

/// The expectations of a scenario.
#[must_use]
pub fn expected(scenario: &Scenario) -> Expected {
    let needs = &scenario.needs;
    let potential_needs = mean(scenario.shoppers.need_rate) / 7.0;
    let browsing = mean(scenario.shoppers.browsing) / 7.0;
    // Loyalty is 1 at most; messages raise the share only while they are remembered.
    let loyal = 1.0 + needs.loyalty_effect * 0.5;
    let active = (needs.active.fraction() * loyal).min(1.0);
    let days_open = (1.0 + open_for(scenario)).min(1.0 + SLOTS_MAX);
    let days_of_needs = potential_needs * active * days_open;
    let hazard = needs.visit_per_day.max(needs.visit_while_waiting);
    let for_needs = days_of_needs * hazard;
    let for_needs_in_sales = days_of_needs * hazard.max(needs.visit_on_expected_day);
    let phases = scenario.phases;
    let days = phases.warmup_days + phases.history_days + phases.horizon_days + phases.probe_days;
    let views = scenario.choice.further_views.min(VIEWS_MAX);
    let of_browsing = EVENTS_BESIDE_VIEWS + scenario.choice.browsing_depth.fraction() * views;
    let of_need = EVENTS_BESIDE_VIEWS + views;
    let shopper_days = f64::from(scenario.shoppers.count) * f64::from(days);
    let events = (browsing * of_browsing + for_needs * of_need) * shopper_days;
    let events_max = (browsing * of_browsing + for_needs_in_sales * of_need + potential_needs) * shopper_days;
    let visits = (browsing + for_needs) * shopper_days;
    Expected {
        browsing,
        for_needs,
        for_needs_in_sales,
        potential_needs,
        days: f64::from(days),
        visits,
        events,
        events_max,
    }
}

/// Mean days until a need lapses or is met elsewhere: for an exponential with mean E and a lifetime of mean L at most
/// E (1 - exp(-L / E)), by Jensen's inequality.
fn open_for(scenario: &Scenario) -> f64 {
    let (lifetime, elsewhere) = (mean(scenario.needs.lifetime_days), scenario.needs.elsewhere_days);
    if elsewhere > 0.0 { elsewhere * (1.0 - exp(-lifetime / elsewhere)) } else { 0.0 }
}

/// Refuses what no machine would ever finish, and more arms than a comparison can hold.
pub(crate) fn check(tree: &Node, scenario: &Scenario, problems: &mut Vec<Problem>) {
    if problems.is_empty() {
        rates(tree, scenario, problems);
    }
    let always = 1 + usize::from(scenario.incumbent.is_some() && scenario.phases.history_days > 0);
    if scenario.arms.len() + always > ARMS_MAX
        && let Some(node) = tree.find("arms")
    {
        problems.push(too_many_arms(node, scenario.arms.len()));
    }
}

/// A run with more arms than anybody can compare.
pub(crate) fn too_many_arms(node: &Node, found: usize) -> Problem {
    let key = if node.at.file.is_empty() { "--policy" } else { "arms" };
    let allowed = format!("a run has at most {ARMS_MAX}, control and status-quo among them");
    Problem::at(&node.at, key, format!("has {found} arms"), allowed)
        .hint("compare them in several runs with the same seed: their shoppers are the same")
}

fn rates(tree: &Node, scenario: &Scenario, problems: &mut Vec<Problem>) {
    let expected = expected(scenario);
    let at = |key: &str| tree.find(key).map_or(&tree.at, |node| &node.at);
    let of_rate = if expected.browsing > expected.for_needs_in_sales {
        "shoppers.browsing"
    } else {
        "shoppers.need_rate"
    };
    let per_day = expected.visits_per_day_max();
    let events = format!("{} events in an arm of a world", rounded(expected.events_max));
    let spread = "the mean of a log-normal is median x exp(log_sd^2 / 2): lower `log_sd` or `median`";
    // Fields have bounds, so that no product here is infinite.
    if per_day > PER_SHOPPER_AND_DAY_MAX {
        let found = format!("leads to {} visits per shopper and day, and {events}", rounded(per_day));
        let allowed = format!("on average a shopper makes at most {PER_SHOPPER_AND_DAY_MAX} visits a day");
        problems.push(Problem::at(at(of_rate), of_rate, found, allowed).hint(spread));
    } else if expected.potential_needs > PER_SHOPPER_AND_DAY_MAX {
        let key = "shoppers.need_rate";
        let found =
            format!("leads to {} potential needs per shopper and day", rounded(expected.potential_needs));
        let allowed = format!("on average a shopper has at most {PER_SHOPPER_AND_DAY_MAX} a day");
        problems.push(Problem::at(at(key), key, found, allowed).hint(spread));
    } else if expected.events_max > EVENTS_MAX {
        let per_day = rounded(per_day);
        let key = &key_at(at("shoppers.count"), "shoppers.count");
        let (count, days) = (scenario.shoppers.count, expected.days);
        let count = grouped(i64::from(count));
        let found = format!(
            "is {count}, which leads to {events} ({per_day} visits per shopper and day, {days} days)"
        );
        let allowed = format!("one arm of one world has at most {}", rounded(EVENTS_MAX));
        let hint = "take fewer shoppers and more worlds, or shorter phases";
        problems.push(Problem::at(at("shoppers.count"), key, found, allowed).hint(hint));
    }
}

/// A number for people: three digits that count, in threes.
fn rounded(number: f64) -> String {
    if number >= 1e15 {
        return format!("{number:.1e}");
    }
    if number < 100.0 {
        return format!("{number:.1}");
    }
    let mut step = 1.0;
    while number / step >= 1_000.0 {
        step *= 10.0;
    }
    grouped(((number / step).round() * step) as i64)
}
