//! The comparison of a finished run: numbers, sentences, figures, the guess.

use counterfoil_api::dto::{ComparisonPage, ComparisonRequest, ExportFormat, Figure, FigureRequest, Guess};
use tauri::State;

use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) async fn comparison(
    state: State<'_, AppState>,
    request: ComparisonRequest,
) -> Answer<ComparisonPage> {
    state.call(move |api| api.comparison_page(&request)).await
}

#[tauri::command]
pub(crate) async fn figure(state: State<'_, AppState>, request: FigureRequest) -> Answer<Figure> {
    state.call(move |api| api.figure(&request)).await
}

#[tauri::command]
pub(crate) async fn export_figure(
    state: State<'_, AppState>,
    request: FigureRequest,
    format: ExportFormat,
) -> Answer<String> {
    state.call(move |api| api.export_figure(&request, format)).await
}

#[tauri::command]
pub(crate) async fn store_guess(state: State<'_, AppState>, run: String, guess: Guess) -> Answer<()> {
    state.call(move |api| api.store_guess(&run, &guess)).await
}
