//! The report: a file of JSON lines, each written when it becomes true.

use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

pub struct Report(File);

impl Report {
    /// Begins a new one, with this process in it.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let mut report = Self(File::create(path)?);
        report.process(std::process::id(), "peer")?;
        Ok(report)
    }

    /// The same file for another thread.
    pub fn again(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    pub fn process(&mut self, id: u32, name: &str) -> io::Result<()> {
        self.add(&json!({"pid": id, "name": name}))
    }

    pub fn step(&mut self, number: usize) -> io::Result<()> {
        self.add(&json!({"step": number}))
    }

    pub fn failed(&mut self, why: &str) -> io::Result<()> {
        self.add(&json!({"failed": why}))
    }

    pub fn done(&mut self) -> io::Result<()> {
        self.add(&json!({"done": true}))
    }

    fn add(&mut self, line: &Value) -> io::Result<()> {
        // In one piece, for those who read it meanwhile.
        self.0.write_all(format!("{line}\n").as_bytes())
    }
}
