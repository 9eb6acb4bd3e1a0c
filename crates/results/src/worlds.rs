//! Before worlds are added: each has to fit together by itself, and all have to speak of the same run. A file that somebody
//! has changed is refused with the place; it does not enter a mean.

use crate::error::{Answered, ResultsError};
use crate::facts::{ArmWorld, Facts, World};

impl Facts {
    /// The same, if all sums fit together.
    ///
    /// # Errors
    /// [`ResultsError::DoesNotAddUp`] for the first sum or count that does not fit.
    pub fn checked(self) -> Answered<Self> {
        let names: Vec<&str> = self.run.arms.iter().map(|arm| arm.name.as_str()).collect();
        fit_together(&self.worlds, &names, &self.run.id)?;
        Ok(self)
    }
}

/// Checks the worlds of run `run`, whose arms are `arms`.
///
/// # Errors
/// [`ResultsError::DoesNotAddUp`] for the first sum or count that does not fit.
fn fit_together(units: &[World], arms: &[&str], run: &str) -> Answered<()> {
    let refused = |unit: &World, what: String| ResultsError::DoesNotAddUp {
        world: unit.world,
        what,
        run: run.to_owned(),
    };
    for unit in units {
        if !unit.arms.iter().map(|arm| arm.arm.as_str()).eq(arms.iter().copied()) {
            return Err(refused(unit, format!("its arms are not {}", arms.join(", "))));
        }
        let fault = unit.arms.iter().find_map(|arm| fault(arm, &unit.arms[0], unit.shoppers, units));
        if let Some(what) = fault {
            return Err(refused(unit, what));
        }
    }
    Ok(())
}

/// What is wrong with one arm of one world, in words.
fn fault(arm: &ArmWorld, control: &ArmWorld, shoppers: u32, units: &[World]) -> Option<String> {
    let needs = |arm: &ArmWorld| arm.truth.needs.iter().sum::<i64>();
    let days = units.first().and_then(|unit| unit.arms.first()).map_or(0, |arm| arm.daily.len());
    let (bridge, totals) = (&arm.truth.bridge, &arm.totals);
    let sums: [(&str, i64, i64); 7] = [
        ("the begin of the bridge and the contribution of control", bridge[0], control.totals.contribution),
        ("the steps of the bridge and its end", bridge[..8].iter().sum(), bridge[8]),
        ("the end of the bridge and the contribution", bridge[8], totals.contribution),
        ("the needs and those of control", needs(arm), needs(control)),
        ("the shoppers and those of the world", totals.shoppers, i64::from(shoppers)),
        (
            "the orders by price and all orders",
            totals.full_price_orders + totals.discounted_orders,
            totals.orders,
        ),
        ("the days and those of the other worlds", arm.daily.len() as i64, days as i64),
    ];
    let (what, found, expected) = sums.into_iter().find(|(_, found, expected)| found != expected)?;
    Some(format!("in arm `{}` {what} are {found} and {expected}", arm.arm))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use counterfoil_core::facts::{DailyFact, Totals, TruthFact};

    fn arm(name: &str, contribution: i64) -> ArmWorld {
        let totals = Totals {
            shoppers: 9,
            orders: 5,
            full_price_orders: 3,
            discounted_orders: 2,
            contribution,
            ..Totals::default()
        };
        let bridge = [100, contribution - 100, 0, 0, 0, 0, 0, 0, contribution];
        ArmWorld {
            arm: name.to_owned(),
            totals,
            daily: vec![DailyFact::default(); 3],
            truth: TruthFact { needs: [4, 1, 0, 0, 2, 2], bridge, spillover_orders: 0 },
            probe_weeks: Vec::new(),
        }
    }

    fn worlds() -> Vec<World> {
        let unit = |world| {
            let arms = vec![arm("control", 100), arm("batch", 130)];
            World { world, shoppers: 9, arms }
        };
        (0..3).map(unit).collect()
    }

    #[test]
    fn worlds_that_do_not_fit_together_are_refused_with_their_place() {
        assert_eq!(fit_together(&worlds(), &["control", "batch"], "r"), Ok(()));
        let changes: [fn(&mut World); 10] = [
            |unit| unit.shoppers += 1,
            |unit| unit.arms.swap(0, 1),
            |unit| unit.arms.truncate(1),
            |unit| unit.arms[0].totals.contribution += 1,
            |unit| unit.arms[1].totals.contribution += 1,
            |unit| unit.arms[1].truth.bridge[4] += 1,
            |unit| unit.arms[1].truth.bridge[8] += 1,
            |unit| unit.arms[1].truth.needs[0] += 1,
            |unit| unit.arms[1].totals.discounted_orders += 1,
            |unit| unit.arms[1].daily.truncate(1),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            let mut worlds = worlds();
            change(&mut worlds[2]);
            let error = fit_together(&worlds, &["control", "batch"], "r").expect_err("one figure is wrong");
            assert!(error.to_string().starts_with("World 2 does not add up"), "change {place}: {error}");
        }
    }
}
