//! C26: clients that replay recordings.

mod common;

use std::fs;

use codex_app_server::types::{CommandExecutionApprovalDecision, CommandExecutionRequestApprovalResponse};
use codex_app_server::{AppServerClient, AppServerConfig, Error, ServerRequestHandlers};
use common::recordings::{Fallible, client_says, recording, server_says, turn};
use common::{Heard, Outcome, fresh, shows};
use serde_json::{Value, json};

async fn replay(lines: &[Value]) -> Fallible<AppServerClient> {
    Ok(AppServerClient::start(AppServerConfig::new().replay_from(recording(lines)?)).await?)
}

#[tokio::test]
async fn the_committed_recording_is_replayed() -> Outcome {
    shows("C26", "the-committed-recording-is-replayed", async {
        let path = sdk_tests::place::repo().join("tests/recordings/turn.jsonl");
        let seen = turn(AppServerConfig::new().replay_from(&path)).await?;
        let methods: Vec<&str> = seen.iter().filter_map(|event| event.get(0)?.as_str()).collect();
        assert_eq!(methods.first(), Some(&"turn/started"));
        assert_eq!(methods.last(), Some(&"turn/completed"));
        let deltas = seen.iter().filter_map(|event| event.pointer("/1/delta")?.as_str());
        assert_eq!(deltas.collect::<String>(), "Let me think.Hello from the model.");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn ids_are_mapped_and_what_stands_together_may_come_in_any_order() -> Outcome {
    shows("C26", "ids-are-mapped-and-what-stands-together-may-come-in-any-order", async {
        let client = replay(&[
            client_says(&json!({"id": 71, "method": "b", "params": {"x": 1, "y": [1.0, "z"]}})),
            client_says(&json!({"method": "n", "params": null})),
            client_says(&json!({"id": 70, "method": "a"})),
            client_says(&json!({"id": 72, "method": "a"})),
            server_says(&json!({"id": 72, "result": "third"})),
            server_says(&json!({"id": 70, "result": "second"})),
            server_says(&json!({"id": 71, "result": "first"})),
        ])
        .await?;
        assert_eq!(client.pid(), None);
        client.notify("n", Value::Null).await?;
        let (one, other, b) = tokio::join!(
            client.request("a", None),
            client.request("a", None),
            client.request("b", json!({"y": [1, "z"], "x": 1.0})),
        );
        assert_eq!((one?, other?, b?), (json!("second"), json!("third"), json!("first")));
        client.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_server_asks_is_asked_again() -> Outcome {
    shows("C26", "what-the-server-asks-is-asked-again", async {
        let asked = json!({"itemId": "i", "threadId": "t", "turnId": "u", "startedAtMs": 1, "command": "ls"});
        let method = "item/commandExecution/requestApproval";
        let lines = [
            client_says(&json!({"id": 5, "method": "go"})),
            server_says(&json!({"id": "q", "method": method, "params": asked})),
            json!({"from": "server", "line": "not JSON"}),
            client_says(&json!({"id": "q", "result": {"decision": "accept"}})),
            server_says(&json!({"id": 5, "result": "went"})),
            server_says(&json!({"id": 9, "method": "odd/ask"})),
            client_says(&json!({"id": 9, "error": {"code": -32601, "message": "in other words"}})),
        ];
        let handlers = ServerRequestHandlers::new().item_command_execution_request_approval(|_, params| async move {
            assert_eq!(params.command.as_deref(), Some("ls"));
            Ok(CommandExecutionRequestApprovalResponse::new(CommandExecutionApprovalDecision::Accept))
        });
        let heard = Heard::default();
        let config = AppServerConfig::new().replay_from(recording(&lines)?).on_unknown(heard.hook());
        let client = AppServerClient::start(config.handlers(handlers)).await?;
        let mut stream = client.notifications();
        assert_eq!(client.request("go", None).await?, json!("went"));
        let Some(Err(Error::TransportClosed(end))) = stream.next().await else {
            return Err("it went on".into());
        };
        assert!(end.to_string().contains("has ended"), "{end}");
        client.close().await;
        assert!(heard.places().contains(&"Message $".to_owned()), "{:?}", heard.places());
        // Without the handler, the answer is another one.
        let client = replay(&lines).await?;
        let Err(Error::TransportClosed(error)) = client.request("go", None).await else {
            return Err("it went on".into());
        };
        let text = error.to_string();
        assert!(text.contains("the answer") && text.contains("accept") && text.contains("decline"), "{text}");
        assert!(text.contains("in line 7"), "{text}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_client_that_deviates_is_told_how() -> Outcome {
    shows("C26", "a-client-that-deviates-is-told-how", async {
        let lines = [
            client_says(&json!({"id": 5, "method": "one", "params": {"apiKey": "[redacted]", "n": 1}})),
            client_says(&json!({"id": 6, "method": "two"})),
            server_says(&json!({"id": 5, "result": 1})),
        ];
        for (method, params) in [
            ("other", Value::Null),
            ("one", json!({"apiKey": "s1", "n": 2})),
            ("one", json!({"n": 1})),
            ("two", json!({})),
        ] {
            let client = replay(&lines).await?;
            let Err(Error::TransportClosed(error)) = client.request(method, params).await else {
                return Err("it went on".into());
            };
            let text = error.to_string();
            assert!(text.contains("goes on with one {") && text.contains("in line 4, or with 1 others"), "{text}");
            assert!(text.contains(&format!("the client sent {method}")) && !text.contains("s1"), "{text}");
            assert!(matches!(client.request("one", None).await, Err(Error::TransportClosed(_))));
            assert!(client.is_closed());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_recording_that_is_over_is_a_server_that_has_ended() -> Outcome {
    shows("C26", "a-recording-that-is-over-is-a-server-that-has-ended", async {
        let client =
            replay(&[client_says(&json!({"id": 5, "method": "one"})), server_says(&json!({"id": 5, "result": 1}))])
                .await?;
        let mut stream = client.notifications();
        assert_eq!(client.request("one", None).await?, json!(1));
        let Err(Error::TransportClosed(error)) = client.request("two", None).await else {
            return Err("it went on".into());
        };
        assert!(error.to_string().contains("has ended"), "{error}");
        assert!(matches!(stream.next().await, Some(Err(Error::TransportClosed(_)))));
        client.close().await;
        // During the handshake, it fails the start.
        let path = recording(&[])?;
        let text = fs::read_to_string(&path)?;
        fs::write(&path, text.lines().next().unwrap_or_default())?;
        let Err(Error::Start(error)) = AppServerClient::start(AppServerConfig::new().replay_from(&path)).await else {
            return Err("it started".into());
        };
        assert!(error.to_string().contains("has ended"), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_recording_that_cannot_be_read_is_told_with_its_place() -> Outcome {
    shows("C26", "a-recording-that-cannot-be-read-is-told-with-its-place", async {
        let good = fs::read_to_string(recording(&[])?)?;
        let cases = [
            (None, "can't be read"),
            (Some(String::new()), "no handshake"),
            (Some(format!("{good}{{\"at\": 1, \"fr")), ":4: not a JSON object"),
            (Some(format!("{good}\n\n[1]\n")), ":6: not a JSON object"),
            (Some(format!("{good}{{\"from\": \"nobody\", \"message\": {{}}}}\n")), ":4: not a line of a recording"),
            (Some(format!("{good}{{\"from\": \"client\", \"line\": \"x\"}}\n")), ":4: not a line of a recording"),
            (Some(good.lines().skip(1).collect::<Vec<_>>().join("\n")), ":2: there is no handshake"),
        ];
        for (content, expected) in cases {
            let path = fresh(".jsonl");
            if let Some(content) = content {
                fs::write(&path, content)?;
            }
            let Err(Error::Start(error)) = AppServerClient::start(AppServerConfig::new().replay_from(&path)).await
            else {
                return Err(format!("it started: {expected}").into());
            };
            let text = error.to_string();
            assert!(text.contains(expected) && text.contains(&path.display().to_string()), "{text}");
        }
        Ok(())
    })
    .await
}
