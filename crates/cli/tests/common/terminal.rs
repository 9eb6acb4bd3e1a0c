//! A command that talks to somebody on a terminal.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Starts a command with all three streams on a terminal, and gives the other end of it.
fn on_a_terminal(command: &mut Command) -> (Child, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let slave = File::options().read(true).write(true).open(name).unwrap();
    let end = || Stdio::from(slave.try_clone().unwrap());
    command.stdin(end()).stdout(end()).stderr(end());
    let child = command.spawn().unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    (child, File::from(master))
}

/// Asks a command on a terminal to end once it has answered `words`; whether it did within a few seconds, with
/// exit code 3. SIGTERM stands for
/// Ctrl-C, which tests that run in the background have to ignore.
pub fn ends_when_stopped_at(command: &mut Command, words: &str) -> bool {
    let (mut child, mut master) = on_a_terminal(command);
    let (mut answered, mut byte) = (Vec::new(), [0]);
    while !String::from_utf8_lossy(&answered).contains(words) {
        master.read_exact(&mut byte).unwrap();
        answered.push(byte[0]);
    }
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    for _ in 0..100 {
        if let Some(ended) = child.try_wait().unwrap() {
            return ended.code() == Some(3);
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

/// What a command with all three streams on a terminal answered, to whom somebody types `typed`; and its exit code.
pub fn talk(command: &mut Command, typed: &str) -> (i32, String) {
    let (mut child, mut master) = on_a_terminal(command);
    master.write_all(typed.as_bytes()).unwrap();
    let mut reader = master.try_clone().unwrap();
    let heard = thread::spawn(move || {
        let mut bytes = Vec::new();
        // The end of the other side is an error of the terminal.
        let _ = reader.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
    });
    let code = child.wait().unwrap().code().unwrap_or(-1);
    (code, heard.join().unwrap())
}
