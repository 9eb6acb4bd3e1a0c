//! Goal: the window's TypeScript and these structs never drift apart.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use ts_rs::Config;

/// Declarations of the listed types, in that order, each exported and with its documentation.
macro_rules! declarations {
    ($config:expr; $($name:ident),+ $(,)?) => {
        vec![$(format!(
            "{}export {}\n",
            <$name as ts_rs::TS>::docs().unwrap_or_default(),
            <$name as ts_rs::TS>::decl($config)
        )),+]
    };
}
pub(super) use declarations;

fn generated() -> String {
    let config = Config::default();
    let parts = super::declared(&config);
    format!(
        "// Generated from crates/api/src/dto; do not edit. That module says how to write it anew.\n\n{}",
        parts.join("\n")
    )
}

#[test]
fn typescript_is_up_to_date() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/types.ts");
    let wanted = generated();
    assert!(
        !wanted.contains("bigint"),
        "a 64-bit number would reach the window as bigint: give it ts(type = \"number\")"
    );
    if std::env::var_os("COUNTERFOIL_WRITE_BINDINGS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is out of date: run `COUNTERFOIL_WRITE_BINDINGS=1 cargo test -p counterfoil-api typescript`",
        path.display()
    );
}
