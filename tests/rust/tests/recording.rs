//! C26: logs, and recordings of the traffic with secrets left out.

mod common;

use std::fmt::Write;
use std::fs;
use std::sync::{Mutex, OnceLock, PoisonError};

use codex_app_server::{AppServerClient, AppServerConfig, Error};
use common::recordings::{API_KEY, entries, said, turn};
use common::{Outcome, fresh, peer, shows};
use sdk_tests::program::Server;
use sdk_tests::real::Real;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What the package has logged, in all tests.
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Logger;

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("codex_app_server")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        LOG.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What has been logged that has this in it.
fn logged(part: &str) -> Vec<String> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|line| line.contains(part)).cloned().collect()
}

fn listen() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| tracing::subscriber::set_global_default(Logger).unwrap_or_default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_of_the_real_server_is_recorded_and_replayed() -> Outcome {
    shows("C26", "a-turn-of-the-real-server-is-recorded-and-replayed", async {
        let server = Server { model: Some("text".to_owned()), home: serde_json::Map::default(), toml: String::new() };
        let real = Real::prepare(&server).await?;
        let path = fresh(".jsonl");
        let first = turn(real.config()?.record_to(&path)).await?;
        real.stop_model().await?;
        let text = fs::read_to_string(&path)?;
        assert!(!text.contains(API_KEY), "{text}");
        assert!(text.contains("\"apiKey\":\"[redacted]\""), "{text}");
        let again = fresh(".jsonl");
        let config = AppServerConfig::new().codex_bin("/nowhere/codex").replay_from(&path).record_to(&again);
        assert_eq!(turn(config).await?, first);
        assert!(first.len() > 15, "{first:?}");
        // The replay is as long as the recording, and says the same.
        let (mut one, mut other) = (said(&path)?, said(&again)?);
        one.sort_by_key(ToString::to_string);
        other.sort_by_key(ToString::to_string);
        assert_eq!(one, other);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_line_is_recorded_in_order_without_its_secrets() -> Outcome {
    shows("C26", "every-line-is-recorded-in-order-without-its-secrets", async {
        let script = r#"
greet()
call = read()
send('no json\n')
sys.stdout.buffer.write(b'{"x": "\xff"}\n')
sys.stdout.buffer.flush()
send('{"apiKey": "s1\n')
send('  {"method": "odd/event",  "params": {"n": 1.50, "big": 123456789012345678901234567890}}\r\n')
send('{"method": "odd/event", "params": [{"deep": {"apiKe\\u0079": ["s2"], "tokens": 7}}]}\n')
send({"id": "a", "method": "odd/ask", "params": {"accessToken": {"x": "s3"}}})
read()
answer(call, {"sessionToken": "s4"})
read()
"#;
        let path = fresh(".jsonl");
        fs::write(&path, "what was there before\n")?;
        let client = AppServerClient::start(peer(script)?.record_to(&path)).await?;
        let params = json!({"apiKey": "s5", "list": [{"apiKey": "s6", "token": null, "other": "kept"}]});
        assert_eq!(client.request("odd/call", params).await?, json!({"sessionToken": "s4"}));
        client.close().await;
        let text = fs::read_to_string(&path)?;
        for secret in ["s1", "s2", "s3", "s4", "s5", "s6"] {
            assert!(!text.contains(&format!("{secret}\"")), "{secret} in {text}");
        }
        assert!(
            text.contains(
                r#""message":{"method": "odd/event",  "params": {"n": 1.50, "big": 123456789012345678901234567890}}}"#
            ),
            "{text}"
        );
        let said = said(&path)?;
        let sides: Vec<&str> = said.iter().filter_map(|entry| entry.get("from")?.as_str()).collect();
        let expected = "client server client client server server server server server server client server";
        assert_eq!(sides.join(" "), expected);
        assert_eq!(said.get(4).and_then(|entry| entry.get("line")), Some(&json!("no json")));
        assert_eq!(said.get(5).and_then(|entry| entry.get("line")), Some(&json!("{\"x\": \"\u{fffd}\"}")));
        assert_eq!(said.get(6).and_then(|entry| entry.get("line")), Some(&json!("[redacted]")));
        let deep = json!([{"deep": {"apiKey": "[redacted]", "tokens": 7}}]);
        assert_eq!(said.get(8).and_then(|entry| entry.pointer("/message/params")), Some(&deep));
        let sent = json!({"apiKey": "[redacted]", "list": [{"apiKey": "[redacted]", "token": null, "other": "kept"}]});
        assert_eq!(said.get(3).and_then(|entry| entry.pointer("/message/params")), Some(&sent));
        assert_eq!(said.get(10).and_then(|entry| entry.pointer("/message/id")), Some(&json!("a")));
        let times: Vec<u64> = entries(&path)?.iter().filter_map(|entry| entry.get("at")?.as_u64()).collect();
        assert!(times.len() == said.len() && times.is_sorted(), "{times:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_an_error_before_anything_starts() -> Outcome {
    shows("C26", "a-file-that-cannot-be-made-is-an-error-before-anything-starts", async {
        let started = fresh(".started");
        let script = format!("open({:?}, 'w')\ngreet()\nread()", started.display().to_string());
        let config = peer(&script)?.record_to("/nowhere/at/all.jsonl");
        let Err(Error::Start(error)) = AppServerClient::start(config).await else {
            return Err("it started".into());
        };
        assert!(error.to_string().contains("/nowhere/at/all.jsonl"), "{error}");
        assert!(!started.exists());
        Ok(())
    })
    .await
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_harms_nothing_and_is_logged_once() -> Outcome {
    shows("C26", "a-full-disk-harms-nothing-and-is-logged-once", async {
        listen();
        let client =
            AppServerClient::start(peer("greet()\nserve(lambda m: answer(m, 1))")?.record_to("/dev/full")).await?;
        for _ in 0..50 {
            assert_eq!(client.request("x", None).await?, json!(1));
        }
        client.close().await;
        let told = logged("/dev/full");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told.iter().all(|line| line.starts_with("ERROR") && line.contains("ends here")), "{told:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_happens_is_logged_and_no_payload_is() -> Outcome {
    shows("C26", "what-happens-is-logged-and-no-payload-is", async {
        listen();
        let script = "greet()\nsend({'method': 'logs/odd', 'params': {'x': 'payload-of-the-test'}})\n\
                      serve(lambda m: answer(m, 'payload-of-the-test'))";
        let client = AppServerClient::start(peer(script)?).await?;
        assert_eq!(client.request("x", json!({"y": "payload-of-the-test"})).await?, json!("payload-of-the-test"));
        let pid = client.pid().ok_or("no process")?.to_string();
        client.close().await;
        assert_eq!(logged(&format!("pid={pid}")).len(), 1);
        assert!(logged("logs/odd").iter().all(|line| line.starts_with("INFO")));
        assert_eq!(logged("logs/odd").len(), 1);
        assert!(!logged("the client was closed").is_empty());
        assert_eq!(logged("payload-of-the-test"), Vec::<String>::new());
        Ok(())
    })
    .await
}
