use codex_app_server::types::{TextUserInput, ThreadStartParams, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig, Error, ServerNotification};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = AppServerClient::start(AppServerConfig::new()).await?;
    let thread = client.thread_start(ThreadStartParams::new().cwd(".")).await?.thread;
    let input = [TextUserInput::new("What is in this folder?")];
    let mut turn = client.turn_start_stream(TurnStartParams::new(input, thread.id)).await?;
    while let Some(event) = turn.next().await {
        if let ServerNotification::ItemAgentMessageDelta(part) = event?.notification() {
            print!("{}", part.delta);
        }
    }
    client.close().await;
    Ok(())
}
