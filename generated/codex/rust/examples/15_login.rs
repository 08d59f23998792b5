//! Logging in, looking at the account, and logging out.

use std::error::Error;
use std::io::{self, IsTerminal, Write};

use codex_app_server::types::{Account, GetAccountResponse};
use codex_app_server::{AppServerConfig, Codex};

/// Reads a line, on a thread that may wait for it.
async fn ask(question: &'static str) -> io::Result<String> {
    let asking = tokio::task::spawn_blocking(move || {
        print!("{question}");
        io::stdout().flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    });
    asking.await?
}

async fn show_account(codex: &Codex) -> Result<GetAccountResponse, codex_app_server::Error> {
    let found = codex.account().await?;
    match &found.account {
        Some(Account::Chatgpt(user)) => println!("logged in as {}", user.email.as_deref().unwrap_or("somebody")),
        Some(Account::ApiKey(_)) => println!("logged in with an API key"),
        Some(_) => println!("logged in"),
        None if found.requires_openai_auth => println!("not logged in"),
        None => println!("no login is needed"),
    }
    Ok(found)
}

async fn log_in(codex: &Codex) -> Result<(), Box<dyn Error>> {
    let outcome = |success| if success { "success" } else { "failure" };
    match ask("Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: ").await?.as_str() {
        "k" => {
            if io::stdin().is_terminal() {
                println!("The key will be visible as you type it.");
            }
            codex.login_api_key(ask("API key: ").await?).await?;
        }
        "b" => {
            let browser = codex.login_chatgpt().await?;
            println!("open {}", browser.auth_url());
            println!("{}", outcome(browser.wait().await?.success));
        }
        "d" => {
            let device = codex.login_chatgpt_device_code().await?;
            println!("open {} and type {}", device.verification_url(), device.user_code());
            println!("{}", outcome(device.wait().await?.success));
        }
        _ => {}
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let mut found = show_account(&codex).await?;
    if found.account.is_none() && found.requires_openai_auth {
        log_in(&codex).await?;
        found = show_account(&codex).await?;
    }
    if found.account.is_some() && ask("Log out? [y/N] ").await? == "y" {
        codex.logout().await?;
        show_account(&codex).await?;
    }
    codex.close().await;
    Ok(())
}
