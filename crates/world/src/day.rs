//! A new day: needs arise or lapse, visits are due, messages go out, returns come back.

use crate::agenda::Occasion;
use crate::arm::{ArmState, Message, Today};
use crate::fates::NeedState;
use crate::host::Host;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{Event, EventKind, Visitor};
use counterfoil_core::facts::Fate;
use counterfoil_core::ids::{NeedIndex, VisitKey};
use counterfoil_core::luck::uniform;
use counterfoil_core::policy::Push;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::Needs;

use crate::identity::{customer_number, shopper_of};

const NOON_MS: i64 = 12 * 3_600_000;

impl ArmState {
    /// Begins the next day: call once per day, in order, before stepping through it. The steps below are the order in
    /// which mechanisms act on a day.
    pub fn begin_day(&mut self, day: Day, sale: Option<TreatmentId>, pushes: &[Push]) {
        let visible = |id: &TreatmentId| self.world.scenario.effects[id.index()].visibility > 0.0;
        self.today = Today { day, sale: sale.filter(visible) };
        self.agenda.clear();
        self.needs_arise();
        self.needs_end();
        self.needs_cause_visits();
        self.idle_visits();
        self.expect_returns();
        self.expect_messages(pushes);
        self.agenda.begin();
    }

    /// Needs that fall due become active, or not: loyalty, season and stimulus decide. Stock at home meets them first.
    fn needs_arise(&mut self) {
        let world = self.world.clone();
        let day = self.today.day;
        let (_, month, _) = world.scenario.calendar.date(day);
        let season = world.scenario.season.months[(month - 1) as usize];
        let settings = &world.scenario.needs;
        while let Some(index) = self.fates.falls_due(&world.needs, Day(day.0 + 1).start()) {
            let need = world.need(index);
            let mind = &mut self.minds[need.shopper.index()];
            mind.fade(day, &world.fading);
            let loyal = settings.active.fraction() * mind.loyalty.need_factor(settings);
            if f64::from(need.threshold) >= loyal * season + mind.stimulus.needs_added(settings) {
                continue;
            }
            if let Some(unit) = mind.stock.take(need.category) {
                self.fates.of_mut(index).is_met_from_stock(&unit);
                continue;
            }
            mind.open.open(index);
            self.fates.open(index);
        }
    }

    /// Needs that were not met in time lapse, or are met elsewhere.
    fn needs_end(&mut self) {
        let now = self.today.day.start();
        let (world, minds) = (&self.world, &mut self.minds);
        self.fates.close_ended(|index, state| {
            let need = world.need(index);
            if state.fate == Fate::Open && now >= need.deadline.min(need.elsewhere) {
                state.fate = if need.elsewhere < need.deadline { Fate::Elsewhere } else { Fate::Lapsed };
                minds[need.shopper.index()].open.close(index);
            }
        });
    }

    /// Each open need has one candidate visit per day, at a time drawn with the need; today's hazard thins it.
    fn needs_cause_visits(&mut self) {
        let (world, day) = (&self.world, self.today.day);
        let weekday = world.scenario.season.weekdays[world.weekday(day)];
        for &index in &self.fates.open {
            let need = world.need(index);
            let slot = day.0 - need.due.day().0;
            if slot >= VisitKey::SLOTS {
                continue;
            }
            let words = world.luck.block(DrawKey::slot(need.shopper, need.code(), slot));
            let hazard = visit_hazard(&world.scenario.needs, self.fates.of(index), day, weekday);
            let mind = &mut self.minds[need.shopper.index()];
            mind.fade(day, &world.fading);
            if uniform(words[0]) < hazard * mind.fatigue.visits_kept() {
                let at = world.hours.moment(day, uniform(words[1]));
                let key = VisitKey::for_need(need.code(), slot);
                self.agenda.plan(at, need.shopper, Occasion::NeedVisit { key, need: index });
            }
        }
    }

    /// Visits without a need take place unless fatigue keeps her away.
    fn idle_visits(&mut self) {
        let world = &self.world;
        for visit in &world.idle[self.today.day.0 as usize] {
            let lost = self.minds[visit.shopper.index()].fatigue.visits_lost();
            let draw = DrawKey::idle_visit_stayed_away(visit.shopper, visit.number);
            if lost > 0.0 && world.luck.uniform(draw) < lost {
                continue;
            }
            let key = VisitKey::without_need(visit.number);
            self.agenda.plan(visit.at, visit.shopper, Occasion::IdleVisit { key });
        }
    }

    fn expect_returns(&mut self) {
        self.returns = self.ledger.returns_due(self.today.day);
        let noon = self.today.day.start() + NOON_MS;
        for (number, back) in self.returns.iter().enumerate() {
            self.agenda.plan(noon, back.shopper, Occasion::Return(number as u32));
        }
    }

    /// Return number `number` of the day comes back.
    pub(crate) fn return_comes_back(&mut self, number: u32, at: Time, host: &mut impl Host) {
        let back = self.returns[number as usize];
        let visitor = Visitor::off_site(customer_number(back.shopper));
        let kind = EventKind::OrderReturned { order: back.order, loss: back.loss };
        host.event(&Event { at, visitor, kind }, back.shopper);
        self.minds[back.shopper.index()].loyalty.returned();
    }

    fn expect_messages(&mut self, pushes: &[Push]) {
        self.messages.clear();
        for push in pushes.iter().filter(|push| push.customer.index() < self.world.people.len()) {
            let number = self.messages.len() as u32;
            self.messages.push(Message { push: push.clone(), offer: None });
            self.agenda.plan(push.at, shopper_of(push.customer), Occasion::MessageSent(number));
        }
    }

    /// Whether a need is open and neither its deadline nor another shop came first.
    pub(crate) fn still_wanted(&self, need: NeedIndex, at: Time) -> bool {
        let (facts, state) = (self.world.need(need), self.fates.of(need));
        state.fate == Fate::Open && at >= facts.due && at < facts.deadline.min(facts.elsewhere)
    }
}

/// Probability that an open need causes a visit today; who waits for a deal comes when she expects it.
fn visit_hazard(settings: &Needs, state: &NeedState, today: Day, weekday_factor: f64) -> f64 {
    match state.expects {
        Some(day) if day == today => settings.visit_on_expected_day,
        Some(day) if day > today => settings.visit_while_waiting * weekday_factor,
        _ => settings.visit_per_day * weekday_factor,
    }
}
