//! Everything that is known of a turn once it has ended.

use codex_app_server::types::ThreadItem;
use codex_app_server::{AppServerConfig, Codex, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let result = thread.run("How many days does a leap year have?").await?;

    println!("turn: {}", result.id);
    println!("thread: {}", result.thread_id);
    println!("status: {}", result.status);
    // Set where the turn failed; see the example of errors.
    println!("error: {}", result.error.map_or("none".to_owned(), |error| error.message));
    println!("started at: {}", result.started_at.unwrap_or_default());
    println!("completed at: {}", result.completed_at.unwrap_or_default());
    println!("took: {} ms", result.duration_ms.unwrap_or_default());
    // The answer is the last message that is meant as one; the text is all that was said.
    println!("final response: {}", result.final_response.unwrap_or_default());
    println!("text: {}", result.text);
    for item in &result.items {
        match item {
            ThreadItem::Reasoning(thought) => println!("item: a thought: {}", thought.summary.join(" ")),
            ThreadItem::AgentMessage(message) => println!("item: a message: {}", message.text),
            _ => {}
        }
    }
    if let Some(usage) = result.usage {
        let used = usage.total;
        println!("tokens in: {} of which cached: {}", used.input_tokens, used.cached_input_tokens);
        println!("tokens out: {} of which reasoning: {}", used.output_tokens, used.reasoning_output_tokens);
    }
    codex.close().await;
    Ok(())
}
