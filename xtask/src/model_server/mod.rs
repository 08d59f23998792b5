//! A model on loopback for tests: `POST /v1/responses` answers what a scenario file says.
//!
//! Knows the part of the Responses API that the server under test reads, and nothing of the protocol that the SDKs
//! speak. A scenario is a TOML file of replies:
//!
//! ```toml
//! [[reply]]                              # the first request gets the first reply that fits it and isn't used up
//! when = { contains = "list the files" } # optional: what the last user message contains
//! events = [
//!   { reasoning = ["Looking ", "around"] },                            # deltas of a reasoning summary
//!   { text = "One moment.", phase = "commentary" },                    # a message, in one delta
//!   { call = "exec_command", call_id = "c1", arguments = { cmd = "ls" } },
//! ]
//!
//! [[reply]]
//! when = { after_tool = "c1" }           # the request that brings the output of that call
//! usage = { input = 20, output = 7 }
//! events = [
//!   { text = ["There ", { delta = "are ", wait = "go" }, { delta = "two.", delay_ms = 50 }] },
//! ]
//! ```
//!
//! **A reply** is used once; with `repeat = true` any number of times. Without `when` it fits any request. A `when`
//! that doesn't name `after_tool` fits only requests that bring no tool output, so that a user message that is still
//! the last one doesn't select its first reply again. `output` is a part of the output that `after_tool` speaks of.
//! `image` is a part of the URL of an image in the last user message; `body` maps JSON pointers into the request's body
//! to what must stand there, such as `body = { "/reasoning/effort" = "low" }`. Everything a `when` names must hold.
//!
//! **Events** are sent in order. `text` and `reasoning` take a string or a list of deltas, a delta being a string or
//! a table; `echo = true` is a `text` that repeats the last user message; `call` is a tool call, and `custom_call`
//! with `input` one that takes plain text; `raw` is any event of the API as it stands. Each event and delta may first
//! `wait` for a gate, then for `delay_ms`; `open = "gate"` opens a gate for others; an event of `hold = true` is never
//! reached: the stream stays open until the client or the test ends it.
//!
//! **The end** is `response.completed` with `usage`, or, if the reply says so, `fail = { code, message }` (a
//! `response.failed`) or `cut = true` (the connection breaks). A reply with `http = { status, body }` instead of
//! events is that HTTP answer.
//!
//! **Control**: `POST /control/release` with `{"gate": "go"}` opens a gate for good; `GET /control/requests` gives
//! all requests so far, each with its `body`, the number of its `reply` (from 1, or null) and its `state`
//! (`unmatched`, `streaming`, `finished`, `disconnected`); `POST /control/reset` starts the scenario over, forgets
//! requests, closes gates and breaks streams that are still open. A request that no reply fits gets status 500 and
//! the reasons, which also go to stderr.

mod deltas;
mod http;
mod request;
mod scenario;
mod script;
mod session;

use crate::problem::Problem;
use scenario::Scenario;
use session::Session;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The scenario that needs no file.
const ECHO: &str = "[[reply]]\nrepeat = true\nevents = [{ echo = true }]\n";

/// What to answer, and where.
#[derive(clap::Args)]
pub struct ModelServer {
    /// A scenario file, or `echo`: answers each request with its last user message
    #[arg(long, value_name = "FILE")]
    scenario: PathBuf,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Serves until stdin is closed or a signal to end comes.
pub fn run(args: &ModelServer) -> Result<(), Problem> {
    let scenario = load(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(format!("starting the model server: {error}")))?;
    runtime.block_on(serve(scenario, args.port))
}

fn load(args: &ModelServer) -> Result<Scenario, Problem> {
    let path = &args.scenario;
    let text = if path.as_os_str() == "echo" {
        ECHO.to_owned()
    } else {
        std::fs::read_to_string(path).map_err(|error| Problem::io("reading the scenario", path, &error))?
    };
    Scenario::parse(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))
}

async fn serve(scenario: Scenario, port: u16) -> Result<(), Problem> {
    let trouble = |error: io::Error| Problem::new(format!("listening on 127.0.0.1:{port}: {error}"));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(trouble)?;
    let address = listener.local_addr().map_err(trouble)?;
    // Heard from now on: whoever reads the address may end us at once.
    let ended = told_to_end().map_err(trouble)?;
    println!("{{\"url\":\"http://{address}/v1\"}}");
    // Streams that are held open don't keep us: whoever ends us wants us gone.
    tokio::select! {
        result = http::serve(listener, Arc::new(Session::new(scenario))) => result.map_err(trouble),
        () = ended => Ok(()),
    }
}

/// Starts to listen for the end of stdin and for signals; what comes back waits for the first of them.
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    let signalled = signalled()?;
    let (sender, stdin_closed) = oneshot::channel();
    // A thread of its own: the runtime would wait for a read of its own at the end.
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut scrap = [0; 256];
        while !matches!(stdin.read(&mut scrap), Ok(0) | Err(_)) {}
        let _ = sender.send(());
    });
    Ok(async {
        tokio::select! {
            _ = stdin_closed => {}
            () = signalled => {}
        }
    })
}

#[cfg(unix)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupt.recv().await) })
}

#[cfg(test)]
mod tests;
