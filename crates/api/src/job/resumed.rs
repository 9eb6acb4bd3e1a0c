//! Whether a repeated command line means the run that is stored.

use counterfoil_scenario::{Overrides, parse_scenario};
use counterfoil_store::RunRecord;

use crate::api::Api;
use crate::dto::ErrorCode;
use crate::error::Answered;
use crate::job::about_run;
use crate::planning::RunOptions;

impl Api {
    /// Scenario, flags and policies that were repeated must be those of the run.
    pub(super) fn agrees(&self, record: &RunRecord, again: &RunOptions) -> Answered<()> {
        let stored = &record.scenario_text;
        if again.scenario.is_empty() {
            if again.overrides != Overrides::default() {
                let document =
                    parse_scenario(stored, "the stored scenario", &again.overrides, &|_| None)?.document;
                return same_text(record, "the scenario", stored, &document);
            }
            return Ok(());
        }
        let planned = self.planned(again)?;
        same_text(record, "the scenario", stored, &planned.document)?;
        for policy in &planned.policies {
            let known = record.policies.iter().find(|known| known.name == policy.name);
            let text = known.map_or("", |known| known.text.as_str());
            same_text(record, &format!("policy {}", policy.name), text, &policy.text)?;
        }
        Ok(())
    }
}

/// Compares line by line and names the first difference with the section that it stands in.
fn same_text(record: &RunRecord, what: &str, stored: &str, given: &str) -> Answered<()> {
    if stored == given {
        return Ok(());
    }
    let mut section = "";
    let mut given_lines = given.lines();
    for line in stored.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let other = given_lines.next().unwrap_or("nothing");
        if line != other {
            return Err(differs(record, what, section, line, other));
        }
    }
    Err(differs(record, what, section, "nothing", given_lines.next().unwrap_or("nothing")))
}

fn differs(record: &RunRecord, what: &str, section: &str, stored: &str, given: &str) -> crate::dto::ApiError {
    let place = if section.is_empty() { what.to_owned() } else { format!("{what} at {section}") };
    let message = format!("{place} has `{}`, but the run began with `{}`.", given.trim(), stored.trim());
    about_run(ErrorCode::InvalidInput, record, message)
        .hint("Leave scenario and flags away to go on as it began, or start a new run.")
}

/// How many shoppers a stored command line wanted traces of.
pub(super) fn traced(command: &str) -> u32 {
    let object: serde_json::Value = serde_json::from_str(command).unwrap_or_default();
    object["trace"].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
}
