//! The state of one arm: everything that what is shown can change. Cloning it is the fork.

use crate::agenda::Agenda;
use crate::fates::Fates;
use crate::ledger::{Ledger, Return};
use crate::mind::Mind;
use crate::visits::Visits;
use crate::world::World;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::{DecisionNumber, OfferNumber, ShopperId};
use counterfoil_core::policy::Push;
use counterfoil_core::time::Day;
use counterfoil_core::treatment::TreatmentId;
use std::sync::Arc;

/// The day that is being lived through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Today {
    pub day: Day,
    /// The sale that is posted and that anybody can see.
    pub sale: Option<TreatmentId>,
}

/// A message of today, and the offer in it once it is out.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub push: Push,
    pub offer: Option<OfferNumber>,
}

/// One arm of a world, from the first day on.
#[derive(Clone)]
pub struct ArmState {
    pub(crate) world: Arc<World>,
    pub(crate) today: Today,
    /// Minds by shopper.
    pub minds: Vec<Mind>,
    /// What became of needs.
    pub fates: Fates,
    pub(crate) agenda: Agenda,
    pub(crate) messages: Vec<Message>,
    pub(crate) returns: Vec<Return>,
    pub(crate) visits: Visits,
    pub(crate) questions: u32,
    /// Orders, offers, returns to come, costs.
    pub ledger: Ledger,
    /// Digest over visits and orders only.
    pub orders_digest: Digest,
}

impl ArmState {
    /// An arm before its first day.
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self {
            minds: vec![Mind::default(); world.people.len()],
            fates: Fates::new(world.needs.len()),
            today: Today { day: Day(0), sale: None },
            agenda: Agenda::default(),
            messages: Vec::new(),
            returns: Vec::new(),
            visits: Visits::default(),
            questions: 0,
            ledger: Ledger::default(),
            orders_digest: Digest::default(),
            world,
        }
    }

    /// The world it is in.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// The day that is being lived through.
    #[must_use]
    pub fn today(&self) -> Day {
        self.today.day
    }

    /// How many visits are under way.
    #[must_use]
    pub fn running_visits(&self) -> usize {
        self.visits.running()
    }

    /// How many needs are open.
    #[must_use]
    pub fn open_needs(&self) -> usize {
        self.fates.open.len()
    }

    /// Her mind, faded to today.
    pub(crate) fn mind_today(&mut self, shopper: ShopperId) -> &mut Mind {
        let mind = &mut self.minds[shopper.index()];
        mind.fade(self.today.day, &self.world.fading);
        mind
    }

    /// The number of a question that is asked now.
    pub(crate) fn next_question(&mut self) -> DecisionNumber {
        self.questions += 1;
        DecisionNumber::new(self.questions - 1)
    }

    /// Replaces what everybody remembers of deals by what the same people in control do, in the order of shoppers. These
    /// memories are not younger than today.
    pub fn reset_minds_to(&mut self, control: &[Mind]) {
        let (day, fading) = (self.today.day, &self.world.fading);
        for (mind, theirs) in self.minds.iter_mut().zip(control) {
            let mut theirs = theirs.clone();
            theirs.fade(day, fading);
            mind.fade(day, fading);
            mind.reset_to(&theirs);
        }
    }

    /// Every personal offer ends: in wallets, in visits under way, and on the way to a screen.
    fn end_offers(&mut self) {
        for held in self.minds.iter_mut().filter_map(|mind| mind.wallet.take()) {
            self.ledger.expire(held.offer);
        }
        for session in self.visits.all_mut() {
            session.screen.pending = None;
            if let Some(held) = session.held.take() {
                self.ledger.expire(held.offer);
            }
        }
    }

    /// Leaves the money of units at home with the needs for which they were bought: what they meet later is free.
    ///
    /// Called where the books are closed (the fork), so that no arm is credited with an order from before it.
    /// With `offers_end`, personal offers that are still open end as well: those of a pilot are no arm's.
    pub fn close_books(&mut self, offers_end: bool) {
        if offers_end {
            self.end_offers();
        }
        for unit in self.minds.iter_mut().flat_map(|mind| &mut mind.stock.0) {
            self.fates.of_mut(unit.buyer).earned += std::mem::take(&mut unit.earned);
        }
    }

    /// Lets every memory fade to the present, so that minds can be read and compared.
    pub fn settle_minds(&mut self) {
        let (day, fading) = (self.today.day, &self.world.fading);
        self.minds.iter_mut().for_each(|mind| mind.fade(day, fading));
    }

    /// Folds everything that later days depend on into `digest`: minds, needs, books. Call it between two days, when nothing
    /// is planned and messages and returns of the day are settled; visits that go on over midnight count by what they did.
    pub fn fold_into(&self, digest: &mut Digest) {
        let Self { world: _, today, minds, fates, ledger, orders_digest, .. } = self;
        let Self { agenda: _, messages: _, returns: _, visits: _, questions, .. } = self;
        minds.iter().for_each(|mind| mind.fold_into(digest));
        fates.fold_into(digest);
        ledger.fold_into(digest);
        digest.fold(u64::from(today.day.0) << 32 | u64::from(*questions));
        digest.fold_digest(*orders_digest);
    }
}
