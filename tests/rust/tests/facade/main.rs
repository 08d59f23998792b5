//! The convenience layer: threads and turns, presets and inputs, pages, logins, and what the server says of itself.

#[path = "../common/mod.rs"]
mod common;
mod ends;
mod logins;
mod sent;
mod threads;
mod turns;

use codex_app_server::{AppServerConfig, Codex};
use common::{Heard, Outcome};
use sdk_tests::program::Server;
use sdk_tests::real::Real;
use serde_json::Map;

/// Runs a test on the real server, whose model plays a scenario.
async fn on_real(model: &str, test: impl AsyncFnOnce(&Codex) -> Outcome) -> Outcome {
    on_real_with(model, |config| config, test).await
}

/// The same with settings of its own.
async fn on_real_with(
    model: &str,
    set: impl FnOnce(AppServerConfig) -> AppServerConfig,
    test: impl AsyncFnOnce(&Codex) -> Outcome,
) -> Outcome {
    let server = Server { model: Some(model.to_owned()), home: Map::new(), toml: String::new() };
    let real = Real::prepare(&server).await?;
    let heard = Heard::default();
    let config = real.config()?.client_name("rpcsmith_tests").on_unknown(heard.hook());
    let codex = Codex::start(set(config)).await?;
    let outcome = test(&codex).await;
    codex.close().await;
    real.stop_model().await?;
    outcome?;
    assert_eq!(heard.places(), Vec::<String>::new());
    Ok(())
}
