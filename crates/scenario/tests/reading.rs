//! Texts are read from regular files of a bounded size, and nobody waits for anything else.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use counterfoil_scenario::reading::{TEXT_BYTES_MAX, read_file, read_text};
use counterfoil_scenario::{Overrides, Shelf, Shelves, report, resolve_scenario};

/// What somebody who does not want to wait is told.
fn told(read: impl FnOnce() -> String + Send + 'static) -> String {
    let (send, receive) = channel();
    std::thread::spawn(move || send.send(read()));
    receive.recv_timeout(Duration::from_secs(10)).expect("reading waits for ever")
}

fn refusal(path: &Path) -> String {
    let path = path.to_owned();
    told(move || {
        read_file(&path).map_or_else(|error| error.to_string(), |text| format!("{} bytes", text.len()))
    })
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn only_regular_files_are_read() {
    let folder = folder();
    assert_eq!(refusal(&fifo(folder.path())), "it is a named pipe (FIFO); only regular files are read");
    assert_eq!(refusal(Path::new("/dev/zero")), "it is a device; only regular files are read");
    assert_eq!(refusal(folder.path()), "it is a folder; only regular files are read");
    let socket = folder.path().join("socket");
    let _listening = UnixListener::bind(&socket).unwrap();
    assert_eq!(refusal(&socket), "it is a socket; only regular files are read");
    fs::write(folder.path().join("a.toml"), "a = 1").unwrap();
    assert_eq!(refusal(&folder.path().join("a.toml")), "5 bytes");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("link.toml")).unwrap();
    assert_eq!(refusal(&folder.path().join("link.toml")), "it is a device; only regular files are read");
}

#[test]
fn no_more_than_the_stated_size_is_read() {
    let folder = folder();
    let path = folder.path().join("large.toml");
    File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(refusal(&path), "it is larger than 4 MiB, the most that is read");
    fs::write(&path, "x".repeat(TEXT_BYTES_MAX as usize)).unwrap();
    assert_eq!(refusal(&path), format!("{TEXT_BYTES_MAX} bytes"));
    // A file that claims to be empty and is not.
    assert!(read_text(Path::new("/proc/self/maps"), 16).is_err());
    fs::write(&path, b"abc\xff").unwrap();
    assert_eq!(refusal(&path), "byte 3 is not UTF-8; a text is UTF-8 throughout");
}

#[test]
fn a_text_that_names_a_pipe_or_a_device_is_answered_at_once() {
    let folder = folder();
    let pipe = fifo(folder.path());
    for (named, what) in [(pipe.display().to_string(), "FIFO"), ("/dev/zero".to_owned(), "device")] {
        let shop = folder.path().join("shop.toml");
        let policy = named.clone();
        fs::write(&shop, format!("format = 1\nname = \"shop\"\nseed = 1\nextends = \"{named}\"\n")).unwrap();
        let said = told(move || {
            let shelves = Shelves::without_library(&read_file);
            let source = shelves.find(Shelf::Scenarios, shop.to_str().unwrap()).unwrap();
            report(&resolve_scenario(&source, &Overrides::default(), &shelves).unwrap_err())
        });
        assert!(said.contains("shop.toml:4") && said.contains(what), "{said}");
        let said = told(move || {
            let flags = Overrides { policies: vec![policy], ..Overrides::default() };
            let shelves = Shelves::without_library(&read_file);
            let source = Shelf::Scenarios.shipped_source("fashion-web-shop").unwrap();
            let found = resolve_scenario(&source, &flags, &shelves).unwrap();
            report(&shelves.policies(&found).unwrap_err())
        });
        assert!(said.contains("--policy") && said.contains(what), "{said}");
    }
}
