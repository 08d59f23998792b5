//! A process and all that it has started, as one thing that can be told to end.
//!
//! The one place that knows how operating systems differ in this.

use tokio::process::Command;

/// The group that a process leads. Killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Group {
    leader: Option<u32>,
}

impl Group {
    /// Makes the process that `command` starts the leader of a group of its own.
    pub(crate) fn prepare(command: &mut Command) {
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        command.creation_flags(CREATE_NEW_PROCESS_GROUP);
        #[cfg(not(any(unix, windows)))]
        let _ = command;
    }

    /// The group of the process with this id.
    pub(crate) fn led_by(leader: Option<u32>) -> Self {
        Self { leader }
    }

    /// Asks the group to end.
    pub(crate) fn terminate(&self) {
        if let Some(leader) = self.leader {
            signal(leader, Force::Ask);
        }
    }

    /// Ends the group, whatever is left of it. Harmless if nothing is.
    pub(crate) fn kill(&mut self) {
        if let Some(leader) = self.leader.take() {
            signal(leader, Force::Kill);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Force {
    Ask,
    Kill,
}

#[cfg(windows)]
const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;

#[cfg(unix)]
fn signal(leader: u32, force: Force) {
    use rustix::process::{Pid, Signal, kill_process_group};

    let signal = if force == Force::Kill { Signal::KILL } else { Signal::TERM };
    if let Some(pid) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        // It fails where nothing is left of the group, which is what was wanted.
        _ = kill_process_group(pid, signal);
    }
}

#[cfg(windows)]
fn signal(leader: u32, force: Force) {
    use std::process::{Command, Stdio};

    let mut command = Command::new("taskkill");
    if force == Force::Kill {
        command.arg("/F");
    }
    command.args(["/T", "/PID", &leader.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It fails where nothing is left of the process, which is what was wanted.
    _ = command.spawn();
}

#[cfg(not(any(unix, windows)))]
fn signal(_: u32, _: Force) {}
