//! The model server as tests of other languages start it: a program that says where it is and ends with its stdin.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

fn start(scenario: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["model-server", "--scenario", scenario])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The address that the server prints, without scheme and path.
fn address(server: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let url = line["url"].as_str().unwrap();
    url.strip_prefix("http://").unwrap().strip_suffix("/v1").unwrap().to_owned()
}

fn ask(address: &str, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let body = serde_json::json!({"input": [{"role": "user", "content": text}]}).to_string();
    let length = body.len();
    let head = format!("POST /v1/responses HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    write!(stream, "{head}content-length: {length}\r\n\r\n{body}").unwrap();
    stream
}

#[test]
fn it_echoes_and_ends_with_its_stdin() {
    let mut server = start("echo");
    let address = address(&mut server);
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let mut answer = String::new();
    ask(&address, "say this back").read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#""delta":"say this back""#), "{answer}");
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
}

#[test]
fn a_stream_that_is_held_open_does_not_keep_it() {
    let scenario = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(scenario.path(), "[[reply]]\nevents = [{ hold = true }]").unwrap();
    let mut server = start(scenario.path().to_str().unwrap());
    let mut held = ask(&address(&mut server), "x");
    assert!(held.read(&mut [0; 64]).unwrap() > 0);
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn it_ends_well_on_sigterm() {
    let mut server = start("echo");
    address(&mut server);
    let killed = Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(server.wait().unwrap().success());
}

#[test]
fn a_bad_scenario_is_told_with_its_file() {
    let scenario = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(scenario.path(), "[[reply]]\nevents = [{ text = 'a', call = 'b' }]").unwrap();
    for (path, expected) in [
        (scenario.path().to_str().unwrap(), "reply 1: event 1: a call needs"),
        ("none.toml", "none.toml: No such file"),
    ] {
        let mut server = start(path);
        let status = server.wait().unwrap();
        let mut said = String::new();
        server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.code(), Some(1));
        assert!(said.contains(path) && (cfg!(windows) || said.contains(expected)), "{said}");
    }
}
