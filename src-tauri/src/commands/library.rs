//! Scenarios and policies: the library, their texts, the dials.

use counterfoil_api::dto::{
    About, Dial, DialChange, PolicySummary, ScenarioSummary, SourceText, TextError, TextKind,
};
use tauri::State;

use crate::desk::{Answer, Desk};

#[tauri::command]
pub(crate) async fn about(desk: State<'_, Desk>) -> Answer<About> {
    desk.call(|api| api.about()).await
}

#[tauri::command]
pub(crate) async fn list_scenarios(desk: State<'_, Desk>) -> Answer<Vec<ScenarioSummary>> {
    desk.call(|api| api.list_scenarios()).await
}

#[tauri::command]
pub(crate) async fn list_policies(desk: State<'_, Desk>) -> Answer<Vec<PolicySummary>> {
    desk.call(|api| api.list_policies()).await
}

#[tauri::command]
pub(crate) async fn read_text(desk: State<'_, Desk>, kind: TextKind, name: String) -> Answer<SourceText> {
    desk.call(move |api| api.read_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn validate_text(
    desk: State<'_, Desk>,
    kind: TextKind,
    name: String,
    text: String,
) -> Answer<Vec<TextError>> {
    desk.call(move |api| api.validate_text(kind, &name, &text)).await
}

#[tauri::command]
pub(crate) async fn save_text(
    desk: State<'_, Desk>,
    kind: TextKind,
    name: String,
    text: String,
) -> Answer<SourceText> {
    desk.call(move |api| api.save_text(kind, &name, &text)).await
}

#[tauri::command]
pub(crate) async fn duplicate_text(
    desk: State<'_, Desk>,
    kind: TextKind,
    name: String,
) -> Answer<SourceText> {
    desk.call(move |api| api.duplicate_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn delete_text(desk: State<'_, Desk>, kind: TextKind, name: String) -> Answer<()> {
    desk.call(move |api| api.delete_text(kind, &name)).await
}

#[tauri::command]
pub(crate) async fn dials(desk: State<'_, Desk>, scenario: String) -> Answer<Vec<Dial>> {
    desk.call(move |api| api.dials(&scenario)).await
}

#[tauri::command]
pub(crate) async fn set_dial(
    desk: State<'_, Desk>,
    scenario: String,
    dial: String,
    value: f64,
) -> Answer<DialChange> {
    desk.call(move |api| api.set_dial(&scenario, &dial, value)).await
}
