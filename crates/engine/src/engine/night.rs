//! What happens between two days: ended windows are learned, evidence fades.

use super::Engine;
use counterfoil_core::time::Day;

impl Engine {
    pub(super) fn pass_night(&mut self, day: Day) {
        let now = day.start();
        self.sweep(now);
        self.learn.drift();
        while let Some((number, row)) = self.learn.next_ripe(now) {
            let profile = self.identity.resolve(row.profile);
            // After a merge only the earlier of two rows is still the profile's; the other one is dropped.
            if self.identity.profile(profile).open_row == Some(number) {
                self.identity.profile_mut(profile).open_row = None;
                self.learn.learn(&row);
            }
        }
        if day == self.shop.horizon_start {
            let identity = &self.identity;
            self.learn.close_early(now, |number, row| {
                identity.profile(identity.resolve(row.profile)).open_row == Some(number)
            });
        }
    }
}
