//! The convenience layer on the real server: threads and turns, presets and inputs, pages, logins, and what the server
//! says of itself. How logins end is for a peer to show, as the real server's do that on the internet.

mod common;

use std::time::Duration;

use codex_app_server::types::{
    GetAccountResponse, ThreadItem, ThreadSortKey, TurnStatus, UserInput, UserMessageThreadItem,
};
use codex_app_server::{
    ApprovalMode, Codex, Error, ImageInput, Input, LocalImageInput, MentionInput, Sandbox, ServerNotification,
    SkillInput, TextInput, TurnFailedError, TurnResult, UnknownPreset,
};
use common::{Heard, Outcome, peer};
use sdk_tests::program::Server;
use sdk_tests::real::Real;
use serde_json::{Map, json};

/// Runs a test on the real server, whose model plays a scenario.
async fn on_real(model: &str, test: impl AsyncFnOnce(&Codex) -> Outcome) -> Outcome {
    let server = Server { model: Some(model.to_owned()), home: Map::new(), toml: String::new() };
    let real = Real::prepare(&server).await?;
    let heard = Heard::default();
    let config = real.config()?.client_name("rpcsmith_tests").on_unknown(heard.hook());
    let codex = Codex::start(config).await?;
    let outcome = test(&codex).await;
    codex.close().await;
    real.stop_model().await?;
    outcome?;
    assert_eq!(heard.places(), Vec::<String>::new());
    Ok(())
}

/// What the user said in a turn, where all of it is text.
fn said(result: &TurnResult) -> Vec<&str> {
    let message = result.items.iter().find_map(|item| match item {
        ThreadItem::UserMessage(message) => Some(&**message),
        _ => None,
    });
    let UserMessageThreadItem { content, .. } = message.expect("the user's message");
    content.iter().map(text).collect()
}

fn text(item: &UserInput) -> &str {
    match item {
        UserInput::Text(text) => &text.text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_turn_is_run_and_collected() -> Outcome {
    on_real("text", async |codex| {
        let thread = codex.thread_start().await?;
        let result = thread.run("hello").await?;
        assert_eq!((&result.status, &result.error), (&TurnStatus::Completed, &None));
        assert_eq!(result.thread_id, thread.id());
        assert_eq!(result.final_response.as_deref(), Some("Hello from the model."));
        assert_eq!(result.text, "Let me think.Hello from the model.");
        let kinds: Vec<bool> = result.items.iter().map(|item| matches!(item, ThreadItem::AgentMessage(_))).collect();
        assert_eq!(kinds, [false, true, true]);
        assert_eq!(said(&result), ["hello"]);
        assert_eq!(result.usage.as_ref().map(|usage| usage.last.total_tokens), Some(132));
        assert!(result.started_at.is_some() && result.started_at <= result.completed_at);
        assert!(result.duration_ms.is_some());
        assert_eq!(result.clone().raise_for_status()?, result);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_agent_says_is_streamed() -> Outcome {
    on_real("text", async |codex| {
        let thread = codex.thread_start().await?;
        let mut words = codex.client().stream_text(thread.id(), "hello").await?;
        let mut said = Vec::new();
        while let Some(word) = words.next().await {
            said.push(word?);
        }
        assert_eq!(said, ["Let me think.", "Hello", " from", " the model."]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_a_phase_the_last_message_is_the_answer() -> Outcome {
    on_real("plain", async |codex| {
        let result = codex.thread_start().await?.run("hello").await?;
        assert_eq!((result.final_response.as_deref(), result.text.as_str()), (Some("Just text."), "Just text."));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_failed_turn_is_given() -> Outcome {
    on_real("failure", async |codex| {
        let result = codex.thread_start().await?.run("fail").await?;
        assert_eq!(result.status, TurnStatus::Failed);
        let message = result.error.clone().expect("an error").message;
        let failed: TurnFailedError = result.clone().raise_for_status().expect_err("the turn has failed");
        assert_eq!(*failed.result, result);
        assert_eq!(failed.to_string(), format!("turn {} failed: {message}", result.id));
        let error = Error::from(failed);
        let Error::Work(inner) = &error else { panic!("{error:?}") };
        assert!(inner.is::<TurnFailedError>() && error.to_string().contains(&message));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn input_has_many_forms() -> Outcome {
    on_real("echo", async |codex| {
        let thread = codex.thread_start().await?;
        let inputs: [(Input, &[&str]); 6] = [
            ("one".into(), &["one"]),
            (String::from("two").into(), &["two"]),
            (TextInput::new("three").into(), &["three"]),
            (vec!["four", "five"].into(), &["four", "five"]),
            ([TextInput::new("six"), TextInput::new("seven")].into(), &["six", "seven"]),
            (Input::from("eight").and(TextInput::new("nine")), &["eight", "nine"]),
        ];
        for (input, words) in inputs {
            assert_eq!(said(&thread.run(input).await?), words);
        }
        Ok(())
    })
    .await
}

#[test]
fn items_are_those_of_the_protocol() {
    let items: Vec<UserInput> = vec![
        ImageInput::new("https://x/a.png").into(),
        LocalImageInput::new("/a.png").into(),
        SkillInput::new("saw", "/saw").into(),
        MentionInput::new("app", "app://x").into(),
    ];
    let expected = json!([
        {"type": "image", "url": "https://x/a.png"},
        {"type": "localImage", "path": "/a.png"},
        {"type": "skill", "name": "saw", "path": "/saw"},
        {"type": "mention", "name": "app", "path": "app://x"},
    ]);
    assert_eq!(serde_json::to_value(items).expect("JSON"), expected);
}

#[tokio::test]
async fn a_turn_is_followed_by_several() -> Outcome {
    on_real("text", async |codex| {
        let thread = codex.thread_start().await?;
        let turn = thread.turn("hello").await?;
        let streams = [turn.stream(), turn.stream()];
        let done = turn.wait().await?;
        assert_eq!((done.turn.id.as_str(), turn.thread_id()), (turn.id(), thread.id()));
        for mut stream in streams {
            let mut events = Vec::new();
            while let Some(event) = stream.next().await {
                events.push(event?.into_notification());
            }
            assert!(matches!(events.last(), Some(ServerNotification::TurnCompleted(_))));
            let deltas = events.iter().filter(|event| matches!(event, ServerNotification::ItemAgentMessageDelta(_)));
            assert!(deltas.count() >= 2);
        }
        assert_eq!(turn.run().await?.final_response.as_deref(), Some("Hello from the model."));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_turn_is_steered_and_interrupted() -> Outcome {
    on_real("held", async |codex| {
        let turn = codex.thread_start().await?.turn("hold").await?;
        turn.stream().wait_for("item/agentMessage/delta").await?;
        turn.steer("and hold on").await?;
        turn.interrupt().await?;
        assert_eq!(turn.run().await?.status, TurnStatus::Interrupted);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn turns_run_side_by_side_in_tasks() -> Outcome {
    on_real("echo", async |codex| {
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let thread = codex.thread_start().await?;
            // A task of its own takes the operation with it.
            let running = tokio::spawn(thread.run(thread.id()).into_future());
            tasks.push((thread, running));
        }
        for (thread, running) in tasks {
            assert_eq!(running.await??.final_response.as_deref(), Some(thread.id()));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn presets_hold_on_threads_and_turns() -> Outcome {
    on_real("echo", async |codex| {
        let asked = codex.thread_start().sandbox(Sandbox::WorkspaceWrite).await?;
        asked.run("hello").sandbox(Sandbox::ReadOnly).approval_mode(ApprovalMode::DenyAll).await?;
        // What the server makes of them is in its answer, which the typed client gives.
        let settings = async |thread: &codex_app_server::Thread| {
            let params = codex_app_server::types::ThreadResumeParams::new(thread.id());
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
        assert!(metadata.codex_home.ends_with("home") && metadata.platform_family == "unix");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_login_with_a_key() -> Outcome {
    on_real("echo", async |codex| {
        let account: GetAccountResponse = codex.account().refresh_token(false).await?;
        // The model of these tests asks for no login, so none is told.
        assert_eq!((account.account, account.requires_openai_auth), (None, false));
        codex.login_api_key("sk-none").await?;
        let kept = std::path::Path::new(&codex.metadata().codex_home).join("auth.json");
        assert!(std::fs::read_to_string(&kept)?.contains("sk-none"));
        codex.logout().await?;
        assert!(!kept.exists());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_login_in_the_browser_is_cancelled() -> Outcome {
    on_real("echo", async |codex| {
        let login = codex.login_chatgpt().await?;
        assert!(login.auth_url().starts_with("https://") && !login.login_id().is_empty());
        login.cancel().await?;
        let done = login.wait().await?;
        assert_eq!((done.login_id.as_deref(), done.success), (Some(login.login_id()), false));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_login_waits_for_its_own_end() -> Outcome {
    let script = "
greet()
def done(ident, success, error=None):
    send({'method': 'account/login/completed', 'params': {'loginId': ident, 'success': success, 'error': error}})
browser = read()
assert browser['params'] == {'type': 'chatgpt', 'appBrand': 'chatgpt'}, browser
done('elsewhere', True)
answer(browser, {'type': 'chatgpt', 'loginId': 'first', 'authUrl': 'https://a'})
code = read()
# Early: before its own answer, and before the first one's end.
done('second', False, 'denied')
answer(code, {'type': 'chatgptDeviceCode', 'loginId': 'second', 'verificationUrl': 'https://v', 'userCode': 'AB-12'})
answer(read(), {})
done('first', True)
read()
";
    let codex = Codex::start(peer(script)?).await?;
    let first = codex.login_chatgpt().app_brand("chatgpt").await?;
    let second = codex.login_chatgpt_device_code().await?;
    assert_eq!((second.verification_url(), second.user_code()), ("https://v", "AB-12"));
    let failed = second.wait().await?;
    assert_eq!((failed.success, failed.error.as_deref()), (false, Some("denied")));
    let waiting = tokio::spawn(async move { first.wait().await });
    codex.account().timeout(Duration::from_secs(10)).await.expect_err("an answer without members");
    let done = waiting.await??;
    assert_eq!((done.login_id.as_deref(), done.success), (Some("first"), true));
    codex.close().await;
    Ok(())
}

#[tokio::test]
async fn an_answer_to_another_question_is_no_login() -> Outcome {
    let script = "greet()\nanswer(read(), {'type': 'apiKey'})\nread()";
    let codex = Codex::start(peer(script)?).await?;
    let error = codex.login_chatgpt().await.expect_err("another kind of login");
    assert!(matches!(&error, Error::Decode(error) if error.method == "account/login/start"), "{error:?}");
    codex.close().await;
    Ok(())
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

#[tokio::test]
async fn a_turn_whose_connection_ends_fails() -> Outcome {
    on_real("held", async |codex| {
        let turn = codex.thread_start().await?.turn("hold").await?;
        turn.stream().wait_for("item/agentMessage/delta").await?;
        let running = tokio::spawn(async move { turn.run().await });
        codex.close().await;
        assert!(matches!(running.await?, Err(Error::TransportClosed(_))));
        Ok(())
    })
    .await
}
