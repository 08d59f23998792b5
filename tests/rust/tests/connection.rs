//! C01 to C05: starting, ending, and what is left of it.

mod common;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use codex_app_server::types::{TextUserInput, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig, Error};
use common::{Outcome, alive, eventually, fresh, peer, shows};
use serde_json::json;

#[tokio::test]
async fn c01_not_found_lists_every_place() -> Outcome {
    shows("C01", "not-found-lists-every-place", not_found()).await
}

async fn not_found() -> Outcome {
    let config = AppServerConfig::new().env("PATH", "/nowhere").env("CODEX_BIN", "");
    let Err(Error::ServerNotFound(error)) = AppServerClient::start(config).await else {
        return Err("it was found".into());
    };
    assert_eq!(error.tried.len(), 3);
    assert!(error.to_string().contains("CODEX_BIN"), "{error}");
    let config = AppServerConfig::new().codex_bin("/nowhere/codex");
    assert!(matches!(AppServerClient::start(config).await, Err(Error::ServerNotFound(_))));
    let config = AppServerConfig::new().env("CODEX_BIN", "/nowhere/codex");
    assert!(matches!(AppServerClient::start(config).await, Err(Error::ServerNotFound(_))));
    Ok(())
}

#[tokio::test]
async fn c02_handshake_and_result() -> Outcome {
    let config = peer("r = greet()\nanswer(read(), r['params'])\nread()")?.client_title("T");
    let client = AppServerClient::start(config).await?;
    assert_eq!(client.server_info().user_agent, "fake/1");
    let said = client.request("x", None).await?;
    assert_eq!(said.pointer("/clientInfo/name"), Some(&json!("codex_app_server")));
    assert_eq!(said.pointer("/clientInfo/title"), Some(&json!("T")));
    assert_eq!(said.pointer("/capabilities/experimentalApi"), Some(&json!(true)));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c02_start_fails_with_what_is_known() -> Outcome {
    for (script, code, text) in [
        ("print('boo', file=sys.stderr); sys.exit(3)", Some(3), "ended before it answered"),
        ("send({'id': read()['id'], 'error': {'code': -32600, 'message': 'no'}}); read()", None, "refused"),
        ("send({'id': read()['id'], 'result': 1}); read()", None, "failed"),
        ("print('Usage: ...'); sys.exit(0)", Some(0), "ended"),
    ] {
        let Err(Error::Start(error)) = AppServerClient::start(peer(script)?).await else {
            return Err("it started".into());
        };
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(error.exit_code, code, "{error}");
    }
    let config = peer("read(); time.sleep(60)")?.start_timeout(Duration::from_millis(300));
    let Err(Error::Start(error)) = AppServerClient::start(config.close_grace(Duration::from_millis(50))).await else {
        return Err("it started".into());
    };
    assert!(error.to_string().contains("in time"), "{error}");
    let plain = fresh(".txt");
    std::fs::write(&plain, "x")?;
    let started = AppServerClient::start(AppServerConfig::new().codex_bin(plain)).await;
    assert!(matches!(started, Err(Error::Start(_))));
    // Found from here, wherever it is to run. It says nothing, and ends.
    let up: PathBuf = std::env::current_dir()?.components().skip(1).map(|_| "..").collect();
    let mute = AppServerConfig::new().codex_bin(up.join("bin/true")).cwd(std::env::temp_dir().join("."));
    let Err(Error::Start(error)) = AppServerClient::start(mute).await else {
        return Err("it started".into());
    };
    assert_eq!(error.exit_code, Some(0), "{error}");
    let Err(Error::Start(error)) = AppServerClient::start(peer("read()")?.cwd("/nowhere/at-all")).await else {
        return Err("it started".into());
    };
    assert!(error.to_string().ends_with("there is no folder /nowhere/at-all"), "{error}");
    Ok(())
}

#[tokio::test]
async fn what_is_printed_of_a_client_is_short_and_has_no_secrets() -> Outcome {
    let config = peer("greet(); read()")?.env("API_KEY", "a-secret");
    let printed = format!("{config:?}");
    assert!(printed.contains("API_KEY") && !printed.contains("a-secret"), "{printed}");
    let client = AppServerClient::start(config).await?;
    let printed = format!("{client:?}");
    assert!(printed.contains("Connection { server:"), "{printed}");
    assert!(!printed.contains("a-secret") && printed.len() < 300, "{printed}");
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c03_close_is_idempotent_and_takes_the_whole_group() -> Outcome {
    let script = "
greet()
child = subprocess.Popen(['sleep', '1000'])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
answer(read(), child.pid)
while True: time.sleep(1)
";
    let config = peer(script)?.close_grace(Duration::from_millis(50));
    let client = AppServerClient::start(config).await?;
    let child = u32::try_from(client.request("pid", None).await?.as_u64().unwrap_or_default())?;
    let server = client.pid().ok_or("no id")?;
    assert!(alive(child) && alive(server));
    tokio::join!(client.close(), client.close());
    client.close().await;
    eventually(|| !alive(child) && !alive(server)).await?;
    assert!(client.is_closed());
    assert!(matches!(client.request("x", None).await, Err(Error::TransportClosed(_))));
    Ok(())
}

#[tokio::test]
async fn c03_dropping_the_last_client_ends_the_server() -> Outcome {
    let client = AppServerClient::start(peer("greet(); read()")?).await?;
    let server = client.pid().ok_or("no id")?;
    let other = client.clone();
    drop(client);
    assert!(alive(server));
    drop(other);
    eventually(|| !alive(server)).await
}

#[test]
fn c03_a_runtime_that_ends_takes_the_server_along() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let script = "greet()\nchild = subprocess.Popen(['sleep', '1000'])\nanswer(read(), child.pid)\nsignal.pause()";
    let (client, child) = runtime.block_on(async {
        let client = AppServerClient::start(peer(script)?).await?;
        let child = client.request("pid", None).await?.as_u64().unwrap_or_default();
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((client, u32::try_from(child)?))
    })?;
    let server = client.pid().ok_or("no id")?;
    drop(runtime);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(eventually(|| !alive(server) && !alive(child)))?;
    assert!(matches!(runtime.block_on(async { client.request("x", None).await }), Err(Error::TransportClosed(_))));
    Ok(())
}

#[tokio::test]
async fn c04_peer_death_fails_calls_streams_and_waits() -> Outcome {
    let script = "
greet()
answer(read(), {'turn': turn()})
read()
print('last words', file=sys.stderr, flush=True)
subprocess.Popen(['sleep', '1000'])
os._exit(7)
";
    let client = AppServerClient::start(peer(script)?).await?;
    let mut turn = client.turn_start_stream(TurnStartParams::new([TextUserInput::new("x")], "t")).await?;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.wait_for_turn_completed("turn-1").await }
    });
    let pending = client.request("die", None).await;
    let Err(Error::TransportClosed(end)) = pending else {
        return Err("it answered".into());
    };
    assert_eq!(end.exit_code, Some(7));
    assert_eq!(end.stderr_tail, ["last words"]);
    assert!(matches!(turn.next().await, Some(Err(Error::TransportClosed(_)))));
    assert!(turn.next().await.is_none());
    assert!(matches!(waiting.await?, Err(Error::TransportClosed(_))));
    assert!(matches!(client.next_notification().await, Err(Error::TransportClosed(_))));
    assert!(matches!(client.notify("x", json!({})).await, Err(Error::TransportClosed(_))));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c04_server_that_goes_silent_but_lives() -> Outcome {
    let config = peer("greet()\nread()\nos.close(1)\ntime.sleep(60)")?.close_grace(Duration::from_millis(50));
    let client = AppServerClient::start(config).await?;
    assert!(matches!(client.request("x", None).await, Err(Error::TransportClosed(_))));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c05_stderr_is_drained_kept_and_offered() -> Outcome {
    let heard = Arc::new(Mutex::new(0));
    let script = "
greet()
for i in range(20000): print('line', i, file=sys.stderr)
answer(read(), 1)
read()
";
    let counter = Arc::clone(&heard);
    let config = peer(script)?.on_stderr(move |line| {
        *counter.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        assert!(line != "line 3", "a hook that panics harms nothing");
    });
    let client = AppServerClient::start(config).await?;
    client.request("x", None).await?;
    eventually(|| client.stderr_tail().last().is_some_and(|line| line == "line 19999")).await?;
    assert_eq!(client.stderr_tail().len(), 400);
    client.close().await;
    assert_eq!(*heard.lock().unwrap_or_else(PoisonError::into_inner), 20_000);
    Ok(())
}
