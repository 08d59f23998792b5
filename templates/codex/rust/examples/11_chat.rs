//! A chat on the terminal: answers appear while they are written. An empty line ends it.

use std::io::{self, Write};

use codex_app_server::{AppServerConfig, Codex, ServerNotification, TurnHandle};

/// Reads a line, on a thread that may wait for it.
async fn ask(question: &'static str) -> io::Result<String> {
    let asking = tokio::task::spawn_blocking(move || {
        print!("{question}");
        io::stdout().flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    });
    asking.await?
}

async fn show(turn: &TurnHandle) -> Result<(), Box<dyn std::error::Error>> {
    print!("codex: ");
    io::stdout().flush()?;
    let mut outcome = String::new();
    let mut events = turn.stream();
    while let Some(event) = events.next().await {
        match event?.notification() {
            ServerNotification::ItemAgentMessageDelta(delta) => {
                print!("{}", delta.delta);
                io::stdout().flush()?;
            }
            ServerNotification::ThreadTokenUsageUpdated(updated) => {
                let usage = &updated.token_usage;
                outcome = format!("({} tokens, {} in all)", usage.last.total_tokens, usage.total.total_tokens);
            }
            ServerNotification::TurnCompleted(completed) => {
                if let Some(error) = &completed.turn.error {
                    outcome = format!("(failed: {})", error.message);
                }
            }
            _ => {}
        }
    }
    println!("\n{outcome}");
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    loop {
        let said = ask("you: ").await?;
        if said.is_empty() {
            break;
        }
        show(&thread.turn(said).await?).await?;
    }
    println!("goodbye");
    codex.close().await;
    Ok(())
}
