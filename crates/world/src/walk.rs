//! The walk of a visit over pages: arriving, looking, leaving traces, going away.
//!
//! Every draw is keyed by (shopper, visit, page), so a treatment that changes nothing shifts nothing. What she decides at
//! the nodes is in `weigh`, what is shown to her in `show`.

use crate::choice::Node;
use crate::day::CLICKED;
use crate::identity::sighting;
use crate::session::{Ended, NO_NEED, Pending, Session, Step};
use crate::shop::product_at;
use crate::town::{Arrival, Host, Town};
use counterfoil_core::event::{EventKind, FilterBy, Page, Topic, Visitor};
use counterfoil_core::facts::{Fate, VisitEnd};
use counterfoil_core::luck::{Purpose, uniform};
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::quantile::{geometric, gumbel, logistic, lognormal};
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::Barrier;

/// Without an action for this long a storefront says that she stalled, milliseconds.
const STALL_MS: i64 = 30_000;

impl Town {
    /// Somebody arrives: the session starts and the first page is shown.
    pub(crate) fn arrive(&mut self, arrival: Arrival, host: &mut impl Host) {
        if arrival.need != NO_NEED && !self.still_wanted(arrival.need, arrival.at) {
            return;
        }
        let (session, walk) = self.begin_session(&arrival);
        let slot = match self.free.pop() {
            Some(slot) => {
                self.sessions[slot as usize] = session;
                slot as usize
            }
            None => {
                self.sessions.push(session);
                self.sessions.len() - 1
            }
        };
        self.first_page(slot, walk, host);
        self.enqueue(slot);
    }

    /// Whether a need is open and neither its deadline nor another shop came first.
    pub(crate) fn still_wanted(&self, need: u32, at: Time) -> bool {
        let (facts, state) = (&self.world.needs[need as usize], &self.states[need as usize]);
        state.fate == Fate::Open && at >= facts.due && at < facts.deadline.min(facts.elsewhere)
    }

    fn begin_session(&mut self, arrival: &Arrival) -> (Session, [u32; 4]) {
        let world = self.world.clone();
        let mind = &mut self.minds[arrival.shopper as usize];
        mind.fade(self.day, &world.fading);
        let seen =
            sighting(&world, arrival.shopper, arrival.key, self.day, mind.orders, arrival.kind == CLICKED);
        let number = self.sessions_begun;
        self.sessions_begun += 1;
        let walk = world.luck.block(Purpose::Walk, [arrival.shopper, arrival.key, 0]);
        let mut session = Session {
            shopper: arrival.shopper,
            need: arrival.need,
            key: arrival.key,
            visitor: Visitor { cookie: seen.cookie, customer: seen.customer, session: number },
            device: seen.device,
            channel: seen.channel,
            consent: world.people[arrival.shopper as usize].consents,
            started: arrival.at,
            step: Step::Look,
            next_at: arrival.at,
            page: 0,
            views_left: 1,
            product: self.wanted_product(arrival.need, walk[0]),
            noise: self.noise(arrival),
            relief: [0.0; 5],
            traces: 0,
            offer: None,
            offer_entry: u32::MAX,
            pending: None,
            shown: 0,
            noticed: 0,
            planned_on: self.day,
            ordered_at: None,
            news: false,
            offer_seen: false,
            friction: false,
            answered: false,
            carted: false,
            added: false,
            last_look_done: false,
            friction_asked: false,
            attempts: 0,
            payment_pain: 0.0,
            plan: None,
            would_buy: false,
            end: VisitEnd::Bounced,
        };
        self.open_wallet(&mut session);
        self.plan_looking(&mut session, walk);
        (session, walk)
    }

    /// The product of the need, or a popular one for a visit without a need.
    fn wanted_product(&self, need: u32, word: u32) -> ProductId {
        if need != NO_NEED {
            return self.world.needs[need as usize].product;
        }
        let place = uniform(word) * self.world.shop.categories.len() as f64;
        product_at(&self.world.popularity, place as u8, place.fract())
    }

    /// Noise of buying less that of leaving: persistent taste and one shock per visit, shared by all its nodes.
    fn noise(&self, arrival: &Arrival) -> f64 {
        if arrival.need == NO_NEED {
            return 0.0;
        }
        let need = &self.world.needs[arrival.need as usize];
        let words = self.world.luck.block(Purpose::Shock, [need.shopper, need.code(), arrival.key]);
        let choice = &self.world.scenario.choice;
        let shock = gumbel(uniform(words[0])) - gumbel(uniform(words[1]));
        choice.taste_scale * f64::from(need.taste) + choice.shock_scale * shock
    }

    /// How deep she looks: the nearer she is to buying, the more she looks at, and the more traces she leaves.
    fn plan_looking(&mut self, session: &mut Session, walk: [u32; 4]) {
        let (choice, traces) = (self.world.scenario.choice, self.world.scenario.traces);
        let (chance, levels) = if session.need == NO_NEED {
            (choice.browsing_depth.fraction(), [0.0; 6])
        } else {
            let (scene, _) = self.scene(session, session.started);
            let depth = scene.net(Node::Product) + choice.cart_threshold;
            let own = scene.need.barriers.map(f64::from);
            (logistic(depth), [own[0], own[1], own[2], own[3], own[4], scene.price_obstacle()])
        };
        if uniform(walk[3]) >= chance {
            return;
        }
        let lanes =
            [1, 2].map(|lane| self.world.luck.block(Purpose::Walk, [session.shopper, session.key, lane]));
        session.views_left +=
            1 + geometric(uniform(lanes[0][0]), 1.0 / (1.0 + choice.further_views)).min(60) as u8;
        for (b, level) in levels.iter().enumerate() {
            let word = if b < 3 { lanes[0][b + 1] } else { lanes[1][b - 3] };
            let readable = traces.base + traces.informativeness * level / (1.0 + level);
            if uniform(word) < readable {
                session.traces |= 1 << b;
            }
        }
    }

    fn first_page(&mut self, slot: usize, walk: [u32; 4], host: &mut impl Host) {
        let session = &self.sessions[slot];
        let (now, channel, device, consent) =
            (session.started, session.channel, session.device, session.consent);
        self.tell(slot, now, EventKind::SessionStarted { channel, device, consent }, host);
        if self.sessions[slot].known() {
            let subscribed = self.world.people[self.sessions[slot].shopper as usize].subscribed;
            self.tell(slot, now, EventKind::Identified { subscribed }, host);
        }
        self.see_sale(slot);
        if uniform(walk[1]) < self.world.scenario.traffic.land_on_product.fraction() {
            self.look(slot, now, DecisionPoint::SessionStart, host);
            return;
        }
        let page = match walk[2] % 3 {
            0 if self.sale.is_some() => Page::Sale,
            0 | 1 => Page::Home,
            _ => Page::Category,
        };
        self.tell(slot, now, EventKind::PageViewed(page), host);
        self.sessions[slot].page = 1;
        self.ask(slot, now, DecisionPoint::SessionStart, host);
        let goes_on = self.sessions[slot].need != NO_NEED || walk[2] >> 2 & 1 == 0;
        self.next(slot, now, if goes_on { Step::Look } else { Step::End });
    }

    /// One step of a running visit.
    pub(crate) fn advance(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let due = |pending: &Pending| pending.at <= now && pending.at <= self.sessions[slot].next_at;
        if self.sessions[slot].pending.as_ref().is_some_and(due) {
            self.show(slot, now, host);
            self.enqueue(slot);
            return;
        }
        if self.need_is_gone(slot) {
            self.sessions[slot].step = Step::End;
        }
        match self.sessions[slot].step {
            Step::Look => self.look(slot, now, DecisionPoint::ProductPage, host),
            Step::Trace => self.leave_trace(slot, now, host),
            Step::Weigh => self.weigh(slot, now, host),
            Step::Cart => self.weigh_cart(slot, now, host),
            Step::Checkout => self.start_checkout(slot, now, host),
            Step::Coupon => self.enter_coupon_field(slot, now, host),
            Step::Shipping => self.learn_shipping(slot, now, host),
            Step::Pay => self.pay(slot, now, host),
            Step::LastLook(node) => self.last_look(slot, now, node, host),
            Step::End => {
                self.end_session(slot, now, host);
                return;
            }
        }
        self.enqueue(slot);
    }

    /// Whether another visit met the need of this one while it lasted.
    fn need_is_gone(&self, slot: usize) -> bool {
        let session = &self.sessions[slot];
        session.need != NO_NEED
            && session.end != VisitEnd::Ordered
            && self.states[session.need as usize].fate != Fate::Open
    }

    fn look(&mut self, slot: usize, now: Time, point: DecisionPoint, host: &mut impl Host) {
        let session = &mut self.sessions[slot];
        session.page += 1;
        session.views_left -= 1;
        if session.page > 1 {
            session.end = VisitEnd::Left;
        }
        let product = if session.views_left == 0 { session.product } else { self.other_product(slot) };
        let shopper = self.sessions[slot].shopper as usize;
        let ratio = self.price_ratio(slot, product, now);
        let rate = self.world.scenario.beliefs.reference_rate;
        let category = self.world.shop.product(product).category;
        self.minds[shopper].see_price(category, ratio, rate);
        let price = self.page_price(product);
        self.tell(slot, now, EventKind::ProductViewed { product, price }, host);
        self.ask_about(slot, now, point, Some(product), host);
        let session = &self.sessions[slot];
        let step = match session {
            s if s.views_left > 0 => Step::Look,
            s if s.traces != 0 => Step::Trace,
            s if s.need != NO_NEED => Step::Weigh,
            _ => Step::LastLook(Node::Product),
        };
        if step == Step::LastLook(Node::Product) {
            self.go(slot, now, Node::Product);
        } else {
            self.next(slot, now, step);
        }
    }

    /// Another product of the category, keyed by the page.
    fn other_product(&self, slot: usize) -> ProductId {
        let session = &self.sessions[slot];
        let category = self.world.shop.product(session.product).category;
        let page = 1_000 + u32::from(session.page);
        let u = self.world.luck.uniform(Purpose::Walk, [session.shopper, session.key, page]);
        product_at(&self.world.popularity, category, u)
    }

    fn leave_trace(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        let session = &mut self.sessions[slot];
        let barrier = Barrier::ALL[session.traces.trailing_zeros() as usize];
        session.traces &= session.traces - 1;
        session.page += 1;
        session.end = VisitEnd::Left;
        let product = session.product;
        let kind = match barrier {
            Barrier::Doubt => {
                let topics = [Topic::Reviews, Topic::Size, Topic::Returns];
                EventKind::InfoViewed(topics[(session.key as usize + usize::from(session.page)) % 3])
            }
            Barrier::Shipping => EventKind::InfoViewed(Topic::Shipping),
            Barrier::Payment => EventKind::InfoViewed(Topic::Payment),
            Barrier::Choice => EventKind::Compared(product),
            Barrier::Timing => EventKind::Wishlisted(product),
            Barrier::Price => EventKind::Filtered(FilterBy::Price),
        };
        self.tell(slot, now, kind, host);
        let step = match &self.sessions[slot] {
            s if s.traces != 0 => Step::Trace,
            s if s.need != NO_NEED => Step::Weigh,
            _ => Step::End,
        };
        self.next(slot, now, step);
    }

    /// She turns to go, coming from `node`; sometimes a storefront can see it before she is gone.
    pub(crate) fn go(&mut self, slot: usize, now: Time, node: Node) {
        let session = &self.sessions[slot];
        let page = 2_000 + u32::from(session.page);
        let words = self.world.luck.block(Purpose::Dwell, [session.shopper, session.key, page]);
        let seen = uniform(words[1]) < self.world.scenario.traces.exit_seen.fraction();
        if session.last_look_done || !seen {
            self.next(slot, now, Step::End);
            return;
        }
        let dwell = if node >= Node::Shipping { STALL_MS } else { self.dwell_ms(slot) };
        let session = &mut self.sessions[slot];
        session.last_look_done = true;
        session.news = false;
        let at = now + dwell;
        session.step = Step::LastLook(node);
        session.next_at = at;
    }

    /// The exit gesture was seen; if that brings news, she thinks again.
    fn last_look(&mut self, slot: usize, now: Time, node: Node, host: &mut impl Host) {
        if !self.sessions[slot].friction_asked {
            self.sessions[slot].friction_asked = true;
            self.sessions[slot].friction = true;
            let (kind, point) = if node >= Node::Shipping {
                (EventKind::Stalled, DecisionPoint::Stall)
            } else {
                (EventKind::ExitIntent, DecisionPoint::ExitIntent)
            };
            self.tell(slot, now, kind, host);
            self.ask(slot, now, point, host);
            self.sessions[slot].next_at = now + self.dwell_ms(slot).min(12_000) + 1_000;
            return;
        }
        let session = &mut self.sessions[slot];
        let thinks_again = session.news && session.need != NO_NEED;
        session.news = false;
        session.step = match node {
            _ if !thinks_again => Step::End,
            Node::Product => Step::Weigh,
            Node::Cart => Step::Cart,
            Node::Shipping => Step::Shipping,
            Node::Payment => Step::Pay,
        };
        session.next_at = now + 500;
    }

    /// Plans the next step after this page's dwell time.
    pub(crate) fn next(&mut self, slot: usize, now: Time, step: Step) {
        let dwell = self.dwell_ms(slot);
        let session = &mut self.sessions[slot];
        session.step = step;
        session.next_at = now + dwell;
    }

    /// Log-normal time on the current page, keyed by the page, milliseconds.
    pub(crate) fn dwell_ms(&self, slot: usize) -> i64 {
        let session = &self.sessions[slot];
        let word =
            self.world.luck.block(Purpose::Dwell, [session.shopper, session.key, u32::from(session.page)])[0];
        let dwell = self.world.scenario.traffic.dwell_seconds;
        let seconds = lognormal(uniform(word), dwell.median, dwell.log_sd);
        (seconds * 1000.0).clamp(1_000.0, 1_500_000.0) as i64
    }

    fn end_session(&mut self, slot: usize, now: Time, host: &mut impl Host) {
        if let Some(pending) = self.sessions[slot].pending.take() {
            host.dropped(pending.number);
        }
        self.tell(slot, now, EventKind::SessionEnded, host);
        self.remember_visit(slot);
        let session = &self.sessions[slot];
        let ended = Ended {
            shopper: session.shopper,
            key: session.key,
            started: session.started,
            ended: now,
            pages: session.page,
            shown: session.shown,
            ordered_at: session.ordered_at,
            end: session.end,
            added: session.added,
            friction: session.friction,
            answered: session.answered,
            would_buy: session.would_buy,
        };
        let digest = &mut self.orders_digest;
        digest.fold(u64::from(ended.shopper) << 32 | u64::from(ended.key));
        digest.fold_signed(ended.started.0);
        digest.fold_signed((ended.ended.0 << 8) ^ i64::from(ended.pages) << 3 ^ ended.end as i64);
        host.ended(&ended);
        self.free.push(slot as u32);
    }

    /// What the visit leaves in her mind and in the need's state.
    fn remember_visit(&mut self, slot: usize) {
        let session = self.sessions[slot].clone();
        let world = self.world.clone();
        let beliefs = &world.scenario.beliefs;
        let mind = &mut self.minds[session.shopper as usize];
        mind.fade(self.day, &world.fading);
        if !session.offer_seen {
            mind.visit.learn(beliefs.visit_rate, 0.0);
            if session.friction {
                mind.trigger.learn(beliefs.trigger_rate, 0.0);
            }
        }
        let in_wallet = mind.wallet.is_some_and(|offer| offer.entry == session.offer_entry);
        if session.offer.is_some() && !in_wallet && session.offer_entry != u32::MAX {
            self.ledger.expire(session.offer_entry);
        }
        if session.need != NO_NEED {
            self.settle_plan(&session);
        }
    }

    fn settle_plan(&mut self, session: &Session) {
        use crate::choice::Waiting;
        let state = &mut self.states[session.need as usize];
        if state.fate != Fate::Open {
            return;
        }
        state.expects_day = 0;
        if let Some(Waiting::ForSale(days)) = session.plan {
            state.expects_day = session.planned_on + days;
        }
        if matches!(session.end, VisitEnd::Waited | VisitEnd::Fished) && session.would_buy {
            state.waited = true;
            state.fished |= session.end == VisitEnd::Fished;
        }
    }

    pub(crate) fn weekday(&self) -> u8 {
        self.world.scenario.calendar.weekday(Day(self.day))
    }
}
