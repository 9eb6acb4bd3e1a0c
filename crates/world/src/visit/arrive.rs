//! The beginning of a visit: who comes, what for, how deep she will look, and the first page.

use super::OnSite;
use crate::arm::ArmState;
use crate::host::Host;
use crate::identity::{Coming, sighting};
use crate::mind::traces;
use crate::need::gumbel_difference;
use crate::node::Node;
use crate::session::{Held, Session, Step, Who};
use crate::world::World;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{EventKind, Page, Visitor};
use counterfoil_core::ids::{NeedIndex, ShopperId, VisitKey};
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::quantile::{geometric, logistic};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::Barrier;

/// Most product pages of one visit beyond the first two.
const FURTHER_VIEWS_MAX: u32 = 60;

/// Why somebody comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    pub key: VisitKey,
    pub need: Option<NeedIndex>,
    /// She follows a link in a message.
    pub by_mail: bool,
}

impl ArmState {
    /// A visit that begins.
    pub(crate) fn new_session(
        &mut self,
        world: &World,
        shopper: ShopperId,
        reason: Reason,
        at: Time,
    ) -> Session {
        let Reason { key, need, by_mail } = reason;
        let (day, is_customer) = (self.today.day, self.mind_today(shopper).loyalty.is_customer());
        let person = world.person(shopper);
        let coming = Coming { shopper, key, day, is_customer, by_mail };
        let seen = sighting(&world.scenario, &world.luck, &world.cookies, person, coming);
        let who = Who {
            shopper,
            need,
            key,
            device: seen.device,
            channel: seen.channel,
            consent: person.consents,
            started: at,
            noise: need.map_or(0.0, |need| noise(world, need, key)),
        };
        let session = Some(self.visits.next_number());
        let visitor = Visitor { cookie: Some(seen.cookie), customer: seen.customer, session };
        Session::new(who, visitor, wanted_product(world, &who))
    }
}

/// The product of the need, or a popular one for a visit without a need.
fn wanted_product(world: &World, who: &Who) -> ProductId {
    if let Some(need) = who.need {
        return world.need(need).product;
    }
    let words = world.luck.block(DrawKey::walk(who.shopper, who.key, 0));
    let category = (uniform(words[0]) * world.shop.categories.len() as f64) as u8;
    let key = DrawKey::browsed_product(who.shopper, who.key, 0);
    world.popularity.product(category, world.luck.stream(key))
}

/// Noise of buying less that of leaving: persistent taste and one shock per visit, shared by all its nodes.
fn noise(world: &World, need: NeedIndex, key: VisitKey) -> f64 {
    let (need, choice) = (world.need(need), &world.scenario.choice);
    let shock = gumbel_difference(world.luck.block(DrawKey::shock(need.shopper, need.code(), key)));
    choice.taste_scale * f64::from(need.taste) + choice.shock_scale * shock
}

impl<H: Host> OnSite<'_, H> {
    /// Somebody arrives: the session starts and the first page is shown.
    pub(crate) fn arrive(mut self) {
        let (shopper, key) = (self.visit.who.shopper, self.visit.who.key);
        let walk = self.world.luck.block(DrawKey::walk(shopper, key, 0));
        self.open_wallet();
        self.plan_looking(uniform(walk[3]));
        let (channel, device, consent) =
            (self.visit.who.channel, self.visit.who.device, self.visit.who.consent);
        self.record(EventKind::SessionStarted { channel, device, consent });
        if self.visit.visitor.customer.is_some() {
            let subscribed = self.world.person(shopper).subscribed;
            self.record(EventKind::Identified { subscribed });
        }
        self.see_sale();
        if uniform(walk[1]) < self.world.scenario.traffic.land_on_product.fraction() {
            self.look(DecisionPoint::SessionStart);
        } else {
            self.land_elsewhere(walk[2]);
        }
    }

    fn land_elsewhere(&mut self, word: u32) {
        let page = match word % 3 {
            0 if self.arm.today.sale.is_some() => Page::Sale,
            0 | 1 => Page::Home,
            _ => Page::Category,
        };
        self.record(EventKind::PageViewed(page));
        self.visit.course.page = 1;
        self.ask(DecisionPoint::SessionStart);
        let goes_on = self.visit.who.need.is_some() || word >> 2 & 1 == 0;
        self.next(if goes_on { Step::Look } else { Step::End });
    }

    /// How deep she looks: the nearer she is to buying, the more she looks at, and the more traces she leaves.
    fn plan_looking(&mut self, u: f64) {
        let (choice, settings) = (&self.world.scenario.choice, &self.world.scenario.traces);
        let (chance, levels) = match self.situation() {
            None => (choice.browsing_depth.fraction(), [0.0; 6]),
            Some((situation, _)) => {
                let depth = self.world.choice.net(&situation, Node::Product) + choice.cart_threshold;
                let mut levels = [0.0; 6];
                for (level, own) in levels.iter_mut().zip(situation.need.barriers) {
                    *level = f64::from(own);
                }
                levels[Barrier::Price.index()] = self.world.choice.price_obstacle(&situation);
                (logistic(depth), levels)
            }
        };
        if u >= chance {
            return;
        }
        let (shopper, key) = (self.visit.who.shopper, self.visit.who.key);
        let lanes = [1, 2].map(|lane| self.world.luck.block(DrawKey::walk(shopper, key, lane)));
        let further = geometric(uniform(lanes[0][0]), 1.0 / (1.0 + choice.further_views));
        self.visit.course.views_left += 1 + further.min(FURTHER_VIEWS_MAX) as u8;
        // The first word went to the number of pages; each barrier takes the next one.
        let words = lanes.as_flattened()[1..].iter();
        for ((barrier, level), &word) in Barrier::ALL.into_iter().zip(levels).zip(words) {
            if uniform(word) < traces::chance(settings, level) {
                self.visit.course.traces.add(barrier);
            }
        }
    }

    /// A valid offer from an earlier visit applies in this one too.
    fn open_wallet(&mut self) {
        let started = self.visit.who.started;
        let Some(held) = self.mind().wallet.0 else { return };
        if held.until < started {
            self.mind().wallet.take();
            self.arm.ledger.expire(held.offer);
        } else {
            self.visit.held = Some(Held { treatment: held.treatment, offer: held.offer });
        }
    }

    /// She sees on arrival whether there is a sale today, and remembers the weekday.
    fn see_sale(&mut self) {
        let depth = self.arm.today.sale.map_or(0.0, |id| self.arm.usual_depth(id));
        let (settings, weekday) = (&self.world.scenario.beliefs, self.world.weekday(self.arm.today.day));
        self.mind().sales.see(settings, weekday, depth);
    }
}
