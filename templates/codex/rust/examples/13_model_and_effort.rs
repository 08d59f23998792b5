//! Choosing a model, and how much it thinks, from what the server offers.

use std::error::Error;

use codex_app_server::types::Model;
use codex_app_server::{AppServerConfig, Codex};

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
    println!("model: {}", model.model);
    // They are listed from the least to the most.
    let efforts = model.supported_reasoning_efforts.iter().map(|option| option.reasoning_effort.clone());
    let efforts: Vec<_> = efforts.collect();
    let (Some(least), Some(most)) = (efforts.first(), efforts.last()) else {
        return Err("the model has no efforts to choose from".into());
    };
    println!("least effort: {least}");
    println!("most effort: {most}");

    let thread = codex.thread_start().model(model.model).await?;
    let quick = thread.run("Why is the sky blue?").effort(least.clone()).await?;
    println!("quick answer: {}", quick.final_response.unwrap_or_default());
    let good = thread.run("Why is it red at night?").effort(most.clone()).await?;
    println!("good answer: {}", good.final_response.unwrap_or_default());
    codex.close().await;
    Ok(())
}
