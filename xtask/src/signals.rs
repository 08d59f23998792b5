//! Signals by their names: not to be ended by them, and to end by them.

use rustix::process::{Resource, Rlimit, setrlimit};
use signal_hook::consts::signal;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What asks a process to end.
pub const ENDING: [i32; 3] = [signal::SIGTERM, signal::SIGINT, signal::SIGHUP];

/// Does nothing any more when asked to end.
pub fn ignore() -> io::Result<()> {
    // A flag that nobody looks at takes the place of the default.
    ENDING
        .iter()
        .try_for_each(|signal| signal_hook::flag::register(*signal, Arc::new(AtomicBool::new(false))).map(drop))
}

/// Ends by this signal, whatever was done about it before; what comes back says why it didn't.
pub fn die(signal: i32) -> io::Error {
    // Nobody wants a core of this.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    match signal_hook::low_level::emulate_default_handler(signal) {
        Ok(()) => io::Error::other(format!("signal {signal} had no effect")),
        Err(error) => error,
    }
}

/// The same by the signal's name.
pub fn die_of(name: &str) -> io::Error {
    let number = match name {
        "SIGKILL" => signal::SIGKILL,
        "SIGTERM" => signal::SIGTERM,
        "SIGINT" => signal::SIGINT,
        "SIGHUP" => signal::SIGHUP,
        "SIGQUIT" => signal::SIGQUIT,
        "SIGABRT" => signal::SIGABRT,
        "SIGSEGV" => signal::SIGSEGV,
        "SIGUSR1" => signal::SIGUSR1,
        "SIGUSR2" => signal::SIGUSR2,
        _ => return io::Error::other(format!("there is no signal {name} to die of")),
    };
    die(number)
}
