//! The seam for how she chooses: what buying now, waiting and leaving are worth to her.
//!
//! # Promises
//! - All utilities are relative to leaving. Effects of treatments are increments that are exactly zero when the effect is
//!   zero, so a treatment without effect changes no bit of a choice.
//! - A form of choosing draws nothing: noise is part of the situation, so two forms meet the same shoppers with the same
//!   luck.
//!
//! # A further form
//! A file beside `random_utility.rs` that implements [`ChoiceModel`], a variant of
//! [`counterfoil_scenario::model::ChoiceForm`], and a line in [`model`].

mod habit;
mod random_utility;

use crate::mind::Mind;
use crate::mind::barriers::Relief;
use crate::need::Need;
use crate::node::Node;
use crate::people::Traits;
use counterfoil_core::time::Time;
use counterfoil_scenario::model::{ChoiceForm, Scenario};

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
pub(crate) struct Situation<'a> {
    /// Settings of choosing, believing, feeling and needing.
    pub scenario: &'a Scenario,
    /// Her traits.
    pub traits: &'a Traits,
    /// Her mind, faded to today.
    pub mind: &'a Mind,
    /// The need of this visit.
    pub need: &'a Need,
    /// Relief of barriers by what she noticed.
    pub relief: Relief,
    /// Noise of buying less noise of leaving: persistent taste and the visit's shock, scaled, utils.
    pub noise: f64,
    /// Net goods / goods at list price.
    pub price_ratio: f64,
    /// Shipping fee that would be charged / goods at list price.
    pub fee_ratio: f64,
    /// Now.
    pub now: Time,
}

impl Situation<'_> {
    /// Share of the delivery fee that she reckons with at a node.
    fn fee_reckoned(&self, node: Node) -> f64 {
        if node >= Node::Shipping { 1.0 } else { self.scenario.choice.shipping_anticipated.fraction() }
    }

    /// Goods and reckoned fee / goods at list price.
    fn total_ratio(&self, node: Node) -> f64 {
        (self.price_ratio + self.fee_reckoned(node) * self.fee_ratio).max(1e-4)
    }

    /// Utility that barriers take away at a node.
    fn obstacles(&self, node: Node) -> f64 {
        let fee = (self.fee_ratio > 0.0).then(|| self.fee_reckoned(node));
        self.relief.obstacles(self.need, node, fee, self.now)
    }
}

/// From where she would wait: what may still come, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outlook {
    /// Today's weekday, Monday 0.
    pub weekday: usize,
    /// She has something in the cart, so that leaving it may trigger an offer.
    pub in_cart: bool,
}

/// A form of choosing.
pub(crate) trait ChoiceModel: std::fmt::Debug + Send + Sync {
    /// Utility of buying now less that of leaving, noise included, with the news of `node`, utils.
    fn net(&self, situation: &Situation<'_>, node: Node) -> f64;

    /// The best reason to wait, and what waiting adds to the utility of buying now; `None` if there is none.
    fn waiting(&self, situation: &Situation<'_>, outlook: Outlook) -> Option<(Waiting, f64)>;

    /// The obstacle that is the price: how far it pulls her down, utils (never negative).
    fn price_obstacle(&self, situation: &Situation<'_>) -> f64;

    /// What she takes for the usual price of a category, as a share of the list price.
    fn usual_price(&self, mind: &Mind, category: u8) -> f64;
}

/// The form that a scenario names.
pub(crate) fn model(form: ChoiceForm) -> &'static dyn ChoiceModel {
    match form {
        ChoiceForm::RandomUtility => &random_utility::RandomUtility,
        ChoiceForm::Habit => &habit::Habit,
    }
}
