//! One shopper under two arms.

use counterfoil_api::dto::{ReplayRequest, ShopperHit, ShopperPage, ShopperQuery};
use tauri::State;

use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) async fn shoppers(state: State<'_, AppState>, query: ShopperQuery) -> Answer<Vec<ShopperHit>> {
    state.call(move |api| api.shoppers(&query)).await
}

#[tauri::command]
pub(crate) async fn replay(state: State<'_, AppState>, request: ReplayRequest) -> Answer<ShopperPage> {
    state.call(move |api| api.replay_page(&request)).await
}
