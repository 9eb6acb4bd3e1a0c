//! What she would pay at a moment, and everything else that enters a choice.

use super::OnSite;
use crate::choice::Situation;
use crate::host::Host;
use crate::ledger::AppliedDeal;
use counterfoil_core::money::Money;
use counterfoil_core::shop::ProductId;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::terms::{Amounts, Applied, Deal, sale_price};

impl<H: Host> OnSite<'_, H> {
    /// Everything that enters her choice now, and the amounts that she would pay; `None` without a need. What she wants
    /// stands still within a visit, so that looking twice is no news; an offer may run out meanwhile.
    pub(super) fn situation(&self) -> Option<(Situation<'_>, Amounts)> {
        let need = self.need()?;
        let (who, amounts) = (&self.visit.who, self.amounts(need.product, u32::from(need.quantity)));
        let situation = Situation {
            scenario: &self.world.scenario,
            traits: &self.world.person(who.shopper).traits,
            mind: &self.arm.minds[who.shopper.index()],
            need,
            relief: self.visit.screen.relief,
            noise: who.noise,
            price_ratio: amounts.ratio(),
            fee_ratio: amounts.fee_ratio(),
            now: who.started,
        };
        Some((situation, amounts))
    }

    /// What units of a product would cost her now.
    fn amounts(&self, product: ProductId, units: u32) -> Amounts {
        let deal = self.best_deal(product, units).and_then(|applied| self.deal(applied.treatment));
        Amounts::of(&self.world.shop, self.at_list(product, units), deal)
    }

    fn at_list(&self, product: ProductId, units: u32) -> Money {
        self.world.shop.product(product).list_price * i64::from(units)
    }

    /// The money side of a treatment.
    pub(super) fn deal(&self, id: TreatmentId) -> Option<Deal> {
        Deal::of(&self.world.scenario.treatments[id.index()])
    }

    /// The personal offer or the posted sale, whichever gives her more on `units`; they never add up. An offer counts in
    /// time and for products in its scope only.
    pub(super) fn best_deal(&self, product: ProductId, units: u32) -> Option<AppliedDeal> {
        let held = self.visit.held.filter(|held| self.arm.ledger.holds(held.offer, product, self.now));
        let (offer, sale) = (held.map(|held| held.treatment), self.arm.today.sale);
        let [of_offer, of_sale] = [offer, sale].map(|id| id.and_then(|id| self.deal(id)));
        match Amounts::best(&self.world.shop, self.at_list(product, units), of_offer, of_sale).1 {
            Applied::Offer => offer.map(|treatment| AppliedDeal { treatment, sale: false }),
            Applied::Sale => sale.map(|treatment| AppliedDeal { treatment, sale: true }),
            Applied::Nothing => None,
        }
    }

    /// Unit price on the pages of today.
    pub(super) fn page_price(&self, product: ProductId) -> Money {
        let sale = self.arm.today.sale.and_then(|id| self.deal(id));
        sale_price(self.world.shop.product(product).list_price, sale)
    }

    /// Price that she would pay for a product, as a share of the list price.
    pub(super) fn price_ratio(&self, product: ProductId) -> f64 {
        self.amounts(product, self.quantity()).ratio()
    }

    /// How deep a treatment is for what she wants.
    pub(super) fn depth_for_her(&self, id: TreatmentId) -> f64 {
        let goods = self.at_list(self.visit.product, self.quantity());
        self.deal(id).map_or(0.0, |deal| deal.depth_on(&self.world.shop, goods))
    }
}
