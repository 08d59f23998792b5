//! A thread outlives the server: it is kept by its id, and goes on where it ended.

use codex_app_server::{AppServerConfig, Codex, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let result = thread.run("Remember the word walnut.").await?;
    println!("first: {}", result.final_response.unwrap_or_default());
    let thread_id = thread.id().to_owned();
    codex.close().await;

    // Another server, at another time.
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_resume(&thread_id).await?;
    println!("the same thread: {}", if thread.id() == thread_id { "yes" } else { "no" });
    let result = thread.run("Which word was it?").await?;
    println!("second: {}", result.final_response.unwrap_or_default());
    let kept = thread.read().include_turns(true).await?.thread;
    println!("turns in all: {}", kept.turns.len());
    codex.close().await;
    Ok(())
}
