//! An image from a file, and a question about it.

use codex_app_server::{AppServerConfig, Codex, Error, Input, LocalImageInput};

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shapes.png");

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let question = Input::from("Which shapes are these?").and(LocalImageInput::new(PICTURE));
    let result = thread.run(question).await?;
    println!("{}", result.final_response.unwrap_or_default());
    codex.close().await;
    Ok(())
}
