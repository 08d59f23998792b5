//! The shortest way to an answer: start the server, start a thread, run one turn.

use codex_app_server::{AppServerConfig, Codex, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let result = thread.run("Say hello in one sentence.").await?.raise_for_status()?;
    println!("{}", result.final_response.unwrap_or_default());
    codex.close().await;
    Ok(())
}
