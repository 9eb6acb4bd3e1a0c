//! A belief in a deal: how likely it is and how deep.

use counterfoil_core::digest::Digest;

/// A believed deal; both are shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Belief {
    /// Probability.
    pub chance: f32,
    /// Depth as a share of the list price.
    pub depth: f32,
}

impl Belief {
    /// Moves the belief by one observation of weight `rate`; `depth` 0 means that there was no deal.
    pub(crate) fn learn(&mut self, rate: f64, depth: f64) {
        let rate = rate as f32;
        if depth > 0.0 {
            self.chance += rate * (1.0 - self.chance);
            self.depth = if self.depth == 0.0 {
                depth as f32
            } else {
                self.depth + rate * (depth as f32 - self.depth)
            };
        } else {
            self.chance -= rate * self.chance;
        }
    }

    pub(crate) fn fold_into(self, digest: &mut Digest) {
        let Self { chance, depth } = self;
        digest.fold(u64::from(chance.to_bits()) << 32 | u64::from(depth.to_bits()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a deal that comes with chance q at every visit is believed to come with chance q.
    #[test]
    fn a_belief_finds_how_often_there_is_a_deal() {
        let mut belief = Belief::default();
        let mut sum = 0.0;
        for visit in 0..4_000 {
            belief.learn(0.05, if visit % 4 == 0 { 0.2 } else { 0.0 });
            sum += if visit >= 2_000 { f64::from(belief.chance) } else { 0.0 };
        }
        assert!((sum / 2_000.0 - 0.25).abs() < 0.01);
        assert!((belief.depth - 0.2).abs() < 1e-6, "a visit without a deal says nothing about its depth");
    }
}
