//! A peer that plays a script, and what it has reported.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use tempfile::TempDir;

pub struct Peer {
    pub child: Child,
    pub output: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Peer {
    pub fn start(script: Value) -> Self {
        let mut scenario = json!({"about": "A test.", "client": []});
        scenario["peer"] = script;
        Self::start_file(&scenario.to_string(), &[])
    }

    pub fn start_file(scenario: &str, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("C04-test.json");
        std::fs::write(&file, scenario).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["peer", "--scenario"])
            .arg(&file)
            .arg("--report")
            .arg(folder.path().join("report"))
            .args(args)
            .env("PEER_TEST", "seen")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output, folder }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(bytes).and_then(|()| stdin.flush()).unwrap();
    }

    pub fn say(&mut self, message: &Value) {
        self.write(format!("{message}\n").as_bytes());
    }

    /// The next line, with its end.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    pub fn hear(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}; {:?}", self.report()))
    }

    /// Everything up to the end of the output.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.output.read_to_end(&mut bytes).unwrap();
        bytes
    }

    pub fn stderr(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    pub fn end_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// What it has reported so far, without its own process.
    pub fn report(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("report")).unwrap();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.remove(0), json!({"pid": self.child.id(), "name": "peer"}));
        lines
    }

    /// Waits until it has reported this.
    pub fn wait_for_report(&self, line: &Value) {
        let reported = || std::fs::read_to_string(self.folder.path().join("report")).unwrap_or_default();
        while !reported().contains(&format!("{line}\n")) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ends the input, and sees the peer end as it should: with this many steps done.
    #[track_caller]
    pub fn passes(mut self, steps: usize) {
        self.end_input();
        let status = self.wait();
        let mut expected: Vec<Value> = (0..steps).map(|step| json!({"step": step})).collect();
        expected.push(json!({"done": true}));
        assert_eq!((self.report(), status.code()), (expected, Some(0)));
    }

    /// Ends the input, and sees the peer fail with these words.
    #[track_caller]
    pub fn fails(mut self, words: &[&str]) {
        self.end_input();
        let status = self.wait();
        let report = self.report();
        let why = report.last().unwrap()["failed"].as_str().unwrap_or_else(|| panic!("{report:?}"));
        words.iter().for_each(|word| assert!(why.contains(word), "{word:?} is not in {why}"));
        assert_eq!(status.code(), Some(97));
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It has ended by itself, unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
