//! The client's side of a scenario: which steps there are, and what each is made of.
//!
//! A table, since the peer doesn't play these; `client_check` walks a script along it.

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    True,
    Flag,
    Text,
    /// A method's name on the wire.
    Method,
    Count,
    /// Milliseconds, or null for none.
    Time,
    /// JSON that is sent, with names filled in.
    Sent,
    Pattern,
    Patterns,
    Unknowns,
    Fails,
    Retry,
    Config,
    Handlers,
    /// Names, each with a path into what was got.
    Saves,
    /// Methods, each with how often it came.
    Counts,
    Steps,
    Lists,
    Signal,
    /// Names a call that is awaited later.
    NewLater,
    /// A call that was named so.
    Later,
    NewStream,
    Stream,
    /// A stream, or true for the one that all clients have.
    AnyStream,
    Gate,
    /// `stop`
    Model,
    /// A way to log in.
    Login,
    /// Names an object of the convenience layer.
    NewObject,
    Object,
}

/// A step, or another object with members that all have names of their own.
pub struct Shape {
    pub name: &'static str,
    pub main: Kind,
    pub needed: &'static [(&'static str, Kind)],
    pub others: &'static [(&'static str, Kind)],
}

use Kind::{
    AnyStream, Config, Count, Counts, Fails, Flag, Gate, Handlers, Later, Lists, Login, Method, Model, NewLater,
    NewObject, NewStream, Object, Pattern, Patterns, Retry, Saves, Sent, Signal, Steps, Stream, Text, Time, True,
    Unknowns,
};

const fn step(name: &'static str, main: Kind, others: &'static [(&'static str, Kind)]) -> Shape {
    Shape { name, main, needed: &[], others }
}

const fn needing(name: &'static str, main: Kind, needed: &'static [(&'static str, Kind)]) -> Shape {
    Shape { name, main, needed, others: &[] }
}

impl Shape {
    const fn and(self, others: &'static [(&'static str, Kind)]) -> Self {
        Self { others, ..self }
    }
}

pub const STEPS: &[Shape] = &[
    step("start", True, &[("config", Config), ("handlers", Handlers), ("fails", Fails)]),
    step("call", Method, CALL),
    step(
        "open",
        Method,
        &[
            ("params", Sent),
            ("result", Pattern),
            ("fails", Fails),
            ("as", NewStream),
            ("later", NewLater),
            ("timeout_ms", Time),
        ],
    ),
    step("await", Later, &[("result", Pattern), ("fails", Fails), ("save", Saves)]),
    step("cancel", Later, &[]),
    step("notify", Method, &[("params", Sent), ("fails", Fails)]),
    step("stream", NewStream, &[]),
    needing("subscribe", NewStream, &[("of", Stream)]).and(&[("fails", Fails)]),
    needing("events", Stream, &[("are", Patterns)]),
    needing("until", Stream, &[("event", Pattern)]).and(&[("counts", Counts), ("save", Saves)]),
    step("ends", Stream, &[("fails", Fails)]),
    step("drain", Stream, &[("least", Count), ("most", Count)]),
    step("close_stream", Stream, &[]),
    step("next", Pattern, &[("fails", Fails), ("timeout_ms", Time), ("save", Saves)]),
    needing("wait_end", Method, &[("id", Sent)]).and(&[
        ("result", Pattern),
        ("fails", Fails),
        ("later", NewLater),
        ("timeout_ms", Time),
    ]),
    // Its members are those of a handler.
    step("handler", Method, HANDLER),
    step("asked", Method, &[("params", Pattern), ("save", Saves)]),
    step("release", Gate, &[]),
    step("unknowns", Unknowns, &[]),
    step("overflow", AnyStream, &[("least", Count)]),
    step("stderr_hook", Pattern, &[]),
    step("signal", Signal, &[]),
    step("close", True, &[("times", Count)]),
    step("leave", True, &[]),
    step("gone", True, &[]),
    step("closed", Flag, &[]),
    step("stderr_tail", Pattern, &[]),
    step("server_info", Pattern, &[]),
    step("parallel", Lists, &[]),
    needing("repeat", Steps, &[("count", Count)]).and(&[("at_once", Count)]),
];

/// Those that only the real server makes sense of.
pub const REAL_STEPS: &[Shape] = &[
    needing("file", Sent, &[("text", Sent)]),
    needing("has_file", Sent, &[("text", Pattern)]),
    step("model", Model, &[]),
    step("hang_up", True, &[]),
];

/// Those of the convenience layer, which only a scenario with `facade` has.
pub const FACADE_STEPS: &[Shape] = &[
    step(
        "login",
        Login,
        &[("key", Sent), ("as", NewObject), ("shows", Pattern), ("fails", Fails), ("timeout_ms", Time)],
    ),
    step("wait_login", Object, &[("result", Pattern), ("fails", Fails), ("later", NewLater), ("timeout_ms", Time)]),
    step("cancel_login", Object, &[("fails", Fails)]),
    step("thread", NewObject, &[("fails", Fails)]),
    needing("stream_text", Sent, &[("in", Sent), ("are", Patterns)]).and(&[("raises", Pattern), ("fails", Fails)]),
    needing("run", Sent, &[("in", Object)]).and(&[
        ("result", Pattern),
        ("fails", Fails),
        ("later", NewLater),
        ("raises", Pattern),
    ]),
];

/// The ways to log in.
pub const LOGINS: &[&str] = &["api_key", "chatgpt", "chatgpt_device_code"];

pub const CALL: &[(&str, Kind)] = &[
    ("params", Sent),
    ("result", Pattern),
    ("fails", Fails),
    ("save", Saves),
    ("later", NewLater),
    ("timeout_ms", Time),
    ("retry", Retry),
    ("untyped", Flag),
    ("cancel_first", Flag),
];

/// Beside `calls`, which is a step.
pub const HANDLER: &[(&str, Kind)] = &[("returns", Sent), ("raises", Text), ("waits_for", Text), ("plain", Flag)];

pub const CONFIG: &[(&str, Kind)] = &[
    ("default_timeout_ms", Time),
    ("start_timeout_ms", Time),
    ("close_grace_ms", Count),
    ("retry", Retry),
    ("strict", Flag),
    ("queue_size", Count),
    ("experimental_api", Flag),
    ("client_name", Text),
    ("client_title", Text),
    ("client_version", Text),
    ("config_overrides", Sent),
    ("env", Sent),
    ("cwd", Sent),
];

pub const RETRY: &[(&str, Kind)] = &[("attempts", Count), ("delay_ms", Count), ("max_delay_ms", Count)];

/// Beside `kind`, which is one of [`FAILURES`].
pub const FAILS: &[(&str, Kind)] = &[
    ("code", Pattern),
    ("message", Pattern),
    ("data", Pattern),
    ("method", Text),
    ("exit_code", Pattern),
    ("signal", Signal),
    ("stderr", Sent),
    ("path", Text),
    ("retryable", Flag),
    ("tried", Sent),
];

pub const FAILURES: &[&str] = &[
    "ServerNotFoundError",
    "StartError",
    "TransportClosed",
    "RequestTimeoutError",
    "EncodeError",
    "DecodeError",
    "UnknownValueError",
    "ExperimentalApiError",
    "Cancelled",
    "ParseError",
    "InvalidRequest",
    "MethodNotFound",
    "InvalidParams",
    "InternalError",
    "ServerBusy",
    "RetryLimitExceeded",
    "ServerError",
    "JsonRpcError",
];

pub const UNKNOWNS: &[&str] = &["method", "variant", "enum_value", "undecodable", "message"];

/// Signals that end a process which does nothing about them.
pub const DEADLY: &[&str] =
    &["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGSEGV", "SIGUSR1", "SIGUSR2"];

/// What a client's user may send to the server's process, besides.
pub const PAUSING: &[&str] = &["SIGSTOP", "SIGCONT"];

pub const CLIENTS: &[&str] = &["rust", "python", "python-async", "typescript"];
