//! The commands of the window, one file per screen. Names, arguments and answers stand in `counterfoil_api::dto`.

mod compare;
mod copy;
mod library;
mod live;
mod run;
mod shopper;

use tauri::ipc::Invoke;

/// All commands; `build.rs` and `capabilities/main.json` name the same.
pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        library::about,
        library::list_scenarios,
        library::list_policies,
        library::read_text,
        library::validate_text,
        library::save_text,
        library::duplicate_text,
        library::delete_text,
        library::dials,
        library::set_dial,
        run::estimate,
        run::start_run,
        run::resume_run,
        run::open_sample,
        run::cancel_run,
        run::list_runs,
        run::delete_run,
        run::undelete_run,
        run::trash,
        run::empty_trash,
        run::progress_figure,
        compare::comparison,
        compare::figure,
        compare::export_figure,
        compare::store_guess,
        shopper::shoppers,
        shopper::replay,
        live::live_start,
        live::live_pause,
        live::live_speed,
        live::live_stop,
        copy::copy_figure,
        copy::copy_differences,
        copy::copy_text,
        copy::copy_image,
    ]
}
