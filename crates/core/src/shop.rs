//! The public side of a shop: catalogue, shipping, treatments, calendar. Every policy gets the same one.

use crate::money::Money;
use crate::time::{Calendar, Day};
use crate::treatment::{TreatmentId, TreatmentSpec};
use serde::{Deserialize, Serialize};

/// Most categories of a scenario: memories of prices lie in arrays of this length.
pub const CATEGORIES_MAX: usize = 16;

/// Index of a product in [`Shop::products`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductId(pub u32);

impl ProductId {
    /// As an index.
    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One product as the merchant knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Category number, below [`Shop::categories`]`.len()`.
    pub category: u8,
    /// Posted price before any treatment.
    pub list_price: Money,
    /// What one unit costs the shop.
    pub unit_cost: Money,
    /// Share of lines that come back, in millionths.
    pub return_rate_ppm: u32,
}

/// Everything public about the shop of one world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Products by [`ProductId`].
    pub products: Vec<Product>,
    /// Names of categories.
    pub categories: Vec<String>,
    /// Treatments by [`TreatmentId`], without their effects.
    pub treatments: Vec<TreatmentSpec>,
    /// Decimals of the currency: 2 for EUR, 0 for JPY.
    pub currency_decimals: u32,
    /// Fee charged for delivery below the threshold.
    pub shipping_fee: Money,
    /// Goods value from which delivery is free; compared with goods after discount.
    pub free_shipping_from: Money,
    /// What a delivery costs the shop.
    pub shipping_cost: Money,
    /// Payment fee as a share of what is paid, in millionths.
    pub payment_fee_ppm: u32,
    /// Handling cost of one returned line.
    pub return_handling: Money,
    /// Share of the unit cost lost on a returned line, in millionths.
    pub return_value_lost_ppm: u32,
    /// Dates of the world's days.
    pub calendar: Calendar,
    /// First day of the horizon: where the arms fork.
    pub horizon_start: Day,
    /// First day after the horizon.
    pub horizon_end: Day,
    /// Members of this world, for budgets stated per shopper.
    pub shoppers: u32,
}

impl Shop {
    /// The specification of a treatment.
    #[must_use]
    #[inline]
    pub fn treatment(&self, id: TreatmentId) -> &TreatmentSpec {
        &self.treatments[id.index()]
    }
    /// The treatment with this name.
    #[must_use]
    pub fn treatment_named(&self, name: &str) -> Option<TreatmentId> {
        self.treatments.iter().position(|t| t.name == name).map(|i| TreatmentId(i as u8))
    }
    /// One product.
    #[must_use]
    #[inline]
    pub fn product(&self, id: ProductId) -> &Product {
        &self.products[id.index()]
    }
}
