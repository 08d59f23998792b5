//! The parts of the convenience layer that are made by hand: what the server says about itself, and what came of a turn.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Codex, TurnHandle};
use crate::client::AppServerClient;
use crate::error::{Error, ProcessEnd};
use crate::notifications::ServerNotification;
use crate::runtime::EventStream;
use crate::types::{
    MessagePhase, TextUserInput, ThreadItem, ThreadTokenUsage, Turn, TurnError, TurnStartParams, TurnStatus,
};

/// What the server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// What the server calls itself: the name of the client that started it.
    pub name: String,
    /// The server's version; `None` if it can't be told.
    pub version: Option<String>,
    /// The directory that the server keeps its files in.
    pub codex_home: String,
    /// `unix` or `windows`.
    pub platform_family: String,
    /// The server's operating system, such as `linux`.
    pub platform_os: String,
    /// The whole user agent.
    pub user_agent: String,
}

impl Codex {
    /// What the server says about itself.
    #[must_use]
    pub fn metadata(&self) -> ServerMetadata {
        let info = self.client.server_info();
        let version = self.client.server_version();
        let known = version.and_then(|version| info.user_agent.split_once(&format!("/{version}")));
        ServerMetadata {
            name: known.map_or(info.user_agent.as_str(), |(name, _)| name).to_owned(),
            version: version.map(str::to_owned),
            codex_home: info.codex_home.clone(),
            platform_family: info.platform_family.clone(),
            platform_os: info.platform_os.clone(),
            user_agent: info.user_agent.clone(),
        }
    }
}

/// A turn failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("turn {} failed: {}", result.id, why(result))]
#[non_exhaustive]
pub struct TurnFailedError {
    /// What came of it all the same.
    pub result: Box<TurnResult>,
}

fn why(result: &TurnResult) -> &str {
    result.error.as_ref().map_or("the server doesn't say why", |error| error.message.as_str())
}

impl From<TurnFailedError> for Error {
    fn from(error: TurnFailedError) -> Self {
        Self::Work(Arc::new(error))
    }
}

/// What came of a turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TurnResult {
    /// The turn's id.
    pub id: String,
    /// The turn's thread.
    pub thread_id: String,
    /// How it ended.
    pub status: TurnStatus,
    /// Why it failed, if it did.
    pub error: Option<TurnError>,
    /// When it began, in seconds since the Unix epoch.
    pub started_at: Option<i64>,
    /// When it ended, in seconds since the Unix epoch.
    pub completed_at: Option<i64>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// The last message of the agent that is its final answer; without one, the last message that doesn't say what it
    /// is.
    pub final_response: Option<String>,
    /// All that was said and done, in the order in which it was completed.
    pub items: Vec<ThreadItem>,
    /// The tokens that the thread has used so far.
    pub usage: Option<ThreadTokenUsage>,
    /// What the agent said, as it came in; without all of that, the messages as they were completed.
    pub text: String,
}

impl TurnResult {
    /// Fails if the turn failed, and gives it back if it didn't.
    ///
    /// # Errors
    ///
    /// [`TurnFailedError`], which has the result. A function that fails with [`Error`] can use `?` on it.
    pub fn raise_for_status(self) -> Result<Self, TurnFailedError> {
        if self.status == TurnStatus::Failed {
            return Err(TurnFailedError { result: Box::new(self) });
        }
        Ok(self)
    }
}

impl TurnHandle {
    /// Waits for the turn's end, and gives what came of it. A turn that failed is given too: see its `status`, or call
    /// [`raise_for_status`](TurnResult::raise_for_status). There is no deadline.
    ///
    /// # Errors
    ///
    /// [`Error::TransportClosed`] if the connection ends first; [`Error::Decode`] if the turn's last notification can't
    /// be read.
    pub async fn run(&self) -> Result<TurnResult, Error> {
        let mut events = self.stream();
        let mut collected = Collected::default();
        while let Some(event) = events.next().await {
            collected.take(event?.into_notification());
        }
        collected.result(self, events.dropped())
    }
}

/// What has come of a turn so far.
#[derive(Default)]
struct Collected {
    items: Vec<ThreadItem>,
    deltas: String,
    usage: Option<ThreadTokenUsage>,
    turn: Option<Turn>,
    /// The last notification that could not be read, if that ended the turn.
    unreadable: Option<Error>,
}

impl Collected {
    fn take(&mut self, notification: ServerNotification) {
        self.unreadable = None;
        match notification {
            ServerNotification::ItemAgentMessageDelta(delta) => self.deltas.push_str(&delta.delta),
            ServerNotification::ItemCompleted(completed) => self.items.push(completed.item),
            ServerNotification::ThreadTokenUsageUpdated(updated) => self.usage = Some(updated.token_usage),
            ServerNotification::TurnCompleted(completed) => self.turn = Some(completed.turn),
            ServerNotification::Unrecognized(unknown) => self.unreadable = Some(Error::unreadable(&unknown)),
            _ => {}
        }
    }

    /// What came of the turn. If notifications were `dropped`, what the agent said has gaps.
    fn result(self, handle: &TurnHandle, dropped: u64) -> Result<TurnResult, Error> {
        let Some(turn) = self.turn else {
            let end = format!("the stream of turn {} ended before the turn did", handle.id());
            return Err(self.unreadable.unwrap_or_else(|| Error::TransportClosed(Box::new(ProcessEnd::new(end)))));
        };
        let messages: Vec<(&Option<MessagePhase>, &str)> = self.items.iter().filter_map(message).collect();
        let said = || messages.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
        let whole = !self.deltas.is_empty() && (dropped == 0 || messages.is_empty());
        Ok(TurnResult {
            id: handle.id().to_owned(),
            thread_id: handle.thread_id().to_owned(),
            status: turn.status,
            error: turn.error,
            started_at: turn.started_at,
            completed_at: turn.completed_at,
            duration_ms: turn.duration_ms,
            final_response: last_answer(&messages).map(str::to_owned),
            text: if whole { self.deltas } else { said() },
            usage: self.usage,
            items: self.items,
        })
    }
}

/// What the agent said in an item, if it did, and in which phase.
fn message(item: &ThreadItem) -> Option<(&Option<MessagePhase>, &str)> {
    match item {
        ThreadItem::AgentMessage(message) => Some((&message.phase, &message.text)),
        _ => None,
    }
}

/// The last final answer; without one, the last message that doesn't say what it is.
fn last_answer<'a>(messages: &[(&Option<MessagePhase>, &'a str)]) -> Option<&'a str> {
    let last: HashMap<_, _> = messages.iter().copied().collect();
    last.get(&Some(MessagePhase::FinalAnswer)).or_else(|| last.get(&None)).copied()
}

impl AppServerClient {
    /// Starts a turn with a text, and gives what the agent says in it, piece by piece.
    ///
    /// Wire method: `turn/start`.
    pub fn stream_text(&self, thread_id: impl Into<String>, text: impl Into<String>) -> TextStream {
        let (client, thread_id, text) = (self.clone(), thread_id.into(), text.into());
        let input = [TextUserInput::new(text)];
        TextStream(Speech::Opening(Box::pin(async move {
            let work = client.turn_start_stream(TurnStartParams::new(input, thread_id.clone())).await?;
            Ok(TurnHandle::new(client, work, thread_id))
        })))
    }
}

/// What the agent says in a turn, piece by piece: a [`Stream`], which also has a [`next`](Self::next) of its own.
///
/// The turn starts when the first piece is asked for. Dropping the stream leaves the turn running. If something fails,
/// the error is the last item: [`TurnFailedError`] as [`Error::Work`] if the turn itself did.
#[must_use = "the turn starts when the first piece is asked for"]
pub struct TextStream(Speech);

/// How far the agent is.
enum Speech {
    Opening(Pin<Box<dyn Future<Output = Result<TurnHandle, Error>> + Send>>),
    Speaking { turn: TurnHandle, events: EventStream<ServerNotification>, collected: Box<Collected> },
    Over,
}

impl TextStream {
    /// The next piece; `None` at the end of the turn. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<String, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<String, Error>>> {
        loop {
            let end = match &mut self.0 {
                Speech::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(turn) => {
                        let events = turn.stream();
                        self.0 = Speech::Speaking { turn, events, collected: Box::default() };
                        continue;
                    }
                    Err(error) => Some(error),
                },
                Speech::Speaking { turn, events, collected } => match ready!(Pin::new(&mut *events).poll_next(cx)) {
                    Some(Ok(event)) => {
                        let notification = event.into_notification();
                        let piece = match &notification {
                            ServerNotification::ItemAgentMessageDelta(delta) => Some(delta.delta.clone()),
                            _ => None,
                        };
                        collected.take(notification);
                        match piece {
                            Some(piece) => return Poll::Ready(Some(Ok(piece))),
                            None => continue,
                        }
                    }
                    Some(Err(error)) => Some(error),
                    None => {
                        let result = std::mem::take(collected).result(turn, events.dropped());
                        result.and_then(|result| Ok(result.raise_for_status()?)).err()
                    }
                },
                Speech::Over => None,
            };
            self.0 = Speech::Over;
            return Poll::Ready(end.map(Err));
        }
    }
}

impl Stream for TextStream {
    type Item = Result<String, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl fmt::Debug for TextStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.0 {
            Speech::Opening(_) => "opening",
            Speech::Speaking { .. } => "speaking",
            Speech::Over => "over",
        };
        formatter.debug_tuple("TextStream").field(&state).finish()
    }
}
