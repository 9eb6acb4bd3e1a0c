//! The comparison of a finished run: numbers, sentences, figures, the guess.

use counterfoil_api::dto::{ComparisonPage, ComparisonRequest, ExportFormat, Figure, FigureRequest, Guess};
use tauri::State;

use crate::desk::{Answer, Desk};

#[tauri::command]
pub(crate) async fn comparison(desk: State<'_, Desk>, request: ComparisonRequest) -> Answer<ComparisonPage> {
    desk.call(move |api| api.comparison_page(&request)).await
}

#[tauri::command]
pub(crate) async fn figure(desk: State<'_, Desk>, request: FigureRequest) -> Answer<Figure> {
    desk.call(move |api| api.figure(&request)).await
}

#[tauri::command]
pub(crate) async fn export_figure(
    desk: State<'_, Desk>,
    request: FigureRequest,
    format: ExportFormat,
) -> Answer<String> {
    desk.call(move |api| api.export_figure(&request, format)).await
}

#[tauri::command]
pub(crate) async fn store_guess(desk: State<'_, Desk>, run: String, guess: Guess) -> Answer<()> {
    desk.call(move |api| api.store_guess(&run, &guess)).await
}
