//! Threads and turns: run, followed, steered, interrupted, failed.

use codex_app_server::types::{ThreadItem, TurnStatus, UserInput, UserMessageThreadItem};
use codex_app_server::{
    Error, ImageInput, Input, LocalImageInput, MentionInput, ServerNotification, SkillInput, TextInput,
    TurnFailedError, TurnResult,
};
use serde_json::json;

use crate::common::Outcome;
use crate::on_real;

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
        let mut words = codex.client().stream_text(thread.id(), "hello");
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
