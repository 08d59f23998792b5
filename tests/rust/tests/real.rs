//! Turns on the real server, with a model on loopback. `cargo xtask test` says where both are.

mod common;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use codex_app_server::types::{
    CommandExecutionApprovalDecision, CommandExecutionRequestApprovalResponse, ModelListParams, TextUserInput,
    ThreadStartParams, TurnStartParams, TurnStatus,
};
use codex_app_server::{AppServerClient, AppServerConfig, ServerNotification, ServerRequestHandlers};
use common::{Heard, Outcome, fresh};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

struct Model {
    _process: Child,
    url: String,
}

async fn model(scenario: &str) -> Result<Model, Box<dyn std::error::Error + Send + Sync>> {
    let command = env::var_os("RPCSMITH_XTASK").ok_or("RPCSMITH_XTASK is not set: run `cargo xtask test`")?;
    let mut process = Command::new(command)
        .args(["model-server", "--scenario", scenario])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = process.stdout.take().ok_or("no output")?;
    let line = BufReader::new(output).lines().next_line().await?.ok_or("no address")?;
    let said: serde_json::Value = serde_json::from_str(&line)?;
    Ok(Model { _process: process, url: said.get("url").and_then(|url| url.as_str()).ok_or("no address")?.to_owned() })
}

fn config(model: &Model, policy: &str, sandbox: &str) -> Result<(AppServerConfig, PathBuf), std::io::Error> {
    let home = fresh("-home");
    fs::create_dir_all(&home)?;
    let text = format!(
        "model = \"mock-model\"\napproval_policy = \"{policy}\"\nsandbox_mode = \"{sandbox}\"\nmodel_provider = \"mock\"\n\n\
         [model_providers.mock]\nname = \"Mock\"\nbase_url = \"{}\"\nwire_api = \"responses\"\n\
         request_max_retries = 0\nstream_max_retries = 0\nsupports_websockets = false\n",
        model.url
    );
    fs::write(home.join("config.toml"), text)?;
    let binary = env::var_os("RPCSMITH_CODEX_BIN")
        .ok_or_else(|| std::io::Error::other("RPCSMITH_CODEX_BIN is not set: run `cargo xtask test`"))?;
    let config = AppServerConfig::new()
        .codex_bin(PathBuf::from(binary))
        .env("HOME", &home)
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("CODEX_HOME", &home)
        .env("CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG", "1")
        .env("RUST_LOG", "warn")
        .cwd(&home);
    Ok((config, home))
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_side_by_side() -> Outcome {
    let model = model("echo").await?;
    let heard = Heard::default();
    let (config, _) = config(&model, "never", "read-only")?;
    let client = AppServerClient::start(config.on_unknown(heard.hook())).await?;
    assert!(!client.server_info().user_agent.is_empty());
    assert!(!client.model_list(ModelListParams::new()).await?.data.is_empty());
    let turns: Vec<_> = (0..4)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let thread = client.thread_start(ThreadStartParams::new()).await?.thread;
                let said = format!("hello number {number}");
                let params = TurnStartParams::new([TextUserInput::new(said.as_str())], thread.id);
                let mut turn = client.turn_start_stream(params).await?;
                let (mut text, mut status) = (String::new(), None);
                while let Some(event) = turn.next().await {
                    match event?.notification() {
                        ServerNotification::ItemAgentMessageDelta(part) => text.push_str(&part.delta),
                        ServerNotification::TurnCompleted(done) => status = Some(done.turn.status.clone()),
                        _ => {}
                    }
                }
                Ok::<_, codex_app_server::Error>((said, text, status))
            })
        })
        .collect();
    for turn in turns {
        let (said, text, status) = turn.await??;
        assert_eq!(text, said);
        assert_eq!(status, Some(TurnStatus::Completed));
    }
    client.close().await;
    assert_eq!(heard.all(), []);
    Ok(())
}

#[tokio::test]
async fn a_command_that_is_approved_by_a_handler_alone() -> Outcome {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/../model");
    for approve in [true, false] {
        let model = model(&format!("{scenario}/command_approval.toml")).await?;
        let asked = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&asked);
        let mut handlers = ServerRequestHandlers::new();
        if approve {
            handlers = handlers.item_command_execution_request_approval(move |_, params| {
                *counter.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                async move {
                    assert!(params.command.is_some_and(|command| command.contains("approved-output")));
                    Ok(CommandExecutionRequestApprovalResponse::new(CommandExecutionApprovalDecision::Accept))
                }
            });
        }
        let (config, _) = config(&model, "on-request", "workspace-write")?;
        let client = AppServerClient::start(config.handlers(handlers)).await?;
        let thread = client.thread_start(ThreadStartParams::new()).await?.thread;
        let params = TurnStartParams::new([TextUserInput::new("run it")], thread.id);
        let mut turn = client.turn_start_stream(params).await?;
        let mut output = String::new();
        while let Some(event) = turn.next().await {
            let event = event?;
            output.push_str(&serde_json::to_string(&match event.notification() {
                ServerNotification::ItemCompleted(done) => serde_json::to_value(&done.item)?,
                _ => serde_json::Value::Null,
            })?);
        }
        assert_eq!(output.contains("approved-output\\n"), approve, "{output}");
        assert_eq!(*asked.lock().unwrap_or_else(PoisonError::into_inner), u32::from(approve));
        client.close().await;
    }
    Ok(())
}
