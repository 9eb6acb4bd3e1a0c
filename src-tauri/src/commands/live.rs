//! The live session: begun once, steered by flags, ended by a flag.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use counterfoil_api::dto::{LiveControl, LiveRequest, LiveState};
use tauri::State;
use tauri::ipc::Channel;

use crate::state::{Answer, AppState};

/// Answers when the session is over.
#[tauri::command]
pub(crate) async fn live_start(
    state: State<'_, AppState>,
    request: LiveRequest,
    states: Channel<LiveState>,
) -> Answer<()> {
    let control = Arc::new(LiveControl {
        stop: AtomicBool::new(false),
        paused: AtomicBool::new(false),
        speed: AtomicU32::new(request.speed),
    });
    state.begin_live(&control)?;
    let held = Arc::clone(&control);
    let done = state
        .call(move |api| {
            // A page that was closed hears nothing, and its session has no reason to go on.
            let tell = |state| {
                if states.send(state).is_err() {
                    held.stop.store(true, Ordering::SeqCst);
                }
            };
            api.live(&request, &tell, &held)
        })
        .await;
    control.stop.store(true, Ordering::SeqCst);
    done
}

#[tauri::command]
pub(crate) fn live_pause(state: State<'_, AppState>, paused: bool) {
    state.steer_live(|live| live.paused.store(paused, Ordering::SeqCst));
}

#[tauri::command]
pub(crate) fn live_speed(state: State<'_, AppState>, speed: u32) {
    state.steer_live(|live| live.speed.store(speed.clamp(1, 1_000), Ordering::SeqCst));
}

#[tauri::command]
pub(crate) fn live_stop(state: State<'_, AppState>) {
    state.steer_live(|live| live.stop.store(true, Ordering::SeqCst));
}
