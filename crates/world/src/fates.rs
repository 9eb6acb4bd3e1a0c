//! What became of potential needs in one arm.

use crate::mind::stock::{Earned, StockUnit};
use crate::need::Need;
use counterfoil_core::digest::Digest;
use counterfoil_core::facts::Fate;
use counterfoil_core::ids::{NeedIndex, OrderNumber};
use counterfoil_core::time::{Day, Time};

/// What became of a potential need so far, in one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedState {
    /// Its fate.
    pub fate: Fate,
    /// She waited or fished although she would have bought.
    pub waited: bool,
    /// She fished.
    pub fished: bool,
    /// It lies in a cart from an earlier visit.
    pub in_cart: bool,
    /// Day for which she expects a deal.
    pub expects: Option<Day>,
    /// Order that met it or supplied the stock.
    pub order: Option<OrderNumber>,
    /// Its money.
    pub earned: Earned,
}

impl Default for NeedState {
    fn default() -> Self {
        Self {
            fate: Fate::Dormant,
            waited: false,
            fished: false,
            in_cart: false,
            expects: None,
            order: None,
            earned: Earned::default(),
        }
    }
}

impl NeedState {
    /// A unit at home meets it.
    pub(crate) fn is_met_from_stock(&mut self, unit: &StockUnit) {
        self.fate = Fate::MetFromStock;
        self.order = Some(unit.order);
        self.earned = unit.earned;
    }

    fn fold_into(&self, digest: &mut Digest) {
        let Self { fate, waited, fished, in_cart, expects, order, earned } = self;
        let flags = u64::from(*waited) | u64::from(*fished) << 1 | u64::from(*in_cart) << 2;
        digest.fold(*fate as u64 | flags << 8 | u64::from(OrderNumber::word(*order)) << 16);
        digest.fold(expects.map_or(0, |day| u64::from(day.0) + 1));
        earned.fold_into(digest);
    }
}

/// The needs of an arm: which arose, which are open, what became of each.
#[derive(Clone, Debug)]
pub struct Fates {
    /// States in the order of [`crate::World::needs`].
    pub states: Vec<NeedState>,
    pub(crate) open: Vec<NeedIndex>,
    /// The first that has not fallen due yet.
    next_due: usize,
}

impl Fates {
    pub(crate) fn new(needs: usize) -> Self {
        Self { states: vec![NeedState::default(); needs], open: Vec::new(), next_due: 0 }
    }

    /// The next need that falls due before `end`; each comes once.
    pub(crate) fn falls_due(&mut self, needs: &[Need], end: Time) -> Option<NeedIndex> {
        let next = NeedIndex::at(self.next_due);
        needs.get(self.next_due).filter(|need| need.due < end)?;
        self.next_due += 1;
        Some(next)
    }

    /// What became of a need.
    #[inline]
    pub(crate) fn of(&self, need: NeedIndex) -> &NeedState {
        &self.states[need.index()]
    }

    #[inline]
    pub(crate) fn of_mut(&mut self, need: NeedIndex) -> &mut NeedState {
        &mut self.states[need.index()]
    }

    /// A need is open from now on.
    pub(crate) fn open(&mut self, need: NeedIndex) {
        self.of_mut(need).fate = Fate::Open;
        self.open.push(need);
    }

    /// Lets `end` settle what is over, and strikes from the open needs what is open no more.
    pub(crate) fn close_ended(&mut self, mut end: impl FnMut(NeedIndex, &mut NeedState)) {
        let states = &mut self.states;
        self.open.retain(|&need| {
            let state = &mut states[need.index()];
            end(need, state);
            state.fate == Fate::Open
        });
    }

    pub(crate) fn fold_into(&self, digest: &mut Digest) {
        let Self { states, open, next_due } = self;
        states.iter().for_each(|state| state.fold_into(digest));
        // A need that was bought or that ended today is struck from the open ones tomorrow: states say it all.
        let _ = open;
        digest.fold(*next_due as u64);
    }
}
