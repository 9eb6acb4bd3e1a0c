//! Copies to the clipboard of the system. Each text command answers with what it wrote.

use counterfoil_api::dto::{ExportFormat, FigureRequest};
use serde::Serialize;
use tauri::State;
use tauri::http::HeaderMap;
use tauri::ipc::{InvokeBody, Request};

use crate::state::{Answer, AppState, internal};

/// What a copy put on the clipboard.
#[derive(Serialize)]
pub(crate) struct Copied {
    written: String,
}

fn write_text(state: &AppState, text: String) -> Answer<Copied> {
    state.copy(|board| board.set_text(text.as_str()))?;
    Ok(Copied { written: text })
}

#[tauri::command]
pub(crate) async fn copy_figure(
    state: State<'_, AppState>,
    request: FigureRequest,
    format: ExportFormat,
) -> Answer<Copied> {
    let text = state.call(move |api| api.export_figure(&request, format)).await?;
    write_text(&state, text)
}

#[tauri::command]
pub(crate) async fn copy_differences(state: State<'_, AppState>, run: String) -> Answer<Copied> {
    let text = state.call(move |api| api.export_differences(&run)).await?;
    write_text(&state, text)
}

#[tauri::command]
pub(crate) fn copy_text(state: State<'_, AppState>, text: String) -> Answer<Copied> {
    write_text(&state, text)
}

/// The body is RGBA, row by row; its size stands in the headers `width` and `height`, in pixels.
#[tauri::command]
pub(crate) fn copy_image(state: State<'_, AppState>, request: Request<'_>) -> Answer<()> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(internal("A picture came as text instead of bytes."));
    };
    let (width, height) = (size(request.headers(), "width")?, size(request.headers(), "height")?);
    if width.checked_mul(height).and_then(|pixels| pixels.checked_mul(4)) != Some(bytes.len()) {
        return Err(internal("A picture does not have the size that it claims."));
    }
    state.copy(|board| board.set_image(arboard::ImageData { width, height, bytes: bytes.as_slice().into() }))
}

fn size(headers: &HeaderMap, name: &str) -> Answer<usize> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| internal("A picture came without its size."))
}
