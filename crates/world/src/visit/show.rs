//! Asking what to show, and what a shown treatment does to a shopper who notices it.

use super::OnSite;
use crate::host::Host;
use crate::ledger::Promise;
use crate::mind::wallet::WalletOffer;
use crate::session::{Held, Pending};
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{EventKind, Voucher};
use counterfoil_core::ids::OfferNumber;
use counterfoil_core::luck::PolicyLuck;
use counterfoil_core::money::Money;
use counterfoil_core::policy::{Ask, DecisionPoint};
use counterfoil_core::shop::ProductId;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::validity;

/// Page and decision point as one number.
fn question(page: u16, point: DecisionPoint) -> u32 {
    u32::from(page) << 4 | point as u32
}

impl<H: Host> OnSite<'_, H> {
    /// Asks what to show on the page of the wanted product.
    pub(super) fn ask(&mut self, point: DecisionPoint) {
        let knows_product = self.visit.record.carted || point != DecisionPoint::SessionStart;
        self.ask_about(point, knows_product.then_some(self.visit.product));
    }

    /// Asks what to show at a decision point; the answer arrives after its delay.
    pub(super) fn ask_about(&mut self, point: DecisionPoint, product: Option<ProductId>) {
        let number = self.arm.next_question();
        let (visit, who) = (&self.visit, &self.visit.who);
        let unit = product.map_or(Money::ZERO, |id| self.world.shop.product(id).list_price);
        let in_cart = if visit.record.carted { self.quantity() } else { 0 };
        let page = question(visit.course.page, point);
        let ask = Ask {
            at: self.now,
            visitor: visit.visitor,
            point,
            product,
            quantity: in_cart.max(1),
            cart_goods: unit * i64::from(in_cart),
            consent: who.consent,
            number,
            luck: PolicyLuck::new(self.world.luck, who.shopper, who.key, page),
            trace: false,
        };
        let answer = self.host.ask(&ask, who.shopper, who.key);
        let Some(treatment) = answer.treatment else { return };
        let at = self.now + answer.delay_ms;
        let pending = Pending { treatment, scope: answer.scope, decision: number, at, point };
        if let Some(replaced) = self.visit.screen.pending.replace(pending) {
            self.host.dropped(replaced.decision);
        }
    }

    /// A treatment reaches the screen.
    pub(super) fn show(&mut self) {
        let Some(pending) = self.visit.screen.pending.take() else { return };
        let id = pending.treatment;
        self.record(EventKind::TreatmentShown { treatment: id, decision: pending.decision });
        let spec = &self.world.scenario.treatments[id.index()];
        self.arm.ledger.message_costs += spec.cost_per_show;
        self.visit.screen.shown = self.visit.screen.shown.saturating_add(1);
        self.visit.record.answered |= self.visit.record.friction;
        let offer = spec.kind.is_offer().then(|| {
            let voucher = Voucher::Decision(pending.decision);
            let until = validity::until(spec, self.now, false);
            let promise = Promise { voucher, until, scope: pending.scope.clone() };
            self.arm.ledger.issue(self.visit.who.shopper, id, self.now, promise)
        });
        if self.notices(id) {
            self.affect(id);
            if let Some(offer) = offer {
                self.take_offer(&pending, offer);
            }
        } else if let Some(offer) = offer {
            self.arm.ledger.expire(offer);
        }
    }

    /// Whether she notices it; never at visibility 0.
    fn notices(&self, id: TreatmentId) -> bool {
        let visibility = self.world.scenario.effects[id.index()].visibility;
        let key = DrawKey::notice(self.visit.who.shopper, self.visit.who.key, id.0);
        visibility > 0.0 && self.world.luck.uniform(key) < visibility
    }

    /// What a noticed treatment does: relief, fatigue, perhaps distrust.
    fn affect(&mut self, id: TreatmentId) {
        let scenario = &self.world.scenario;
        let effect = &scenario.effects[id.index()];
        let screen = &mut self.visit.screen;
        screen.noticed = screen.noticed.saturating_add(1);
        screen.news |= screen.relief.notice(effect, scenario.relief_scale);
        let noticed = u32::from(screen.noticed);
        let annoyance = effect.annoyance * self.world.person(self.visit.who.shopper).traits.annoyance;
        let mind = self.mind();
        mind.fatigue.tire(annoyance);
        mind.trust.notice(&scenario.feelings, noticed);
    }

    /// She takes an offer, and learns how deep it is for what she wants: not at all where it does not hold for that.
    fn take_offer(&mut self, pending: &Pending, offer: OfferNumber) {
        let id = pending.treatment;
        let holds = self.arm.ledger.holds(offer, self.visit.product, self.now);
        let depth = if holds { self.depth_for_her(id) } else { 0.0 };
        // An offer that takes nothing off what she wants is neither news nor a deal to remember.
        if depth > 0.0 {
            self.learn_deal(pending.point, depth);
        }
        // One offer at a time: in the wallet or in this visit.
        let wallet = self.mind().wallet.take().map(|held| held.offer);
        if let Some(old) = wallet.or(self.visit.held.map(|held| held.offer)) {
            self.arm.ledger.expire(old);
        }
        self.visit.held = Some(Held { treatment: id, offer });
        if !validity::ends_with_visit(&self.world.scenario.treatments[id.index()], false) {
            let until = self.arm.ledger.promise(offer).until;
            self.mind().wallet.put(WalletOffer { treatment: id, until, offer });
        }
    }

    fn learn_deal(&mut self, point: DecisionPoint, depth: f64) {
        self.visit.screen.news = true;
        self.visit.screen.offer_seen = true;
        let settings = &self.world.scenario.beliefs;
        let deals = &mut self.mind().deals;
        if matches!(point, DecisionPoint::SessionStart | DecisionPoint::ProductPage) {
            deals.came_by_itself(settings, depth);
        } else {
            deals.came_on_hesitation(settings, depth);
        }
    }
}
