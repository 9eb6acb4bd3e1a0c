//! Linear scales and round ticks.

/// Maps values to pixels: `px = at_zero + value · per_unit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Pixel of the value 0.
    pub at_zero: f64,
    /// Pixels per unit.
    pub per_unit: f64,
    /// Smallest value shown.
    pub from: f64,
    /// Largest value shown.
    pub to: f64,
}

impl Scale {
    /// The scale that puts `domain` onto `pixels`; an empty domain is widened to one unit.
    pub(crate) fn new(domain: (f64, f64), pixels: (f64, f64)) -> Self {
        let (from, to) = if domain.1 > domain.0 { domain } else { (domain.0 - 0.5, domain.0 + 0.5) };
        let per_unit = (pixels.1 - pixels.0) / (to - from);
        Self { at_zero: pixels.0 - from * per_unit, per_unit, from, to }
    }

    /// Pixel of `value`.
    pub(crate) fn px(&self, value: f64) -> f64 {
        self.at_zero + value * self.per_unit
    }

    /// Round values inside the domain, at most `most` of them, and the step between them.
    pub(crate) fn ticks(&self, most: usize) -> (Vec<f64>, f64) {
        let step = round_step((self.to - self.from) / most.max(1) as f64);
        let first = (self.from / step - 1e-9).ceil() as i64;
        let last = (self.to / step + 1e-9).floor() as i64;
        ((first..=last).map(|n| n as f64 * step).collect(), step)
    }
}

/// The smallest 1, 2 or 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let power = libm::exp10(libm::log10(least.max(1e-12)).floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= least * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

/// Smallest and largest finite value, or `None` where there is none.
pub(crate) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |range, value| {
        Some(range.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

/// `range` widened by `share` of its width at both ends.
pub(crate) fn padded(range: (f64, f64), share: f64) -> (f64, f64) {
    let width = range.1 - range.0;
    let margin = if width > 0.0 { width * share } else { (range.0.abs() * 0.5).max(1e-6) };
    (range.0 - margin, range.1 + margin)
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale::new((-0.37, 1.42), (0.0, 100.0));
        assert_eq!(scale.ticks(4), (vec![0.0, 0.5, 1.0], 0.5));
        assert_eq!(Scale::new((0.0, 84.0), (0.0, 1.0)).ticks(5).0, vec![0.0, 20.0, 40.0, 60.0, 80.0]);
    }

    #[test]
    fn ends_of_the_domain_fall_on_the_ends_of_the_pixels() {
        let scale = Scale::new((2.0, 4.0), (300.0, 100.0));
        assert!((scale.px(2.0) - 300.0).abs() < 1e-9 && (scale.px(4.0) - 100.0).abs() < 1e-9);
    }
}
