//! Streams: of one turn, of everything, and of what is left of them.

use codex_app_server::types::{TextUserInput, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig, Error, EventStream, ServerNotification};

/// # Errors
///
/// What the turn can't be opened with, or its stream fails with.
pub async fn turn(client: &AppServerClient, thread: &str) -> Result<String, Error> {
    let params = TurnStartParams::new([TextUserInput::new("hi")], thread);
    let mut turn = client.turn_start_stream(params).await?;
    let mut other: EventStream<ServerNotification> = turn.subscribe();
    let mut text = String::new();
    while let Some(event) = turn.next().await {
        if let ServerNotification::ItemAgentMessageDelta(params) = event?.into_notification() {
            text.push_str(&params.delta);
        }
    }
    while let Some(event) = other.next().await {
        text.push_str(event?.method());
    }
    Ok(text)
}

/// # Errors
///
/// What the client can't be started with.
pub async fn everything() -> Result<(), Error> {
    let client = AppServerClient::start(AppServerConfig::new().strict(true)).await?;
    let mut everything = client.notifications();
    let shared = client.clone();
    let running = tokio::spawn(async move { turn(&shared, "t").await });
    while let Some(Ok(event)) = everything.next().await {
        println!("{} {:?}", event.method(), event.encode_params());
    }
    if let Ok(text) = running.await {
        println!("{}", text?);
    }
    client.wait_for_turn_completed("u").await?;
    client.close().await;
    Ok(())
}
