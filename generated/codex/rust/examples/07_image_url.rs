//! An image by its URL, and a question about it.
//!
//! The server fetches nothing from the web: an image from there goes along inside a `data:` URL.

use codex_app_server::{AppServerConfig, Codex, Error, ImageInput, Input};

const PICTURE: &str = "data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEX49vAui1cCH3/c\
    AAAAIElEQVR42mNgAAPmAwz8Hxjkf4CQ/R8EgogApYAKwAAALpUMzRTL+2kAAAAASUVO\
    RK5CYII=";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let question = Input::from("What is in this picture?").and(ImageInput::new(PICTURE));
    let result = thread.run(question).await?;
    println!("{}", result.final_response.unwrap_or_default());
    codex.close().await;
    Ok(())
}
