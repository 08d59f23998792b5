//! Calls: what they take, what they give, and the terms they are made on.

use std::time::Duration;

use codex_app_server::types::{
    GetAccountTokenUsageParams, TextUserInput, ThreadListParams, ThreadStartParams, TurnStartParams,
};
use codex_app_server::{AppServerClient, Error, Request, RetryPolicy, methods};
use serde_json::{Value, json};

/// # Errors
///
/// The first that a call fails with.
pub async fn typed(client: AppServerClient) -> Result<u32, Error> {
    let started = client.thread_start(ThreadStartParams::default()).await?;
    let id: &str = &started.thread.id;
    let params = TurnStartParams::new([TextUserInput::new("hi")], id);
    client.turn_start(params).timeout(Duration::from_secs(5)).retry(RetryPolicy::default()).await?;
    client.account_logout().no_timeout().await?;
    client.account_usage_read().await?;
    client.account_usage_read().with_params(GetAccountTokenUsageParams::new()).await?;
    Ok(1)
}

/// # Errors
///
/// What the call fails with.
pub async fn by_wire_name(client: &AppServerClient) -> Result<(), Error> {
    let plain: Value = client.request("novel/method", json!({"a": 1})).await?;
    client.notify("novel/notice", plain).await
}

/// # Errors
///
/// What the call fails with.
pub async fn of_any_kind<R: Request>(client: &AppServerClient, params: R::Params) -> Result<R::Result, Error> {
    client.send::<R>(params).await
}

/// # Errors
///
/// The first that a call fails with.
pub async fn of_two_kinds(client: AppServerClient) -> Result<usize, Error> {
    of_any_kind::<methods::AccountLogout>(&client, ()).await?;
    Ok(of_any_kind::<methods::ThreadList>(&client, ThreadListParams::new()).await?.data.len())
}

/// Futures of calls can go to other threads.
pub fn elsewhere(client: &AppServerClient) {
    tokio::spawn(typed(client.clone()));
    tokio::spawn(of_two_kinds(client.clone()));
}
