//! SIGINT and SIGTERM: the command ends soon, with exit 3, and keeps what is finished.

use std::time::Duration;

use rustix::process::Signal;

use crate::dice::Dice;
use crate::ground::{Ground, finished_worlds};
use crate::kinds::Tried;
use crate::kinds::action::{actions, lay, settle};
use crate::kinds::kill;
use crate::program::Room;

/// How soon a command answers, on a busy machine and in a debug build.
const SOON: Duration = Duration::from_millis(2_500);
/// A process this young may not listen yet; the signal then ends it before it did anything.
const YOUNG: Duration = Duration::from_millis(120);

/// One try.
pub(crate) fn signal(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let all = actions(ground);
    let listening: Vec<_> = all.iter().filter(|action| action.listens).collect();
    let action = if dice.once_in(3) { dice.pick(&all) } else { dice.pick(&listening) };
    let old = lay(ground, room, action, dice)?;
    let (signal, number) = *dice.pick(&[(Signal::INT, 2), (Signal::TERM, 15)]);
    let mut going = room.start(&action.words)?;
    let delay = Duration::from_secs_f64(dice.share() * 0.6);
    let done = going.leave(delay);
    let counted = if dice.once_in(2) { finished_worlds(&room.store()) } else { None };
    going.send(signal);
    let ended = going.wait(delay + SOON + Duration::from_secs(10));
    let late = ended.took.saturating_sub(delay);
    if late > SOON {
        return Err(format!(
            "`{}` answered signal {number} after {:.1} s",
            ended.command,
            late.as_secs_f64()
        ));
    }
    // Before a run is begun it says which texts it reads; a signal that comes earlier finds nobody who listens.
    let may_die = !action.listens || delay < YOUNG || ended.err.is_empty();
    if !(may_die && ended.signal == Some(number)) {
        let codes: &[i32] = if action.name == "check" { &[0, 1, 2, 3] } else { &[0, 3] };
        ended.sound(if done { &codes[..codes.len() - 1] } else { codes })?;
    }
    kill::after(ground, room, action, counted)?;
    settle(ground, room, action, old.as_deref())?;
    Ok(Tried::Fine)
}
