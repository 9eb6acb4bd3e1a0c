//! The six dials on a text of the library: `counterfoil_scenario::dials` turns them, this keeps the result.

use counterfoil_scenario::dials::{DialSpec, dial_values, dials, set_dial};
use toml_edit::{DocumentMut, Value};

use super::Library;
use crate::dto::{ApiError, Dial, DialChange, ErrorCode, TextKind};

impl Library {
    /// The six dials of a scenario.
    ///
    /// # Errors
    /// As [`Library::source`]; [`ErrorCode::InvalidInput`] with every fault of the text.
    pub fn dials(&self, name: &str) -> Result<Vec<Dial>, ApiError> {
        let source = self.source(TextKind::Scenario, name)?;
        let values = dial_values(&source, &self.shelves())?;
        let file = format!("{name}.toml");
        Ok(dials().iter().zip(values).map(|(spec, value)| dial(spec, value, &file)).collect())
    }

    /// Turns a dial and saves the text; a shipped scenario is copied first.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown dial; [`ErrorCode::InvalidInput`] for a value outside its range, a dial that
    /// the scenario does not have, or a value that does not go with the rest of the text; as [`Library::save`].
    pub fn set_dial(&self, name: &str, dial: &str, value: f64) -> Result<DialChange, ApiError> {
        let source = self.source(TextKind::Scenario, name)?;
        let id =
            dials().iter().find(|spec| spec.name == dial).map(|spec| spec.id).ok_or_else(|| unknown(dial))?;
        let turned = set_dial(&source, id, value, &self.shelves())?;
        let changed = self.save(TextKind::Scenario, name, &turned.text)?;
        let dials = self.dials(&changed.name)?;
        Ok(DialChange { scenario: changed.name.clone(), changed, line: turned.line as u32, dials })
    }
}

fn dial(spec: &DialSpec, value: Option<f64>, file: &str) -> Dial {
    Dial {
        id: spec.name.to_owned(),
        label: spec.label.to_owned(),
        unit: spec.unit.to_owned(),
        min: spec.min,
        max: spec.max,
        step: spec.step,
        choices: spec.choices.iter().map(|choice| titled(choice)).collect(),
        value,
        default: spec.default,
        help: spec.help.to_owned(),
        source: spec.source.clone(),
        place: format!("{} in {file}", spec.keys.join(" and ")),
    }
}

fn titled(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn unknown(dial: &str) -> ApiError {
    let names: Vec<&str> = dials().iter().map(|spec| spec.name).collect();
    ApiError::new(ErrorCode::NotFound, format!("There is no dial \"{dial}\"."))
        .hint(format!("The dials are {}.", names.join(", ")))
}

/// A scenario's text under another name: `name` and `about.title` tell it from the one that it was copied from.
pub(super) fn renamed(text: &str, name: &str) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    replace(&mut document, &["name"], |_| name.to_owned());
    replace(&mut document, &["about", "title"], |title| {
        format!("{} (copy)", title.trim_end_matches(" (copy)"))
    });
    document.to_string()
}

/// Replaces the text at a path, where there is one; spacing and comment stay.
fn replace(document: &mut DocumentMut, path: &[&str], change: impl Fn(&str) -> String) {
    let mut item = document.as_item_mut();
    for key in path {
        let Some(below) = item.get_mut(key) else { return };
        item = below;
    }
    let Some(value) = item.as_value_mut() else { return };
    let Some(old) = value.as_str() else { return };
    let mut new = Value::from(change(old));
    *new.decor_mut() = value.decor().clone();
    *value = new;
}
