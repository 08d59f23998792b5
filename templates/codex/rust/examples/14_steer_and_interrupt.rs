//! Having a say in a turn while it runs: steering it elsewhere, and ending it.

use codex_app_server::{AppServerConfig, Codex, Error, ServerNotification, TurnHandle};

async fn wait_for_first_words(turn: &TurnHandle) -> Result<(), Error> {
    let event = turn.stream().wait_for("item/agentMessage/delta").await?;
    if let ServerNotification::ItemAgentMessageDelta(delta) = event.notification() {
        println!("so far: {}", delta.delta);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;

    let turn = thread.turn("Count to a million.").await?;
    wait_for_first_words(&turn).await?;
    turn.steer("Stop at three.").await?;
    let result = turn.run().await?;
    println!("steered: {}", result.status);
    println!("answer: {}", result.final_response.unwrap_or_default());

    let turn = thread.turn("Count to a billion.").await?;
    wait_for_first_words(&turn).await?;
    turn.interrupt().await?;
    let result = turn.run().await?;
    println!("ended early: {}", result.status);
    codex.close().await;
    Ok(())
}
