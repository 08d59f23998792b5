//! The endpoints, and the playing of a script into a response.
//!
//! Knows HTTP; what to answer comes from the session and the script.

use super::request::Asked;
use super::scenario::Answer;
use super::script::{self, Act};
use super::session::{Progress, Session, Ticket};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use futures_core::Stream;
use serde_json::{Value, json};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

type Shared = State<Arc<Session>>;

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener, session: Arc<Session>) -> io::Result<()> {
    let router = Router::new()
        .route("/v1/responses", post(respond))
        .route("/control/requests", get(async |State(session): Shared| Json(session.requests())))
        .route("/control/release", post(release))
        .route("/control/reset", post(async |State(session): Shared| session.reset()))
        .fallback(async || refusal(StatusCode::NOT_FOUND, "the model server has no such endpoint"))
        // A conversation with pictures in it is large.
        .layer(DefaultBodyLimit::disable())
        .with_state(session);
    // Each event is to arrive when it is sent, not when the next one fills the packet.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router).await
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": {"type": "model_server", "message": message}}))).into_response()
}

// Bodies are read as bytes, so that a test need not say what type they have.
async fn release(State(session): Shared, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(gate) = body.get("gate").and_then(Value::as_str) else {
        return refusal(StatusCode::BAD_REQUEST, "the body must be {\"gate\": \"name\"}");
    };
    match session.release(gate) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(message) => refusal(StatusCode::NOT_FOUND, &message),
    }
}

async fn respond(State(session): Shared, body: Bytes) -> Response {
    let body: Value = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &format!("the body is no JSON: {error}")),
    };
    let asked = Asked::read(&body);
    let chosen = match session.choose(body, &asked) {
        Ok(chosen) => chosen,
        Err(message) => {
            // The server under test doesn't show its user the body of a 500.
            eprintln!("model server: {message}");
            return refusal(StatusCode::INTERNAL_SERVER_ERROR, &message);
        }
    };
    let ticket = chosen.ticket;
    match chosen.answer {
        Answer::Http { status, body } => {
            session.note(ticket, Progress::Finished);
            // The status was checked when the scenario was read.
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            match body {
                Value::Null => status.into_response(),
                Value::String(text) => (status, text.clone()).into_response(),
                other => (status, Json(other.clone())).into_response(),
            }
        }
        Answer::Stream { steps, end } => {
            let acts = script::write(steps, end, &asked, ticket.number());
            let (sender, frames) = mpsc::channel(1);
            tokio::spawn(play(session.clone(), ticket, acts, sender));
            ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(Frames(frames))).into_response()
        }
    }
}

type Frame = io::Result<String>;

/// Sends what the acts say until they end, the client is gone, or the session is reset.
async fn play(session: Arc<Session>, ticket: Ticket, acts: Vec<Act>, sender: mpsc::Sender<Frame>) {
    let broken = || Err(io::Error::other("the scenario cuts the connection"));
    let progress = tokio::select! {
        // A client that hangs up right after the last event has still had all of them.
        biased;
        progress = perform(&session, acts, &sender) => progress,
        () = sender.closed() => Progress::Disconnected,
        () = session.over(ticket) => {
            let _ = sender.send(broken()).await;
            Progress::Finished
        }
    };
    session.note(ticket, progress);
}

async fn perform(session: &Session, acts: Vec<Act>, sender: &mpsc::Sender<Frame>) -> Progress {
    for act in acts {
        let frame = match act {
            Act::Pause(pause) => {
                session.pause(&pause).await;
                continue;
            }
            Act::Open(gate) => {
                session.open(&gate);
                continue;
            }
            Act::Hold => return std::future::pending().await,
            Act::Send(frame) => Ok(frame),
            Act::Cut => Err(io::Error::other("the scenario cuts the connection")),
        };
        if sender.send(frame).await.is_err() {
            return Progress::Disconnected;
        }
    }
    Progress::Finished
}

/// The receiving end as the stream that a response body is made of.
struct Frames(mpsc::Receiver<Frame>);

impl Stream for Frames {
    type Item = Frame;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Frame>> {
        self.0.poll_recv(context)
    }
}
