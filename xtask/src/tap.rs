//! A program between a client and its server that notes each line of both directions.
//!
//! Passes on bytes as they come, the end of each pipe, signals and how the server ended, so that neither side behaves
//! other than without it. The first line of the log is `{"pid": n}`, the server's; the others are
//! `{"from": "client" | "server", "line": "…"}`, each written before the line is passed on.
//!
//! SIGUSR1 is its own: it closes the server's input, as if the client had closed its end.

use crate::problem::Problem;
use crate::signals;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use signal_hook::consts::signal::SIGUSR1;
use signal_hook::iterator::Signals;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// What to run, and where to note what is said.
#[derive(clap::Args)]
pub struct Tap {
    /// The file that gets the lines; an older one is replaced
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The server with its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Runs the server to its end, and ends as it did.
pub fn run(args: &Tap) -> Result<(), Problem> {
    let file = File::create(&args.log).map_err(|error| Problem::io("writing the log", &args.log, &error))?;
    let log = Arc::new(Mutex::new(Log { file }));
    let [program, arguments @ ..] = &args.command[..] else {
        return Err(Problem::usage("there is no command to run"));
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Problem::new(format!("{program} could not be started: {error}")))?;
    let status = between(child, &log).map_err(|error| Problem::new(format!("passing on what is said: {error}")))?;
    match status.signal() {
        Some(signal) => Err(Problem::new(format!("ending as the server did: {}", signals::die(signal)))),
        None => std::process::exit(status.code().unwrap_or(1)),
    }
}

/// Stands between both until the server has ended, and gives how.
fn between(mut child: Child, log: &Arc<Mutex<Log>>) -> io::Result<ExitStatus> {
    locked(log, |log| log.add(&json!({"pid": child.id()})))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let stdin = Arc::new(Mutex::new(stdin));
    forward_signals(child.id(), Arc::clone(&stdin))?;
    let noted = Arc::clone(log);
    std::thread::spawn(move || pass_in(&stdin, &noted));
    let (ended, end) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let waiter = std::thread::spawn(move || {
        let status = child.wait();
        drop(end);
        status
    });
    if let Some(stdout) = stdout {
        pass_out(stdout, &ended, log)?;
    }
    waiter.join().unwrap_or_else(|_| Err(io::Error::other("the thread that waits for the server has ended")))
}

/// Whoever asks us to end means the server. SIGUSR1 closes its input.
fn forward_signals(server: u32, stdin: Arc<Mutex<Option<ChildStdin>>>) -> io::Result<()> {
    let mut signals = Signals::new(signals::ENDING.into_iter().chain([SIGUSR1]))?;
    let server = i32::try_from(server).ok().and_then(Pid::from_raw);
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGUSR1 {
                locked(&stdin, |stdin| drop(stdin.take()));
            } else if let (Some(server), Some(signal)) = (server, Signal::from_named_raw(signal)) {
                // It may have ended just now.
                let _ = kill_process(server, signal);
            }
        }
    });
    Ok(())
}

/// From the client to the server, until either has closed its end.
fn pass_in(server: &Mutex<Option<ChildStdin>>, log: &Mutex<Log>) {
    let mut lines = Lines::of("client");
    let mut chunk = vec![0; 1 << 16];
    let mut stdin = io::stdin().lock();
    let mut pass = || -> io::Result<()> {
        loop {
            let count = stdin.read(&mut chunk)?;
            lines.note(&chunk[..count], log)?;
            if count == 0 {
                return Ok(());
            }
            locked(server, |server| match server {
                Some(server) => server.write_all(&chunk[..count]),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            })?;
        }
    };
    let passed = pass();
    locked(server, |server| drop(server.take()));
    if passed.is_err() {
        // The server has closed its input: so do we.
        drop(File::open("/dev/null").and_then(|null| Ok(rustix::stdio::dup2_stdin(null)?)));
    }
}

/// From the server to the client, until the server has closed its end or ended; a process that it has left behind
/// may hold the pipe for longer.
fn pass_out(mut server: ChildStdout, ended: &OwnedFd, log: &Mutex<Log>) -> io::Result<()> {
    let mut lines = Lines::of("server");
    let mut chunk = vec![0; 1 << 16];
    let mut client = File::from(rustix::stdio::stdout().try_clone_to_owned()?);
    while readable(&server, ended)? {
        let count = server.read(&mut chunk)?;
        lines.note(&chunk[..count], log)?;
        if count == 0 || client.write_all(&chunk[..count]).is_err() {
            break;
        }
    }
    drop((client, server));
    Ok(rustix::stdio::dup2_stdout(File::create("/dev/null")?)?)
}

/// Waits until there is something to read; false if the server has ended and left nothing more.
fn readable(server: &ChildStdout, ended: &OwnedFd) -> io::Result<bool> {
    let mut both = [PollFd::from_borrowed_fd(server.as_fd(), PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
    let mut watch = |time: Option<&Timespec>| loop {
        match poll(&mut both, time) {
            Err(Errno::INTR) => {}
            result => break result.map(|_| (!both[0].revents().is_empty(), !both[1].revents().is_empty())),
        }
    };
    let (readable, over) = watch(None)?;
    if readable || !over {
        return Ok(readable);
    }
    // What it wrote last may have come between the two looks.
    Ok(watch(Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))?.0)
}

/// Lines of one direction, put together from what comes.
struct Lines {
    from: &'static str,
    begun: Vec<u8>,
}

impl Lines {
    fn of(from: &'static str) -> Self {
        Self { from, begun: Vec::new() }
    }

    /// Notes the lines that are complete now; at the end, which has no bytes, also the last one.
    fn note(&mut self, chunk: &[u8], log: &Mutex<Log>) -> io::Result<()> {
        locked(log, |log| {
            let mut parts = chunk.split_inclusive(|byte| *byte == b'\n').peekable();
            while let Some(part) = parts.next() {
                self.begun.extend_from_slice(part);
                if parts.peek().is_some() || part.ends_with(b"\n") {
                    log.line(self.from, &std::mem::take(&mut self.begun))?;
                }
            }
            if chunk.is_empty() && !self.begun.is_empty() {
                log.line(self.from, &std::mem::take(&mut self.begun))?;
            }
            Ok(())
        })
    }
}

struct Log {
    file: File,
}

impl Log {
    fn line(&mut self, from: &str, line: &[u8]) -> io::Result<()> {
        let line = String::from_utf8_lossy(line);
        self.add(&json!({"from": from, "line": line.trim_end_matches('\n')}))
    }

    fn add(&mut self, entry: &Value) -> io::Result<()> {
        // In one piece, for those who read it meanwhile.
        self.file.write_all(format!("{entry}\n").as_bytes())
    }
}

fn locked<S, T>(state: &Mutex<S>, act: impl FnOnce(&mut S) -> T) -> T {
    act(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}
