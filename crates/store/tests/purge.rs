//! Purging gives the space back, in files of every version.
#![allow(clippy::unwrap_used)]

mod common;

use common::{new_run, unit};
use counterfoil_store::{Keep, Mode, RunNo, Store};
use std::fs;
use std::path::Path;

fn fill(store: &mut Store) -> RunNo {
    let run = store.create_run(&new_run(2, Keep::Visits)).unwrap().no;
    for world in 0..2 {
        store.write_unit(run, &unit(world, 300, 20_000), Keep::Visits).unwrap();
    }
    run
}

fn bytes(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn a_new_file_gives_pages_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counterfoil.db");
    let mut store = Store::open(&path, Mode::Create).unwrap();
    let kept = fill(&mut store);
    let before = bytes(&path);
    let gone = fill(&mut store);
    let full = bytes(&path);
    store.delete_run(gone).unwrap();
    assert_eq!(bytes(&path), full, "deleting can be undone");
    let plan = store.purge_plan().unwrap();
    assert_eq!((plan.runs, plan.needs_bytes), (1, None));
    let purged = store.purge_deleted().unwrap();
    assert_eq!(purged.runs, 1);
    assert_eq!(purged.freed_bytes, full - bytes(&path));
    assert!(bytes(&path) < before + before / 20, "{} bytes of {before} before the second run", bytes(&path));
    assert_eq!(store.check_run(kept).unwrap(), []);
    assert_eq!(store.purge_deleted().unwrap().runs, 0);
}

#[test]
fn an_older_file_is_written_anew_once_after_saying_what_that_needs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counterfoil.db");
    fs::write(&path, include_bytes!("data/schema_1.db")).unwrap();
    let mut store = Store::open(&path, Mode::ReadWrite).unwrap();
    let before = bytes(&path);
    for _ in 0..2 {
        let gone = fill(&mut store);
        store.delete_run(gone).unwrap();
    }
    let full = bytes(&path);
    assert_eq!(store.purge_plan().unwrap().needs_bytes, Some(2 * full));
    assert_eq!(store.purge_deleted().unwrap().runs, 2);
    assert!(bytes(&path) < before * 11 / 10, "{} bytes, {before} before", bytes(&path));
    assert_eq!(
        store.purge_plan().unwrap().needs_bytes,
        None,
        "from now on it gives pages back like the others"
    );
    for run in store.runs().unwrap() {
        assert_eq!(store.check_run(run.no).unwrap(), []);
    }
}
