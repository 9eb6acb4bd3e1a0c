//! Scenarios and policies: the library, their texts, the dials.

use counterfoil_api::dto::{
    About, Dial, DialChange, PolicySummary, ScenarioSummary, SourceText, TextError, TextKind,
};
use tauri::State;

use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) async fn about(state: State<'_, AppState>) -> Answer<About> {
    state.call(|api| api.about()).await
}

#[tauri::command]
pub(crate) async fn list_scenarios(state: State<'_, AppState>) -> Answer<Vec<ScenarioSummary>> {
    state.call(|api| api.list_scenarios()).await
}

#[tauri::command]
pub(crate) async fn list_policies(state: State<'_, AppState>) -> Answer<Vec<PolicySummary>> {
    state.call(|api| api.list_policies()).await
}

#[tauri::command]
pub(crate) async fn read_text(
    state: State<'_, AppState>,
    kind: TextKind,
    name: String,
) -> Answer<SourceText> {
    state.call(move |api| api.read_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn validate_text(
    state: State<'_, AppState>,
    kind: TextKind,
    name: String,
    text: String,
) -> Answer<Vec<TextError>> {
    state.call(move |api| api.validate_text(kind, &name, &text)).await
}

#[tauri::command]
pub(crate) async fn save_text(
    state: State<'_, AppState>,
    kind: TextKind,
    name: String,
    text: String,
) -> Answer<SourceText> {
    state.call(move |api| api.save_text(kind, &name, &text)).await
}

#[tauri::command]
pub(crate) async fn duplicate_text(
    state: State<'_, AppState>,
    kind: TextKind,
    name: String,
) -> Answer<SourceText> {
    state.call(move |api| api.duplicate_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn delete_text(state: State<'_, AppState>, kind: TextKind, name: String) -> Answer<()> {
    state.call(move |api| api.delete_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn dials(state: State<'_, AppState>, scenario: String) -> Answer<Vec<Dial>> {
    state.call(move |api| api.dials(&scenario)).await
}

#[tauri::command]
pub(crate) async fn set_dial(
    state: State<'_, AppState>,
    scenario: String,
    dial: String,
    value: f64,
) -> Answer<DialChange> {
    state.call(move |api| api.set_dial(&scenario, &dial, value)).await
}
