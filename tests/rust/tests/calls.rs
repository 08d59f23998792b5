//! C06 to C13: calls.

mod common;

use std::time::Duration;

use codex_app_server::methods::ModelList;
use codex_app_server::types::{GetAccountRateLimitsParams, ModelListParams};
use codex_app_server::{AppServerClient, Error, RetryPolicy, RpcErrorKind};
use common::{Heard, Outcome, peer};
use serde_json::{Value, json};

/// Answers each call with what it was.
const ECHO: &str = "greet()\nserve(lambda m: answer(m, m))";

#[tokio::test]
async fn c06_typed_generic_and_untyped_calls() -> Outcome {
    let script = "
greet()
for _ in range(2):
    r = read(); assert r['method'] == 'model/list', r; answer(r, {'data': [], 'nextCursor': None})
serve(lambda m: answer(m, m))
";
    let client = AppServerClient::start(peer(script)?).await?;
    assert!(client.model_list(ModelListParams::new().limit(3_u32)).await?.data.is_empty());
    assert!(client.send::<ModelList>(ModelListParams::new()).await?.data.is_empty());
    let sent = client.request("some/method", json!({"a": null})).await?;
    assert_eq!(sent, json!({"id": 4, "method": "some/method", "params": {"a": null}}));
    let sent = client.request("some/method", None).await?;
    assert_eq!(sent, json!({"id": 5, "method": "some/method"}));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c06_params_that_may_be_left_out() -> Outcome {
    let script = "
greet()
for _ in range(2):
    r = read(); print(json.dumps(r), file=sys.stderr, flush=True); answer(r, {})
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    // What comes back doesn't fit, which is of no interest here.
    _ = client.account_rate_limits_read().await;
    _ = client.account_rate_limits_read().with_params(GetAccountRateLimitsParams::new()).await;
    client.close().await;
    let said = client.stderr_tail();
    let said: Vec<Value> = said.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    assert_eq!(said.iter().map(|line| line.get("params")).collect::<Vec<_>>(), [None, Some(&json!({}))]);
    Ok(())
}

#[tokio::test]
async fn c07_deadline_and_late_answer() -> Outcome {
    let heard = Heard::default();
    let script = "greet()\nlate = read()\nanswer(read(), 'second')\nr = read()\nanswer(late, 'late')\nanswer(r, 'third')\nread()";
    let client = AppServerClient::start(peer(script)?.on_unknown(heard.hook())).await?;
    let error = client.request("slow", None).timeout(Duration::from_millis(50)).await;
    assert!(matches!(error, Err(Error::Timeout { method, .. }) if method == "slow"));
    assert_eq!(client.request("a", None).await?, "second");
    assert_eq!(client.request("b", None).no_timeout().await?, "third");
    client.close().await;
    assert!(heard.all().is_empty());
    Ok(())
}

#[tokio::test]
async fn c07_a_server_that_reads_nothing() -> Outcome {
    let config = peer("greet()\ntime.sleep(60)")?.close_grace(Duration::from_millis(50));
    let client = AppServerClient::start(config).await?;
    let big = json!("x".repeat(1 << 20));
    for _ in 0..3 {
        let error = client.request("big", big.clone()).timeout(Duration::from_millis(50)).await;
        assert!(matches!(error, Err(Error::Timeout { .. })));
    }
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c08_dropping_a_call_frees_it() -> Outcome {
    let heard = Heard::default();
    let script = "greet()\nlost = read()\nkept = read()\nanswer(lost, 1)\nanswer(kept, 2)\nread()";
    let client = AppServerClient::start(peer(script)?.on_unknown(heard.hook())).await?;
    let lost = tokio::spawn({
        let client = client.clone();
        async move { client.request("lost", None).await }
    });
    tokio::task::yield_now().await;
    lost.abort();
    assert!(lost.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!(client.request("kept", None).await?, 2);
    client.close().await;
    assert!(heard.all().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn c09_a_thousand_calls_answered_backwards() -> Outcome {
    let script = "
greet()
calls = [read() for _ in range(1000)]
for call in reversed(calls): answer(call, call['params'])
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let calls: Vec<_> = (0..1000)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.request("x", json!(number)).await })
        })
        .collect();
    for (number, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await??, number);
    }
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c10_errors_by_code() -> Outcome {
    let script = "
greet()
serve(lambda m: send({'id': m['id'], 'error': m['params']}))
";
    let client = AppServerClient::start(peer(script)?).await?;
    for (error, kind) in [
        (json!({"code": -32700, "message": "m"}), RpcErrorKind::ParseError),
        (json!({"code": -32601, "message": "m"}), RpcErrorKind::MethodNotFound),
        (json!({"code": -32001, "message": "m"}), RpcErrorKind::ServerBusy),
        (json!({"code": -32050, "message": "m", "data": {"a": 1}}), RpcErrorKind::ServerError),
        (json!({"code": 5, "message": "m"}), RpcErrorKind::Other),
    ] {
        let Err(Error::Rpc(found)) = client.request("x", error.clone()).await else {
            return Err("no error".into());
        };
        assert_eq!((found.kind, found.code), (kind, error.get("code").and_then(Value::as_i64).unwrap_or_default()));
        assert_eq!(found.data.as_ref(), error.get("data"));
        assert_eq!((found.method.as_str(), found.message.as_str()), ("x", "m"));
    }
    assert!(matches!(client.request("x", json!("odd")).await, Err(Error::Decode(_))));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c11_retry_on_overload_only() -> Outcome {
    let script = "
greet()
for code in (-32001, -32001): send({'id': read()['id'], 'error': {'code': code, 'message': 'm'}})
answer(read(), 'done')
for code in (-32001, -32600): send({'id': read()['id'], 'error': {'code': code, 'message': 'm'}})
for code in (-32001, -32001, -32001): send({'id': read()['id'], 'error': {'code': code, 'message': 'm'}})
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let quick = RetryPolicy { attempts: 3, first_delay: Duration::from_millis(1), ..RetryPolicy::default() };
    assert_eq!(client.request("x", None).retry(quick.clone()).await?, "done");
    let other = client.request("x", None).retry(quick.clone()).await;
    assert!(other.is_err_and(|error| !error.is_retryable()));
    let bounded = client.request("x", None).retry(quick).await;
    assert!(bounded.is_err_and(|error| error.is_retryable()));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c12_experimental_methods_need_an_opt_in() -> Outcome {
    let client = AppServerClient::start(peer(ECHO)?.experimental_api(false)).await?;
    assert!(matches!(client.memory_reset().await, Err(Error::Experimental { .. })));
    assert!(matches!(client.request("memory/reset", None).await, Err(Error::Experimental { .. })));
    assert_eq!(client.request("x", None).await?.get("id"), Some(&json!(2)));
    client.close().await;
    Ok(())
}
