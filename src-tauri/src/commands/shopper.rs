//! One shopper under two arms.

use counterfoil_api::dto::{ReplayRequest, ShopperHit, ShopperPage, ShopperQuery};
use tauri::State;

use crate::desk::{Answer, Desk};

#[tauri::command]
pub(crate) async fn shoppers(desk: State<'_, Desk>, query: ShopperQuery) -> Answer<Vec<ShopperHit>> {
    desk.call(move |api| api.shoppers(&query)).await
}

#[tauri::command]
pub(crate) async fn replay(desk: State<'_, Desk>, request: ReplayRequest) -> Answer<ShopperPage> {
    desk.call(move |api| api.replay_page(&request)).await
}
