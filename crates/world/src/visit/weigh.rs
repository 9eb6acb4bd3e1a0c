//! The nodes before the checkout: is it worth a place in the cart, and is it bought now?

use super::OnSite;
use crate::choice::{Outlook, Waiting};
use crate::host::Host;
use crate::node::Node;
use crate::session::{Plan, Step};
use counterfoil_core::event::EventKind;
use counterfoil_core::facts::VisitEnd;
use counterfoil_core::policy::DecisionPoint;

impl<H: Host> OnSite<'_, H> {
    fn outlook(&self, in_cart: bool) -> Outlook {
        Outlook { weekday: self.world.weekday(self.arm.today.day), in_cart }
    }

    /// Is it worth a place in the cart? A cart keeps the option open, so it takes less than buying does.
    pub(super) fn weigh_product(&mut self) {
        let Some((situation, _)) = self.situation() else { return self.next(Step::End) };
        let net = self.world.choice.net(&situation, Node::Product);
        if net > -self.world.scenario.choice.cart_threshold {
            return self.put_in_cart();
        }
        let waiting = self.world.choice.waiting(&situation, self.outlook(false));
        self.visit.plan.waiting = waiting.filter(|(_, gain)| net + gain > 0.0).map(|(why, _)| why);
        self.visit.plan.made_on = self.now.day();
        self.turn_to_go(Node::Product);
    }

    /// Puts it into the cart, or opens the cart in which it already lies from an earlier visit.
    fn put_in_cart(&mut self) {
        let Some(need) = self.visit.who.need else { return };
        let reopened = std::mem::replace(&mut self.arm.fates.of_mut(need).in_cart, true);
        let (quantity, product) = (self.quantity(), self.visit.product);
        self.visit.record.carted = true;
        self.visit.record.added |= !reopened;
        self.visit.record.end = VisitEnd::Abandoned;
        self.visit.course.page += 1;
        self.visit.screen.news = false;
        if !reopened {
            let price = self.page_price(product);
            self.record(EventKind::CartAdded { product, quantity, price });
        }
        self.ask(DecisionPoint::CartChange);
        self.next(Step::Cart);
    }

    /// In the cart: buy now, wait for a deal, fish for an offer, or leave.
    pub(super) fn weigh_cart(&mut self) {
        let Some((situation, amounts)) = self.situation() else { return self.next(Step::End) };
        let choice = self.world.choice;
        let net = choice.net(&situation, Node::Cart);
        let waiting = choice.waiting(&situation, self.outlook(true)).filter(|(_, gain)| net + gain > 0.0);
        let would_buy = net > 0.0 && choice.net(&situation, Node::Payment) > 0.0;
        let waiting = waiting.map(|(why, _)| why);
        self.record(EventKind::CartViewed { goods: amounts.goods });
        self.visit.course.page += 1;
        self.visit.screen.news = false;
        self.visit.plan =
            Plan { waiting, made_on: self.now.day(), would_buy: would_buy && waiting.is_some() };
        self.visit.record.end = match waiting {
            None => VisitEnd::Abandoned,
            Some(Waiting::Fishing) => VisitEnd::Fished,
            Some(_) => VisitEnd::Waited,
        };
        if waiting.is_none() && net > 0.0 {
            self.next(Step::Checkout);
        } else {
            self.turn_to_go(Node::Cart);
        }
    }
}
