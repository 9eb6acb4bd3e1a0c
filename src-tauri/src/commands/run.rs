//! Runs: one at a time, with progress through a channel, cancelled by a flag.

use std::sync::atomic::AtomicBool;

use counterfoil_api::Api;
use counterfoil_api::dto::{
    Emptied, Estimate, Figure, LiveCurve, Progress, RunRequest, RunSummary, Theme, Trash,
};
use tauri::State;
use tauri::ipc::Channel;

use crate::desk::{Answer, Desk};
use crate::throttle::Throttle;

/// Does `work` with a listener for its progress and the flag that cancels it.
async fn tracked(
    desk: State<'_, Desk>,
    progress: Channel<Progress>,
    work: impl FnOnce(&Api, &(dyn Fn(Progress) + Sync), &AtomicBool) -> Answer<RunSummary> + Send + 'static,
) -> Answer<RunSummary> {
    let cancel = desk.cancel_for_new_run();
    desk.call(move |api| {
        let throttle = Throttle::new(progress);
        let done = work(api, &|message| throttle.offer(message), &cancel);
        throttle.flush();
        done
    })
    .await
}

#[tauri::command]
pub(crate) async fn estimate(desk: State<'_, Desk>, request: RunRequest) -> Answer<Estimate> {
    desk.call(move |api| api.estimate(&request)).await
}

#[tauri::command]
pub(crate) async fn start_run(
    desk: State<'_, Desk>,
    request: RunRequest,
    progress: Channel<Progress>,
) -> Answer<RunSummary> {
    tracked(desk, progress, move |api, listen, cancel| api.start_run(&request, listen, cancel)).await
}

#[tauri::command]
pub(crate) async fn resume_run(
    desk: State<'_, Desk>,
    run: String,
    progress: Channel<Progress>,
) -> Answer<RunSummary> {
    tracked(desk, progress, move |api, listen, cancel| api.resume_run(&run, listen, cancel)).await
}

#[tauri::command]
pub(crate) async fn open_sample(desk: State<'_, Desk>, progress: Channel<Progress>) -> Answer<RunSummary> {
    tracked(desk, progress, |api, listen, cancel| api.open_sample(listen, cancel)).await
}

#[tauri::command]
pub(crate) fn cancel_run(desk: State<'_, Desk>) {
    desk.cancel();
}

#[tauri::command]
pub(crate) async fn list_runs(desk: State<'_, Desk>) -> Answer<Vec<RunSummary>> {
    desk.call(|api| api.list_runs()).await
}

#[tauri::command]
pub(crate) async fn delete_run(desk: State<'_, Desk>, run: String) -> Answer<()> {
    desk.call(move |api| api.delete_run(&run)).await
}

#[tauri::command]
pub(crate) async fn undelete_run(desk: State<'_, Desk>, run: String) -> Answer<RunSummary> {
    desk.call(move |api| api.undelete_run(&run)).await
}

#[tauri::command]
pub(crate) async fn trash(desk: State<'_, Desk>) -> Answer<Trash> {
    desk.call(|api| api.trash()).await
}

#[tauri::command]
pub(crate) async fn empty_trash(desk: State<'_, Desk>) -> Answer<Emptied> {
    desk.call(|api| api.empty_trash()).await
}

#[tauri::command]
pub(crate) async fn progress_figure(
    desk: State<'_, Desk>,
    curves: Vec<LiveCurve>,
    currency: String,
    theme: Theme,
) -> Answer<Figure> {
    desk.call(move |api| api.progress_figure(&curves, &currency, theme)).await
}
