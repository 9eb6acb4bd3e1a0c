//! What `--version` says: the program, the commit that it was built from where that is known, and every format.

use std::sync::OnceLock;

/// The lines behind the program's name.
pub(crate) fn long() -> &'static str {
    static LONG: OnceLock<String> = OnceLock::new();
    LONG.get_or_init(|| {
        let formats = counterfoil_api::formats();
        format!(
            "{}\ncommit     {}\nengine     {}\nscenarios  format {}\nstore      format {}\nbaselines  format {}\njson       format {}",
            env!("CARGO_PKG_VERSION"),
            option_env!("COUNTERFOIL_COMMIT").unwrap_or("not known"),
            counterfoil_api::VERSION,
            formats.texts,
            formats.store,
            formats.baselines,
            formats.json,
        )
    })
}
