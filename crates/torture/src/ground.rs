//! What all tries start from: finished and broken-off stores, the answers of an undisturbed program, and which commands
//! this build has.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;

use crate::program::{Room, words};

/// The run that most tries are about: small enough for a blink, with several worlds.
pub(crate) const SMALL: &str =
    "--worlds 6 --shoppers 150 --days 14 --history 14 --warmup none --probe 7 --threads 2";

/// A store to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Begin {
    /// There is none.
    Nothing,
    /// One finished run.
    Finished,
    /// One run of which some worlds are finished.
    Partial,
    /// A finished run with one policy, to which an arm is added.
    Arm,
    /// A finished run that was deleted.
    Deleted,
    /// A store of an older schema, from the sources of this build.
    Older,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The built program.
    pub program: PathBuf,
    /// Folder with everything of this campaign.
    pub folder: PathBuf,
    /// Help texts by command; the empty name is the program's own.
    pub help: BTreeMap<String, String>,
    /// Result hash of the small run.
    pub hash: String,
    /// Result hash of the run with an added arm.
    pub arm_hash: String,
    /// Worlds of the store of an older schema.
    pub worlds_of_older: u64,
    stores: BTreeMap<Begin, Vec<(String, Vec<u8>)>>,
    /// Names and texts of shipped scenarios and policies, the checks' own included.
    pub texts: Vec<(String, String)>,
}

impl Ground {
    /// Runs the program undisturbed and keeps what it leaves.
    pub(crate) fn prepare(program: &Path, folder: &Path) -> Result<Self, String> {
        let mut ground = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            help: BTreeMap::new(),
            hash: String::new(),
            arm_hash: String::new(),
            worlds_of_older: 0,
            stores: BTreeMap::new(),
            texts: texts()?,
        };
        let room = ground.room("ground-help")?;
        ground.learn_commands(&room)?;
        let room = ground.room("ground-finished")?;
        let run = words(&format!("run fashion-web-shop {SMALL} --json"));
        ground.hash = room.expect(&run, &[0])?.result_hash()?;
        ground.keep(Begin::Finished, &room)?;
        if ground.knows("delete") {
            room.expect(&ground.with_yes("delete", "delete latest"), &[0])?;
            ground.keep(Begin::Deleted, &room)?;
        }
        let room = ground.room("ground-arm")?;
        room.expect(&words(&format!("run fashion-web-shop --policy batch {SMALL} --json")), &[0])?;
        ground.keep(Begin::Arm, &room)?;
        let add = words("run --add-arm blanket --into latest --json");
        ground.arm_hash = room.expect(&add, &[0])?.result_hash()?;
        ground.break_off()?;
        ground.find_older()?;
        Ok(ground)
    }

    /// A folder for a try.
    pub(crate) fn room(&self, name: &str) -> Result<Room, String> {
        let folder = self.folder.join(name);
        // What an earlier campaign with this seed kept there.
        let _ = fs::remove_dir_all(&folder);
        Room::make(&self.program, &folder)
    }

    fn learn_commands(&mut self, room: &Room) -> Result<(), String> {
        let help = |line: &str| {
            Ok::<_, String>(String::from_utf8_lossy(&room.expect(&words(line), &[0])?.out).into_owned())
        };
        let own = help("--help")?;
        let listed =
            own.split("Commands:").nth(1).unwrap_or_default().split("Options:").next().unwrap_or_default();
        let names = listed.lines().filter_map(|line| line.split_whitespace().next());
        for name in
            names.filter(|name| *name != "help" && name.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        {
            self.help.insert(name.to_owned(), help(&format!("{name} --help"))?);
        }
        self.help.insert(String::new(), own);
        if self.knows("run") { Ok(()) } else { Err("`counterfoil --help` lists no command `run`".to_owned()) }
    }

    /// A run of which some worlds are stored and some are not.
    fn break_off(&mut self) -> Result<(), String> {
        for attempt in 0..200_u64 {
            let room = self.room(&format!("ground-partial-{attempt}"))?;
            let mut going = room.start(&words(&format!("run fashion-web-shop {SMALL}")))?;
            while finished_worlds(&room.store()).unwrap_or(0) == 0 && !going.leave(Duration::from_millis(2)) {
            }
            going.send(Signal::INT);
            going.wait(crate::program::PATIENCE);
            if (1..6).contains(&finished_worlds(&room.store()).unwrap_or(0)) {
                return self.keep(Begin::Partial, &room);
            }
        }
        Err("no run could be broken off half-way".to_owned())
    }

    /// The committed store of an older schema, if there is one.
    fn find_older(&mut self) -> Result<(), String> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests");
        let Some(file) = database_below(&tests) else { return Ok(()) };
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        self.stores.insert(Begin::Older, vec![("store.db".to_owned(), bytes)]);
        let room = self.room("ground-older")?;
        self.lay(Begin::Older, &room)?;
        self.worlds_of_older = finished_worlds(&room.store()).unwrap_or(0);
        Ok(())
    }

    /// Whether there is such a store.
    pub(crate) fn holds(&self, begin: Begin) -> bool {
        self.stores.contains_key(&begin)
    }

    fn keep(&mut self, begin: Begin, room: &Room) -> Result<(), String> {
        let mut files = Vec::new();
        for entry in fs::read_dir(room.desk()).map_err(|error| error.to_string())?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("store.db") {
                files.push((name, fs::read(entry.path()).map_err(|error| error.to_string())?));
            }
        }
        self.stores.insert(begin, files);
        Ok(())
    }

    /// Lays a store into a room.
    pub(crate) fn lay(&self, begin: Begin, room: &Room) -> Result<(), String> {
        for (name, bytes) in self.stores.get(&begin).map_or(&[][..], Vec::as_slice) {
            fs::write(room.desk().join(name), bytes).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// The bytes of a store at rest.
    pub(crate) fn bytes(&self, begin: Begin) -> &[u8] {
        let files = self.stores.get(&begin).map_or(&[][..], Vec::as_slice);
        files.iter().find(|(name, _)| name == "store.db").map_or(&[], |(_, bytes)| bytes)
    }

    /// Whether this build has the command.
    pub(crate) fn knows(&self, command: &str) -> bool {
        self.help.contains_key(command)
    }

    /// Whether the command has the flag.
    pub(crate) fn has(&self, command: &str, flag: &str) -> bool {
        self.help
            .get(command)
            .is_some_and(|help| help.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == flag))
    }

    /// A command line, with `--yes` and `--force` where the command has them: nobody answers questions here.
    pub(crate) fn with_yes(&self, command: &str, line: &str) -> Vec<String> {
        let flags = ["--yes", "--force"].into_iter().filter(|flag| self.has(command, flag));
        words(line).into_iter().chain(flags.map(str::to_owned)).collect()
    }
}

/// The first `.db` file below a folder, in the order of names.
fn database_below(folder: &Path) -> Option<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let below = |path: &PathBuf| if path.is_dir() { database_below(path) } else { None };
    let is_store = |path: &PathBuf| path.extension().is_some_and(|end| end == "db");
    paths.iter().find(|path| is_store(path)).cloned().or_else(|| paths.iter().find_map(below))
}

/// Shipped texts and those that only checks use, from the sources of this build.
fn texts() -> Result<Vec<(String, String)>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut texts = Vec::new();
    for folder in ["", "policies"] {
        let entries =
            fs::read_dir(root.join(folder)).map_err(|error| format!("{}: {error}", root.display()))?;
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
            let name = Path::new(folder).join(path.file_name().unwrap_or_default());
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            texts.push((name.display().to_string(), text));
        }
    }
    texts.sort();
    Ok(texts)
}

/// Worlds of all runs that a store holds, as a reader sees them; `None` where it cannot be asked yet.
pub(crate) fn finished_worlds(store: &Path) -> Option<u64> {
    let connection = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    connection
        .query_row("SELECT count(*) FROM units", [], |row| row.get::<_, i64>(0))
        .ok()
        .map(i64::unsigned_abs)
}

/// What SQLite itself says of a store.
pub(crate) fn intact(store: &Path) -> Result<(), String> {
    let says = |error: rusqlite::Error| format!("the store cannot be checked: {error}");
    let connection = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(says)?;
    let answer: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(says)?;
    let strangers: i64 = connection
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .map_err(says)?;
    match (answer.as_str(), strangers) {
        ("ok", 0) => Ok(()),
        ("ok", rows) => Err(format!("{rows} rows of the store point nowhere")),
        _ => Err(format!("integrity_check: {answer}")),
    }
}
