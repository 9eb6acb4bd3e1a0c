//! What a shopper remembers and feels in one arm: the mechanisms, listed once. Each is one file in `mind/`: its state, how it
//! fades, how it is updated, its term in a utility or a rate, its fold into the digest, its test.
//!
//! Memory is brought up to date when it is next needed, so quiet days cost nothing.

pub(crate) mod barriers;
pub(crate) mod belief;
pub(crate) mod deals;
pub(crate) mod fatigue;
pub(crate) mod loyalty;
pub(crate) mod open_needs;
pub(crate) mod reference_price;
pub(crate) mod sales;
pub(crate) mod stimulus;
pub(crate) mod stock;
pub(crate) mod traces;
pub(crate) mod trust;
pub(crate) mod wallet;

use self::deals::PersonalDeals;
use self::fatigue::Fatigue;
use self::loyalty::Loyalty;
use self::open_needs::OpenNeeds;
use self::reference_price::ReferencePrice;
use self::sales::SaleDays;
use self::stimulus::Stimulus;
use self::stock::HomeStock;
use self::trust::Trust;
use self::wallet::Wallet;
use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_core::time::Day;
use counterfoil_scenario::model::Scenario;

macro_rules! mind {
    ($($(#[$doc:meta])+ $field:ident: $mechanism:ty,)+) => {
        /// One shopper's mind in one arm.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Mind {
            $($(#[$doc])+ pub $field: $mechanism,)+
            /// Day up to which everything has faded.
            faded_to: u32,
        }

        /// What fading needs, for every mechanism.
        #[derive(Clone, Debug)]
        pub(crate) struct Fading {
            $($field: <$mechanism as Mechanism>::Fading,)+
        }

        impl Fading {
            /// Tables for up to `days` days.
            pub(crate) fn new(scenario: &Scenario, days: u32) -> Self {
                Self { $($field: <$mechanism as Mechanism>::fading(scenario, days),)+ }
            }
        }

        impl Mind {
            /// Lets memory fade until `day`.
            #[inline]
            pub(crate) fn fade(&mut self, day: Day, fading: &Fading) {
                if day.0 <= self.faded_to {
                    return;
                }
                let days = (day.0 - self.faded_to) as usize;
                self.faded_to = day.0;
                $(self.$field.fade(days, &fading.$field);)+
            }

            /// Adds every term to a utility, in the order of the list, utils.
            #[inline]
            pub(crate) fn add_utility(&self, mut sum: f64, scenario: &Scenario) -> f64 {
                $(sum += self.$field.utility(scenario);)+
                sum
            }

            /// Takes over what the same person remembers of deals in control (the withdrawal test).
            pub(crate) fn reset_to(&mut self, control: &Self) {
                $(self.$field.reset_to(&control.$field);)+
            }

            /// Folds everything into `digest`.
            pub(crate) fn fold_into(&self, digest: &mut Digest) {
                let Self { $($field,)+ faded_to } = self;
                $($field.fold_into(digest);)+
                digest.fold(u64::from(*faded_to));
            }
        }
    };
}

mind! {
    /// Weekdays on which she expects a posted sale.
    sales: SaleDays,
    /// Personal deals that she believes in.
    deals: PersonalDeals,
    /// What she thinks things cost.
    reference: ReferencePrice,
    /// Fatigue from treatments.
    fatigue: Fatigue,
    /// Trust in the shop.
    trust: Trust,
    /// Loyalty to the shop.
    loyalty: Loyalty,
    /// What opened messages woke.
    stimulus: Stimulus,
    /// The offer that she holds.
    wallet: Wallet,
    /// Units at home.
    stock: HomeStock,
    /// Needs that are open.
    open: OpenNeeds,
}

impl Mind {
    /// What she remembers, without what lies at home.
    #[must_use]
    pub fn without_stock(&self) -> Self {
        Self { stock: HomeStock::default(), ..self.clone() }
    }
}
