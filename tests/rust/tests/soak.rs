//! Two hundred turns on one client, twenty at a time, on the real server: memory stays where it is. A program of its
//! own, since what other tests take would count as well.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use codex_app_server::types::{TextUserInput, ThreadStartParams, TurnStartParams, TurnStatus};
use codex_app_server::{AppServerClient, ServerNotification};
use sdk_tests::program::Server;
use sdk_tests::real::Real;
use sdk_tests::values::Trouble;
use serde_json::Map;

const TURNS: usize = 200;
const AT_ONCE: usize = 20;
/// After how many turns memory is looked at.
const ROUND: usize = 50;

/// The memory that this process holds, in KiB.
fn resident() -> Result<u64, Trouble> {
    let status = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.ok_or_else(|| "the system doesn't tell how much memory this process holds".to_owned())
}

async fn turn(client: &AppServerClient, thread: &str, number: usize) -> Result<(), Trouble> {
    let trouble = |error: codex_app_server::Error| format!("turn {number}: {error}");
    let said = format!("this is turn {number}");
    let params = TurnStartParams::new([TextUserInput::new(said.as_str())], thread);
    let mut turn = client.turn_start_stream(params).await.map_err(trouble)?;
    let (mut text, mut status) = (String::new(), None);
    while let Some(event) = turn.next().await {
        match event.map_err(trouble)?.notification() {
            ServerNotification::ItemAgentMessageDelta(part) => text.push_str(&part.delta),
            ServerNotification::TurnCompleted(done) => status = Some(done.turn.status.clone()),
            _ => {}
        }
    }
    let well = status == Some(TurnStatus::Completed) && text == said;
    if well { Ok(()) } else { Err(format!("turn {number} ended as {status:?} with {text:?}")) }
}

/// Takes the turns up to `until`, as many at once as there are threads.
async fn round(
    client: &AppServerClient,
    threads: &[String],
    next: &Arc<AtomicUsize>,
    until: usize,
) -> Result<(), Trouble> {
    let running: Vec<_> = threads
        .iter()
        .map(|thread| {
            let (client, thread, next) = (client.clone(), thread.clone(), Arc::clone(next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= until {
                        return Ok::<(), Trouble>(());
                    }
                    turn(&client, &thread, number).await?;
                }
            })
        })
        .collect();
    for one in running {
        one.await.map_err(|error| error.to_string())??;
    }
    next.store(until, Ordering::Relaxed);
    Ok(())
}

/// The memory after each round.
async fn soak() -> Result<Vec<u64>, Trouble> {
    let server = Server { model: Some("echo".to_owned()), home: Map::new(), toml: String::new() };
    let place = Real::prepare(&server).await?;
    let client = AppServerClient::start(place.config()?).await.map_err(|error| error.to_string())?;
    // Read to the end, since a queue that is still filling would pass for a leak.
    let reader = client.clone();
    let reading = tokio::spawn(async move { while reader.next_notification().await.is_ok() {} });
    let mut threads = Vec::new();
    for _ in 0..AT_ONCE {
        let started = client.thread_start(ThreadStartParams::new()).await.map_err(|error| error.to_string())?;
        threads.push(started.thread.id);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let mut held = Vec::new();
    for until in (ROUND..=TURNS).step_by(ROUND) {
        round(&client, &threads, &next, until).await?;
        held.push(resident()?);
    }
    client.close().await;
    reading.await.map_err(|error| error.to_string())?;
    place.stop_model().await?;
    Ok(held)
}

// In one thread: several would each keep memory for themselves.
#[tokio::test]
async fn two_hundred_turns_leave_memory_where_it_is() -> Result<(), Trouble> {
    let held = soak().await?;
    println!("KiB after each {ROUND} turns: {held:?}");
    let (Some(first), Some(last)) = (held.first(), held.last()) else { return Err("there were no turns".to_owned()) };
    if last * 100 <= first * 105 { Ok(()) } else { Err(format!("memory grew: KiB after each {ROUND} turns: {held:?}")) }
}
