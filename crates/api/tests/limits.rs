//! What a file may ask for, asked through the use-cases.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "how long an editor waits is what is tested")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use counterfoil_api::dto::{ErrorCode, TextKind};
use counterfoil_api::{AddArm, Api, RunOptions};

fn api(folder: &Path) -> Api {
    Api::open(Some(&folder.join("counterfoil.db"))).unwrap()
}

/// A shop with so many arms in a file, run as small as can be.
fn options(folder: &Path, arms: usize) -> RunOptions {
    let mut text = "format = 1\nname = \"wide\"\nseed = 1\nextends = \"fashion-web-shop\"\n".to_owned();
    for number in 0..arms {
        let _ = writeln!(text, "[[arms]]\nname = \"a{number}\"\npolicy = \"none\"");
    }
    let file = folder.join("wide.toml");
    fs::write(&file, text).unwrap();
    let mut options = RunOptions::new(file.display().to_string());
    let flags = &mut options.overrides;
    (flags.worlds, flags.shoppers) = (Some(1), Some(10));
    let one = || Some("1".to_owned());
    (flags.warmup, flags.history, flags.days, flags.probe) = (one(), one(), one(), one());
    options
}

#[test]
fn the_thirty_third_arm_is_refused_wherever_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let never = AtomicBool::new(false);
    let refused = api.run(&options(folder.path(), 31), &|_| {}, &never).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("has 31 arms, but a run has at most 32"), "{refused}");
    let run = api.run(&options(folder.path(), 30), &|_| {}, &never).unwrap();
    let add = AddArm { policy: "blanket".to_owned(), into: run.id.clone(), threads: None };
    let refused = api.add_arm(&add, &|_| {}, &never).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("The run has 32 arms"), "{refused}");
    assert_eq!(api.document(&run.id).unwrap().arms.len(), 32, "nothing was added");
}

#[test]
fn the_editor_tells_at_once_that_a_text_never_ends() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let text = "format = 1\nname = \"x\"\nseed = 1\nextends = \"/dev/zero\"\n";
    let faults = api.validate_text(TextKind::Scenario, "x", text).unwrap();
    assert!(faults[0].message.contains("only regular files are read"), "{faults:?}");
    let text = "format = 1\nname = \"x\"\nseed = 1\nextends = \"fashion-web-shop\"\n\
                [shoppers]\nneed_rate = { median = 20, log_sd = 5 }\n";
    let faults = api.validate_text(TextKind::Scenario, "x", text).unwrap();
    assert!(faults[0].message.contains("visits per shopper and day"), "{faults:?}");
    assert_eq!(faults[0].line, 6);
}

/// The scope of an offer looks at hundreds of orders of every product; whether a text is sound does not depend on it.
#[test]
fn a_large_catalogue_does_not_make_the_editor_wait() {
    let folder = tempfile::tempdir().unwrap();
    let api = api(folder.path());
    let text = "format = 1\nname = \"x\"\nseed = 1\nextends = \"fashion-web-shop\"\n\
                catalogue.products_per_category = 10_000\nstore.free_shipping_from = \"1000000.00 EUR\"\n";
    let start = Instant::now();
    assert_eq!(api.validate_text(TextKind::Scenario, "x", text).unwrap(), Vec::new());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
