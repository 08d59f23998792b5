//! Several turns on one client: one after the other, and side by side.

use std::error::Error;

use codex_app_server::{AppServerConfig, Codex};

const QUESTIONS: [&str; 2] = ["Why is grass green?", "Why is the sky blue?"];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let codex = Codex::start(AppServerConfig::new()).await?;

    println!("one after the other:");
    for question in QUESTIONS {
        let result = codex.thread_start().await?.run(question).await?;
        println!("{question} {}", result.final_response.unwrap_or_default());
    }

    println!("side by side:");
    let mut turns = Vec::new();
    for question in QUESTIONS {
        let thread = codex.thread_start().await?;
        // A turn owns all that it needs, so that it may run in a task of its own.
        turns.push(tokio::spawn(thread.run(question).into_future()));
    }
    for (question, turn) in QUESTIONS.iter().zip(turns) {
        println!("{question} {}", turn.await??.final_response.unwrap_or_default());
    }
    codex.close().await;
    Ok(())
}
