//! The process table, and signals.

use std::fs;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::patience::patiently;
use crate::values::Trouble;

/// The signals that scenarios name.
const SIGNALS: &[(&str, Signal)] = &[
    ("SIGHUP", Signal::HUP),
    ("SIGINT", Signal::INT),
    ("SIGQUIT", Signal::QUIT),
    ("SIGABRT", Signal::ABORT),
    ("SIGKILL", Signal::KILL),
    ("SIGSEGV", Signal::SEGV),
    ("SIGUSR1", Signal::USR1),
    ("SIGUSR2", Signal::USR2),
    ("SIGTERM", Signal::TERM),
    ("SIGSTOP", Signal::STOP),
    ("SIGCONT", Signal::CONT),
];

/// Nothing tells of the end of a process that is nobody's child here, so the table is read again and again.
const AGAIN: Duration = Duration::from_millis(10);

/// A process in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub pid: u32,
    pub group: u32,
}

/// Every process that is there. One that has ended and waits for its parent counts only if the parent is this process,
/// whose fault that is.
pub fn all() -> Result<Vec<Process>, Trouble> {
    let read = match fs::read_dir("/proc/self") {
        Ok(_) => from_proc(),
        Err(_) => from_ps(),
    };
    read.map_err(|error| format!("reading the process table: {error}"))
}

fn from_proc() -> std::io::Result<Vec<Process>> {
    let folders = fs::read_dir("/proc")?.filter_map(Result::ok);
    // A process may end while the table is read.
    let stats = folders.filter_map(|folder| fs::read_to_string(folder.path().join("stat")).ok());
    Ok(stats.filter_map(|stat| from_stat(&stat)).collect())
}

/// `12 (name) S 1 12 …`: id, name, state, parent, group. The name may hold anything.
fn from_stat(stat: &str) -> Option<Process> {
    let (pid, rest) = stat.split_once(" (")?;
    let (_, rest) = rest.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let state = fields.next()?;
    there(pid, fields.next()?, fields.next()?, state)
}

fn from_ps() -> std::io::Result<Vec<Process>> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,pgid=,stat="]).output()?;
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let read = |line: &str| {
        let mut fields = line.split_whitespace();
        there(fields.next()?, fields.next()?, fields.next()?, fields.next()?)
    };
    Ok(table.lines().filter_map(read).collect())
}

fn there(pid: &str, parent: &str, group: &str, state: &str) -> Option<Process> {
    let process = Process { pid: pid.parse().ok()?, group: group.parse().ok()? };
    let ended = state.starts_with(['Z', 'X']);
    (!ended || parent.parse() == Ok(std::process::id())).then_some(process)
}

/// Waits until none of these processes, and none of these groups, is left.
pub async fn gone(pids: &[u32], groups: &[u32]) -> Result<(), Trouble> {
    let left = || {
        let mut left = all()?;
        left.retain(|process| pids.contains(&process.pid) || groups.contains(&process.group));
        Ok::<_, Trouble>(left)
    };
    let waiting = async {
        while !left()?.is_empty() {
            tokio::time::sleep(AGAIN).await;
        }
        Ok(())
    };
    match patiently(waiting, "the end of the processes").await {
        Ok(outcome) => outcome,
        Err(trouble) => Err(format!("{trouble}; still there: {:?}", left()?)),
    }
}

/// Sends a process a signal, by the signal's name.
pub fn signal(pid: u32, name: &str) -> Result<(), Trouble> {
    let (_, signal) =
        SIGNALS.iter().find(|(other, _)| *other == name).ok_or_else(|| format!("there is no signal {name}"))?;
    kill_process(id(pid)?, *signal).map_err(|error| format!("sending {name} to {pid}: {error}"))
}

/// Kills what is left of a group, if anything is.
pub fn kill_group(group: u32) {
    if let Ok(group) = id(group) {
        // It fails where nobody is left.
        _ = kill_process_group(group, Signal::KILL);
    }
}

/// Kills a process, if it is there.
pub fn kill(pid: u32) {
    if let Ok(pid) = id(pid) {
        _ = kill_process(pid, Signal::KILL);
    }
}

fn id(pid: u32) -> Result<Pid, Trouble> {
    // 0 and 1 would mean whole groups, or everybody.
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw);
    pid.ok_or_else(|| "that is no process of a test's".to_owned())
}

/// What a signal of this number is called.
pub fn signal_name(number: i32) -> String {
    let known = SIGNALS.iter().find(|(_, signal)| signal.as_raw() == number);
    known.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_in_the_table() {
        let me = std::process::id();
        assert!(all().unwrap().iter().any(|process| process.pid == me));
        assert!(from_ps().unwrap().iter().any(|process| process.pid == me));
    }

    #[test]
    fn names_may_hold_anything() {
        assert_eq!(from_stat("12 (a) S (b) S 1 34 34"), Some(Process { pid: 12, group: 34 }));
        assert_eq!(from_stat("12 (gone) Z 1 34 34"), None);
        let ours = format!("12 (gone) Z {} 34 34", std::process::id());
        assert_eq!(from_stat(&ours), Some(Process { pid: 12, group: 34 }));
    }
}
