//! Traces: what stands in her way makes her look things up, which a storefront can see.

use counterfoil_core::treatment::Barrier;
use counterfoil_scenario::model::Traces;

/// Probability that a barrier of this level leaves a trace in a visit.
pub(crate) fn chance(settings: &Traces, level: f64) -> f64 {
    settings.base + settings.informativeness * level / (1.0 + level)
}

/// Barriers of which a trace is still to be left in a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TracesLeft(u8);

impl TracesLeft {
    pub(crate) fn add(&mut self, barrier: Barrier) {
        self.0 |= 1 << barrier.index();
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The next one, in the order of barriers.
    pub(crate) fn take(&mut self) -> Option<Barrier> {
        let barrier = *Barrier::ALL.get(self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(barrier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_a_barrier_the_likelier_a_trace() {
        let settings = Traces { base: 0.1, informativeness: 0.6, ..Traces::default() };
        assert_eq!(chance(&settings, 0.0), 0.1);
        assert_eq!(chance(&settings, 1.0), 0.4);
        assert!(chance(&settings, 1e9) <= 0.7);
    }

    #[test]
    fn each_trace_is_left_once_in_order() {
        let mut left = TracesLeft::default();
        left.add(Barrier::Timing);
        left.add(Barrier::Doubt);
        assert_eq!(
            [left.take(), left.take(), left.take()],
            [Some(Barrier::Doubt), Some(Barrier::Timing), None]
        );
    }
}
