//! C14 to C22: what the server sends.

mod common;

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use codex_app_server::types::{
    CommandExecutionApprovalDecision, CommandExecutionRequestApprovalResponse, DynamicToolCallOutputContentItem,
    DynamicToolCallResponse, ModelListParams, TextUserInput, TurnStartParams,
};
use codex_app_server::{AppServerClient, Error as SdkError, ServerNotification, ServerRequestHandlers};
use common::{Heard, Outcome, peer};
use serde_json::{Value, json};

#[tokio::test]
async fn c14_typed_unknown_and_undecodable() -> Outcome {
    let heard = Heard::default();
    let script = "
greet()
send(started())
send({'method': 'thread/nameUpdated', 'params': {'threadId': 't', 'threadName': 'n'}, 'emittedAtMs': 12})
send({'method': 'new/thing', 'params': {'a': 1}})
send({'method': 'turn/started', 'params': {'threadId': 't', 'turn': {'id': 1, 'items': [], 'status': 'x'}}})
send(delta('hi'))
read()
";
    let client = AppServerClient::start(peer(script)?.on_unknown(heard.hook())).await?;
    let first = client.next_notification().await?;
    assert!(matches!(first.notification(), ServerNotification::TurnStarted(params) if params.turn.id == "turn-1"));
    let second = client.next_notification().await?;
    assert_eq!((second.method(), second.emitted_at_ms()), ("thread/name/updated", Some(12)));
    let third = client.next_notification().await?;
    let ServerNotification::Unrecognized(unknown) = third.notification() else {
        return Err("known".into());
    };
    assert_eq!((unknown.method(), unknown.params()), ("new/thing", &json!({"a": 1})));
    assert!(unknown.error().is_none());
    let ServerNotification::Unrecognized(unknown) = client.next_notification().await?.into_notification() else {
        return Err("known".into());
    };
    assert_eq!(unknown.error().map(|error| error.path.as_str()), Some("$.params.turn.id"));
    assert!(matches!(client.next_notification().await?.notification(), ServerNotification::ItemAgentMessageDelta(_)));
    assert_eq!(heard.places(), ["Method $.method", "Undecodable $.params"]);
    client.close().await;
    Ok(())
}

const UNKNOWN_VALUES: &str = "
greet()
answer(read(), {'turn': {'id': 'x', 'status': 'paused', 'items': [{'type': 'dream', 'id': 'i'}], 'new': 1}})
send({'method': 'turn/started', 'params': {'threadId': 't', 'turn': turn('paused')}})
answer(read(), None)
read()
";

#[tokio::test]
async fn c15_to_c18_unknown_values_are_kept_and_reported() -> Outcome {
    let heard = Heard::default();
    let client = AppServerClient::start(peer(UNKNOWN_VALUES)?.on_unknown(heard.hook())).await?;
    let turn = client.turn_start(TurnStartParams::new([TextUserInput::new("x")], "t")).await?.turn;
    assert_eq!(turn.status, "paused");
    assert_eq!(turn.extra.get("new"), Some(&json!(1)));
    client.request("sync", None).await?;
    // Results are read where they are awaited, notifications where they come in: each in its own time.
    let mut places = heard.places();
    places.sort();
    assert_eq!(
        places,
        ["EnumValue $.params.turn.status", "EnumValue $.result.turn.status", "Variant $.result.turn.items[0]"]
    );
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c18_strict() -> Outcome {
    let client = AppServerClient::start(peer(UNKNOWN_VALUES)?.strict(true)).await?;
    let mut all = client.notifications();
    let result = client.turn_start(TurnStartParams::new([TextUserInput::new("x")], "t")).await;
    assert!(matches!(result, Err(SdkError::UnknownValue(error)) if error.problems.len() == 2));
    assert!(matches!(all.next().await, Some(Err(SdkError::UnknownValue(_)))));
    assert!(all.next().await.is_none());
    client.request("sync", None).await?;
    client.close().await;
    Ok(())
}

/// Asks four things, and tells what was answered; answers what it is asked meanwhile.
const ASKING: &str = "
greet()
answer(read(), 0)
APPROVAL = {'itemId': 'i', 'threadId': 't', 'turnId': 'u', 'startedAtMs': 1}
TOOL = {'arguments': {'a': 1}, 'callId': 'c', 'threadId': 't', 'tool': 'x', 'turnId': 'u'}
send({'id': 'one', 'method': 'item/commandExecution/requestApproval', 'params': APPROVAL})
send({'method': 'item/tool/call', 'params': TOOL, 'id': -2})
send({'id': 3, 'method': 'new/request', 'params': {}})
send({'id': 4, 'method': 'item/commandExecution/requestApproval', 'params': {}})
answers = {}
while len(answers) < 4:
    m = read()
    if 'method' in m: answer(m, {'data': [], 'nextCursor': None})
    else: answers[str(m['id'])] = m.get('result', m.get('error', {}).get('code'))
send({'method': 'seen', 'params': answers})
read()
";

async fn asked(handlers: ServerRequestHandlers, heard: &Heard) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let client = AppServerClient::start(peer(ASKING)?.handlers(handlers).on_unknown(heard.hook())).await?;
    client.request("go", None).await?;
    let seen = client.next_notification().await?;
    let ServerNotification::Unrecognized(seen) = seen.notification() else {
        return Err("known".into());
    };
    client.close().await;
    Ok(seen.params().clone())
}

#[tokio::test]
async fn c20_fail_closed() -> Outcome {
    let decline = json!({"decision": "decline"});
    let failing = ServerRequestHandlers::new()
        .item_command_execution_request_approval(|_, _| async move { Err("no idea".into()) })
        .item_tool_call(|_, _| async move { Err("no idea".into()) });
    let panicking = ServerRequestHandlers::new()
        .item_command_execution_request_approval(|_, params| async move {
            assert!(params.item_id.is_empty(), "a handler that panics");
            Err("not reached".into())
        })
        .item_tool_call(|_, _| async move { Err("no idea".into()) });
    for (handlers, code) in [(ServerRequestHandlers::new(), -32601), (failing, -32603), (panicking, -32603)] {
        let heard = Heard::default();
        let answers = asked(handlers, &heard).await?;
        assert_eq!(answers, json!({"one": decline, "-2": code, "3": -32601, "4": decline}));
        let places = heard.places();
        assert!(places.contains(&"Undecodable $.params".to_owned()), "{places:?}");
    }
    Ok(())
}

#[tokio::test]
async fn c19_handlers_are_typed_slow_and_may_call_the_client() -> Outcome {
    // The approval is given only after the other handler has called the server.
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    let (release, gate) = (Mutex::new(Some(release)), Mutex::new(Some(gate)));
    let handlers = ServerRequestHandlers::new()
        .item_command_execution_request_approval(move |_, params| {
            let gate = gate.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                assert_eq!(params.item_id, "i");
                if let Some(gate) = gate {
                    gate.await?;
                }
                Ok(CommandExecutionRequestApprovalResponse::new(CommandExecutionApprovalDecision::Accept))
            }
        })
        .item_tool_call(move |client, params| {
            let release = release.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                let models = client.model_list(ModelListParams::new()).await?;
                assert!(models.data.is_empty());
                assert_eq!(params.arguments, json!({"a": 1}));
                release.map(|release| release.send(()));
                let items = Vec::<DynamicToolCallOutputContentItem>::new();
                Ok(DynamicToolCallResponse::new(items, true))
            }
        });
    let heard = Heard::default();
    let answers = asked(handlers, &heard).await?;
    assert_eq!(answers.get("one"), Some(&json!({"decision": "accept"})));
    assert_eq!(answers.get("-2"), Some(&json!({"contentItems": [], "success": true})));
    Ok(())
}

#[tokio::test]
async fn c21_bad_lines_are_reported_and_skipped() -> Outcome {
    let heard = Heard::default();
    let script = r#"
greet()
for line in ['nonsense\n', '[1]\n', '\n', '  \r\n', '{"id": 99, "result": 1}\n', '{}\n', '{"method": "x", "id": null}\n']:
    send(line)
sys.stdout.buffer.write(b'\xff\xfe\n'); sys.stdout.buffer.flush()
r = read()
send('{"result": 5, "id": %d}\r\n' % r['id'])
r = read()
send('{"id": %d, "result": "last"}' % r['id'])
"#;
    let client = AppServerClient::start(peer(script)?.on_unknown(heard.hook())).await?;
    assert_eq!(client.request("x", None).await?, 5);
    assert_eq!(client.request("y", None).await?, "last");
    assert_eq!(heard.places(), ["Message $"; 6]);
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c21_a_line_of_64_mib() -> Outcome {
    let client = AppServerClient::start(peer("greet()\nanswer(read(), 'x' * (64 << 20))\nread()")?).await?;
    let text = client.request("x", None).no_timeout().await?;
    assert_eq!(text.as_str().map(str::len), Some(64 << 20));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c22_an_unread_stream_stalls_nothing_and_loses_the_oldest() -> Outcome {
    let overflows = Arc::new(Mutex::new(Vec::new()));
    let script = "greet()\nfor i in range(100): send(delta(str(i)))\nanswer(read(), 1)\nread()";
    let heard = Arc::clone(&overflows);
    let config = peer(script)?.queue_size(10).on_overflow(move |overflow| {
        heard.lock().unwrap_or_else(PoisonError::into_inner).push((overflow.stream, overflow.dropped));
    });
    let client = AppServerClient::start(config).await?;
    let mut all = client.notifications();
    client.request("x", None).await?;
    let dropped = all.dropped();
    assert!(dropped > 0);
    let Some(Ok(event)) = all.next().await else {
        return Err("nothing".into());
    };
    assert!(matches!(event.notification(), ServerNotification::ItemAgentMessageDelta(part) if part.delta == "90"));
    client.close().await;
    let overflows = overflows.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(overflows.first(), Some(&("notifications", 1)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn c22_big_requests_while_the_server_floods() -> Outcome {
    let script = "
greet()
for _ in range(50):
    for i in range(20): send(delta('x' * 10000))
    answer(read(), 1)
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let big = json!("y".repeat(1 << 17));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (client, big) = (client.clone(), big.clone());
            tokio::spawn(async move { client.request("x", big).timeout(Duration::from_secs(30)).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await??, 1);
    }
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c15_a_malformed_result_is_an_error_with_its_place() -> Outcome {
    let client = AppServerClient::start(peer("greet()\nanswer(read(), {'data': [{}]})\nread()")?).await?;
    let Err(SdkError::Decode(error)) = client.model_list(ModelListParams::new()).await else {
        return Err("it fits".into());
    };
    assert!(error.path.starts_with("$.result.data[0]."), "{error}");
    assert!(error.source().is_none());
    client.close().await;
    Ok(())
}
