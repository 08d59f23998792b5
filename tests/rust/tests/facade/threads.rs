//! The life of a thread, presets, models, and what the server says of itself.

use std::time::Duration;

use codex_app_server::types::{ThreadResumeParams, ThreadSortKey};
use codex_app_server::{ApprovalMode, Codex, Error, Sandbox, Thread, UnknownPreset};
use serde_json::json;

use crate::common::{Outcome, peer};
use crate::on_real;

#[tokio::test]
async fn presets_hold_on_threads_and_turns() -> Outcome {
    on_real("echo", async |codex| {
        let asked = codex.thread_start().sandbox(Sandbox::WorkspaceWrite).await?;
        asked.run("hello").sandbox(Sandbox::ReadOnly).approval_mode(ApprovalMode::DenyAll).await?;
        // What the server makes of them is in its answer, which the typed client gives.
        let settings = async |thread: &Thread| {
            let params = ThreadResumeParams::new(thread.id());
            let now = codex.client().thread_resume(params).await?;
            Ok::<_, Error>((json!(now.approval_policy), json!(now.sandbox)["type"].clone()))
        };
        assert_eq!(settings(&asked).await?, (json!("never"), json!("readOnly")));
        let usual = codex.thread_start().await?;
        usual.run("hello").await?;
        assert_eq!(settings(&usual).await?.0, json!("on-request"), "a reviewer decides unless something else is said");
        let configured = codex.thread_start().approval_mode(None).await?;
        configured.run("hello").await?;
        assert_eq!(settings(&configured).await?.0, json!("never"), "the server's configuration decides");
        Ok(())
    })
    .await
}

#[test]
fn a_raw_string_is_no_preset() {
    assert_eq!("full_access".parse(), Ok(Sandbox::FullAccess));
    let refused: UnknownPreset = Sandbox::try_from("read-only").expect_err("a name of the wire");
    let expected = "`read-only` is no Sandbox; there are read_only, workspace_write, full_access";
    assert_eq!(refused.to_string(), expected);
    assert_eq!(ApprovalMode::AutoReview.to_string(), "auto_review");
}

#[tokio::test]
async fn the_life_of_a_thread() -> Outcome {
    on_real("echo", async |codex| {
        let thread = codex.thread_start().sandbox(Sandbox::ReadOnly).await?;
        thread.run("first").await?.raise_for_status()?;
        thread.set_name("Näme").await?;
        let read = thread.read().include_turns(true).await?.thread;
        assert_eq!((read.name.as_deref(), read.turns.len()), (Some("Näme"), 1));
        let again = codex.thread_resume(thread.id()).approval_mode(ApprovalMode::DenyAll).await?;
        assert_eq!(again.id(), thread.id());
        assert_eq!(again.run("second").await?.final_response.as_deref(), Some("second"));
        assert_ne!(codex.thread_fork(thread.id()).await?.id(), thread.id());
        thread.compact().await?;
        codex.thread_archive(thread.id()).await?;
        assert!(codex.thread_list().await?.data.iter().all(|one| one.id != thread.id()));
        assert_eq!(codex.thread_unarchive(thread.id()).await?.id(), thread.id());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn all_pages() -> Outcome {
    on_real("echo", async |codex| {
        let mut ids = Vec::new();
        for number in 0..3 {
            let thread = codex.thread_start().await?;
            thread.run(format!("number {number}")).await?.raise_for_status()?;
            ids.push(thread.id().to_owned());
        }
        // By this key the server's cursors count in milliseconds; by the usual one in seconds, and leave out what was
        // made in the same second as the last thread of a page.
        let list = || codex.thread_list().limit(2).sort_key(ThreadSortKey::UpdatedAt);
        let page = list().await?;
        assert!(page.data.len() == 2 && page.next_cursor.is_some());
        assert_eq!(list().cursor(page.next_cursor.unwrap_or_default()).await?.data.len(), 1);
        let mut threads = codex.thread_list_all().limit(2).sort_key(ThreadSortKey::UpdatedAt).stream();
        let mut found = Vec::new();
        while let Some(thread) = threads.next().await {
            found.push(thread?.id);
        }
        ids.sort();
        found.sort();
        assert_eq!(found, ids);
        let (mut models, mut every) = (codex.models_all().limit(1).stream(), Vec::new());
        while let Some(model) = models.next().await {
            every.push(model?);
        }
        assert!(every.len() > 1);
        assert_eq!(every, codex.models().await?.data);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_server_says_of_itself() -> Outcome {
    on_real("echo", async |codex| {
        let metadata = codex.metadata();
        assert_eq!(metadata.name, "rpcsmith_tests");
        assert_eq!(metadata.version.as_deref(), Some(codex_app_server::SERVER_VERSION));
        let start = format!("rpcsmith_tests/{} ", codex_app_server::SERVER_VERSION);
        assert!(metadata.user_agent.starts_with(&start), "{metadata:?}");
        assert_eq!(codex_app_server::VERSION, codex_app_server::SERVER_VERSION);
        assert!(metadata.codex_home.ends_with("home") && metadata.platform_family == "unix");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_operation_keeps_its_deadline() -> Outcome {
    let codex =
        Codex::start(peer("greet()\nread()\nread()\nread()")?.default_timeout(Duration::from_millis(1))).await?;
    let limit = Duration::from_millis(20);
    let late = codex.thread_start().timeout(limit).await.expect_err("nobody answers");
    assert!(matches!(&late, Error::Timeout { limit: had, .. } if *had == limit), "{late:?}");
    let usual = codex.thread_start().await.expect_err("nobody answers");
    assert!(matches!(&usual, Error::Timeout { limit, .. } if *limit == Duration::from_millis(1)), "{usual:?}");
    let endless = codex.thread_start().timeout(None).into_future();
    codex.close().await;
    assert!(matches!(endless.await, Err(Error::TransportClosed(_))));
    Ok(())
}
