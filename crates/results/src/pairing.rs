//! What it was worth to give all arms the same shoppers.

use counterfoil_core::number::significant;

use crate::error::Answered;
use crate::facts::Facts;
use crate::metrics::{CONTRIBUTION, shown_metrics};
use crate::words::spoken;

impl Facts {
    /// What it was worth to give all arms the same shoppers; `None` where it cannot be told.
    pub(crate) fn pairing(&self, arm: &str, versus: &str) -> Answered<Option<String>> {
        if arm == versus {
            return Ok(None);
        }
        let shown = shown_metrics().into_iter().find(|shown| shown.name == CONTRIBUTION);
        let Some(shown) = shown else { return Ok(None) };
        let pair = self.pair(&shown, self.place(arm)?, self.place(versus)?)?;
        let Some(ratio) = pair.variance_ratio.filter(|ratio| *ratio > 1.0) else { return Ok(None) };
        let simulated = f64::from(self.run.shoppers) * self.worlds.len() as f64;
        let saved = significant(simulated * (ratio - 1.0), 2);
        Ok(Some(format!(
            "Giving both arms the same shoppers saved {saved} more of them per arm: without the pairing, a range as \
             narrow as the one between {} and {} would have needed {} times as many.",
            spoken(arm),
            spoken(versus),
            significant(ratio, 2)
        )))
    }
}
