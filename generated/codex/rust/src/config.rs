//! How a client starts its server and behaves towards it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::handlers::ServerRequestHandlers;
use crate::runtime::{Hook, Overflow, Reporter, RetryPolicy, Settings, Unknown, Variables, VersionMismatch};

/// The settings of a client. All of them have defaults.
#[derive(Debug, Clone)]
#[must_use]
pub struct AppServerConfig {
    codex_bin: Option<PathBuf>,
    launch_args_override: Option<Vec<OsString>>,
    config_overrides: Vec<(String, String)>,
    cwd: Option<PathBuf>,
    env: Variables,
    record_to: Option<PathBuf>,
    replay_from: Option<PathBuf>,
    client_name: Option<String>,
    client_title: Option<String>,
    client_version: Option<String>,
    experimental_api: bool,
    default_timeout: Option<Duration>,
    start_timeout: Duration,
    close_grace: Duration,
    retry: Option<RetryPolicy>,
    strict: bool,
    queue_size: usize,
    on_unknown: Option<Hook<Unknown>>,
    on_overflow: Option<Hook<Overflow>>,
    on_stderr: Option<Hook<str>>,
    on_version_mismatch: Option<Hook<VersionMismatch>>,
    handlers: ServerRequestHandlers,
}

impl Default for AppServerConfig {
    fn default() -> Self {
        Self {
            codex_bin: None,
            launch_args_override: None,
            config_overrides: Vec::new(),
            cwd: None,
            env: Variables::default(),
            record_to: None,
            replay_from: None,
            client_name: None,
            client_title: None,
            client_version: None,
            experimental_api: true,
            default_timeout: Some(Duration::from_secs(60)),
            start_timeout: Duration::from_secs(20),
            close_grace: Duration::from_secs(2),
            retry: None,
            strict: false,
            queue_size: 16_384,
            on_unknown: None,
            on_overflow: None,
            on_stderr: None,
            on_version_mismatch: None,
            handlers: ServerRequestHandlers::new(),
        }
    }
}

impl AppServerConfig {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The server's binary. Without it, the one that the environment names, else `codex` on the search path.
    pub fn codex_bin(mut self, path: impl Into<PathBuf>) -> Self {
        self.codex_bin = Some(path.into());
        self
    }

    /// The whole command to run instead of the server's own: program first, then its arguments.
    pub fn launch_args_override(mut self, command: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.launch_args_override = Some(command.into_iter().map(Into::into).collect());
        self
    }

    /// A configuration value for the server, written as in the server's configuration: where that is TOML, a string has
    /// its quotes, `"\"text\""`. May be called again for more.
    pub fn config_override(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config_overrides.push((key.into(), value.into()));
        self
    }

    /// The directory that the server runs in. Without it, this process's own.
    pub fn cwd(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cwd = Some(folder.into());
        self
    }

    /// An environment variable to add to this process's own. May be called again for more.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.0.push((name.into(), value.into()));
        self
    }

    /// A file to write the connection's traffic to, as lines of JSON. What it held before is lost, and its owner alone
    /// may read it. The values of members that the protocol calls secret are left out; whatever else is private in the
    /// traffic is in it. Lines that the disk has not taken yet are kept in memory.
    pub fn record_to(mut self, file: impl Into<PathBuf>) -> Self {
        self.record_to = Some(file.into());
        self
    }

    /// A file that [`record_to`](Self::record_to) has made, to be used instead of a server, which is not started. It
    /// says again what the server said, for as long as the client says again what the client said.
    pub fn replay_from(mut self, file: impl Into<PathBuf>) -> Self {
        self.replay_from = Some(file.into());
        self
    }

    /// What the client calls itself towards the server. Without it, the library's name.
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.client_name = Some(name.into());
        self
    }

    /// The client's name as people read it.
    pub fn client_title(mut self, title: impl Into<String>) -> Self {
        self.client_title = Some(title.into());
        self
    }

    /// The client's version. Without it, the library's own.
    pub fn client_version(mut self, version: impl Into<String>) -> Self {
        self.client_version = Some(version.into());
        self
    }

    /// Whether to opt in to what is experimental, which is the default. Without it, calling an
    /// experimental method fails.
    pub fn experimental_api(mut self, opt_in: bool) -> Self {
        self.experimental_api = opt_in;
        self
    }

    /// How long a call may take unless it says otherwise; 60 seconds by default. `None`: no limit.
    pub fn default_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.default_timeout = limit.into();
        self
    }

    /// How long starting the server may take, handshake included; 20 seconds by default.
    pub fn start_timeout(mut self, limit: Duration) -> Self {
        self.start_timeout = limit;
        self
    }

    /// The time that the server gets to end by itself once its input is closed, and again once it is
    /// told to end; 2 seconds by default.
    pub fn close_grace(mut self, grace: Duration) -> Self {
        self.close_grace = grace;
        self
    }

    /// Repeats every call that the server is too busy for. Without it, such calls fail at once.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Treats what the schema doesn't know as an error: results fail, and notifications end the
    /// streams that would have held them. For tests.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// How many notifications a stream keeps for a reader that falls behind; 16,384 by default. Beyond
    /// it, the oldest are dropped.
    pub fn queue_size(mut self, size: usize) -> Self {
        self.queue_size = size;
        self
    }

    /// Called with whatever the schema doesn't know, where messages are read: it must be quick.
    pub fn on_unknown(mut self, hook: impl Fn(&Unknown) + Send + Sync + 'static) -> Self {
        self.on_unknown = Some(Hook::new(hook));
        self
    }

    /// Called with notifications that were dropped, where messages are read: it must be quick.
    pub fn on_overflow(mut self, hook: impl Fn(&Overflow) + Send + Sync + 'static) -> Self {
        self.on_overflow = Some(Hook::new(hook));
        self
    }

    /// Called with each line that the server writes to its standard error.
    pub fn on_stderr(mut self, hook: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_stderr = Some(Hook::new(hook));
        self
    }

    /// Called, once the server has started, if it is older or newer than the one that this package was made for. That
    /// is no error.
    pub fn on_version_mismatch(mut self, hook: impl Fn(&VersionMismatch) + Send + Sync + 'static) -> Self {
        self.on_version_mismatch = Some(Hook::new(hook));
        self
    }

    /// The functions that answer what the server asks. Without them, it is refused.
    pub fn handlers(mut self, handlers: ServerRequestHandlers) -> Self {
        self.handlers = handlers;
        self
    }

    /// What the runtime needs, and what the client does.
    pub(crate) fn into_parts(self) -> (Settings, ServerRequestHandlers) {
        let reporter = Reporter {
            strict: self.strict,
            on_unknown: self.on_unknown,
            on_overflow: self.on_overflow,
            on_stderr: self.on_stderr,
            on_version_mismatch: self.on_version_mismatch,
        };
        let settings = Settings {
            binary: self.codex_bin,
            launch_args_override: self.launch_args_override,
            config_overrides: self.config_overrides,
            cwd: self.cwd,
            env: self.env,
            record_to: self.record_to,
            replay_from: self.replay_from,
            client_name: self.client_name,
            client_title: self.client_title,
            client_version: self.client_version,
            experimental_api: self.experimental_api,
            default_timeout: self.default_timeout,
            start_timeout: self.start_timeout,
            close_grace: self.close_grace,
            retry: self.retry,
            queue_size: self.queue_size,
            reporter,
        };
        (settings, self.handlers)
    }
}
