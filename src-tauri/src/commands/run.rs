//! Runs: one at a time, with progress through a channel, cancelled by a flag.

use std::sync::atomic::AtomicBool;

use counterfoil_api::Api;
use counterfoil_api::dto::{
    Emptied, Estimate, Figure, LiveCurve, Progress, RunRequest, RunSummary, Theme, Trash,
};
use tauri::State;
use tauri::ipc::Channel;

use crate::state::{Answer, AppState};
use crate::throttle::Throttle;

/// Does `work` with a listener for its progress and the flag that cancels it.
async fn tracked(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
    work: impl FnOnce(&Api, &(dyn Fn(Progress) + Sync), &AtomicBool) -> Answer<RunSummary> + Send + 'static,
) -> Answer<RunSummary> {
    let cancel = state.cancel_for_new_run();
    state
        .call(move |api| {
            let throttle = Throttle::new(progress);
            let done = work(api, &|message| throttle.offer(message), &cancel);
            throttle.flush();
            done
        })
        .await
}

#[tauri::command]
pub(crate) async fn estimate(state: State<'_, AppState>, request: RunRequest) -> Answer<Estimate> {
    state.call(move |api| api.estimate(&request)).await
}

#[tauri::command]
pub(crate) async fn start_run(
    state: State<'_, AppState>,
    request: RunRequest,
    progress: Channel<Progress>,
) -> Answer<RunSummary> {
    tracked(state, progress, move |api, listen, cancel| api.start_run(&request, listen, cancel)).await
}

#[tauri::command]
pub(crate) async fn resume_run(
    state: State<'_, AppState>,
    run: String,
    progress: Channel<Progress>,
) -> Answer<RunSummary> {
    tracked(state, progress, move |api, listen, cancel| api.resume_run(&run, listen, cancel)).await
}

#[tauri::command]
pub(crate) async fn open_sample(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
) -> Answer<RunSummary> {
    tracked(state, progress, |api, listen, cancel| api.open_sample(listen, cancel)).await
}

#[tauri::command]
pub(crate) fn cancel_run(state: State<'_, AppState>) {
    state.cancel();
}

#[tauri::command]
pub(crate) async fn list_runs(state: State<'_, AppState>) -> Answer<Vec<RunSummary>> {
    state.call(|api| api.list_runs()).await
}

#[tauri::command]
pub(crate) async fn delete_run(state: State<'_, AppState>, run: String) -> Answer<()> {
    state.call(move |api| api.delete_run(&run)).await
}

#[tauri::command]
pub(crate) async fn undelete_run(state: State<'_, AppState>, run: String) -> Answer<RunSummary> {
    state.call(move |api| api.undelete_run(&run)).await
}

#[tauri::command]
pub(crate) async fn trash(state: State<'_, AppState>) -> Answer<Trash> {
    state.call(|api| api.trash()).await
}

#[tauri::command]
pub(crate) async fn empty_trash(state: State<'_, AppState>) -> Answer<Emptied> {
    state.call(|api| api.empty_trash()).await
}

#[tauri::command]
pub(crate) async fn progress_figure(
    state: State<'_, AppState>,
    curves: Vec<LiveCurve>,
    currency: String,
    theme: Theme,
) -> Answer<Figure> {
    state.call(move |api| api.progress_figure(&curves, &currency, theme)).await
}
