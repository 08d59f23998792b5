//! Being asked on the terminal before the agent does something beyond its sandbox.

use std::error::Error;
use std::io::{self, Write};

use codex_app_server::types::{
    CommandExecutionApprovalDecision, CommandExecutionRequestApprovalParams, CommandExecutionRequestApprovalResponse,
    FileChangeApprovalDecision, FileChangeRequestApprovalParams, FileChangeRequestApprovalResponse, ThreadItem,
};
use codex_app_server::{AppServerClient, AppServerConfig, Codex, HandlerResult, Sandbox, ServerRequestHandlers};

/// Asks on the terminal, on a thread that may wait for the answer.
async fn allows(reason: Option<String>) -> io::Result<bool> {
    let asking = tokio::task::spawn_blocking(move || {
        if let Some(reason) = reason {
            println!("because: {reason}");
        }
        print!("Allow it? [y/N] ");
        io::stdout().flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line.trim() == "y")
    });
    asking.await?
}

async fn may_run(
    _: AppServerClient,
    asked: CommandExecutionRequestApprovalParams,
) -> HandlerResult<CommandExecutionRequestApprovalResponse> {
    println!("the agent wants to run: {}", asked.command.unwrap_or_default());
    let yes = allows(asked.reason).await?;
    let decision =
        if yes { CommandExecutionApprovalDecision::Accept } else { CommandExecutionApprovalDecision::Decline };
    Ok(CommandExecutionRequestApprovalResponse::new(decision))
}

async fn may_change(
    _: AppServerClient,
    asked: FileChangeRequestApprovalParams,
) -> HandlerResult<FileChangeRequestApprovalResponse> {
    println!("the agent wants to change files");
    let yes = allows(asked.reason).await?;
    let decision = if yes { FileChangeApprovalDecision::Accept } else { FileChangeApprovalDecision::Decline };
    Ok(FileChangeRequestApprovalResponse::new(decision))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let handlers = ServerRequestHandlers::new()
        .item_command_execution_request_approval(may_run)
        .item_file_change_request_approval(may_change);
    let codex = Codex::start(AppServerConfig::new().handlers(handlers)).await?;
    // Without a mode of approval the configuration decides, which is given here: ask the user.
    let config = [("approval_policy", "on-request"), ("approvals_reviewer", "user")];
    let config = config.map(|(key, value)| (key.to_owned(), value.into()));
    let thread = codex.thread_start().approval_mode(None).config(config).sandbox(Sandbox::ReadOnly).await?;
    for wish in ["Write a greeting to greeting.txt.", "Now delete it."] {
        let result = thread.run(wish).await?;
        for item in &result.items {
            if let ThreadItem::CommandExecution(command) = item {
                println!("the command: {}", command.status);
            }
        }
        println!("{}", result.final_response.unwrap_or_default());
    }
    codex.close().await;
    Ok(())
}
