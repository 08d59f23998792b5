//! What is sent for presets, and for what is left out: read off a recording.

use std::fs;
use std::path::Path;

use codex_app_server::types::ReasoningSummary;
use codex_app_server::{ApprovalMode, Sandbox, TextInput};
use serde_json::{Value, json};

use crate::common::{Outcome, fresh};
use crate::on_real_with;

/// The params of all requests for a method.
fn sent(recording: &Path, method: &str) -> Result<Vec<Value>, std::io::Error> {
    let text = fs::read_to_string(recording)?;
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let own = lines.filter(|line| line["from"] == "client" && line["message"]["method"] == method);
    Ok(own.map(|line| line["message"]["params"].clone()).collect())
}

#[tokio::test]
async fn presets_stand_for_members_of_the_params() -> Outcome {
    let recording = fresh(".jsonl");
    on_real_with(
        "echo",
        |config| config.record_to(&recording),
        async |codex| {
            let thread = codex.thread_start().await?;
            codex.thread_start().approval_mode(ApprovalMode::DenyAll).sandbox(Sandbox::FullAccess).await?;
            codex.thread_start().approval_mode(None).sandbox(Sandbox::ReadOnly).await?;
            thread.run("plain").await?;
            thread.run("strict").approval_mode(ApprovalMode::DenyAll).sandbox(Sandbox::WorkspaceWrite).await?;
            thread.run("reviewed").approval_mode(ApprovalMode::AutoReview).await?;
            codex.thread_resume(thread.id()).await?;
            codex.thread_fork(thread.id()).sandbox(Sandbox::WorkspaceWrite).await?;
            codex.close().await;
            let own = json!(thread.id());
            assert_eq!(
                sent(&recording, "thread/start")?,
                [
                    json!({"approvalPolicy": "on-request", "approvalsReviewer": "auto_review"}),
                    json!({"approvalPolicy": "never", "sandbox": "danger-full-access"}),
                    json!({"sandbox": "read-only"}),
                ]
            );
            let text = |text: &str| json!([{"type": "text", "text": text}]);
            let strict = json!({
                "threadId": own, "input": text("strict"),
                "approvalPolicy": "never", "sandboxPolicy": {"type": "workspaceWrite"},
            });
            let reviewed = json!({
                "threadId": own, "input": text("reviewed"),
                "approvalPolicy": "on-request", "approvalsReviewer": "auto_review",
            });
            let plain = json!({"threadId": own, "input": text("plain")});
            assert_eq!(sent(&recording, "turn/start")?, [plain, strict, reviewed]);
            assert_eq!(sent(&recording, "thread/resume")?, [json!({"threadId": own})]);
            assert_eq!(sent(&recording, "thread/fork")?, [json!({"threadId": own, "sandbox": "workspace-write"})]);
            Ok(())
        },
    )
    .await
}

#[tokio::test]
async fn what_is_left_out_is_not_sent() -> Outcome {
    let recording = fresh(".jsonl");
    on_real_with(
        "echo",
        |config| config.record_to(&recording),
        async |codex| {
            let thread = codex.thread_start().approval_mode(None).await?;
            let input = [TextInput::new("a"), TextInput::new("b")];
            thread.run(input).effort("low").summary(ReasoningSummary::Concise).await?;
            codex.close().await;
            assert_eq!(sent(&recording, "thread/start")?, [json!({})]);
            let items = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
            let turn = json!({"threadId": thread.id(), "input": items, "effort": "low", "summary": "concise"});
            assert_eq!(sent(&recording, "turn/start")?, [turn]);
            Ok(())
        },
    )
    .await
}
