//! One arm from the fork to its end: the horizon, the probe, and beside control the reset twin of the probe.

use crate::cancel::Cancelled;
use crate::fork::{Fork, Nobody, arm_unless, storefront};
use crate::phase::ArmRun;
use crate::plan::Plan;
use crate::record::Clock;
use crate::sums::money_is_in_place;
use crate::tick::{Tick, Watch, go_on};
use crate::truth::{AtEnd, Finished, Reference, Twin};
use counterfoil_core::facts::DailyFact;
use counterfoil_core::ids::{ArmIndex, ShopperId};

/// Which arm of which fork is simulated, and how.
#[derive(Clone, Copy)]
pub(crate) struct ArmJob<'a> {
    pub plan: &'a Plan,
    pub fork: &'a Fork,
    /// The arm.
    pub arm: ArmIndex,
    /// Clock for the sample of measured latencies.
    pub clock: Option<Clock>,
    /// A shopper about whom everything is noted.
    pub followed: Option<ShopperId>,
}

impl ArmJob<'_> {
    /// Lives through horizon, probe and, beside control, the reset twin of the probe.
    ///
    /// At most three states exist at a time (the fork's, the arm's, its twin's), however many arms there are: of control
    /// stays what [`Reference`] holds, and an arm that is over leaves facts.
    pub(crate) fn run(&self, control: Option<&Reference>, watch: Watch<'_>) -> Result<Finished, Cancelled> {
        let days = self.plan.scenario.phases.horizon_days;
        let mut run = arm_unless(self.plan, self.fork, self.arm, self.clock, watch)?;
        if let Some(shopper) = self.followed {
            run.shop.notes.follow(shopper);
        }
        for day in 1..=days {
            run.day_unless(&mut || watch(&self.between()))?;
            let daily = &run.shop.books.days_so_far(day as usize);
            go_on(watch, &self.tick("horizon", (day, days), daily))?;
        }
        let at_end = self.close_horizon(&mut run, control.is_none(), watch)?;
        let twin = match control {
            Some(control) => Some(self.reset_twin(&run, control, watch)?),
            None => None,
        };
        let twin = self.live_probe(&mut run, twin, watch)?;
        self.pause(watch)?;
        money_is_in_place(&run.state, "after the probe");
        Ok(Finished { at_end, run, twin })
    }

    fn between(&self) -> Tick<'static> {
        Tick::between(self.fork.number)
    }

    /// Whoever watches may stop it here.
    fn pause(&self, watch: Watch<'_>) -> Result<(), Cancelled> {
        go_on(watch, &self.between())
    }

    fn tick<'a>(&self, phase: &'static str, (day, days): (u32, u32), daily: &'a [DailyFact]) -> Tick<'a> {
        Tick { world: self.fork.number, phase, arm: self.arm, day, days, daily }
    }

    /// The last evening of the horizon: the policy goes, and what is known of everybody is kept.
    fn close_horizon(
        &self,
        run: &mut ArmRun,
        is_control: bool,
        watch: Watch<'_>,
    ) -> Result<AtEnd, Cancelled> {
        run.state.settle_minds();
        self.pause(watch)?;
        run.shop.fold_policy();
        self.pause(watch)?;
        run.shop.replace_policy(Box::new(Nobody));
        self.pause(watch)?;
        money_is_in_place(&run.state, "after the horizon");
        let at_end = AtEnd::of(&run.state, is_control);
        self.pause(watch)?;
        Ok(at_end)
    }

    /// The arm as it is, with control's memories of deals.
    fn reset_twin(&self, run: &ArmRun, control: &Reference, watch: Watch<'_>) -> Result<ArmRun, Cancelled> {
        let mut state = run.state.clone();
        self.pause(watch)?;
        state.reset_minds_to(&control.minds);
        self.pause(watch)?;
        let shop = storefront(self.plan, &self.fork.world, None, self.clock);
        Ok(ArmRun::new(state, shop, self.fork.world.shop.horizon_end))
    }

    /// The days in which nobody decides, for an arm and its twin.
    fn live_probe(
        &self,
        run: &mut ArmRun,
        mut twin: Option<ArmRun>,
        watch: Watch<'_>,
    ) -> Result<Option<Twin>, Cancelled> {
        let phases = self.plan.scenario.phases;
        for day in 1..=phases.probe_days {
            run.day_unless(&mut || watch(&self.between()))?;
            if let Some(twin) = &mut twin {
                twin.day_unless(&mut || watch(&self.between()))?;
            }
            let daily = &run.shop.books.days_so_far((phases.horizon_days + day) as usize);
            go_on(watch, &self.tick("probe", (day, phases.probe_days), daily))?;
        }
        Ok(twin.map(|twin| Twin::of(twin, &self.fork.world)))
    }
}
