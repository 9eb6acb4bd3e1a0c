//! Treatments, reasons, products and times as people say them.

use counterfoil_core::money::Money;
use counterfoil_core::policy::Reason;
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{DAY_MS, Time};
use counterfoil_core::treatment::{Gives, TreatmentId};

use super::ShopWords;
use counterfoil_core::number::significant;

/// What became of a treatment, in a merchant's words.
pub(crate) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NotInPolicy => "the policy does not use it",
        Reason::Won => "worth most",
        Reason::Explored => "shown to learn",
        Reason::Assigned => "the table says so",
        Reason::NotEligible => "its rule does not hold here",
        Reason::WrongMoment => "not at this step",
        Reason::NoConsent => "no consent to personalisation",
        Reason::Holdout => "held out, so that the effect can be measured",
        Reason::NotWorthIt => "would cost more than it brings",
        Reason::Outbid => "another one is worth more",
        Reason::MarginFloor => "the margin would fall below the floor",
        Reason::Stacking => "an offer or sale already applies",
        Reason::FrequencyCap => "shown too often lately",
        Reason::SessionCap => "enough changes in this visit",
        Reason::Budget => "the budget is spent",
        Reason::Late => "the answer came too late",
        Reason::SmallestOrder => "the order is too small for it",
        Reason::NotInTable => "the segment's table names another one or none",
    }
}

impl ShopWords {
    /// `15 % off`, `free shipping`, `reassurance`.
    pub(crate) fn treatment(&self, id: TreatmentId) -> String {
        let Some(spec) = self.shop.treatments.get(id.index()) else { return "a treatment".to_owned() };
        match spec.kind.gives() {
            Gives::ShareOfGoods(share) => format!("{} % off", significant(share.fraction() * 100.0, 3)),
            Gives::AmountOffGoods(amount) => format!("{} off", self.money(amount)),
            Gives::ShippingFee | Gives::Nothing => spec.name.replace('-', " "),
        }
    }

    /// `shirts no. 12`.
    pub(crate) fn product(&self, id: ProductId) -> String {
        let product = self.shop.products.get(id.index());
        let category = product.and_then(|product| self.shop.categories.get(usize::from(product.category)));
        format!("{} no. {}", category.map_or("product", String::as_str), id.0 + 1)
    }

    /// An amount with the currency's decimals.
    pub(crate) fn money(&self, amount: Money) -> String {
        self.purse.exact(self.major(amount))
    }

    /// In major units.
    pub(crate) fn major(&self, amount: Money) -> f64 {
        amount.0 as f64 / self.minor
    }

    /// Milliseconds since the start of the horizon.
    pub(crate) fn since_start(&self, at: Time) -> i64 {
        at - self.start().start()
    }

    /// Day of the horizon, from 1.
    pub(crate) fn day(&self, at: Time) -> u32 {
        u32::try_from(self.since_start(at).div_euclid(DAY_MS) + 1).unwrap_or(0)
    }

    /// `day 3 14:02`.
    pub(crate) fn clock(&self, at: Time) -> String {
        let minutes = at.of_day_ms() / 60_000;
        format!("day {} {:02}:{:02}", self.day(at), minutes / 60, minutes % 60)
    }

    /// `day 3 14:02:11`.
    pub(crate) fn clock_seconds(&self, at: Time) -> String {
        format!("{}:{:02}", self.clock(at), at.of_day_ms() / 1_000 % 60)
    }
}
