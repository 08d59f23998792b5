//! What the tests of the runtime share: small peers, written in Python.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod recordings;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use codex_app_server::{AppServerConfig, Unknown};
use sdk_tests::results::Case;

pub type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

const PRELUDE: &str = r#"
import json, os, signal, subprocess, sys, threading, time
def read():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)
def send(message):
    sys.stdout.write(message if isinstance(message, str) else json.dumps(message) + "\n")
    sys.stdout.flush()
def answer(request, result):
    send({"id": request["id"], "result": result})
def greet():
    request = read()
    assert request["method"] == "initialize", request
    answer(request, {"codexHome": "/h", "platformFamily": "unix", "platformOs": "linux", "userAgent": "fake/1"})
    assert read()["method"] == "initialized"
    return request
def serve(on_call):
    while True:
        on_call(read())
def turn(status="inProgress", ident="turn-1"):
    return {"id": ident, "items": [], "status": status}
def started(ident="turn-1", thread="t"):
    return {"method": "turn/started", "params": {"threadId": thread, "turn": turn("inProgress", ident)}}
def delta(text, turn="turn-1", thread="t"):
    return {"method": "item/agentMessage/delta",
            "params": {"delta": text, "itemId": "i", "threadId": thread, "turnId": turn}}
def completed(ident="turn-1", thread="t"):
    return {"method": "turn/completed", "params": {"threadId": thread, "turn": turn("completed", ident)}}
"#;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A fresh path for a test's file.
pub fn fresh(ending: &str) -> PathBuf {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}{ending}", std::process::id()));
    // An earlier run may have left one, of a process that had the same id.
    _ = fs::remove_file(&path);
    path
}

/// The config for a client whose server is the given Python script.
pub fn peer(script: &str) -> Result<AppServerConfig, std::io::Error> {
    let path = fresh(".py");
    fs::write(&path, format!("{PRELUDE}{script}"))?;
    let command = ["python3".into(), "-u".into(), path.into_os_string()];
    let ten = Duration::from_secs(10);
    Ok(AppServerConfig::new().launch_args_override(command).start_timeout(ten).default_timeout(ten))
}

/// Collects what a hook hears.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Unknown>>>);

impl Heard {
    pub fn hook(&self) -> impl Fn(&Unknown) + Send + Sync + 'static {
        let heard = Arc::clone(&self.0);
        move |unknown| heard.lock().unwrap_or_else(PoisonError::into_inner).push(unknown.clone())
    }

    pub fn all(&self) -> Vec<Unknown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Kind and place of each.
    pub fn places(&self) -> Vec<String> {
        self.all().iter().map(|unknown| format!("{:?} {}", unknown.kind, unknown.path)).collect()
    }
}

/// Whether a process is there and no zombie.
pub fn alive(pid: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z'))
}

/// Waits until something holds that no event tells.
pub async fn eventually(check: impl Fn() -> bool) -> Outcome {
    for _ in 0..2_000 {
        if check() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err("it never came about".into())
}

/// Runs a test that shows a rule of the contract, and notes how it went.
pub async fn shows(rule: &'static str, name: &str, test: impl Future<Output = Outcome>) -> Outcome {
    let case = Case::begin(rule, name);
    test.await?;
    case.pass();
    Ok(())
}
