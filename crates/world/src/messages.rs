//! Messages: one goes out, is opened or not, is read, and perhaps followed to the shop.

use crate::agenda::{Arrival, Occasion};
use crate::arm::ArmState;
use crate::host::Host;
use crate::identity::shopper_of;
use crate::ledger::Promise;
use crate::mind::wallet::WalletOffer;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{Event, EventKind, Visitor, Voucher};
use counterfoil_core::ids::{OfferNumber, VisitKey};
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::Push;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::terms::Deal;
use counterfoil_till::validity;

/// Within so many hours of sending a message is opened, if at all (assumption).
const OPENED_WITHIN_HOURS: f64 = 5.0;
/// From opening a message to the first page, milliseconds (assumption).
const CLICK_MS: i64 = 2_000;

impl ArmState {
    /// Message number `number` of the day goes out; whether and when it is opened is luck of (shopper, campaign).
    pub(crate) fn message_is_sent(&mut self, number: u32, at: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let push = self.messages[number as usize].push.clone();
        let shopper = shopper_of(push.customer);
        let kind = EventKind::MessageSent { campaign: push.campaign, treatment: push.treatment };
        host.event(&Event { at, visitor: Visitor::off_site(push.customer), kind }, shopper);
        let content = push.treatment.or(self.today.sale);
        self.ledger.message_sent(content, &world.scenario.treatments);
        let offer = self.offer_in(&push, at);
        self.messages[number as usize].offer = offer;
        let words = world.luck.block(DrawKey::message(shopper, push.campaign));
        let visibility = content.map_or(0.0, |id| world.scenario.effects[id.index()].visibility);
        let opens = uniform(words[0]) < world.scenario.messages.open.fraction() * visibility;
        if world.person(shopper).subscribed && opens {
            let later = at + (uniform(words[1]) * OPENED_WITHIN_HOURS * 3_600_000.0) as i64;
            let opened = Arrival { at: later, shopper, what: Occasion::MessageOpened(number) };
            self.agenda.add(self.today.day, opened);
        } else if let Some(offer) = offer {
            self.ledger.expire(offer);
        }
    }

    /// Issues the offer in a message, if there is one.
    fn offer_in(&mut self, push: &Push, sent: Time) -> Option<OfferNumber> {
        let treatments = &self.world.scenario.treatments;
        let id = push.treatment.filter(|id| treatments[id.index()].kind.is_offer())?;
        let until = validity::until(&treatments[id.index()], sent, true);
        let promise = Promise { voucher: Voucher::Campaign(push.campaign), until, scope: push.scope.clone() };
        Some(self.ledger.issue(shopper_of(push.customer), id, sent, promise))
    }

    /// Message number `number` of the day is opened.
    pub(crate) fn message_is_opened(&mut self, number: u32, at: Time, host: &mut impl Host) {
        let message = self.messages[number as usize].clone();
        let push = &message.push;
        let shopper = shopper_of(push.customer);
        let kind = EventKind::MessageOpened { campaign: push.campaign };
        host.event(&Event { at, visitor: Visitor::off_site(push.customer), kind }, shopper);
        self.mind_today(shopper).stimulus.wake();
        self.read_message(push, message.offer);
        self.follow_message(push, at, host);
    }

    /// What opening a message does to her mind: an offer goes into the wallet, a sale into the calendar.
    fn read_message(&mut self, push: &Push, offer: Option<OfferNumber>) {
        let world = self.world.clone();
        let (beliefs, day) = (&world.scenario.beliefs, self.today.day);
        let shopper = shopper_of(push.customer);
        let announced =
            self.today.sale.filter(|_| push.treatment.is_none()).map(|sale| self.usual_depth(sale));
        let mind = &mut self.minds[shopper.index()];
        if let Some(depth) = announced {
            mind.sales.see(beliefs, world.weekday(day), depth);
        }
        let Some(treatment) = push.treatment else { return };
        let annoyance = world.scenario.effects[treatment.index()].annoyance;
        mind.fatigue.tire(annoyance * world.person(shopper).traits.annoyance);
        let Some(offer) = offer else { return };
        let depth = self.usual_depth(treatment);
        let mind = &mut self.minds[shopper.index()];
        mind.deals.came_by_itself(beliefs, depth);
        let until = self.ledger.promise(offer).until;
        if let Some(old) = mind.wallet.put(WalletOffer { treatment, until, offer }) {
            self.ledger.expire(old.offer);
        }
    }

    fn follow_message(&mut self, push: &Push, opened: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let shopper = shopper_of(push.customer);
        let words = world.luck.block(DrawKey::message(shopper, push.campaign));
        let mut open = self.minds[shopper.index()].open.newest_first();
        let need = open.find(|&need| self.still_wanted(need, opened));
        let settings = &world.scenario.messages;
        let click = if need.is_some() { settings.click } else { settings.click_without_need };
        if uniform(words[2]) >= click.fraction() {
            return;
        }
        let kind = EventKind::MessageClicked { campaign: push.campaign };
        host.event(&Event { at: opened, visitor: Visitor::off_site(push.customer), kind }, shopper);
        let what = Occasion::MessageVisit { key: VisitKey::from_message(push.campaign), need };
        self.agenda.add(self.today.day, Arrival { at: opened + CLICK_MS, shopper, what });
    }

    /// How deep an offer looks to somebody who has nothing particular in mind.
    pub(crate) fn usual_depth(&self, id: TreatmentId) -> f64 {
        let deal = Deal::of(&self.world.scenario.treatments[id.index()]);
        deal.map_or(0.0, |deal| deal.usual_depth(&self.world.shop))
    }
}
