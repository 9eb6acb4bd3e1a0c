//! The commands of the window, one file per screen: each function marked `#[tauri::command]` is one, and `build.rs` finds it.
//! Their types are those of `counterfoil_api::dto`; the page's side is `ui/src/api.ts`.

mod compare;
mod copy;
mod library;
mod live;
mod run;
mod shopper;

use tauri::ipc::Invoke;

/// All commands.
pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    include!(concat!(env!("OUT_DIR"), "/handler.rs"))
}
