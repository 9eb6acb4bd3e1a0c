//! Barriers: what stands between her and an order besides the price, and what treatments take away of it in a visit.

use crate::need::Need;
use crate::node::Node;
use counterfoil_core::time::Time;
use counterfoil_scenario::model::Effect;

/// Positions of barriers in the arrays of needs and effects, price excluded.
const DOUBT: usize = 0;
const SHIPPING: usize = 1;
const PAYMENT: usize = 2;
const CHOICE: usize = 3;
const TIMING: usize = 4;

/// Share of each barrier that treatments took away in this visit, 0 to 1, price excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Relief([f32; 5]);

impl Relief {
    /// She noticed a treatment; answers whether it relieved anything. `scale` multiplies every relief of the scenario.
    pub(crate) fn notice(&mut self, effect: &Effect, scale: f64) -> bool {
        let mut relieved = false;
        for (relief, own) in self.0.iter_mut().zip(effect.relief) {
            let own = (own * scale).clamp(0.0, 1.0) as f32;
            relieved |= own > 0.0;
            *relief += own * (1.0 - *relief);
        }
        relieved
    }

    fn left(&self, need: &Need, barrier: usize) -> f64 {
        let level = f64::from(need.barriers[barrier]);
        level - level * f64::from(self.0[barrier])
    }

    /// Sum of what is left of all barriers at a node, utils. `fee` is the share of a delivery fee that she reckons with at
    /// this node; without a fee delivery is no barrier.
    pub(crate) fn obstacles(&self, need: &Need, node: Node, fee: Option<f64>, now: Time) -> f64 {
        let shipping = fee.map_or(0.0, |reckoned| self.left(need, SHIPPING) * reckoned);
        let payment = if node == Node::Payment { self.left(need, PAYMENT) } else { 0.0 };
        let life = (need.deadline - need.due).max(1) as f64;
        let to_go = ((need.deadline - now) as f64 / life).clamp(0.0, 1.0);
        self.left(need, DOUBT)
            + shipping
            + payment
            + self.left(need, CHOICE)
            + self.left(need, TIMING) * to_go
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_core::ids::ShopperId;
    use counterfoil_core::shop::ProductId;

    fn need() -> Need {
        Need {
            shopper: ShopperId::new(0),
            category: 0,
            k: 0,
            quantity: 1,
            due: Time(0),
            deadline: Time(100),
            elsewhere: Time(100),
            product: ProductId(0),
            value: 0.0,
            threshold: 0.0,
            barriers: [1.0, 2.0, 4.0, 8.0, 16.0],
            taste: 0.0,
        }
    }

    /// Goal: each barrier stands where it belongs, relief takes its share, and hesitating about the time ends with the need.
    #[test]
    fn barriers_stand_where_they_belong_and_relief_takes_its_share() {
        let (need, none) = (need(), Relief::default());
        assert_eq!(none.obstacles(&need, Node::Product, None, Time(0)), 1.0 + 8.0 + 16.0);
        assert_eq!(none.obstacles(&need, Node::Shipping, Some(1.0), Time(100)), 1.0 + 2.0 + 8.0);
        assert_eq!(none.obstacles(&need, Node::Payment, Some(0.5), Time(50)), 1.0 + 1.0 + 4.0 + 8.0 + 8.0);
        let mut relief = Relief::default();
        let effect = Effect { relief: [0.5, 0.0, 0.0, 0.25, 0.0], ..Effect::default() };
        assert!(relief.notice(&effect, 1.0) && !relief.notice(&effect, 0.0));
        assert_eq!(relief.obstacles(&need, Node::Product, None, Time(100)), 0.5 + 6.0);
        relief.notice(&effect, 1.0);
        assert_eq!(relief.obstacles(&need, Node::Product, None, Time(100)), 0.25 + 4.5);
    }
}
