//! Handlers: each marked line must not compile, and no other.

use codex_app_server::types::{CommandExecutionApprovalDecision, CommandExecutionRequestApprovalResponse};
use codex_app_server::{HandlerResult, ServerRequestHandlers};

type Approval = CommandExecutionRequestApprovalResponse;

async fn approve() -> HandlerResult<Approval> {
    Ok(Approval::new(CommandExecutionApprovalDecision::Accept))
}

async fn forget() {}

fn answers(handlers: ServerRequestHandlers) {
    let handlers = handlers.item_command_execution_request_approval(|_, _| approve());
    let handlers = handlers.item_tool_call(|_, _| approve()); // error[E0271]: another method's answer
    let handlers = handlers.item_tool_call(|_, _| forget()); // error[E0271]: no answer
    let handlers = handlers.item_tool_call(|_, _| "blue"); // error[E0277]: nothing to wait for
    let handlers = handlers.item_tool_call(|_| approve()); // error[E0593]: params are left out
    let _ = handlers.thread_start(|_, _| approve()); // error[E0599]: the server doesn't ask that
}

fn params(handlers: ServerRequestHandlers) {
    let _ = handlers.item_tool_call(|_, params| async move {
        let _ = params.grant_root; // error[E0609]: another request's member
        Err("no such tool".into())
    });
}

fn decides() {
    let _ = Approval::new("accept"); // error[E0277]: a text for a choice
    let _ = CommandExecutionApprovalDecision::Accepted; // error[E0599]: no such choice
}

fn main() {}
