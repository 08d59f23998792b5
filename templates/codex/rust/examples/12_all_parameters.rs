//! A turn with nearly everything that can be said about it, and an answer that fits a schema.

use std::error::Error;
use std::time::Duration;

use codex_app_server::types::ReasoningSummary;
use codex_app_server::{AppServerConfig, ApprovalMode, Codex, Sandbox, TextInput};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Place {
    city: String,
    inhabitants: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let models = codex.models().await?.data;
    let model = models.into_iter().find(|model| model.is_default).ok_or("there is no model to use by default")?;
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
        .model(model.id)
        .output_schema(schema)
        .summary(ReasoningSummary::Concise)
        .timeout(Duration::from_secs(30))
        .await?
        .raise_for_status()?;
    let place: Place = serde_json::from_str(&result.final_response.unwrap_or_default())?;
    println!("city: {}", place.city);
    println!("inhabitants: {}", place.inhabitants);
    codex.close().await;
    Ok(())
}
