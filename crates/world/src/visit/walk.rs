//! The walk over product pages, and the traces that barriers leave.

use super::OnSite;
use crate::host::Host;
use crate::node::Node;
use crate::session::Step;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{EventKind, FilterBy, Topic};
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::policy::DecisionPoint;
use counterfoil_core::shop::ProductId;
use counterfoil_core::treatment::Barrier;

/// What somebody reads who doubts.
const ON_DOUBT: [Topic; 3] = [Topic::Reviews, Topic::Size, Topic::Returns];

impl<H: Host> OnSite<'_, H> {
    /// Looks at a product page; the last one shows what she came for.
    pub(super) fn look(&mut self, point: DecisionPoint) {
        let course = &mut self.visit.course;
        course.page += 1;
        course.views_left -= 1;
        if course.page > 1 {
            self.visit.record.end = VisitEnd::Left;
        }
        let last = self.visit.course.views_left == 0;
        let product = if last { self.visit.product } else { self.other_product() };
        self.see_price(product);
        let price = self.page_price(product);
        self.record(EventKind::ProductViewed { product, price });
        self.ask_about(point, Some(product));
        if !last {
            self.next(Step::Look);
        } else if !self.visit.course.traces.is_empty() {
            self.next(Step::Trace);
        } else if self.visit.who.need.is_some() {
            self.next(Step::Weigh);
        } else {
            self.turn_to_go(Node::Product);
        }
    }

    /// A price seen moves what she takes for usual.
    fn see_price(&mut self, product: ProductId) {
        let ratio = self.price_ratio(product);
        let category = self.world.shop.product(product).category;
        let rate = self.world.scenario.beliefs.reference_rate;
        self.mind().reference.see(category, ratio, rate);
    }

    /// Another product of the category, keyed by the page.
    fn other_product(&self) -> ProductId {
        let (who, category) = (&self.visit.who, self.world.shop.product(self.visit.product).category);
        let key = DrawKey::browsed_product(who.shopper, who.key, self.visit.course.page);
        self.world.popularity.product(category, self.world.luck.stream(key))
    }

    /// Something in her way makes her look it up.
    pub(super) fn leave_trace(&mut self) {
        let Some(barrier) = self.visit.course.traces.take() else { return self.next(Step::End) };
        self.visit.course.page += 1;
        self.visit.record.end = VisitEnd::Left;
        let turn = self.visit.who.key.0 as usize + usize::from(self.visit.course.page);
        self.record(match barrier {
            Barrier::Doubt => EventKind::InfoViewed(ON_DOUBT[turn % ON_DOUBT.len()]),
            Barrier::Shipping => EventKind::InfoViewed(Topic::Shipping),
            Barrier::Payment => EventKind::InfoViewed(Topic::Payment),
            Barrier::Choice => EventKind::Compared(self.visit.product),
            Barrier::Timing => EventKind::Wishlisted(self.visit.product),
            Barrier::Price => EventKind::Filtered(FilterBy::Price),
        });
        let step = match &self.visit {
            visit if !visit.course.traces.is_empty() => Step::Trace,
            visit if visit.who.need.is_some() => Step::Weigh,
            _ => Step::End,
        };
        self.next(step);
    }
}
