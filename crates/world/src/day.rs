//! A new day: needs arise or lapse, visits are due, messages go out, returns come back.

use crate::mind::WalletOffer;
use crate::order::Promise;
use crate::session::NO_NEED;
use crate::town::{Arrival, Host, Town};
use counterfoil_core::event::{Event, EventKind, NOBODY, Visitor, Voucher};
use counterfoil_core::facts::Fate;
use counterfoil_core::luck::{Purpose, uniform};
use counterfoil_core::policy::Push;
use counterfoil_core::time::{Day, Time};
use counterfoil_core::treatment::TreatmentId;
use counterfoil_till::validity;

/// What an arrival is: a visit for a need, without one, from a message; or something that comes by itself.
const FOR_NEED: u8 = 0;
const IDLE: u8 = 1;
pub(crate) const CLICKED: u8 = 2;
const RETURN: u8 = 3;
const SENT: u8 = 4;
const OPENED: u8 = 5;

/// Names of visits: what kind of visit a key belongs to.
const IDLE_KEY: u32 = 1 << 30;
const PUSH_KEY: u32 = 2 << 30;
/// Slots of a need are days since it was due; later ones are never reached.
const SLOTS_MAX: u32 = 255;

impl Town {
    /// Begins the next day: call once per day, in order, before stepping through it.
    pub fn begin_day(&mut self, day: Day, sale: Option<TreatmentId>, pushes: &[Push]) {
        self.day = day.0;
        self.sale = sale.filter(|&id| self.world.scenario.effects[id.index()].visibility > 0.0);
        self.arrivals.clear();
        self.arrived = 0;
        self.needs_arise();
        self.needs_end();
        self.needs_cause_visits();
        self.idle_visits();
        self.expect_returns();
        self.expect_messages(pushes);
        self.arrivals.sort_unstable();
    }

    /// Something that was expected today happens.
    pub(crate) fn happen(&mut self, arrival: Arrival, host: &mut impl Host) {
        match arrival.kind {
            RETURN => self.return_comes_back(arrival, host),
            SENT => self.message_is_sent(arrival, host),
            OPENED => self.message_is_opened(arrival, host),
            _ => self.arrive(arrival, host),
        }
    }

    fn expect_returns(&mut self) {
        self.returns = self.ledger.returns_due(self.day);
        let noon = Day(self.day).start() + 12 * 3_600_000;
        for (number, &(_, shopper, _)) in self.returns.iter().enumerate() {
            self.arrivals.push(Arrival {
                at: noon,
                shopper,
                kind: RETURN,
                key: number as u32,
                need: NO_NEED,
            });
        }
    }

    fn return_comes_back(&mut self, arrival: Arrival, host: &mut impl Host) {
        let (order, shopper, loss) = self.returns[arrival.key as usize];
        let visitor = Visitor { cookie: NOBODY, customer: shopper, session: NOBODY };
        let event = Event { at: arrival.at, visitor, kind: EventKind::OrderReturned { order, loss } };
        host.event(&event, shopper, NOBODY);
        let mind = &mut self.minds[shopper as usize];
        mind.loyalty -= 0.15 * mind.loyalty;
    }

    fn needs_arise(&mut self) {
        let world = self.world.clone();
        let end = Day(self.day + 1).start();
        let (_, month, _) = world.scenario.calendar.date(Day(self.day));
        let season = world.scenario.season.months[(month - 1) as usize];
        while self.next_need < world.needs.len() && world.needs[self.next_need].due < end {
            let index = self.next_need;
            self.next_need += 1;
            let need = &world.needs[index];
            let mind = &mut self.minds[need.shopper as usize];
            mind.fade(self.day, &world.fading);
            let settings = &world.scenario.needs;
            let loyalty = 1.0 + settings.loyalty_effect * (f64::from(mind.loyalty) - 0.5);
            let stimulus = settings.stimulus_effect * f64::from(mind.stimulus);
            if f64::from(need.threshold) >= settings.active.fraction() * loyalty * season + stimulus {
                continue;
            }
            if self.ledger.meet_from_stock(mind, need.category, &mut self.states[index]) {
                continue;
            }
            self.states[index].fate = Fate::Open;
            mind.open_need(index as u32);
            self.open.push(index as u32);
        }
    }

    fn needs_end(&mut self) {
        let now = Day(self.day).start();
        let (world, states, minds) = (&self.world, &mut self.states, &mut self.minds);
        self.open.retain(|&index| {
            let need = &world.needs[index as usize];
            let state = &mut states[index as usize];
            if state.fate == Fate::Open && now >= need.deadline.min(need.elsewhere) {
                state.fate = if need.elsewhere < need.deadline { Fate::Elsewhere } else { Fate::Lapsed };
                minds[need.shopper as usize].close_need(index);
            }
            state.fate == Fate::Open
        });
    }

    /// Each open need has one candidate visit per day, at a time drawn with the need; today's hazard thins it.
    fn needs_cause_visits(&mut self) {
        let world = self.world.clone();
        let settings = &world.scenario.needs;
        let weekday =
            world.scenario.season.weekdays[usize::from(world.scenario.calendar.weekday(Day(self.day)))];
        for &index in &self.open {
            let need = &world.needs[index as usize];
            let slot = self.day - need.due.day().0;
            if slot > SLOTS_MAX {
                continue;
            }
            let words = world.luck.block(Purpose::Slot, [need.shopper, need.code(), slot]);
            let state = &self.states[index as usize];
            let hazard = match state.expects_day {
                0 => settings.visit_per_day * weekday,
                expected if expected == self.day => settings.visit_on_expected_day,
                expected if expected > self.day => settings.visit_while_waiting * weekday,
                _ => settings.visit_per_day * weekday,
            };
            let mind = &mut self.minds[need.shopper as usize];
            mind.fade(self.day, &world.fading);
            if uniform(words[0]) >= hazard * (1.0 - 0.5 * f64::from(mind.fatigue)) {
                continue;
            }
            let at = world.time_of_day(self.day, uniform(words[1]));
            let key = need.code() << 8 | slot;
            self.arrivals.push(Arrival { at, shopper: need.shopper, kind: FOR_NEED, key, need: index });
        }
    }

    fn idle_visits(&mut self) {
        let world = self.world.clone();
        for &(at, shopper, lane) in &world.idle[self.day as usize] {
            let fatigue = f64::from(self.minds[shopper as usize].fatigue);
            let stays_away =
                fatigue > 0.0 && world.luck.uniform(Purpose::Idle, [shopper, lane, 1]) < 0.5 * fatigue;
            if !stays_away {
                let key = IDLE_KEY | lane;
                self.arrivals.push(Arrival { at, shopper, kind: IDLE, key, need: NO_NEED });
            }
        }
    }

    fn expect_messages(&mut self, pushes: &[Push]) {
        self.pushes.clear();
        for push in pushes.iter().filter(|push| (push.customer as usize) < self.world.people.len()) {
            let (shopper, key) = (push.customer, self.pushes.len() as u32);
            self.pushes.push((push.clone(), None));
            self.arrivals.push(Arrival { at: push.at, shopper, kind: SENT, key, need: NO_NEED });
        }
    }

    /// A message goes out; whether and when it is opened is luck of (shopper, campaign).
    fn message_is_sent(&mut self, arrival: Arrival, host: &mut impl Host) {
        let world = self.world.clone();
        let (push, _) = self.pushes[arrival.key as usize].clone();
        let visitor = Visitor { cookie: NOBODY, customer: push.customer, session: NOBODY };
        let sent = EventKind::MessageSent { campaign: push.campaign, treatment: push.treatment };
        host.event(&Event { at: arrival.at, visitor, kind: sent }, push.customer, NOBODY);
        let content = push.treatment.or(self.sale);
        self.ledger.message_sent(content, &world.scenario.treatments);
        let words = world.luck.block(Purpose::Push, [push.customer, push.campaign, 0]);
        let visibility = content.map_or(0.0, |id| world.scenario.effects[id.index()].visibility);
        let offer = push.treatment.filter(|id| world.scenario.treatments[id.index()].kind.is_offer());
        let entry = offer.map(|id| {
            let until = validity::until(&world.scenario.treatments[id.index()], arrival.at, true);
            let promise =
                Promise { voucher: Voucher::Campaign(push.campaign), until, scope: push.scope.clone() };
            self.ledger.issue(push.customer, id, arrival.at, promise)
        });
        self.pushes[arrival.key as usize].1 = entry;
        let opens = uniform(words[0]) < world.scenario.messages.open.fraction() * visibility;
        if world.people[push.customer as usize].subscribed && opens {
            let later = arrival.at + (uniform(words[1]) * 5.0 * 3_600_000.0) as i64;
            self.expect(Arrival { at: later, kind: OPENED, ..arrival });
        } else if let Some(entry) = entry {
            self.ledger.expire(entry);
        }
    }

    /// Something is expected later today; what would come after midnight comes in its last minute.
    fn expect(&mut self, arrival: Arrival) {
        let last = Day(self.day + 1).start() + -60_000;
        let arrival = Arrival { at: arrival.at.min(last), ..arrival };
        let place = self.arrived + self.arrivals[self.arrived..].partition_point(|other| *other <= arrival);
        self.arrivals.insert(place, arrival);
    }

    fn message_is_opened(&mut self, arrival: Arrival, host: &mut impl Host) {
        let world = self.world.clone();
        let (push, entry) = self.pushes[arrival.key as usize].clone();
        let visitor = Visitor { cookie: NOBODY, customer: push.customer, session: NOBODY };
        let kind = EventKind::MessageOpened { campaign: push.campaign };
        host.event(&Event { at: arrival.at, visitor, kind }, push.customer, NOBODY);
        let mind = &mut self.minds[push.customer as usize];
        mind.fade(self.day, &world.fading);
        mind.stimulus += 1.0 - mind.stimulus;
        self.read_message(&push, entry);
        self.follow_message(&push, arrival.at, host);
    }

    /// What opening a message does to her mind: an offer goes into the wallet, a sale into the calendar.
    fn read_message(&mut self, push: &Push, entry: Option<u32>) {
        let world = self.world.clone();
        let beliefs = &world.scenario.beliefs;
        let weekday = usize::from(world.scenario.calendar.weekday(Day(self.day)));
        if let Some(sale) = self.sale.filter(|_| push.treatment.is_none()) {
            let depth = self.usual_depth(sale);
            self.minds[push.customer as usize].calendar[weekday].learn(beliefs.calendar_rate, depth);
        }
        let Some(id) = push.treatment else { return };
        let annoyance = world.scenario.effects[id.index()].annoyance
            * world.people[push.customer as usize].traits.annoyance;
        let mind = &mut self.minds[push.customer as usize];
        mind.fatigue += (annoyance as f32).min(1.0) * (1.0 - mind.fatigue);
        if let Some(entry) = entry {
            let depth = self.usual_depth(id);
            let mind = &mut self.minds[push.customer as usize];
            mind.visit.learn(beliefs.visit_rate, depth);
            let until = self.ledger.promises[entry as usize].until;
            self.ledger.put_in_wallet(mind, WalletOffer { treatment: id, until, entry });
        }
    }

    fn follow_message(&mut self, push: &Push, opened: Time, host: &mut impl Host) {
        let world = self.world.clone();
        let words = world.luck.block(Purpose::Push, [push.customer, push.campaign, 0]);
        let open = self.minds[push.customer as usize].open;
        let need = open.iter().rev().copied().find(|&n| n != u32::MAX && self.still_wanted(n, opened));
        let messages = &world.scenario.messages;
        let click = if need.is_some() { messages.click } else { messages.click_without_need };
        if uniform(words[2]) >= click.fraction() {
            return;
        }
        let visitor = Visitor { cookie: NOBODY, customer: push.customer, session: NOBODY };
        let kind = EventKind::MessageClicked { campaign: push.campaign };
        host.event(&Event { at: opened, visitor, kind }, push.customer, NOBODY);
        let key = PUSH_KEY | (push.campaign & (PUSH_KEY - 1) & !IDLE_KEY);
        let (shopper, need) = (push.customer, need.unwrap_or(NO_NEED));
        self.expect(Arrival { at: opened + 2_000, shopper, kind: CLICKED, key, need });
    }
}
