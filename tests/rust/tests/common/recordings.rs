//! What the tests of recordings share.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use codex_app_server::types::{ApiKeyLoginAccountParams, TextUserInput, ThreadStartParams, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig};
use serde_json::{Value, json};

use super::{Heard, fresh};

pub type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What the client logs in with.
pub const API_KEY: &str = "sk-a-key-that-no-recording-may-have";

/// The turn of the committed recording: what came of it.
pub async fn turn(config: AppServerConfig) -> Fallible<Vec<Value>> {
    let heard = Heard::default();
    let client = AppServerClient::start(config.strict(true).on_unknown(heard.hook())).await?;
    let mut seen = vec![serde_json::to_value(client.server_info())?, json!(client.server_version())];
    seen.push(serde_json::to_value(client.account_login_start(ApiKeyLoginAccountParams::new(API_KEY)).await?)?);
    let started = client.thread_start(ThreadStartParams::new().ephemeral(true)).await?;
    let params = TurnStartParams::new([TextUserInput::new("hello")], started.thread.id.as_str());
    seen.push(serde_json::to_value(started)?);
    let mut turn = client.turn_start_stream(params).await?;
    seen.push(serde_json::to_value(turn.result())?);
    while let Some(event) = turn.next().await {
        let event = event?;
        seen.push(json!([event.method(), event.encode_params()?, event.emitted_at_ms()]));
    }
    client.close().await;
    assert_eq!(heard.all(), []);
    Ok(seen)
}

/// The lines of a recording.
pub fn entries(path: &Path) -> Fallible<Vec<Value>> {
    fs::read_to_string(path)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// What was said, without when.
pub fn said(path: &Path) -> Fallible<Vec<Value>> {
    let without_time = |mut entry: Value| {
        entry.as_object_mut().map(|members| members.remove("at"));
        entry
    };
    Ok(entries(path)?.into_iter().map(without_time).collect())
}

/// Writes a recording: the handshake, and what is given.
pub fn recording(lines: &[Value]) -> Fallible<PathBuf> {
    let info = json!({"codexHome": "/h", "platformFamily": "unix", "platformOs": "linux", "userAgent": "recorded"});
    let mut all = vec![
        json!({"at": 1, "from": "client", "message": {"id": "h", "method": "initialize", "params": {"clientInfo": {"name": "somebody else", "version": "9"}, "capabilities": {"experimentalApi": true}}}}),
        json!({"at": 2, "from": "server", "message": {"id": "h", "result": info}}),
        json!({"at": 3, "from": "client", "message": {"method": "initialized"}}),
    ];
    all.extend_from_slice(lines);
    let path = fresh(".jsonl");
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    fs::write(&path, lines.join("\n") + "\n")?;
    Ok(path)
}

pub fn client_says(message: &Value) -> Value {
    json!({"at": 4, "from": "client", "message": message})
}

pub fn server_says(message: &Value) -> Value {
    json!({"at": 5, "from": "server", "message": message})
}
