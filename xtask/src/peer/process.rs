//! What the peer does as a process: it ignores being told to end, dies by a signal, and has children that outlive it.

use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long any of our processes lives at most: what a failed test leaves behind ends by itself.
const LIFE: Duration = Duration::from_secs(300);

/// Does nothing any more when told to end.
pub fn be_stubborn() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // Once listened to, a signal has no other effect till the process ends, whatever becomes of the listener.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        drop(signal(kind)?);
    }
    Ok(())
}

/// Ends the process when it has lived too long.
pub fn limit_life(at_the_end: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        std::thread::sleep(LIFE);
        at_the_end();
        std::process::exit(super::FAILED);
    });
}

/// Does nothing for the rest of its life.
pub fn rest() -> ! {
    loop {
        std::thread::park();
    }
}

/// Ends by this signal; what comes back says why it didn't.
pub fn die(name: &str) -> io::Error {
    let signal = match name {
        "SIGTERM" => Signal::TERM,
        "SIGINT" => Signal::INT,
        "SIGHUP" => Signal::HUP,
        "SIGQUIT" => Signal::QUIT,
        "SIGABRT" => Signal::ABORT,
        "SIGSEGV" => Signal::SEGV,
        "SIGUSR1" => Signal::USR1,
        "SIGUSR2" => Signal::USR2,
        _ => Signal::KILL,
    };
    // Nobody wants a core of this.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // Rust's own handler of some signals lets the first of them pass.
    for _ in 0..2 {
        if let Err(error) = kill_process(getpid(), signal) {
            return error.into();
        }
    }
    io::Error::other(format!("{name} had no effect"))
}

/// Starts a process that holds our pipes, and waits until it can't be told to end. Gives its id.
pub fn grandchild() -> io::Result<u32> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port().to_string();
    let child = Command::new(std::env::current_exe()?)
        .args(["peer", "--grandchild", &port])
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .spawn()?;
    listener.accept()?;
    Ok(child.id())
}

/// What the grandchild does.
pub fn be_grandchild(port: u16) -> io::Result<()> {
    be_stubborn()?;
    limit_life(|| ());
    drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port))?);
    rest()
}
