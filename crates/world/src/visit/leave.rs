//! The end of a visit: she turns to go, sometimes seen, thinks again if there is news, and remembers.

use super::OnSite;
use crate::choice::Waiting;
use crate::host::Host;
use crate::node::Node;
use crate::session::Step;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::EventKind;
use counterfoil_core::facts::{Fate, VisitEnd};
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::time::Day;

/// Without an action for this long a storefront says that she stalled, milliseconds.
const STALL_MS: i64 = 30_000;
/// Once her turning away was answered, she waits for it as long as on a page, at most so long, and a moment more
/// (assumption), milliseconds.
const ANSWER_AWAITED_MS: i64 = 12_000;
const A_MOMENT_MS: i64 = 1_000;
/// Until she goes back to what she was about, milliseconds (assumption).
const THINKS_AGAIN_MS: i64 = 500;

impl<H: Host> OnSite<'_, H> {
    /// She turns to go, coming from `node`; sometimes a storefront can see it before she is gone.
    pub(super) fn turn_to_go(&mut self, node: Node) {
        let (who, page) = (&self.visit.who, self.visit.course.page);
        let words = self.world.luck.block(DrawKey::turning_to_go(who.shopper, who.key, page));
        let seen = uniform(words[1]) < self.world.scenario.traces.exit_seen.fraction();
        if self.visit.course.turned_to_go || !seen {
            return self.next(Step::End);
        }
        let after_ms = if node >= Node::Shipping { STALL_MS } else { self.dwell_ms() };
        self.visit.screen.news = false;
        let course = &mut self.visit.course;
        course.turned_to_go = true;
        course.step = Step::LastLook(node);
        course.next_at = self.now + after_ms;
    }

    /// The exit gesture was seen; if that brings news, she thinks again.
    pub(super) fn last_look(&mut self, node: Node) {
        if !self.visit.course.seen_going {
            return self.is_seen_going(node);
        }
        let thinks_again = std::mem::take(&mut self.visit.screen.news) && self.visit.who.need.is_some();
        let course = &mut self.visit.course;
        course.step = match node {
            _ if !thinks_again => Step::End,
            Node::Product => Step::Weigh,
            Node::Cart => Step::Cart,
            Node::Shipping => Step::Shipping,
            Node::Payment => Step::Pay,
        };
        course.next_at = self.now + THINKS_AGAIN_MS;
    }

    fn is_seen_going(&mut self, node: Node) {
        self.visit.course.seen_going = true;
        self.visit.record.friction = true;
        let (kind, point) = if node >= Node::Shipping {
            (EventKind::Stalled, DecisionPoint::Stall)
        } else {
            (EventKind::ExitIntent, DecisionPoint::ExitIntent)
        };
        self.record(kind);
        self.ask(point);
        self.visit.course.next_at = self.now + self.dwell_ms().min(ANSWER_AWAITED_MS) + A_MOMENT_MS;
    }

    /// The session closes.
    pub(super) fn end(&mut self) {
        if let Some(pending) = self.visit.screen.pending.take() {
            self.host.dropped(pending.decision);
        }
        self.record(EventKind::SessionEnded);
        self.learn_from_visit();
        self.settle_plan();
        let ended = self.visit.ended(self.now);
        let digest = &mut self.arm.orders_digest;
        digest.fold(u64::from(ended.shopper.number()) << 32 | u64::from(ended.key.0));
        digest.fold_signed(ended.started.0);
        digest.fold_signed((ended.ended.0 << 8) ^ i64::from(ended.pages) << 3 ^ ended.end as i64);
        self.host.ended(&ended);
    }

    /// What the visit leaves in her mind; an offer for this visit alone ends with it.
    fn learn_from_visit(&mut self) {
        let shopper = self.visit.who.shopper;
        let (seen, hesitated) = (self.visit.screen.offer_seen, self.visit.record.friction);
        let held = self.visit.held;
        let mind = self.arm.mind_today(shopper);
        if !seen {
            mind.deals.did_not_come(&self.world.scenario.beliefs, hesitated);
        }
        if let Some(held) = held.filter(|held| !mind.wallet.holds(held.offer)) {
            self.arm.ledger.expire(held.offer);
        }
    }

    /// What she means to do about her need.
    fn settle_plan(&mut self) {
        let Some(need) = self.visit.who.need else { return };
        let (plan, end) = (self.visit.plan, self.visit.record.end);
        let state = self.arm.fates.of_mut(need);
        if state.fate != Fate::Open {
            return;
        }
        state.expects = match plan.waiting {
            Some(Waiting::ForSale(days)) => Some(Day(plan.made_on.0 + days)),
            _ => None,
        };
        if matches!(end, VisitEnd::Waited | VisitEnd::Fished) && plan.would_buy {
            state.waited = true;
            state.fished |= end == VisitEnd::Fished;
        }
    }
}
