//! Random numbers of a try: a pure function of seed, kind and number, so that every failure can be repeated.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood 2014); nothing here is simulated, so any good one would do.

/// The numbers of one try.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Dice {
    /// The numbers that belong to these three.
    pub(crate) fn of(seed: u64, kind: &str, number: u64) -> Self {
        let word = kind.bytes().fold(seed, |hash, byte| mixed(hash.wrapping_add(u64::from(byte) + 1)));
        Self(mixed(word ^ mixed(number.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// Any number.
    pub(crate) fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number from 0 to below `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.any() % end as u64) as usize }
    }

    /// True once in `n`.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_try_repeats_and_its_neighbours_differ() {
        let first = |seed, kind, number| Dice::of(seed, kind, number).any();
        assert_eq!(first(1, "kill", 7), first(1, "kill", 7));
        let others = [first(2, "kill", 7), first(1, "bits", 7), first(1, "kill", 8)];
        assert!(others.iter().all(|other| *other != first(1, "kill", 7)), "{others:?}");
    }
}
