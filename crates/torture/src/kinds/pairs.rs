//! Two processes on one store: both end with a documented exit code, and nothing is broken.

use std::time::Duration;

use crate::dice::Dice;
use crate::ground::{Begin, Ground, intact};
use crate::kinds::Tried;
use crate::kinds::action::{Action, actions};
use crate::program::{PATIENCE, Room, words};

/// One try.
pub(crate) fn pairs(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let all = actions(ground);
    let named = |name: &str| all.iter().find(|action| action.name == name);
    let (first, second) = match dice.below(7) {
        0 => (named("run"), named("run")),
        1 => (named("add-arm"), named("add-arm")),
        2 => (named("resume"), named("resume")),
        3 => (named("delete"), named("purge")),
        4 => (Some(dice.pick(&all)), Some(dice.pick(&all))),
        _ => (named(["run", "resume", "add-arm"][dice.below(3)]), Some(dice.pick(&all))),
    };
    let (Some(first), Some(second)) = (first, second) else { return Ok(Tried::Fine) };
    let begin = if first.begin == Begin::Nothing { second.begin } else { first.begin };
    ground.lay(begin, room)?;
    let mut going = room.start(&first.words)?;
    going.leave(Duration::from_secs_f64(dice.share() * 0.4));
    let other = room.start(&second.words)?.wait(PATIENCE);
    let ended = going.wait(PATIENCE);
    for (ended, action) in [(&ended, first), (&other, second)] {
        ended
            .sound(&[0, 1, 2, 3])
            .map_err(|fault| format!("beside the other ({} and {}): {fault}", first.name, second.name))?;
        hash_holds(ground, action, ended)?;
    }
    intact(&room.store())?;
    room.expect(&words("runs --json"), &[0])?;
    Ok(Tried::Fine)
}

/// A run that says that it is complete has the undisturbed run's hash.
fn hash_holds(ground: &Ground, action: &Action, ended: &crate::program::Ended) -> Result<(), String> {
    let wanted = match action.name {
        "run" => &ground.hash,
        _ => return Ok(()),
    };
    if ended.code == Some(0) && ended.result_hash()? != *wanted {
        return Err(format!("`{}` beside another process has another result", ended.command));
    }
    Ok(())
}
