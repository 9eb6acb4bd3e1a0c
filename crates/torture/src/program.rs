//! The built program in a folder of its own: started, waited for within a limit, killed, and what it said.
#![allow(
    clippy::disallowed_methods,
    reason = "nothing is simulated here; how long an answer takes is what is tested"
)]

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a command may take before it is said to hang, debug builds on a busy machine included.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of one try: `desk` is where commands work, `said` holds what they said, `home` is their home.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    program: PathBuf,
    /// The folder of the try.
    pub folder: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub command: String,
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// It did not end in time and was killed by us.
    pub hung: bool,
    pub out: Vec<u8>,
    pub err: String,
    pub took: Duration,
}

/// A command that is going on.
pub(crate) struct Going {
    child: Child,
    command: String,
    said: PathBuf,
    started: Instant,
}

impl Room {
    /// Makes the folders.
    pub(crate) fn make(program: &Path, folder: &Path) -> Result<Self, String> {
        for name in ["desk", "said", "home"] {
            fs::create_dir_all(folder.join(name))
                .map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        Ok(Self { program: program.to_owned(), folder: folder.to_owned() })
    }

    /// The folder in which commands work.
    pub(crate) fn desk(&self) -> PathBuf {
        self.folder.join("desk")
    }

    /// The store unless a command names another.
    pub(crate) fn store(&self) -> PathBuf {
        self.desk().join("store.db")
    }

    /// A command with nothing of the surroundings, not yet started.
    pub(crate) fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.desk()).env_clear();
        command.env("HOME", self.folder.join("home")).env("COUNTERFOIL_STORE", self.store());
        command.env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        command
    }

    /// Starts a command; its output goes to files, so that no pipe can block it.
    pub(crate) fn start(&self, arguments: &[String]) -> Result<Going, String> {
        self.start_as(self.command(arguments), arguments)
    }

    /// The same for a command that was changed before.
    pub(crate) fn start_as(&self, mut command: Command, arguments: &[String]) -> Result<Going, String> {
        let said = self.folder.join("said").join(format!("{:x}", unique()));
        let file = |end: &str| File::create(said.with_extension(end)).map_err(|error| error.to_string());
        command.stdout(file("out")?).stderr(file("err")?);
        self.spawned(command, arguments, said)
    }

    /// Starts a command whose output was set by the caller.
    pub(crate) fn start_silent(&self, command: Command, arguments: &[String]) -> Result<Going, String> {
        self.spawned(command, arguments, self.folder.join("said").join("nowhere"))
    }

    fn spawned(&self, mut command: Command, arguments: &[String], said: PathBuf) -> Result<Going, String> {
        let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
        let line = format!("counterfoil {}", words.join(" "));
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("`{line}` could not be started: {error}"))?;
        Ok(Going { child, command: line, said, started })
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[String]) -> Result<Ended, String> {
        Ok(self.start(arguments)?.wait(PATIENCE))
    }

    /// Runs a command that has to end with one of these codes.
    pub(crate) fn expect(&self, arguments: &[String], codes: &[i32]) -> Result<Ended, String> {
        let ended = self.run(arguments)?;
        ended.sound(codes)?;
        Ok(ended)
    }
}

/// A number that no other call gets.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("{word:?}") }
}

/// Words of a command line.
pub(crate) fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

impl Going {
    /// Waits for the end, at most so long.
    pub(crate) fn wait(mut self, limit: Duration) -> Ended {
        let end = Instant::now() + limit;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return self.ended(status, false),
                _ if Instant::now() >= end => {
                    let _ = self.child.kill();
                    let status = self.child.wait().unwrap_or_default();
                    return self.ended(status, true);
                }
                _ => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    /// Lets it work for so long; true if it ended by itself before.
    pub(crate) fn leave(&mut self, for_so_long: Duration) -> bool {
        let end = Instant::now() + for_so_long;
        loop {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            std::thread::sleep(left.min(Duration::from_millis(1)));
        }
    }

    /// Ends it with SIGKILL.
    pub(crate) fn kill(mut self) -> Ended {
        let _ = self.child.kill();
        self.wait(PATIENCE)
    }

    /// Sends it a signal.
    pub(crate) fn send(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(pid, signal);
        }
    }

    fn ended(&self, status: ExitStatus, hung: bool) -> Ended {
        let read = |end: &str| fs::read(self.said.with_extension(end)).unwrap_or_default();
        Ended {
            command: self.command.clone(),
            code: status.code(),
            signal: status.signal(),
            hung,
            out: read("out"),
            err: String::from_utf8_lossy(&read("err")).into_owned(),
            took: self.started.elapsed(),
        }
    }
}

impl Ended {
    /// Fails unless the command ended by itself, with one of these codes, and blames nobody wrongly.
    pub(crate) fn sound(&self, codes: &[i32]) -> Result<(), String> {
        let said: String = self.err.chars().take(1_500).collect();
        let fault = match (self.hung, self.signal, self.code) {
            (true, ..) => format!("did not end within {:.1} s", self.took.as_secs_f64()),
            (_, Some(signal), _) => format!("was ended by signal {signal}"),
            (.., Some(101)) => "panicked".to_owned(),
            (.., Some(code)) if !codes.contains(&code) => format!("ended with exit {code}, not {codes:?}"),
            _ if self.err.contains("defect of the program") => "blames the program".to_owned(),
            _ if self.err.contains("panicked at") => "panicked and went on".to_owned(),
            _ => return Ok(()),
        };
        Err(format!("`{}` {fault}: {}", self.command, said.trim()))
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Result<serde_json::Value, String> {
        serde_json::from_slice(&self.out)
            .map_err(|error| format!("`{}` printed no JSON: {error}", self.command))
    }

    /// The result hash of `run --json`.
    pub(crate) fn result_hash(&self) -> Result<String, String> {
        let hash = self.json()?["run"]["result_hash"].as_str().map(str::to_owned);
        hash.ok_or_else(|| format!("`{}` printed no result hash", self.command))
    }
}
