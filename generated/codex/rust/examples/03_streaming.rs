//! A turn as it happens: text while it is written, items as they are completed, tokens, the end.

use codex_app_server::types::ThreadItem;
use codex_app_server::{AppServerConfig, Codex, Error, ServerNotification};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let turn = thread.turn("Tell me a very short story.").await?;
    let mut events = turn.stream();
    while let Some(event) = events.next().await {
        match event?.notification() {
            ServerNotification::TurnStarted(_) => println!("the turn has started"),
            ServerNotification::ItemReasoningSummaryTextDelta(delta) => println!("thought: {}", delta.delta),
            ServerNotification::ItemAgentMessageDelta(delta) => println!("text: {}", delta.delta),
            ServerNotification::ItemCompleted(completed) => {
                if let ThreadItem::AgentMessage(message) = &completed.item {
                    println!("message: {}", message.text);
                }
            }
            ServerNotification::ThreadTokenUsageUpdated(updated) => {
                println!("tokens so far: {}", updated.token_usage.total.total_tokens);
            }
            ServerNotification::TurnCompleted(completed) => println!("the turn has ended: {}", completed.turn.status),
            _ => {}
        }
    }
    codex.close().await;
    Ok(())
}
