//! A turn with nearly everything that can be said about it, and an answer that fits a schema.

use std::error::Error;
use std::time::Duration;

use codex_app_server::types::{Model, ReasoningSummary};
use codex_app_server::{AppServerConfig, ApprovalMode, Codex, Sandbox, TextInput};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Place {
    city: String,
    inhabitants: u32,
}

async fn default_model(codex: &Codex) -> Result<Model, Box<dyn Error>> {
    let mut models = codex.models_all().stream();
    while let Some(model) = models.next().await {
        let model = model?;
        if model.is_default {
            return Ok(model);
        }
    }
    Err("no model is the default".into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let model = default_model(&codex).await?;
    let schema = json!({
        "type": "object",
        "properties": {"city": {"type": "string"}, "inhabitants": {"type": "integer"}},
        "required": ["city", "inhabitants"],
        "additionalProperties": false,
    });

    let thread = codex
        .thread_start()
        .approval_mode(ApprovalMode::DenyAll)
        .sandbox(Sandbox::ReadOnly)
        .base_instructions("You know geography.")
        .developer_instructions("Round numbers to thousands.")
        .cwd(".")
        .ephemeral(true)
        .service_name("geography lesson")
        .await?;
    let result = thread
        .run([TextInput::new("Describe the capital of France."), TextInput::new("Answer with JSON alone.")])
        .approval_mode(ApprovalMode::DenyAll)
        .sandbox(Sandbox::WorkspaceWrite)
        .cwd(".")
        .effort("low")
        .model(model.model)
        .output_schema(schema)
        .summary(ReasoningSummary::Concise)
        // For the server to start the turn; the turn itself may take longer.
        .timeout(Duration::from_secs(30))
        .await?
        .raise_for_status()?;
    let place: Place = serde_json::from_str(&result.final_response.unwrap_or_default())?;
    println!("city: {}", place.city);
    println!("inhabitants: {}", place.inhabitants);
    codex.close().await;
    Ok(())
}
