//! Figures of one execution: how long it took, how many events, how quick the decisions. No part of any result.

use serde::{Deserialize, Serialize};

use counterfoil_run::record::Speed;

/// Performance of the execution that finished a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Performance {
    /// Wall seconds from start to last commit.
    pub seconds: f64,
    /// Threads that simulated.
    pub threads: u32,
    /// Units of the run: worlds.
    pub units: u32,
    /// Of those, taken over from an earlier figures.
    pub units_resumed: u32,
    /// Sessions of this execution, all arms, history and probe.
    pub sessions: u64,
    /// Storefront events of this execution, all arms, history and probe.
    pub events: u64,
    /// Decisions asked in this figures.
    pub decisions: u64,
    /// Sessions per wall second.
    pub sessions_per_second: f64,
    /// Measured time that policies take to decide, from a sample of decisions.
    pub decision_latency_us: Latency,
    /// Largest resident memory of the process so far; 0 where the system does not tell.
    pub peak_rss_bytes: u64,
    /// Days of one shopper simulated in this execution: history, arms, probes with their twins.
    pub shopper_days: u64,
    /// Bytes by which the store grew in this execution.
    pub stored_bytes: u64,
}

/// Quantiles of a latency in microseconds; 0 where nothing was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Median.
    pub p50: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.9th percentile.
    pub p999: f64,
    /// Largest.
    pub max: f64,
}

/// What is known of a execution beside the speed of its simulation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Wall seconds.
    pub seconds: f64,
    /// Threads.
    pub threads: u32,
    /// Worlds of the run.
    pub units: u32,
    /// Worlds that were there before.
    pub units_resumed: u32,
    /// Shopper-days simulated.
    pub shopper_days: u64,
    /// Bytes by which the store grew.
    pub stored_bytes: u64,
}

impl Performance {
    pub(crate) fn of(figures: Figures, speed: &Speed) -> Self {
        let us = |quantile: f64| speed.latency_ns.value_at_quantile(quantile) as f64 / 1_000.0;
        let measured = !speed.latency_ns.is_empty();
        let latency = if measured {
            Latency {
                p50: us(0.5),
                p99: us(0.99),
                p999: us(0.999),
                max: speed.latency_ns.max() as f64 / 1_000.0,
            }
        } else {
            Latency::default()
        };
        let per_second = if figures.seconds > 0.0 { speed.sessions as f64 / figures.seconds } else { 0.0 };
        Self {
            seconds: figures.seconds,
            threads: figures.threads,
            units: figures.units,
            units_resumed: figures.units_resumed,
            sessions: speed.sessions,
            events: speed.events,
            decisions: speed.decisions,
            sessions_per_second: per_second,
            decision_latency_us: latency,
            peak_rss_bytes: peak_rss_bytes(),
            shopper_days: figures.shopper_days,
            stored_bytes: figures.stored_bytes,
        }
    }
}

/// From `/proc/self/status` where there is one.
fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
