//! Which of her needs are open, so that a message finds the one that it can serve.

use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::NeedIndex;
use counterfoil_scenario::model::Scenario;

/// Needs that she can have open at once and that a message still finds.
const OPEN_MAX: usize = 4;

/// Her open needs, newest last; the oldest is forgotten when there are too many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenNeeds([Option<NeedIndex>; OPEN_MAX]);

impl OpenNeeds {
    pub(crate) fn open(&mut self, need: NeedIndex) {
        self.0.rotate_left(1);
        self.0[OPEN_MAX - 1] = Some(need);
    }

    pub(crate) fn close(&mut self, need: NeedIndex) {
        self.0.iter_mut().filter(|open| **open == Some(need)).for_each(|open| *open = None);
    }

    /// Newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = NeedIndex> {
        self.0.into_iter().rev().flatten()
    }
}

impl Mechanism for OpenNeeds {
    type Fading = ();

    fn fading(_scenario: &Scenario, _days: u32) {}

    fn fold_into(&self, digest: &mut Digest) {
        let Self(open) = self;
        open.iter().for_each(|need| digest.fold(u64::from(NeedIndex::word(*need))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_open_needs_are_found() {
        let mut open = OpenNeeds::default();
        (0..5).map(NeedIndex::new).for_each(|need| open.open(need));
        open.close(NeedIndex::new(3));
        let found: Vec<u32> = open.newest_first().map(NeedIndex::number).collect();
        assert_eq!(found, [4, 2, 1]);
    }
}
