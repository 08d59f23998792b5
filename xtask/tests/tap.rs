//! The tap as clients start it: between them and a server, which is the scripted peer or a shell.
#![cfg(unix)]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

struct Tapped {
    tap: Child,
    folder: TempDir,
}

impl Tapped {
    fn shell(script: &str) -> Self {
        Self::start(&["sh", "-c", script])
    }

    fn start(command: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tap = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["tap", "--log"])
            .arg(folder.path().join("log"))
            .arg("--")
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { tap, folder }
    }

    fn write(&mut self, text: &[u8]) {
        self.tap.stdin.as_mut().unwrap().write_all(text).unwrap();
    }

    fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The server's id, once it writes a line.
    fn server(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.tap.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        self.log()[0]["pid"].as_u64().unwrap().to_string()
    }
}

fn kill(signal: &str, id: &str) {
    assert!(Command::new("kill").args(["-s", signal, id]).status().unwrap().success());
}

#[test]
fn it_passes_bytes_and_notes_lines() {
    let mut tapped = Tapped::shell("cat; printf last; echo err >&2; exit 3");
    tapped.write(b"{\"a\":1}\r\n\xff\nunfinished");
    drop(tapped.tap.stdin.take());
    let (mut out, mut err) = (Vec::new(), String::new());
    tapped.tap.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    tapped.tap.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(out, b"{\"a\":1}\r\n\xff\nunfinishedlast");
    assert_eq!(err, "err\n");
    assert_eq!(tapped.tap.wait().unwrap().code(), Some(3));
    let log = tapped.log();
    assert!(log[0]["pid"].is_u64(), "{log:?}");
    let said = |from: &str| -> Vec<&str> {
        let lines = log.iter().filter(|entry| entry["from"] == from);
        lines.map(|entry| entry["line"].as_str().unwrap()).collect()
    };
    assert_eq!(said("client"), ["{\"a\":1}\r", "\u{fffd}", "unfinished"]);
    assert_eq!(said("server"), ["{\"a\":1}\r", "\u{fffd}", "unfinishedlast"]);
}

#[test]
fn it_takes_a_long_line_both_ways() {
    let mut tapped = Tapped::shell("cat");
    let line = "x".repeat(8 << 20) + "\n";
    let mut stdin = tapped.tap.stdin.take().unwrap();
    let sent = line.clone();
    let writer = std::thread::spawn(move || stdin.write_all(sent.as_bytes()).unwrap());
    let mut back = String::new();
    tapped.tap.stdout.take().unwrap().read_to_string(&mut back).unwrap();
    writer.join().unwrap();
    assert!(back == line);
    assert!(tapped.tap.wait().unwrap().success());
    assert_eq!(tapped.log().len(), 3);
}

#[test]
fn it_ends_as_the_server_does() {
    for (signal, number) in [("KILL", 9), ("TERM", 15), ("ABRT", 6)] {
        let mut tapped = Tapped::shell(&format!("kill -s {signal} $$"));
        assert_eq!(tapped.tap.wait().unwrap().signal(), Some(number));
    }
}

#[test]
fn it_forwards_signals() {
    let mut tapped = Tapped::shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done");
    tapped.server();
    kill("TERM", &tapped.tap.id().to_string());
    assert_eq!(tapped.tap.wait().unwrap().code(), Some(5));
}

#[test]
fn a_server_that_is_killed_takes_it_along_though_a_child_holds_the_pipe() {
    let mut tapped = Tapped::shell("sleep 100 & echo $! >&2; echo ready; cat");
    let server = tapped.server();
    kill("KILL", &server);
    assert_eq!(tapped.tap.wait().unwrap().signal(), Some(9));
    let mut child = String::new();
    BufReader::new(tapped.tap.stderr.take().unwrap()).read_line(&mut child).unwrap();
    kill("KILL", child.trim());
}

#[test]
fn killing_it_ends_the_server() {
    let mut tapped = Tapped::shell("echo ready; cat; echo gone >&2");
    tapped.server();
    kill("KILL", &tapped.tap.id().to_string());
    // The server holds stderr; it says so, and ends.
    let mut err = String::new();
    tapped.tap.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "gone\n");
    assert_eq!(tapped.tap.wait().unwrap().signal(), Some(9));
}

#[test]
fn it_hangs_up_when_told_to() {
    let mut tapped = Tapped::shell("echo ready; cat; exit 6");
    tapped.server();
    kill("USR1", &tapped.tap.id().to_string());
    // The client's end is still open.
    assert_eq!(tapped.tap.wait().unwrap().code(), Some(6));
}

#[test]
fn it_closes_what_the_server_closes() {
    let mut tapped = Tapped::shell("echo ready; exec >&-; cat >/dev/null");
    tapped.server();
    let mut rest = String::new();
    tapped.tap.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
    assert!(tapped.tap.try_wait().unwrap().is_none(), "the server lives on");
    drop(tapped.tap.stdin.take());
    assert!(tapped.tap.wait().unwrap().success());
}

#[test]
fn what_nobody_reads_is_not_read_from_the_server_either() {
    let mut tapped = Tapped::shell("trap '' PIPE; while echo x 2>/dev/null; do :; done; exit 4");
    drop(tapped.tap.stdout.take());
    assert_eq!(tapped.tap.wait().unwrap().code(), Some(4));
}

#[test]
fn a_command_that_is_not_there_is_told() {
    let mut tapped = Tapped::start(&["no-such-server"]);
    assert_eq!(tapped.tap.wait().unwrap().code(), Some(1));
    let mut err = String::new();
    tapped.tap.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(err.contains("no-such-server could not be started"), "{err}");
    assert_eq!(tapped.log(), Vec::<Value>::new());
}
