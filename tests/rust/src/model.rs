//! The model on loopback that the real server talks to, a process of its own.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::patience::patiently;
use crate::place::{repo, required};
use crate::values::Trouble;

/// A running model server.
pub struct Model {
    process: Child,
    /// It ends when this does.
    stdin: Option<ChildStdin>,
    /// Kept, so that it can write.
    _stdout: Lines<BufReader<ChildStdout>>,
    /// What the server's configuration calls `base_url`.
    pub url: String,
}

impl Model {
    /// Starts one that replies as a file of `tests/model` says, or echoes.
    pub async fn start(name: &str) -> Result<Self, Trouble> {
        let file = match name {
            "echo" => PathBuf::from(name),
            _ => repo().join("tests/model").join(format!("{name}.toml")),
        };
        let mut command = Command::new(required("RPCSMITH_XTASK")?);
        command.arg("model-server").arg("--scenario").arg(file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().map_err(|error| format!("starting the model server: {error}"))?;
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take().ok_or("the model server has no output")?);
        let mut lines = BufReader::new(stdout).lines();
        let first = patiently(lines.next_line(), "the model server's address").await?;
        let said: Option<Value> = first.ok().flatten().and_then(|line| serde_json::from_str(&line).ok());
        let url =
            said.as_ref().and_then(|said| said.get("url")?.as_str()).ok_or("the model server gives no address")?;
        Ok(Self { process, stdin, _stdout: lines, url: url.to_owned() })
    }

    /// Opens a gate that replies wait for.
    pub async fn release(&self, gate: &str) -> Result<(), Trouble> {
        let address = self.url.trim_start_matches("http://").trim_end_matches("/v1");
        let body = json!({"gate": gate}).to_string();
        let request = format!(
            "POST /control/release HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let asking = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = patiently(asking, "the model server's answer").await?;
        let answer = answer.map_err(|error| format!("asking the model server: {error}"))?;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        if status.starts_with('2') { Ok(()) } else { Err(format!("the model server answers {answer}")) }
    }

    /// Ends it, and sees that it ended well.
    pub async fn stop(mut self) -> Result<(), Trouble> {
        drop(self.stdin.take());
        let status = patiently(self.process.wait(), "the model server's end").await?;
        let status = status.map_err(|error| format!("waiting for the model server: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the model server ended with {status}; stderr says why")) }
    }
}
