//! Another way to choose, so that no result hangs on the first without being seen: a price counts in proportion and
//! without a reference, and waiting is a habit and no reckoning.
//!
//! Where a deal came on at least every other occasion that she remembers, she goes for it, however far away it is and
//! whatever waiting costs. The form is an assumption; that many buyers act by habit is found by Wood and Neal (2009).

use super::{ChoiceModel, Outlook, Situation, Waiting};
use crate::mind::Mind;
use crate::node::Node;
use counterfoil_core::quantile::exp;

/// How often a deal must have come to be counted on (assumption).
const COUNTED_ON: f32 = 0.5;

/// Linear price, no reference price, habit instead of beliefs.
#[derive(Debug)]
pub(crate) struct Habit;

impl ChoiceModel for Habit {
    fn net(&self, s: &Situation<'_>, node: Node) -> f64 {
        let buying = s.scenario.choice.attractiveness
            + s.traits.price_sensitivity * (exp(f64::from(s.need.value)) - s.total_ratio(node))
            - s.obstacles(node);
        s.mind.add_utility(buying, s.scenario) + s.noise
    }

    fn waiting(&self, s: &Situation<'_>, outlook: Outlook) -> Option<(Waiting, f64)> {
        if !s.scenario.choice.strategic_waiting {
            return None;
        }
        let sales = (1..=7).map(|days| (Waiting::ForSale(days), s.mind.sales.after(outlook.weekday, days)));
        let visit = (Waiting::ForVisit, s.mind.deals.at_visit);
        let cart = outlook.in_cart.then_some((Waiting::Fishing, s.mind.deals.on_hesitation));
        let used_to = sales.chain([visit]).chain(cart).filter(|(_, belief)| belief.chance >= COUNTED_ON);
        // The strongest habit; of equal ones the nearest.
        let strongest = used_to.reduce(|best, next| if next.1.chance > best.1.chance { next } else { best });
        strongest.and_then(|(why, belief)| {
            let saved = s.price_ratio - (1.0 - f64::from(belief.depth));
            (saved > 0.0).then_some((why, s.traits.price_sensitivity * saved))
        })
    }

    fn price_obstacle(&self, s: &Situation<'_>) -> f64 {
        (s.traits.price_sensitivity * (s.price_ratio - exp(f64::from(s.need.value)))).max(0.0)
    }

    fn usual_price(&self, _mind: &Mind, _category: u8) -> f64 {
        1.0
    }
}
