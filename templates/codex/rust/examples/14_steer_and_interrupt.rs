//! Having a say in a turn while it runs: steering it elsewhere, and ending it.

use codex_app_server::{AppServerConfig, Codex, Error, ServerNotification, TurnHandle};

async fn wait_for_first_words(turn: &TurnHandle) -> Result<(), Error> {
    let event = turn.stream().wait_for("item/agentMessage/delta").await?;
    if let ServerNotification::ItemAgentMessageDelta(delta) = event.notification() {
        println!("so far: {}", delta.delta);
    }
    Ok(())
}

/// Both are refused if the turn has ended by now.
fn too_late(error: Error) -> Result<(), Error> {
    match error {
        Error::Rpc(refused) => println!("too late: {}", refused.message),
        other => return Err(other),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;

    let turn = thread.turn("Count to a million.").await?;
    wait_for_first_words(&turn).await?;
    turn.steer("Stop at three.").await.or_else(too_late)?;
    let result = turn.run().await?;
    println!("status: {}", result.status);
    println!("answer: {}", result.final_response.unwrap_or_default());

    let turn = thread.turn("Count to a billion.").await?;
    wait_for_first_words(&turn).await?;
    turn.interrupt().await.or_else(too_late)?;
    let result = turn.run().await?;
    println!("status: {}", result.status);
    codex.close().await;
    Ok(())
}
