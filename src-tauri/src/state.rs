//! What all commands share: the use-cases, the hands on the one run and the one live session, the clipboard.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterfoil_api::Api;
use counterfoil_api::dto::{ApiError, ErrorCode, LiveControl};

/// Answer of a command.
pub(crate) type Answer<T> = Result<T, ApiError>;

/// Shared by all commands for as long as the window is open.
pub(crate) struct AppState {
    api: Answer<Arc<Api>>,
    cancel: Arc<AtomicBool>,
    live: Mutex<Option<Arc<LiveControl>>>,
    /// Kept open: on X11 and Wayland the one who copied must stay to be asked for it.
    clipboard: Mutex<Option<arboard::Clipboard>>,
}

impl AppState {
    /// Opens the store named by `COUNTERFOIL_STORE`, else the user's. A failure is kept for the commands to tell.
    pub(crate) fn open() -> Self {
        Self {
            api: Api::open(None).map(Arc::new),
            cancel: Arc::new(AtomicBool::new(false)),
            live: Mutex::new(None),
            clipboard: Mutex::new(None),
        }
    }

    /// Does `work` on a thread where waiting is allowed. A panic in it becomes an error of kind `internal`.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Api) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let api = self.api.clone()?;
        let done = tauri::async_runtime::spawn_blocking(move || work(&api)).await;
        done.unwrap_or_else(|stopped| Err(internal(&format!("A part of the program stopped: {stopped}"))))
    }

    /// The flag of the run that is about to start, lowered. While a run goes on, `Api` refuses a second one, so
    /// the flag must not be lowered under the first: the caller gets it only when no run holds it.
    pub(crate) fn cancel_for_new_run(&self) -> Arc<AtomicBool> {
        if Arc::strong_count(&self.cancel) == 1 {
            self.cancel.store(false, Ordering::SeqCst);
        }
        Arc::clone(&self.cancel)
    }

    /// Asks the run to stop; without a run nothing happens.
    pub(crate) fn cancel(&self) {
        self.cancel.store(true, Ordering::SeqCst);
    }

    /// Takes hold of a live session.
    pub(crate) fn begin_live(&self, control: &Arc<LiveControl>) -> Answer<()> {
        let mut held = lock(&self.live);
        if held.as_ref().is_some_and(|live| !live.stop.load(Ordering::SeqCst)) {
            return Err(ApiError {
                code: ErrorCode::Busy,
                message: "A live session is already going on.".to_owned(),
                place: None,
                hint: Some("Stop it first.".to_owned()),
            });
        }
        *held = Some(Arc::clone(control));
        Ok(())
    }

    /// Does `steer` to the live session, if there is one.
    pub(crate) fn steer_live(&self, steer: impl FnOnce(&LiveControl)) {
        if let Some(control) = lock(&self.live).as_ref() {
            steer(control);
        }
    }

    /// Does `write` to the clipboard of the system.
    pub(crate) fn copy(
        &self,
        write: impl FnOnce(&mut arboard::Clipboard) -> Result<(), arboard::Error>,
    ) -> Answer<()> {
        let mut held = lock(&self.clipboard);
        if held.is_none() {
            *held = Some(arboard::Clipboard::new().map_err(|error| clipboard(&error))?);
        }
        let board = held.as_mut().expect("opened just above");
        write(board).map_err(|error| clipboard(&error))
    }
}

/// A lock whose holder panicked is used on: what it guards is a handle, never half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn clipboard(error: &arboard::Error) -> ApiError {
    ApiError {
        code: ErrorCode::Environment,
        message: format!("The clipboard did not take it: {error}"),
        place: None,
        hint: Some("Try again; on Linux a desktop session with a clipboard is needed.".to_owned()),
    }
}

/// A defect of the program, in the shape of every other failure.
pub(crate) fn internal(message: &str) -> ApiError {
    ApiError {
        code: ErrorCode::Internal,
        message: message.to_owned(),
        place: None,
        hint: Some("Please report it with the details of this message.".to_owned()),
    }
}
