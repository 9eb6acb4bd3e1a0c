//! A disk without space: a small file system in memory for store and outputs, and `/dev/full` behind standard output
//! and error. The store stays sound and goes on once there is space.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::dice::Dice;
use crate::ground::{Begin, Ground, intact};
use crate::kinds::Tried;
use crate::kinds::action::{Action, actions, output_of};
use crate::kinds::kill;
use crate::program::{PATIENCE, Room};

/// A mounted file system; gone when dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn at(folder: PathBuf, kilobytes: usize) -> Result<Self, String> {
        let size = format!("size={kilobytes}k,mode=700");
        mount(&["-t", "tmpfs", "-o", &size, "tmpfs"], &folder).map(|()| Self(folder))
    }

    fn grow(&self) -> Result<(), String> {
        mount(&["-o", "remount,size=256m"], &self.0)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn mount(words: &[&str], folder: &PathBuf) -> Result<(), String> {
    let done = Command::new("mount").args(words).arg(folder).output().map_err(|error| error.to_string())?;
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()) }
}

/// One try.
pub(crate) fn disk(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let all = actions(ground);
    if dice.once_in(2) {
        return nowhere_to_say(ground, room, dice.pick(&all), dice);
    }
    let writes = |action: &&Action| action.writes || action.output.is_some();
    let writing: Vec<&Action> = all.iter().filter(writes).collect();
    let action = *dice.pick(&writing);
    let needed = ground.bytes(action.begin).len() / 1024;
    let spare = if action.output.is_some() { dice.below(60) } else { dice.below(700) };
    let mounted = match Mounted::at(room.desk(), needed + 8 + spare) {
        Ok(mounted) => mounted,
        Err(reason) => {
            return Ok(Tried::Skipped(format!("no small file system could be mounted ({reason})")));
        }
    };
    if ground.lay(action.begin, room).is_err() {
        return Ok(Tried::Fine);
    }
    let ended = room.run(&action.words)?;
    ended.sound(&[0, 3])?;
    let left = output_of(room, action).and_then(|output| fs::read(output).ok());
    mounted.grow()?;
    if room.store().exists() && action.begin != Begin::Nothing {
        intact(&room.store())?;
    }
    kill::after(ground, room, action, None)?;
    if let Some(output) = output_of(room, action) {
        room.expect(&action.words, &[0])?;
        let whole = fs::read(&output).map_err(|error| error.to_string())?;
        if left.is_some_and(|left| left != whole) {
            return Err(format!("{} was half written on a full disk", output.display()));
        }
    }
    Ok(Tried::Fine)
}

/// Standard output, error or both on `/dev/full`, or a pipe that nobody reads.
fn nowhere_to_say(ground: &Ground, room: &Room, action: &Action, dice: &mut Dice) -> Result<Tried, String> {
    ground.lay(action.begin, room)?;
    let mut command = room.command(&action.words);
    let full =
        || File::options().write(true).open("/dev/full").map(Stdio::from).map_err(|error| error.to_string());
    let which = dice.below(4);
    command.stdout(if which & 1 == 1 { full()? } else { closed_pipe()? });
    command.stderr(if which & 2 == 2 { full()? } else { closed_pipe()? });
    let mut ended = room.start_silent(command, &action.words)?.wait(PATIENCE);
    ended.command += ["  >| >2|", "  >/dev/full 2>|", "  >| 2>/dev/full", "  >/dev/full 2>/dev/full"][which];
    ended.sound(&[0, 1, 2, 3])?;
    kill::after(ground, room, action, None)?;
    Ok(Tried::Fine)
}

/// The writing end of a pipe whose reader is gone.
fn closed_pipe() -> Result<Stdio, String> {
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    drop(reader);
    Ok(Stdio::from(writer))
}
