//! Handlers: each with its method's params and answer, and with the client.

use codex_app_server::types::{
    CommandExecutionApprovalDecision, CommandExecutionRequestApprovalResponse, DynamicToolCallResponse,
    InputTextDynamicToolCallOutputContentItem, ThreadLoadedListParams,
};
use codex_app_server::{AppServerClient, AppServerConfig, Error, HandlerResult, ServerRequestHandlers, methods};

async fn approve(client: AppServerClient) -> HandlerResult<CommandExecutionRequestApprovalResponse> {
    let loaded = client.thread_loaded_list(ThreadLoadedListParams::new()).await?;
    let decision = if loaded.data.is_empty() {
        CommandExecutionApprovalDecision::Decline
    } else {
        CommandExecutionApprovalDecision::Accept
    };
    Ok(CommandExecutionRequestApprovalResponse::new(decision))
}

/// # Errors
///
/// What the client can't be started with.
pub async fn with_handlers() -> Result<(), Error> {
    let handlers = ServerRequestHandlers::new()
        .item_command_execution_request_approval(|client, _| approve(client))
        .item_tool_call(|_, params| async move {
            match params.tool.as_str() {
                "lookup" => {
                    Ok(DynamicToolCallResponse::new([InputTextDynamicToolCallOutputContentItem::new("blue")], true))
                }
                other => Err(format!("no tool is called {other}").into()),
            }
        });
    let client = AppServerClient::start(AppServerConfig::new().handlers(handlers.clone())).await?;
    client.set_handlers(handlers.on::<methods::CurrentTimeRead, _, _>(|_, _| async { Err("no clock".into()) }));
    Ok(())
}
