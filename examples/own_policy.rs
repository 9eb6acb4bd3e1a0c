//! A policy of one's own: free shipping for whoever is about to leave a full cart, once per visit.
//! `cargo run --release -p counterfoil-run --example own_policy`

use counterfoil_core::policy::{DecisionPoint, Reason};
use counterfoil_core::{Ask, Decision, Event, Policy, SessionNumber, TreatmentId};
use counterfoil_run::{Plan, unit::unit};
use counterfoil_scenario::Overrides;

/// What is shown, and the session in which it was shown last.
struct LastCall(TreatmentId, Option<SessionNumber>);

impl Policy for LastCall {
    fn observe(&mut self, _event: &Event) {}
    fn decide(&mut self, ask: &Ask) -> Decision {
        let leaving = ask.point == DecisionPoint::ExitIntent && ask.cart_goods.0 > 0;
        if !leaving || self.1 == ask.visitor.session {
            return Decision::nothing(Reason::WrongMoment);
        }
        self.1 = ask.visitor.session;
        Decision::show(self.0, Reason::Assigned, Reason::NotInPolicy)
    }
}

fn main() {
    let small = Overrides { shoppers: Some(2_000), ..Overrides::default() };
    let plan = Plan::control_of("fashion-web-shop", &small).expect("the scenario is shipped");
    let plan = plan.with_own("last-call", |shop| {
        let id = shop.treatment_named("free-shipping").expect("the scenario has free shipping");
        Box::new(LastCall(id, None))
    });
    let (facts, _) = unit(&plan, 0, None, &mut |_| true).expect("nobody cancels");
    for arm in facts.arms {
        println!("{:10} {} orders, contribution {}", arm.arm, arm.totals.orders, arm.totals.contribution);
    }
}

#[test]
fn the_policy_runs_and_changes_something() {
    main();
}
