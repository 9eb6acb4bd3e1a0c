//! A store in real time: the same loop as a run, paced by the wall clock, watched and steered.
//!
//! The loop itself, its pace and its promise of the same decisions as a run are `counterfoil-run`'s; here it is planned,
//! told in words and connected to the hands on its controls.

use std::sync::atomic::Ordering;
use std::time::Duration;

use counterfoil_core::event::EventKind;
use counterfoil_core::ids::ArmIndex;
use counterfoil_core::time::Time;
use counterfoil_run::live::{Controls, Frame, Live};
use counterfoil_run::plan::CONTROL;
use counterfoil_run::record::{Answered, Note, Speed};
use counterfoil_run::tick::Tick;
use counterfoil_store::Keep;
use counterfoil_world::World;
use tokio::sync::watch;

use crate::api::Api;
use crate::clock::{self, Stopwatch};
use crate::dto::{ApiError, LiveControl, LiveRequest, LiveRow, LiveRowKind, LiveState};
use crate::job::minor_units;
use crate::planning::{Planned, RunOptions};
use crate::replay::ShopWords;
use crate::replay::decisions::{decision_of, says_something};
use counterfoil_core::number::Purse;

/// Most rows of one message.
const ROWS_MAX: usize = 50;
/// How often the controls are read while nothing else happens.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// Shortest time between two messages, seconds.
const PAUSE_SECONDS: f64 = 0.05;
/// Simulated seconds per second.
const SPEEDS: std::ops::RangeInclusive<u32> = 1..=1_000;

impl Api {
    /// Paces one world of a scenario under one policy by the wall clock until it ends or `control` stops it.
    ///
    /// Warm-up and history are simulated at full speed first. Nothing is stored.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::InvalidInput`] for a scenario or policy that cannot run;
    /// [`crate::dto::ErrorCode::Busy`] while another session goes on.
    pub fn live(
        &self,
        request: &LiveRequest,
        on_state: &(dyn Fn(LiveState) + Sync),
        control: &LiveControl,
    ) -> Result<(), ApiError> {
        let _held = self.claim_live()?;
        let planned = self.planned(&options_of(request))?;
        let arm = arm_of(&planned, &request.policy);
        let mut feed = LiveFeed::new(&planned, arm, control);
        let stopwatch = Stopwatch::start();
        let mut told_at = 0.0;
        let mut watch = |tick: &Tick<'_>| {
            if tick.is_day() && stopwatch.seconds() - told_at > PAUSE_SECONDS {
                told_at = stopwatch.seconds();
                on_state(feed.preparing(tick));
            }
            !control.stop.load(Ordering::Relaxed)
        };
        let live = Live::start(&planned.plan, arm, clock::nanoseconds, &mut watch);
        if let Ok(live) = live {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
            let runtime = runtime.map_err(|error| ApiError::defect(error.to_string()))?;
            runtime.block_on(paced(live, control, &mut feed, on_state));
        }
        on_state(feed.finished());
        Ok(())
    }
}

fn options_of(request: &LiveRequest) -> RunOptions {
    let mut options = RunOptions::new(&request.scenario);
    options.keep = Keep::Summary;
    options.overrides.worlds = Some(1);
    options.overrides.shoppers = Some(i64::from(request.shoppers));
    options.overrides.seed = Some(i64::try_from(request.seed).unwrap_or(i64::MAX));
    options.overrides.policies = vec![request.policy.clone()];
    options
}

/// The arm that was asked for: `control` and `status-quo` by name, any other stands last.
fn arm_of(planned: &Planned, policy: &str) -> ArmIndex {
    let plan = &planned.plan;
    plan.arm_named(policy).or_else(|| plan.arm_indices().last()).unwrap_or(CONTROL)
}

/// Runs the loop, and beside it a task that passes on pause, speed and stop.
async fn paced(
    live: Live,
    control: &LiveControl,
    feed: &mut LiveFeed<'_>,
    on_state: &(dyn Fn(LiveState) + Sync),
) {
    let (send, receive) = watch::channel(wanted(control));
    let held = std::cell::RefCell::new(feed);
    let steer = async {
        let mut was_paused = false;
        loop {
            let now = wanted(control);
            if now.paused != was_paused {
                was_paused = now.paused;
                on_state(held.borrow_mut().state(Vec::new(), false));
            }
            if send.send(now).is_err() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let run = live.pace(receive, |frame| on_state(held.borrow_mut().frame(frame)));
    tokio::select! {
        _ = run => {}
        () = steer => {}
    }
}

fn wanted(control: &LiveControl) -> Controls {
    let speed = control.speed.load(Ordering::Relaxed).clamp(*SPEEDS.start(), *SPEEDS.end());
    Controls {
        speed: f64::from(speed),
        paused: control.paused.load(Ordering::Relaxed),
        stopped: control.stop.load(Ordering::Relaxed),
    }
}

/// Puts frames into words and counts.
struct LiveFeed<'a> {
    control: &'a LiveControl,
    shop_words: ShopWords,
    deadline_ms: f64,
    warmup_days: u32,
    now: Time,
    open: u32,
    orders: u64,
    shown: u64,
    sequence: u64,
    speed: Speed,
}

impl<'a> LiveFeed<'a> {
    fn new(planned: &Planned, arm: ArmIndex, control: &'a LiveControl) -> Self {
        let mut small = (*planned.plan.scenario).clone();
        let purse = Purse::new(&small.currency, small.currency_decimals);
        let minor = minor_units(small.currency_decimals);
        small.shoppers.count = 1;
        let shop = World::new(std::sync::Arc::new(small), 0).shop;
        Self {
            control,
            shop_words: ShopWords { shop, purse, minor },
            deadline_ms: f64::from(Live::deadline_ms(&planned.plan, arm)),
            warmup_days: planned.plan.scenario.phases.warmup_days,
            now: planned.horizon_start().start(),
            open: 0,
            orders: 0,
            shown: 0,
            sequence: 0,
            speed: Speed::default(),
        }
    }

    fn preparing(&self, tick: &Tick<'_>) -> LiveState {
        let clock = if tick.day <= self.warmup_days {
            format!("warm-up, day {} of {}", tick.day, self.warmup_days)
        } else {
            format!("history, day {} of {}", tick.day - self.warmup_days, tick.days - self.warmup_days)
        };
        LiveState { clock, preparing: true, ..self.state(Vec::new(), false) }
    }

    fn finished(&self) -> LiveState {
        self.state(Vec::new(), true)
    }

    fn frame(&mut self, frame: Frame) -> LiveState {
        self.now = self.now.max(frame.now);
        self.open = frame.sessions_open as u32;
        self.speed = frame.speed;
        let mut rows = Vec::new();
        for (shopper, note) in &frame.notes {
            if let Note::Event(event) = note {
                self.orders += u64::from(matches!(event.kind, EventKind::OrderPlaced { .. }));
                self.shown += u64::from(matches!(event.kind, EventKind::TreatmentShown { .. }));
            }
            rows.extend(self.row(shopper.number(), note));
        }
        let rows = rows.split_off(rows.len().saturating_sub(ROWS_MAX));
        self.state(rows, false)
    }

    fn row(&mut self, shopper: u32, note: &Note) -> Option<LiveRow> {
        let (at, kind, text, latency_us) = match note {
            Note::Event(event) => {
                let (kind, text) = match event.kind {
                    EventKind::SessionStarted { .. } => (LiveRowKind::Session, "comes".to_owned()),
                    EventKind::SessionEnded => (LiveRowKind::Session, "leaves".to_owned()),
                    EventKind::OrderPlaced { goods, reward, .. } => {
                        (LiveRowKind::Order, format!("buys for {}", self.shop_words.money(goods - reward)))
                    }
                    _ => return None,
                };
                (event.at, kind, text, None)
            }
            Note::Decision(noted) => {
                let Answered { ask, decision, delay_ms, in_time, took_ns } = &**noted;
                if !says_something(decision) {
                    return None;
                }
                let told = decision_of(&self.shop_words, ask, decision, *delay_ms, *in_time);
                let text = match told.winner {
                    Some(winner) => format!("sees {winner}: {}", told.sentence),
                    None => format!("sees nothing new: {}", told.sentence),
                };
                (ask.at, LiveRowKind::Decision, text, took_ns.map(|ns| ns as f64 / 1000.0))
            }
        };
        self.sequence += 1;
        let clock = self.shop_words.clock_seconds(at);
        Some(LiveRow { sequence: self.sequence, clock, shopper, kind, text, latency_us })
    }

    fn state(&self, rows: Vec<LiveRow>, finished: bool) -> LiveState {
        let latency_us = |quantile: f64| match self.speed.latency_ns.is_empty() {
            true => 0.0,
            false => self.speed.latency_ns.value_at_quantile(quantile) as f64 / 1_000.0,
        };
        LiveState {
            clock: self.shop_words.clock_seconds(self.now),
            preparing: false,
            speed: self.control.speed.load(Ordering::Relaxed).clamp(*SPEEDS.start(), *SPEEDS.end()),
            paused: self.control.paused.load(Ordering::Relaxed),
            sessions_open: self.open,
            sessions: self.speed.sessions,
            orders: self.orders,
            decisions: self.speed.decisions,
            shown: self.shown,
            late: self.speed.missed,
            latency_p50_us: latency_us(0.5),
            latency_p99_us: latency_us(0.99),
            deadline_ms: self.deadline_ms,
            rows,
            finished,
        }
    }
}
