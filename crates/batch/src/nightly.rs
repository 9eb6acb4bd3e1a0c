//! The batch baseline: nightly segments and a table, served stale until the next night.
//!
//! # Promises
//! - Which treatment a visitor is due depends on last night's records only. What happens during the day moves nothing
//!   but the guardrails (caps, open offers, budget).
//! - At most one decision per session: at its start, or on the first product page on which the table names something
//!   (she may have logged in between).
//!
//! # Where to start
//! [`Nightly::answer`], then [`crate::profiles`] for the night.

use crate::explain::{self, Explanation};
use crate::profiles::{Frozen, Profiles};
use crate::segments::Segment;
use counterfoil_core::policy::{Ask, Books, Decision, DecisionPoint, Policy, Push, Reason, Stage};
use counterfoil_core::time::{DAY_MS, HOUR_MS};
use counterfoil_core::treatment::TREATMENTS_MAX;
use counterfoil_core::{
    CustomerId, Day, DecisionNumber, Digest, Event, EventKind, SessionNumber, Time, TreatmentId,
};
use counterfoil_scenario::policy::BatchSpec;
use counterfoil_till::sale::{message_time, push_campaign};
use counterfoil_till::{Guard, entry_mut};

/// The batch policy.
pub(crate) struct Nightly {
    spec: BatchSpec,
    guard: Guard,
    profiles: Profiles,
    /// Last session of each cookie in which the table was applied.
    settled: Vec<Option<SessionNumber>>,
    /// Reasons before anything is looked up: which treatments the policy uses at all.
    blank: [Reason; TREATMENTS_MAX],
}

/// Last night's view of a visitor.
struct Seen {
    customer: Option<CustomerId>,
    frozen: Frozen,
}

impl Nightly {
    /// The table and cuts of `spec` within `guard`.
    pub(crate) fn new(spec: BatchSpec, guard: Guard) -> Self {
        let mut blank = [Reason::NotInPolicy; TREATMENTS_MAX];
        let named = spec.on_site.iter().chain(&spec.push).flatten();
        for treatment in spec.treatments.iter().chain(named) {
            blank[treatment.index()] = Reason::NotInTable;
        }
        Self { spec, guard, profiles: Profiles::default(), settled: Vec::new(), blank }
    }

    fn seen(&self, ask: &Ask) -> Seen {
        let stitched = || ask.visitor.cookie.and_then(|cookie| self.profiles.stitched(cookie));
        let customer = ask.visitor.customer.or_else(stitched);
        Seen { customer, frozen: self.profiles.frozen(customer) }
    }

    /// An answer that gives all treatments of the policy the same reason.
    fn nothing(&self, reason: Reason) -> Decision {
        let mut decision = Decision::nothing(Reason::NotInPolicy);
        decision.reasons = self.blank.map(|r| if r == Reason::NotInTable { reason } else { r });
        decision
    }

    fn answer(&mut self, ask: &Ask) -> Decision {
        if !ask.consent {
            return self.nothing(Reason::NoConsent);
        }
        let latest = ask.visitor.cookie.and_then(|cookie| self.settled.get(cookie.index()));
        let settled = latest == Some(&ask.visitor.session);
        let moment = self.guard.moment(ask);
        let (Some(moment), true, false) = (moment, is_served(ask.point), settled) else {
            return self.nothing(Reason::WrongMoment);
        };
        let mut decision = self.nothing(Reason::NotInTable);
        let segment = self.seen(ask).frozen.segment;
        let Some(treatment) = self.spec.on_site[segment.index()] else {
            return decision;
        };
        if let Some(cookie) = ask.visitor.cookie {
            *entry_mut(&mut self.settled, cookie.index(), None) = ask.visitor.session;
        }
        crate::assign(&mut self.guard, treatment, &moment, &mut decision);
        decision
    }

    fn push_to(&mut self, customer: CustomerId, day: Day, at: Time, out: &mut Vec<Push>) {
        let segment = self.profiles.frozen(Some(customer)).segment.index();
        let Some(treatment) = self.spec.push[segment] else { return };
        if !self.guard.contacts.may_personalise(customer) {
            return;
        }
        let campaign = push_campaign(day, segment);
        let moment = Guard::message(customer, campaign, at);
        let standing = self.guard.standing(&moment);
        if self.guard.refusal(treatment, &moment, &standing).is_none() {
            self.guard.issue(treatment, &moment);
            let scope = self.guard.scope(treatment);
            out.push(Push { customer, treatment: Some(treatment), campaign, at, scope });
        }
    }

    fn explanation(&self, ask: &Ask, decision: &Decision) -> Explanation {
        if !ask.consent {
            return Explanation {
                stages: vec![(Stage::Intake, "no consent: nothing is looked up".to_owned())],
                features: Vec::new(),
                sentence: "You did not allow personalisation, so you see the shop as it is.".to_owned(),
            };
        }
        let Seen { customer, frozen } = self.seen(ask);
        let segment = frozen.segment.name();
        let row = self.row(frozen.segment);
        let profile = match frozen.seen.known {
            true => format!("segment {segment} since day {}", frozen.since.0),
            false => format!("segment {segment}: last night there was no record"),
        };
        let outcome = match decision.winner {
            Some(winner) => decision.reasons[winner.index()],
            None if is_served(ask.point) => Reason::NotInTable,
            None => Reason::WrongMoment,
        };
        Explanation {
            stages: vec![
                (Stage::Intake, "consent given".to_owned()),
                (Stage::Identity, identity(ask, customer)),
                (Stage::Profile, profile),
                (Stage::Candidates, format!("table row {segment}: {row}")),
                (outcome.stage(), explain::note(outcome).to_owned()),
            ],
            features: self.features(ask, &frozen),
            sentence: sentence(frozen.segment, decision),
        }
    }

    fn row(&self, segment: Segment) -> String {
        match self.spec.on_site[segment.index()] {
            Some(treatment) => format!("`{}`", self.guard.shop.treatment(treatment).name),
            None => "nothing".to_owned(),
        }
    }

    fn features(&self, ask: &Ask, frozen: &Frozen) -> Vec<(String, f64)> {
        let cut_off = self.profiles.cut_off();
        let days = |moment: Time| (cut_off - moment) as f64 / DAY_MS as f64;
        let seen = frozen.seen;
        let mut features = vec![
            ("segment".to_owned(), frozen.segment.index() as f64),
            ("information_age_hours".to_owned(), (ask.at - cut_off) as f64 / HOUR_MS as f64),
        ];
        if seen.known {
            features.push(("days_since_visit".to_owned(), days(seen.last_visit)));
            features.push(("orders".to_owned(), f64::from(seen.orders)));
            features.push(("spent_minor".to_owned(), seen.spent.as_f64()));
        }
        if seen.orders > 0 {
            features.push(("days_since_order".to_owned(), days(seen.last_order)));
        }
        features
    }
}

/// Whether the table is served at this point.
fn is_served(point: DecisionPoint) -> bool {
    matches!(point, DecisionPoint::SessionStart | DecisionPoint::ProductPage)
}

fn identity(ask: &Ask, customer: Option<CustomerId>) -> String {
    let cookie = ask.visitor.cookie.map_or("no cookie".to_owned(), |cookie| format!("cookie {cookie}"));
    match (ask.visitor.customer, customer) {
        (Some(customer), _) => format!("customer {customer}, logged in"),
        (None, Some(customer)) => format!("{cookie}, customer {customer}'s last night"),
        (None, None) => format!("{cookie}, nobody's last night"),
    }
}

/// What a shopper may be told; one clause per [`Segment`].
fn sentence(segment: Segment, decision: &Decision) -> String {
    const BECAUSE: [&str; 8] = [
        "we do not know you yet",
        "you have an account and have not been here for a while",
        "you have an account and were here recently",
        "you ordered recently",
        "you ordered recently and are one of our best customers",
        "your last order was some time ago",
        "you are one of our best customers and your last order was some time ago",
        "your last order was long ago",
    ];
    match decision.treatment {
        Some(_) => format!("You see this because, as of last night, {}.", BECAUSE[segment.index()]),
        None => "Nothing special is shown to you on this page.".to_owned(),
    }
}

impl Policy for Nightly {
    fn observe(&mut self, event: &Event) {
        self.guard.observe(event);
        let collected = matches!(
            event.kind,
            EventKind::SessionStarted { .. } | EventKind::Identified { .. } | EventKind::OrderPlaced { .. }
        );
        if collected && self.guard.contacts.consents(event.visitor.cookie) {
            self.profiles.observe(event);
        }
    }

    fn history_ends(&mut self, offers_end: bool) {
        self.guard.history_ends(offers_end);
    }

    fn night(&mut self, day: Day) {
        self.profiles.night(&self.spec, day);
    }

    fn decide(&mut self, ask: &Ask) -> Decision {
        let mut decision = self.answer(ask);
        decision.information_age_ms = ask.at - self.profiles.cut_off();
        if ask.trace {
            let explanation = self.explanation(ask, &decision);
            decision.trace = Some(explain::trace(&self.guard, ask, &decision, explanation));
        }
        decision
    }

    fn sale(&self, day: Day) -> Option<TreatmentId> {
        self.guard.sale(day)
    }

    fn pushes(&mut self, day: Day, out: &mut Vec<Push>) {
        self.guard.announce(day, out);
        let customers = self.profiles.customers();
        if customers == 0 || self.spec.push.iter().all(Option::is_none) {
            return;
        }
        let at = message_time(day);
        // Somebody else is first every day, so that a short budget does not always favour the oldest accounts.
        let first = day.0.wrapping_mul(7_919) % customers;
        for customer in (first..customers).chain(0..first) {
            self.push_to(CustomerId::new(customer), day, at, out);
        }
    }

    fn delivered(&mut self, number: DecisionNumber, in_time: bool) {
        if !in_time {
            self.guard.withdraw(number);
        }
    }

    fn books(&self) -> Option<Books> {
        Some(self.guard.books())
    }

    fn fold_into(&self, digest: &mut Digest) {
        self.guard.fold_into(digest);
        self.profiles.fold_into(digest);
    }
}
