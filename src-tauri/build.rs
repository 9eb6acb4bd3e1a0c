//! Names the window's commands, so that each is refused unless `capabilities/main.json` allows it.

/// Every command of `src/commands`, in its order.
const COMMANDS: &[&str] = &[
    "about",
    "list_scenarios",
    "list_policies",
    "read_text",
    "validate_text",
    "save_text",
    "duplicate_text",
    "delete_text",
    "dials",
    "set_dial",
    "estimate",
    "start_run",
    "resume_run",
    "open_sample",
    "cancel_run",
    "list_runs",
    "delete_run",
    "undelete_run",
    "trash",
    "empty_trash",
    "progress_figure",
    "comparison",
    "figure",
    "export_figure",
    "store_guess",
    "shoppers",
    "replay",
    "live_start",
    "live_pause",
    "live_speed",
    "live_stop",
    "copy_figure",
    "copy_differences",
    "copy_text",
    "copy_image",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("tauri.conf.json, the icon and the capabilities are in this folder");
}
