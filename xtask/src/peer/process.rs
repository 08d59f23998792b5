//! What the peer does as a process: how long it lives, and children that outlive it.

use crate::signals;
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long any of our processes lives at most: what a failed test leaves behind ends by itself.
const LIFE: Duration = Duration::from_secs(300);

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
    signals::ignore()?;
    limit_life(|| ());
    drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port))?);
    rest()
}
