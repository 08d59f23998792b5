//! Records a turn of the real server, with a login by API key, for all clients to replay; `cargo xtask record` runs it
//! with the file to write. What tells of the machine is replaced, in nothing else is the recording touched.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use codex_app_server::types::{ApiKeyLoginAccountParams, TextUserInput, ThreadStartParams, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig};
use sdk_tests::program::Server;
use sdk_tests::real::Real;
use serde_json::Value;

/// What the client logs in with.
const API_KEY: &str = "sk-a-key-that-no-recording-may-have";

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let target = PathBuf::from(env::args_os().nth(1).ok_or("the file to write has to be given")?);
    let server = Server { model: Some("text".to_owned()), home: serde_json::Map::default(), toml: String::new() };
    let real = Real::prepare(&server).await?;
    let folder = tempfile::tempdir()?;
    let raw = folder.path().join("raw.jsonl");
    run(real.config()?.record_to(&raw)).await?;
    real.stop_model().await?;
    let saved = real.saved();
    let place = |name: &str| saved.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let text = fs::read_to_string(&raw)?;
    fs::write(target, without_machine(&text, &place("home"), &place("root"))?)?;
    Ok(())
}

async fn run(config: AppServerConfig) -> Outcome {
    let client = AppServerClient::start(config).await?;
    client.account_login_start(ApiKeyLoginAccountParams::new(API_KEY)).await?;
    let thread = client.thread_start(ThreadStartParams::new().ephemeral(true)).await?.thread;
    let params = TurnStartParams::new([TextUserInput::new("hello")], thread.id);
    let mut turn = client.turn_start_stream(params).await?;
    while let Some(event) = turn.next().await {
        event?;
    }
    client.close().await;
    Ok(())
}

/// The recording, with other folders, another system and another name of the machine.
fn without_machine(text: &str, home: &str, work: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut text = text.replace(home, "/home/user/.codex").replace(work, "/home/user/work");
    for line in text.clone().lines() {
        let entry: Value = serde_json::from_str(line)?;
        let found = |place: &str| entry.pointer(place).and_then(Value::as_str);
        if let Some((_, system)) = found("/message/result/userAgent").and_then(|agent| agent.split_once(" (")) {
            let (system, _) = system.split_once(" (").ok_or("the user agent names no client")?;
            text = text.replace(system, "Linux 6.1.0; x86_64) xterm");
        }
        for name in ["serverName", "installationId"] {
            if let Some(value) = found(&format!("/message/params/{name}")) {
                text = text.replace(&format!("\"{name}\":\"{value}\""), &format!("\"{name}\":\"{name}\""));
            }
        }
    }
    Ok(text)
}
