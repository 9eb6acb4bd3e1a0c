//! SIGKILL at a random moment of every command: no finished world is lost, no output is half written, and what was
//! broken off ends with the result of an undisturbed run.

use std::time::Duration;

use crate::dice::Dice;
use crate::ground::{Ground, finished_worlds, intact};
use crate::kinds::Tried;
use crate::kinds::action::{Action, actions, lay, settle};
use crate::program::{Room, words};

/// One try.
pub(crate) fn kill(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let all = actions(ground);
    // Half of the tries on the three commands that simulate and write.
    let action = if dice.once_in(2) { &all[dice.below(3)] } else { dice.pick(&all) };
    let old = lay(ground, room, action, dice)?;
    let mut going = room.start(&action.words)?;
    // Early moments are rare in a long command and matter most: half of the delays are short.
    let longest = if dice.once_in(2) { 0.03 } else { 0.6 };
    let done = going.leave(Duration::from_secs_f64(dice.share() * longest));
    let counted = if dice.once_in(2) { finished_worlds(&room.store()) } else { None };
    let ended = going.kill();
    if done || ended.signal.is_none() {
        ended.sound(if action.name == "check" { &[0, 1, 2] } else { &[0] })?;
    }
    after(ground, room, action, counted)?;
    settle(ground, room, action, old.as_deref())?;
    Ok(Tried::Fine)
}

/// What holds after a command was ended by force.
pub(crate) fn after(
    ground: &Ground,
    room: &Room,
    action: &Action,
    counted: Option<u64>,
) -> Result<(), String> {
    if room.store().exists() {
        room.expect(&words("runs --json"), &[0])?;
        if !action.writes {
            return Ok(());
        }
        intact(&room.store())?;
    }
    // What is purged between the count and the end is meant to go.
    if let Some(before) = counted.filter(|_| action.name != "purge") {
        let now = finished_worlds(&room.store()).unwrap_or(0);
        if now < before {
            return Err(format!("{before} worlds were finished before, {now} are there now"));
        }
    }
    match action.name {
        "run" | "resume" => goes_on(ground, room),
        "add-arm" => arm_goes_on(ground, room),
        "delete" | "restore" => settle_deletion(ground, room, action),
        "note" => proved(ground, room),
        "purge" => settle_purge(ground, room, action),
        "migrate" => {
            let same = finished_worlds(&room.store()) == Some(ground.worlds_of_older);
            if same { Ok(()) } else { Err("the migration changed the number of worlds".to_owned()) }
        }
        _ => Ok(()),
    }
}

/// The state of the newest run: units done of units, and its hash once it is complete.
fn newest(room: &Room) -> Result<Option<(u64, u64, Option<String>)>, String> {
    let listed = room.expect(&words("runs --json"), &[0])?.json()?;
    let Some(run) = listed["runs"].as_array().and_then(|runs| runs.first()).cloned() else { return Ok(None) };
    let number = |key: &str| run[key].as_u64().ok_or_else(|| format!("`runs --json` says no {key}: {run}"));
    Ok(Some((number("units_done")?, number("units")?, run["result_hash"].as_str().map(str::to_owned))))
}

/// A run that was broken off ends with the reference's hash.
pub(crate) fn goes_on(ground: &Ground, room: &Room) -> Result<(), String> {
    let resume = words("run --resume latest --threads 2 --json");
    let fresh = crate::kinds::action::actions(ground).swap_remove(0).words;
    let hash = match newest(room)? {
        Some((_, _, Some(hash))) => hash,
        Some(_) => room.expect(&resume, &[0])?.result_hash()?,
        None => room.expect(&fresh, &[0])?.result_hash()?,
    };
    same_hash(&ground.hash, &hash)?;
    proved(ground, room)
}

fn same_hash(wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        Ok(())
    } else {
        Err(format!("the result is {found}, of an undisturbed run {wanted}"))
    }
}

/// An arm that was half added is finished by resuming, one that was not yet there by the same command.
pub(crate) fn arm_goes_on(ground: &Ground, room: &Room) -> Result<(), String> {
    let again = words("run --add-arm blanket --into latest --threads 2 --json");
    let hash = match newest(room)? {
        Some((.., Some(hash))) if hash == ground.arm_hash => hash,
        Some((.., Some(_))) => room.expect(&again, &[0])?.result_hash()?,
        _ => room.expect(&words("run --resume latest --threads 2 --json"), &[0])?.result_hash()?,
    };
    same_hash(&ground.arm_hash, &hash)?;
    proved(ground, room)
}

/// A deletion or its undoing happened wholly or not at all, and can be undone.
fn settle_deletion(ground: &Ground, room: &Room, action: &Action) -> Result<(), String> {
    room.expect(&action.words, &[0, 2])?;
    if action.name == "delete" {
        room.expect(&words("restore latest"), &[0])?;
    }
    let shown = room.expect(&words("show latest --json"), &[0])?;
    same_hash(&ground.hash, &shown.result_hash()?)
}

/// What is purged is gone wholly or not at all.
fn settle_purge(ground: &Ground, room: &Room, action: &Action) -> Result<(), String> {
    if finished_worlds(&room.store()).is_some_and(|worlds| worlds > 0) && ground.knows("restore") {
        let restored = room.expect(&words("restore latest"), &[0, 2])?;
        if restored.code == Some(0) {
            let shown = room.expect(&words("show latest --json"), &[0])?;
            return same_hash(&ground.hash, &shown.result_hash()?);
        }
    }
    room.expect(&action.words, &[0, 2])?;
    intact(&room.store())
}

/// The seconds-long proof of a store, where this build has it.
fn proved(ground: &Ground, room: &Room) -> Result<(), String> {
    if ground.has("verify", "--stored") {
        room.expect(&words("verify latest --stored"), &[0])?;
    }
    Ok(())
}
