//! A shopper on the site: her visit, and all that it can touch, for the length of one step.
//!
//! Every draw is keyed by (shopper, visit, page), so a treatment that changes nothing shifts nothing.

mod arrive;
mod checkout;
mod leave;
mod prices;
mod show;
mod walk;
mod weigh;

pub(crate) use arrive::Reason;

use crate::arm::ArmState;
use crate::host::Host;
use crate::mind::Mind;
use crate::need::Need;
use crate::session::{Session, Step};
use crate::world::World;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{Event, EventKind};
use counterfoil_core::facts::{Fate, VisitEnd};
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::quantile::lognormal;
use counterfoil_core::time::Time;

/// Bounds of the time on a page, milliseconds: a session ends after half an hour without an event.
const DWELL_MS: (f64, f64) = (1_000.0, 1_500_000.0);

/// A shopper on the site at one moment.
pub(crate) struct OnSite<'a, H> {
    pub world: &'a World,
    pub arm: &'a mut ArmState,
    pub visit: &'a mut Session,
    pub now: Time,
    pub host: &'a mut H,
}

impl<H: Host> OnSite<'_, H> {
    /// One step of a running visit; `false`: that was the last one.
    pub(crate) fn advance(mut self) -> bool {
        let course = &self.visit.course;
        let arrived =
            |pending: &crate::session::Pending| pending.at <= self.now && pending.at <= course.next_at;
        if self.visit.screen.pending.as_ref().is_some_and(arrived) {
            self.show();
            return true;
        }
        if self.need_is_gone() {
            self.visit.course.step = Step::End;
        }
        match self.visit.course.step {
            Step::Look => self.look(DecisionPoint::ProductPage),
            Step::Trace => self.leave_trace(),
            Step::Weigh => self.weigh_product(),
            Step::Cart => self.weigh_cart(),
            Step::Checkout => self.start_checkout(),
            Step::Coupon => self.enter_coupon_field(),
            Step::Shipping => self.learn_shipping(),
            Step::Pay => self.pay(),
            Step::LastLook(node) => self.last_look(node),
            Step::End => {
                self.end();
                return false;
            }
        }
        true
    }

    /// Whether another visit met the need of this one while it lasted.
    fn need_is_gone(&self) -> bool {
        let bought_here = self.visit.record.end == VisitEnd::Ordered;
        self.visit.who.need.is_some_and(|need| !bought_here && self.arm.fates.of(need).fate != Fate::Open)
    }

    /// Tells the host what the storefront sees.
    fn record(&mut self, kind: EventKind) {
        let event = Event { at: self.now, visitor: self.visit.visitor, kind };
        self.host.event(&event, self.visit.who.shopper);
    }

    /// Her mind; it was brought up to date when the visit began.
    fn mind(&mut self) -> &mut Mind {
        &mut self.arm.minds[self.visit.who.shopper.index()]
    }

    /// The need of this visit.
    fn need(&self) -> Option<&Need> {
        self.visit.who.need.map(|need| self.world.need(need))
    }

    /// Units she wants in this visit.
    fn quantity(&self) -> u32 {
        self.need().map_or(1, |need| u32::from(need.quantity))
    }

    /// Plans the next step after this page's dwell time.
    fn next(&mut self, step: Step) {
        let dwell_ms = self.dwell_ms();
        self.visit.course.step = step;
        self.visit.course.next_at = self.now + dwell_ms;
    }

    /// Log-normal time on the current page, keyed by the page, milliseconds.
    fn dwell_ms(&self) -> i64 {
        let (who, dwell) = (&self.visit.who, self.world.scenario.traffic.dwell_seconds);
        let words = self.world.luck.block(DrawKey::dwell(who.shopper, who.key, self.visit.course.page));
        let seconds = lognormal(uniform(words[0]), dwell.median, dwell.log_sd);
        (seconds * 1000.0).clamp(DWELL_MS.0, DWELL_MS.1) as i64
    }
}
