//! The server's process: its pipes, its end, and how it is brought about.
//!
//! Knows lines, exit codes and signals; knows nothing of what the lines say.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::future::pending;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::group::Group;
use super::lines::LineSplitter;
use super::recording::{Recorder, Recording, written};
use super::settings::Settings;
use super::sync::{First, lock, race};
use crate::error::{Error, ProcessEnd};

/// How many lines of the standard error are kept.
const STDERR_LINES: usize = 400;
/// How many lines may wait to be written before callers do.
const OUTBOX: usize = 1024;
/// How much is read at a time.
const CHUNK: usize = 1 << 16;
/// The time for reading what a process has left behind in its pipes.
const DRAIN: Duration = Duration::from_secs(1);
/// The time that a killed process may take to be gone.
const KILLED: Duration = Duration::from_secs(5);

/// What is said of a connection whose process has ended.
const ENDED: &str = "the server has ended";

/// Lines on their way to the server.
pub(crate) type Outbox = mpsc::Sender<Vec<u8>>;

/// A running server. It is told to end when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    pid: Option<u32>,
    tail: Tail,
    stop: watch::Sender<bool>,
    ended: watch::Receiver<bool>,
}

/// The last lines of the standard error.
type Tail = Arc<Mutex<VecDeque<String>>>;

/// Who hears what the process does.
pub(crate) struct Listeners<L, E, F> {
    pub(crate) line: L,
    pub(crate) stderr: E,
    pub(crate) end: F,
}

impl Process {
    /// Starts a process.
    pub(crate) fn start<L, E, F>(
        (program, arguments): (OsString, Vec<OsString>),
        settings: &Settings,
        recording: Option<Recording>,
        listeners: Listeners<L, E, F>,
    ) -> Result<(Self, Outbox), Error>
    where
        L: FnMut(&[u8]) + Send + 'static,
        E: FnMut(&str) + Send + 'static,
        F: FnOnce(ProcessEnd) + Send + 'static,
    {
        let mut command = Command::new(&program);
        command.args(arguments).envs(settings.env.0.iter().map(|(key, value)| (key, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if let Some(folder) = &settings.cwd {
            command.current_dir(folder);
        }
        Group::prepare(&mut command);
        let failed = |reason: &str| {
            let message = format!("{} could not be started: {reason}", program.to_string_lossy());
            Error::Start(Box::new(ProcessEnd::new(message)))
        };
        // Of a missing working directory, the system says no more than that something is missing.
        let why = |error: std::io::Error| match settings.cwd.as_ref().filter(|folder| !folder.is_dir()) {
            Some(folder) => format!("there is no folder {}", folder.display()),
            None => error.to_string(),
        };
        let mut child = command.spawn().map_err(|error| failed(&why(error)))?;
        let group = Group::led_by(child.id());
        tracing::debug!(pid = child.id(), program = %program.to_string_lossy(), "the server runs");
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed("it has no pipes"));
        };
        let (outbox, lines) = mpsc::channel(OUTBOX);
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        let tail = Tail::default();
        let (recorder, to_be_written) = recording.map(|Recording { recorder, written }| (recorder, written)).unzip();
        let input = Input { pipe: stdin, recorder: recorder.clone() };
        let supervisor = Supervisor {
            pid: child.id(),
            stdin: tokio::spawn(write_lines(input, lines, stopped.clone())),
            stdout: tokio::spawn(read_lines(stdout, heard(recorder, listeners.line))),
            stderr: tokio::spawn(read_lines(stderr, keep(Arc::clone(&tail), listeners.stderr))),
            stopped,
            grace: settings.close_grace,
            last_words: LastWords { tail: Arc::clone(&tail), on_end: Some(listeners.end), end },
            group,
            child,
            to_be_written,
        };
        let process = Self { pid: supervisor.pid, tail, stop, ended };
        tokio::spawn(supervisor.run());
        Ok((process, outbox))
    }

    /// What stands in for a process: `perform` does what one would, with the lines that are written to it, until it is
    /// told to stop, and has the last word.
    pub(crate) fn stand_in<F, P>(
        on_end: F,
        perform: impl FnOnce(mpsc::Receiver<Vec<u8>>, watch::Receiver<bool>, LastWords<F>) -> P,
    ) -> (Self, Outbox)
    where
        F: FnOnce(ProcessEnd) + Send + 'static,
        P: Future<Output = ()> + Send + 'static,
    {
        let (outbox, lines) = mpsc::channel(OUTBOX);
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        let tail = Tail::default();
        let last_words = LastWords { tail: Arc::clone(&tail), on_end: Some(on_end), end };
        tokio::spawn(perform(lines, stopped, last_words));
        (Self { pid: None, tail, stop, ended }, outbox)
    }

    /// The process's id.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// The last lines of its standard error.
    pub(crate) fn tail(&self) -> Vec<String> {
        lock(&self.tail).iter().cloned().collect()
    }

    /// Ends the process and all that it has started: politely first, then by force.
    pub(crate) async fn close(&self) {
        self.stop.send_replace(true);
        let mut ended = self.ended.clone();
        // An error means that whoever sees to the end is gone, and the process with it.
        _ = ended.wait_for(|ended| *ended).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Sees to a process's end.
struct Supervisor<F: FnOnce(ProcessEnd)> {
    pid: Option<u32>,
    stdin: JoinHandle<Written>,
    stdout: JoinHandle<()>,
    stderr: JoinHandle<()>,
    stopped: watch::Receiver<bool>,
    grace: Duration,
    // In this order: whoever hears of the end must find nothing alive any more.
    group: Group,
    child: Child,
    last_words: LastWords<F>,
    /// The recording, if there is one.
    to_be_written: Option<JoinHandle<()>>,
}

impl<F: FnOnce(ProcessEnd)> Supervisor<F> {
    async fn run(mut self) {
        let status = match self.wait_for_cause().await {
            Cause::Exited(status) => Some(status),
            Cause::Silent | Cause::Deaf => {
                // A server that doesn't speak or hear is of no use, even if it lives on.
                let status = self.wait_for_exit(DRAIN / 4).await;
                if status.is_none() {
                    self.last_words.speak(ENDED.to_owned(), None);
                }
                match status {
                    Some(status) => Some(status),
                    None => self.end().await,
                }
            }
            Cause::Stopped => self.end().await,
        };
        // What the server has started ends with it; it would also hold the pipes open.
        self.group.kill();
        drained(&mut self.stdout).await;
        drained(&mut self.stderr).await;
        // Nobody reads any more what is still to be written.
        self.stdin.abort();
        self.last_words.speak(ENDED.to_owned(), status.and_then(exit_code));
        if let Some(writing) = self.to_be_written.take() {
            written(writing).await;
        }
    }

    async fn wait_for_cause(&mut self) -> Cause {
        let stopped = async {
            // An error means that nobody can say it any more, which says the same.
            _ = self.stopped.wait_for(|stopped| *stopped).await;
        };
        let exited = async {
            match self.child.wait().await {
                Ok(status) => status,
                Err(_) => pending().await,
            }
        };
        let deaf = async {
            match (&mut self.stdin).await {
                Ok(Written::InPart) => {}
                Ok(Written::Wholly) | Err(_) => pending().await,
            }
        };
        match race(race(exited, stopped), race(&mut self.stdout, deaf)).await {
            First::Left(First::Left(status)) => Cause::Exited(status),
            First::Left(First::Right(())) => Cause::Stopped,
            First::Right(First::Left(_)) => Cause::Silent,
            First::Right(First::Right(())) => Cause::Deaf,
        }
    }

    /// Ends the process, whose input is closed once it has read what was handed over before.
    async fn end(&mut self) -> Option<ExitStatus> {
        if let Some(status) = self.wait_for_exit(self.grace).await {
            return Some(status);
        }
        self.group.terminate();
        if let Some(status) = self.wait_for_exit(self.grace).await {
            return Some(status);
        }
        self.group.kill();
        // It fails where the process has gone meanwhile.
        _ = self.child.start_kill();
        self.wait_for_exit(KILLED).await
    }

    async fn wait_for_exit(&mut self, limit: Duration) -> Option<ExitStatus> {
        timeout(limit, self.child.wait()).await.ok()?.ok()
    }
}

/// What a process's end begins with.
enum Cause {
    Exited(ExitStatus),
    /// Its output has ended.
    Silent,
    /// It has closed its input.
    Deaf,
    /// It is not needed any more.
    Stopped,
}

/// Tells of the end, once, also when the supervisor is dropped together with its runtime.
pub(crate) struct LastWords<F: FnOnce(ProcessEnd)> {
    tail: Tail,
    on_end: Option<F>,
    end: watch::Sender<bool>,
}

impl<F: FnOnce(ProcessEnd)> LastWords<F> {
    pub(crate) fn speak(&mut self, message: String, exit_code: Option<i32>) {
        if let Some(on_end) = self.on_end.take() {
            let stderr_tail = lock(&self.tail).iter().cloned().collect();
            on_end(ProcessEnd { message, exit_code, stderr_tail });
        }
    }
}

impl<F: FnOnce(ProcessEnd)> Drop for LastWords<F> {
    fn drop(&mut self) {
        self.speak(ENDED.to_owned(), None);
        self.end.send_replace(true);
    }
}

/// Waits until a pipe has been read to its end, unless that takes too long.
async fn drained(reading: &mut JoinHandle<()>) {
    if !reading.is_finished() && timeout(DRAIN, &mut *reading).await.is_err() {
        reading.abort();
    }
}

fn exit_code(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        status.code().or_else(|| status.signal().map(|signal| -signal))
    }
    #[cfg(not(unix))]
    status.code()
}

/// What has become of the lines that were handed over.
enum Written {
    Wholly,
    /// The process has closed its input.
    InPart,
}

/// A process's input. Each line is recorded before it is written.
struct Input {
    pipe: ChildStdin,
    recorder: Option<Recorder>,
}

impl Input {
    async fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.recorder.as_ref().inspect(|recorder| recorder.sent(line));
        self.pipe.write_all(line).await
    }
}

/// Writes lines until there will be no more, or until the process is not needed any more: then those that were handed
/// over before. Closes the pipe.
async fn write_lines(
    mut input: Input,
    mut lines: mpsc::Receiver<Vec<u8>>,
    mut stopped: watch::Receiver<bool>,
) -> Written {
    loop {
        let line = match race(lines.recv(), stopped.wait_for(|stopped| *stopped)).await {
            First::Left(line) => line,
            First::Right(_) => break,
        };
        let Some(line) = line else {
            return Written::Wholly;
        };
        if input.write(&line).await.is_err() {
            return Written::InPart;
        }
    }
    lines.close();
    while let Some(line) = lines.recv().await {
        if input.write(&line).await.is_err() {
            return Written::InPart;
        }
    }
    Written::Wholly
}

async fn read_lines(mut pipe: impl AsyncRead + Unpin, mut on_line: impl FnMut(&[u8])) {
    let mut splitter = LineSplitter::default();
    let mut chunk = vec![0; CHUNK];
    while let Ok(count) = pipe.read(&mut chunk).await {
        if count == 0 {
            break;
        }
        splitter.feed(chunk.get(..count).unwrap_or_default(), &mut on_line);
    }
    splitter.finish(on_line);
}

/// Has each line recorded before it is passed on.
fn heard(recorder: Option<Recorder>, mut on_line: impl FnMut(&[u8])) -> impl FnMut(&[u8]) {
    move |line| {
        recorder.as_ref().inspect(|recorder| recorder.received(line));
        on_line(line);
    }
}

/// Keeps the last lines, and passes them on.
fn keep(tail: Tail, mut on_stderr: impl FnMut(&str)) -> impl FnMut(&[u8]) {
    move |line| {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches('\r');
        let mut kept = lock(&tail);
        if kept.len() >= STDERR_LINES {
            kept.pop_front();
        }
        kept.push_back(text.to_owned());
        drop(kept);
        on_stderr(text);
    }
}
