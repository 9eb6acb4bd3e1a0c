//! The way of a question: identity, profile, intent, candidates, value, guardrails, arbitrate, ledger, deliver.

use super::{Engine, Pending};
use crate::context::context;
use crate::economics::Basket;
use crate::features::{OFFERS_WINDOW_MS, Surroundings, features, readiness};
use crate::ids::{ProfileNumber, RowNumber};
use crate::rule::{Feature, FeatureValues};
use crate::session::Session;
use crate::stages::arbitrate::{Choice, Draw, Field, Set, Worths, arbitrate};
use crate::stages::candidates::{Moment as Candidacy, Objections, candidates};
use crate::stages::deliver::{self, Workings};
use crate::stages::guardrails::guarded;
use crate::stages::intent::{self, Barriers};
use crate::stages::learn::{Context, Row};
use crate::stages::value::{Setting, price_change, stratum, worth};
use counterfoil_core::money::Money;
use counterfoil_core::policy::{Ask, Decision, LoggedDecision, Reason};
use counterfoil_core::quantile::logistic;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::{Deal, Moment};

/// What stages 3 and 4 make of a question.
struct Reading {
    values: FeatureValues,
    barriers: Barriers,
    basket: Basket,
    context: Context,
}

impl Engine {
    pub(super) fn answer(&mut self, ask: &Ask) -> Decision {
        if !ask.consent {
            let mut decision = Decision::nothing(Reason::NoConsent);
            decision.trace = ask.trace.then(|| Box::new(deliver::trace_without_consent(&self.shop)));
            return decision;
        }
        let ask = &self.repaired(ask);
        let Some(moment) = self.guard.moment(ask) else { return Decision::nothing(Reason::WrongMoment) };
        let profile = self.profile_of(ask);
        let unseen = self.unseen_session(ask, profile);
        let reading = self.read(ask, profile, &moment, unseen.as_ref());
        let ordered = self.session_of(ask, unseen.as_ref()).ordered;
        let candidacy =
            Candidacy { features: &reading.values, basket: &reading.basket, point: ask.point, ordered };
        let objections = candidates(&self.rules, &self.shop, candidacy);
        let (worths, log_odds) = self.value(&reading, &objections);
        let (guarded, held_out) = guarded(&self.guard, &self.rules, &objections, &moment);
        let draw = self.draw(ask, profile, &objections);
        let field = self.field(profile, &worths, &draw, [&objections, &guarded], held_out);
        let choice = arbitrate(field, &self.spec, &ask.luck);
        let workings = Workings {
            ask,
            session: self.session_of(ask, unseen.as_ref()),
            values: &reading.values,
            barriers: &reading.barriers,
            basket: &reading.basket,
            untreated: logistic(log_odds),
            objections: &objections,
            guarded: &guarded,
            field,
            choice,
        };
        let mut decision = deliver::decision(&workings, &self.shop);
        decision.scope = choice.treatment.and_then(|treatment| self.guard.scope(treatment));
        if ask.trace {
            let note = self.intake_note();
            decision.trace =
                Some(Box::new(deliver::trace(&workings, &decision, &self.shop, &self.rules, &note)));
        }
        let row = field.opens_row.then(|| self.open_row(ask, profile, &reading, choice.treatment));
        self.book(&moment, ask, choice, row);
        decision
    }

    /// The question without what cannot be: an unknown product is no product.
    fn repaired(&self, ask: &Ask) -> Ask {
        let product = ask.product.filter(|id| id.index() < self.shop.products.len());
        Ask { product, cart_goods: ask.cart_goods.max(Money::ZERO), ..*ask }
    }

    /// The profile of whoever asks; a customer number in the question is news like one in an event.
    fn profile_of(&mut self, ask: &Ask) -> ProfileNumber {
        let visitor = ask.visitor;
        let half_life = self.spec.profile_half_life_days;
        let profile = self.identity.profile_for(visitor.cookie, visitor.customer, ask.at, half_life);
        if let Some(slot) = self.live(visitor.cookie, visitor.session) {
            self.pool.get_mut(slot).profile = profile;
        }
        profile
    }

    /// A stand-in for a session of which no event has arrived yet (the news may be late or lost).
    fn unseen_session(&self, ask: &Ask, profile: ProfileNumber) -> Option<Session> {
        if self.live(ask.visitor.cookie, ask.visitor.session).is_some() {
            return None;
        }
        let known = self.identity.profile(profile);
        let newest = known.visits[1].unwrap_or(ask.at);
        let categories = self.shop.categories.len();
        let mut session = Session::new(ask.visitor, profile, ask.at, categories);
        session.newest = newest;
        session.barriers = intent::PRIOR;
        Some(session)
    }

    fn session_of<'a>(&'a self, ask: &Ask, unseen: Option<&'a Session>) -> &'a Session {
        unseen.unwrap_or_else(|| {
            let live = self.live(ask.visitor.cookie, ask.visitor.session);
            self.pool.get(live.expect("there is a stand-in for a session that is not live"))
        })
    }

    /// Stages 3 and 4: features, barriers, the order in question, the learner's context.
    fn read(&self, ask: &Ask, profile: ProfileNumber, moment: &Moment, unseen: Option<&Session>) -> Reading {
        let session = self.session_of(ask, unseen);
        let profile = self.identity.profile(profile);
        let sale = self.guard.posted(ask.at.day());
        let surroundings = Surroundings {
            sale_on: sale.is_some(),
            margin_rate: self.typical.margin_rate(),
            offers_30d: self.guard.offers_since(moment.party, ask.at + -OFFERS_WINDOW_MS),
        };
        let mut values = features(ask, session, profile, &self.shop, surroundings);
        let barriers = intent::filtered(session, ask.at, self.spec.session_half_life_seconds);
        let named = [
            Feature::PDoubt,
            Feature::PShipping,
            Feature::PPayment,
            Feature::PChoice,
            Feature::PTiming,
            Feature::PPrice,
        ];
        for (feature, p) in named.into_iter().zip(barriers) {
            values[feature.slot()] = p;
        }
        values[Feature::Readiness.slot()] = readiness(session, &values);
        let basket = match ask.product {
            Some(product) => Basket::of(&self.shop, product, ask.quantity, ask.cart_goods, sale),
            None => self.typical.basket(sale),
        };
        let context = context(&values, session, &barriers, &basket, self.typical.goods(), profile);
        Reading { values, barriers, basket, context }
    }

    /// Stage 6 for every treatment without an objection; also the log odds of an order without a treatment.
    fn value(&self, reading: &Reading, objections: &Objections) -> (Worths, f64) {
        let mut worths = Worths::default();
        let log_odds = self.learn.log_odds(&reading.context);
        let setting = Setting {
            context: &reading.context,
            basket: &reading.basket,
            plain: reading.basket.earned(&self.shop, None),
            log_odds,
            untreated: logistic(log_odds),
            dependency: self.dependency,
        };
        for id in self.rules.treatments().filter(|id| objections[id.index()].is_none()) {
            worths[id.index()] = worth(&self.learn, &self.shop, &self.middles, setting, id);
        }
        (worths, log_odds)
    }

    /// The posterior draw of this profile, made anew when its window has ended.
    fn draw(&mut self, ask: &Ask, profile: ProfileNumber, objections: &Objections) -> Draw {
        let until = ask.at + self.learn.window_ms();
        let anything = objections.iter().any(Option::is_none);
        let policy: Set = set_of(self.rules.treatments());
        let profile = self.identity.profile_mut(profile);
        if anything && ask.at >= profile.strata_until {
            for id in policy.iter() {
                profile.strata[id.index()] = stratum(ask.luck.quantile(id.0));
            }
            profile.strata_until = until;
        }
        profile.strata
    }

    fn field<'a>(
        &'a self,
        profile: ProfileNumber,
        worths: &'a Worths,
        draw: &'a Draw,
        [objections, guarded]: [&Objections; 2],
        held_out: bool,
    ) -> Field<'a> {
        let eligible = set_of(self.rules.treatments().filter(|id| objections[id.index()].is_none()));
        let allowed = set_of(eligible.iter().filter(|id| guarded[id.index()].is_none()));
        let choosable = if held_out { eligible } else { allowed };
        let opens_row = !choosable.is_empty() && self.identity.profile(profile).open_row.is_none();
        Field { worths, draw, leads: &self.leads, eligible, allowed, held_out, opens_row }
    }

    /// Stage 9: what is shown is reserved and counted towards caps; `row` is what stage 11 opened for it.
    fn book(&mut self, moment: &Moment, ask: &Ask, choice: Choice, row: Option<RowNumber>) {
        let Some(treatment) = choice.treatment else { return };
        self.guard.issue(treatment, moment);
        self.pending.push_back(Pending { decision: ask.number, treatment, row, day: ask.at.day() });
    }

    fn open_row(
        &mut self,
        ask: &Ask,
        profile: ProfileNumber,
        reading: &Reading,
        shown: Option<TreatmentId>,
    ) -> RowNumber {
        let plain = reading.basket.earned(&self.shop, None);
        let change = shown.map_or(0.0, |id| {
            price_change(&plain, &reading.basket.earned(&self.shop, Deal::of(self.shop.treatment(id))))
        });
        let row = self.learn.open(Row {
            at: ask.at,
            profile,
            decision: ask.number,
            treatment: shown,
            price_change: change,
            context: reading.context.map(|term| term as f32),
            bought_after_days: None,
            learned: false,
        });
        self.identity.profile_mut(profile).open_row = Some(row);
        row
    }

    /// A randomised decision of the pilot is a row like any other, if the policy knows what was shown.
    pub(super) fn take_in_pilot(&mut self, logged: &LoggedDecision) {
        let ask = &self.repaired(&logged.ask);
        let usable = logged.treatment.is_none_or(|id| self.rules.treatments().any(|known| known == id));
        if !ask.consent || !usable {
            return;
        }
        let Some(moment) = self.guard.moment(ask) else { return };
        let profile = self.profile_of(ask);
        if self.identity.profile(profile).open_row.is_some() {
            return;
        }
        let unseen = self.unseen_session(ask, profile);
        let reading = self.read(ask, profile, &moment, unseen.as_ref());
        self.open_row(ask, profile, &reading, logged.treatment);
    }

    fn intake_note(&self) -> String {
        let dropped = self.intake.dropped;
        format!(
            "consent given; not used so far: {} malformed, {} repeated, {} late, {} without consent",
            dropped.malformed, dropped.duplicate, dropped.late, dropped.without_consent
        )
    }
}

fn set_of(ids: impl Iterator<Item = TreatmentId>) -> Set {
    let mut set = Set::default();
    ids.for_each(|id| set.insert(id));
    set
}
