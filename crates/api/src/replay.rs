//! One shopper under several arms on one time line: simulated again from the stored texts, or read from the store.
//!
//! # Promises
//! - A world that is simulated again must come out with the stored digests; otherwise that is said, and only what is
//!   stored is shown.
//! - Every decision carries its winner and a reason for every loser.
//! - What was looked at once is kept in the store and shown from there the next time.
//!
//! # Where to start
//! [`Api::replay`]; `replay/entries.rs` puts events into words, `replay/decisions.rs` decisions.

pub(crate) mod decisions;
mod divergence;
mod entries;
mod page;
mod people;
mod stored;
pub(crate) mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_core::facts::Fate;
use counterfoil_core::ids::ShopperId;
use counterfoil_core::shop::Shop;
use counterfoil_core::time::{DAY_MS, Day};
use counterfoil_run::replay::{ArmStory, story};
use counterfoil_store::{RunRecord, StoredRun};
use counterfoil_world::World;
use serde::{Deserialize, Serialize};

use crate::api::{Api, VERSION};
use crate::dto::{ApiError, ErrorCode, LabelValue, ReplayArm, ReplayRequest, ShopperPage, ShopperReplay};
use crate::error::Answered;
use crate::job::{about_run, minor_units};
use crate::planning::Planned;
use counterfoil_core::number::Purse;
use counterfoil_results::display_of;
use entries::StoryWriter;

/// What is kept of a shopper that was looked at.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Engine that simulated it.
    version: String,
    traits: Vec<LabelValue>,
    /// All arms of the run at that time.
    arms: Vec<ReplayArm>,
}

impl Kept {
    fn text(&self) -> Answered<String> {
        serde_json::to_string(self).map_err(|error| ApiError::defect(error.to_string()))
    }
}

/// Everything that words about a shopper need.
pub(crate) struct ShopWords {
    /// Treatments, categories, prices, days.
    pub shop: Arc<Shop>,
    /// How money is written.
    pub purse: Purse,
    /// Minor units per major unit.
    pub minor: f64,
}

impl ShopWords {
    pub(crate) fn new(shop: Arc<Shop>, run: &StoredRun) -> Self {
        let purse = Purse::new(&run.currency, run.currency_decimals);
        Self { shop, purse, minor: minor_units(run.currency_decimals) }
    }

    /// First day of the horizon.
    pub(crate) fn start(&self) -> Day {
        self.shop.horizon_start
    }
}

impl Api {
    /// One shopper under two arms.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a run, arm, world or shopper that does not exist.
    pub fn replay(&self, request: &ReplayRequest) -> Result<ShopperReplay, ApiError> {
        let record = self.record(&request.run)?;
        for arm in [&request.arm_a, &request.arm_b] {
            if !record.run.arms.iter().any(|known| known.name == *arm) {
                let arms: Vec<&str> = record.run.arms.iter().map(|arm| arm.name.as_str()).collect();
                let message = format!("The run has no arm `{arm}`; it has {}.", arms.join(", "));
                return Err(about_run(ErrorCode::NotFound, &record, message));
            }
        }
        let mut replay = self.followed(&record, request.world, request.shopper)?;
        let all = std::mem::take(&mut replay.arms);
        for wanted in [&request.arm_a, &request.arm_b] {
            replay.arms.extend(all.iter().find(|arm| arm.arm == *wanted).cloned());
        }
        Ok(divergence::compared(replay))
    }

    /// [`Api::replay`] as a page shows it: finished text on one time line.
    ///
    /// # Errors
    /// As there.
    pub fn replay_page(&self, request: &ReplayRequest) -> Result<ShopperPage, ApiError> {
        let run = self.stored(&request.run)?;
        Ok(page::page(self.replay(request)?, &Purse::new(&run.currency, run.currency_decimals)))
    }

    /// One shopper under every arm of the run, in the run's order.
    ///
    /// # Errors
    /// As [`Api::replay`].
    pub fn replay_all(&self, run: &str, world: u32, shopper: u32) -> Result<ShopperReplay, ApiError> {
        let record = self.record(run)?;
        Ok(divergence::compared(self.followed(&record, world, shopper)?))
    }

    /// All arms, not yet compared.
    fn followed(&self, record: &RunRecord, world: u32, shopper: u32) -> Answered<ShopperReplay> {
        self.exists(record, world, shopper)?;
        let run = &record.run;
        let kept = self.store()?.trace(run.no, world, shopper)?;
        let kept = kept.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        if let Some(kept) = kept.filter(|kept| kept.arms.len() == run.arms.len()) {
            return Ok(assembled(record, (world, shopper), kept.traits, kept.arms, None));
        }
        if run.engine_version != VERSION {
            let note = format!(
                "Made by engine {}; this is {VERSION}, so only what is stored is shown.",
                run.engine_version
            );
            return self.stored_replay(record, (world, shopper), note);
        }
        let planned = Planned::from_store(record)?;
        match self.simulated(record, &planned, (world, shopper), &AtomicBool::new(false))? {
            Some(kept) => Ok(assembled(record, (world, shopper), kept.traits, kept.arms, None)),
            None => {
                let note = "Simulated again, this world came out differently than it is stored; only what is stored is \
                            shown.";
                self.stored_replay(record, (world, shopper), note.to_owned())
            }
        }
    }

    fn exists(&self, record: &RunRecord, world: u32, shopper: u32) -> Answered<()> {
        let run = &record.run;
        if shopper >= run.shoppers {
            let message = format!("There is no shopper {shopper}; each world has 0 to {}.", run.shoppers - 1);
            return Err(about_run(ErrorCode::NotFound, record, message));
        }
        if !self.store()?.units_done(run.no)?.contains(&world) {
            let message = format!("World {world} is not stored with every arm; worlds are counted from 0.");
            return Err(about_run(ErrorCode::NotFound, record, message));
        }
        Ok(())
    }

    /// Follows her through every arm and keeps what was found; `None` if a digest is not the stored one.
    fn simulated(
        &self,
        record: &RunRecord,
        planned: &Planned,
        (world, shopper): (u32, u32),
        cancel: &AtomicBool,
    ) -> Answered<Option<Kept>> {
        let run = &record.run;
        let Some((kept, stories)) = Self::told(record, planned, (world, shopper), cancel)? else {
            return Ok(None);
        };
        if !self.same_digests(run, world, &stories)? {
            return Ok(None);
        }
        if self.keeps() {
            let stored = self
                .writer()
                .and_then(|mut store| Ok(store.put_trace(run.no, world, shopper, &kept.text()?)?));
            // A store that cannot be written now still shows her; the next look takes as long again.
            stored.or_else(|error| if error.code == ErrorCode::Environment { Ok(()) } else { Err(error) })?;
        }
        Ok(Some(kept))
    }

    /// What a kept trace of a shopper must be: her arms as they were when it was kept, before others were added.
    pub(crate) fn trace_anew(
        record: &RunRecord,
        planned: &Planned,
        at: (u32, u32),
        (stored, cancel): (&str, &AtomicBool),
    ) -> Answered<String> {
        let Some((mut kept, _)) = Self::told(record, planned, at, cancel)? else { return Ok(String::new()) };
        if let Ok(stored) = serde_json::from_str::<Kept>(stored) {
            kept.arms.truncate(stored.arms.len().max(1));
        }
        kept.text()
    }

    /// Simulates her world again and tells it in words; `None` if it was cancelled.
    fn told(
        record: &RunRecord,
        planned: &Planned,
        (world, shopper): (u32, u32),
        cancel: &AtomicBool,
    ) -> Answered<Option<(Kept, Vec<ArmStory>)>> {
        let mut watch = |_: &counterfoil_run::tick::Tick<'_>| !cancel.load(Ordering::Relaxed);
        let Ok(stories) = story(&planned.plan, world, ShopperId::new(shopper), &mut watch) else {
            return Ok(None);
        };
        let place = World::new(Arc::clone(&planned.plan.scenario), world);
        let shop_words = ShopWords::new(Arc::clone(&place.shop), &record.run);
        let arms = stories.iter().map(|told| arm_of(&shop_words, told, &told.visits)).collect();
        let traits = people::traits(&planned.plan.scenario, &place.people[shopper as usize]);
        Ok(Some((Kept { version: VERSION.to_owned(), traits, arms }, stories)))
    }

    fn same_digests(&self, run: &StoredRun, world: u32, stories: &[ArmStory]) -> Answered<bool> {
        let units = self.store()?.load_summaries(run.no)?;
        let stored = units.iter().find(|unit| unit.world == world);
        let same = |told: &ArmStory| {
            stored.is_some_and(|unit| {
                unit.arms.iter().any(|arm| arm.arm == told.arm && arm.digest == told.digest)
            })
        };
        Ok(stories.iter().all(same))
    }

    /// Keeps the traces of `count` shoppers of every world: evenly spread, the same numbers in every world. `false` if it was
    /// cancelled before all were there.
    pub(crate) fn trace_some(
        &self,
        run: &StoredRun,
        planned: &Planned,
        count: u32,
        cancel: &AtomicBool,
    ) -> Answered<bool> {
        if count == 0 {
            return Ok(true);
        }
        let (record, worlds, traced) = {
            let store = self.store()?;
            (store.run_record(run.no)?, store.units_done(run.no)?, store.traced_shoppers(run.no)?)
        };
        let count = count.min(run.shoppers);
        for world in worlds {
            for number in 0..count {
                let shopper = (u64::from(number) * u64::from(run.shoppers) / u64::from(count)) as u32;
                if traced.contains(&(world, shopper)) {
                    continue;
                }
                self.simulated(&record, planned, (world, shopper), cancel)?;
                if cancel.load(Ordering::Relaxed) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// One arm in words.
fn arm_of(
    shop_words: &ShopWords,
    told: &ArmStory,
    visits: &[counterfoil_core::facts::VisitFact],
) -> ReplayArm {
    let mut writer = StoryWriter::new(shop_words, visits, &told.orders);
    for note in &told.notes {
        writer.note(note);
    }
    let (entries, decisions) = writer.finish();
    let contribution: i64 = told.needs.iter().map(|need| need.contribution().0).sum();
    ReplayArm {
        arm: told.arm.clone(),
        display: display_of(&told.arm).to_owned(),
        index: 0,
        orders: told.needs.iter().filter(|need| need.fate == Fate::Bought).count() as u32,
        contribution: contribution as f64 / shop_words.minor,
        entries,
        decisions,
    }
}

/// Puts the styles on and the frame around.
fn assembled(
    record: &RunRecord,
    (world, shopper): (u32, u32),
    traits: Vec<LabelValue>,
    mut arms: Vec<ReplayArm>,
    note: Option<String>,
) -> ShopperReplay {
    let named: Vec<(String, String)> =
        record.run.arms.iter().map(|arm| (arm.name.clone(), display_of(&arm.name).to_owned())).collect();
    for (arm, style) in arms.iter_mut().zip(counterfoil_chart::arm_styles(&named)) {
        arm.index = style.index as u32;
    }
    let last = arms.iter().filter_map(|arm| arm.entries.last()).map(|entry| entry.time_ms).max().unwrap_or(0);
    let days = (last / DAY_MS + 1).max(i64::from(record.run.days));
    ShopperReplay {
        shopper,
        world,
        currency: record.run.currency.clone(),
        traits,
        from_ms: 0,
        to_ms: days * DAY_MS,
        arms,
        divergence: None,
        note,
    }
}
