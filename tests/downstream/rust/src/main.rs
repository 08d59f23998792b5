use codex_app_server::{AppServerConfig, Codex, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let result = codex.thread_start().cwd(".").await?.run("What is in this folder?").await?.raise_for_status()?;
    println!("{}", result.final_response.unwrap_or_default());
    codex.close().await;
    Ok(())
}
