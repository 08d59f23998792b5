//! What the server says about itself, and which models it offers.

use codex_app_server::{AppServerConfig, Codex, Error, SERVER_VERSION};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let server = codex.metadata();
    let version = server.version.unwrap_or_default();
    println!("server: {} {version}", server.name);
    println!("as this package was made for: {}", if version == SERVER_VERSION { "yes" } else { "no" });
    println!("platform: {} {}", server.platform_family, server.platform_os);
    println!("files in: {}", server.codex_home);

    // One page of the list, and a stream of all pages.
    let page = codex.models().limit(2).await?;
    println!("models on the first page: {}", page.data.len());
    let mut models = codex.models_all().stream();
    while let Some(model) = models.next().await {
        let model = model?;
        if model.is_default {
            let options = model.supported_reasoning_efforts.iter();
            let efforts: Vec<&str> = options.map(|option| option.reasoning_effort.as_str()).collect();
            println!("model: {} efforts: {}", model.model, efforts.join(", "));
        }
    }
    codex.close().await;
    Ok(())
}
