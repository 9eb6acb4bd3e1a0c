//! Mutated scenarios and policies: every text is answered with its faults, or runs to an end.

use std::fs;
use std::path::Path;
use std::time::Duration;

use counterfoil_api::dto::TextKind;
use counterfoil_api::library::Library;

use crate::dice::Dice;
use crate::ground::Ground;
use crate::kinds::{Tried, extreme, hostile, mutate};
use crate::program::{Room, words};
use crate::stock::Stock;

/// How long a small run of a strange scenario is watched: an allowed one may be a busy shop. It is cancelled then.
const PATIENCE: Duration = Duration::from_secs(15);

/// A text of the stock after changes: its name, kind and content.
fn strange(texts: &[(String, String)], dice: &mut Dice) -> (String, TextKind, Vec<u8>) {
    if dice.once_in(3) {
        let text = extreme::scenario(dice);
        return ("extreme.toml".to_owned(), TextKind::Scenario, text);
    }
    let (name, text) = dice.pick(texts);
    let kind = if name.starts_with("policies") { TextKind::Policy } else { TextKind::Scenario };
    (name.clone(), kind, mutate::mutated(text, texts, dice))
}

/// One try in this process.
pub(crate) fn in_process(stock: &Stock, dice: &mut Dice) -> Result<(), String> {
    let (name, kind, bytes) = strange(&stock.texts, dice);
    stock.input.replace(bytes.clone());
    let library = Library::new(stock.folder.join("scenarios"));
    let text = String::from_utf8_lossy(&bytes);
    let stem = Path::new(&name).file_stem().unwrap_or_default().to_string_lossy();
    let faults = library.validate(kind, &stem, &text);
    let said = faults.iter().find(|fault| fault.message.is_empty() || fault.line == 0);
    said.map_or(Ok(()), |fault| Err(format!("a fault without words or place: {fault:?}")))
}

/// One try on the program: `validate`, then a small run of what it calls fine.
pub(crate) fn by_program(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let (name, kind, bytes) = strange(&ground.texts, dice);
    let file = room.desk().join("scenario.toml");
    fs::write(&file, &bytes).map_err(|error| error.to_string())?;
    let validated = room.expect(&words("validate scenario.toml"), &[0, 2])?;
    if validated.code != Some(0) {
        return Ok(Tried::Fine);
    }
    let small = "--worlds 1 --shoppers 50 --days 7 --history 7 --warmup none --probe 7 --threads 1";
    let line = match kind {
        TextKind::Scenario => format!("run scenario.toml {small}"),
        TextKind::Policy => format!("run guardrails.toml --policy ./scenario.toml {small}"),
    };
    if kind == TextKind::Policy {
        lay_scenarios(ground, room)?;
    }
    let ended = hostile::ends(room, &words(&line), PATIENCE, &[0, 2, 3])
        .map_err(|fault| format!("{name} changed: {fault}"))?;
    if ended.code == Some(0) {
        room.expect(&words("show latest"), &[0])?;
    }
    Ok(Tried::Fine)
}

/// The shipped scenarios as files, for policies that need one in which every key matters.
fn lay_scenarios(ground: &Ground, room: &Room) -> Result<(), String> {
    fs::create_dir_all(room.desk().join("policies")).map_err(|error| error.to_string())?;
    for (name, text) in ground.texts.iter() {
        fs::write(room.desk().join(name), text).map_err(|error| error.to_string())?;
    }
    Ok(())
}
