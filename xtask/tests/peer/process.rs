//! What the peer does to its pipes and to itself.

use super::support::Peer;
use serde_json::json;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

#[test]
fn it_exits_with_its_code_after_all_is_written() {
    let mut peer = Peer::start(json!([{"notify": "a"}, {"stderr": "last words"}, {"exit": 3}]));
    assert_eq!(peer.rest(), b"{\"method\":\"a\"}\n");
    assert_eq!(peer.stderr(), "last words\n");
    assert_eq!(peer.wait().code(), Some(3));
    assert_eq!(peer.report().last(), Some(&json!({"done": true})));
}

#[test]
fn it_dies_by_each_signal() {
    for (name, number) in
        [("SIGKILL", 9), ("SIGTERM", 15), ("SIGSEGV", 11), ("SIGABRT", 6), ("SIGINT", 2), ("SIGHUP", 1), ("SIGQUIT", 3)]
    {
        let mut peer = Peer::start(json!([{"notify": "a"}, {"die": name}]));
        assert_eq!(peer.rest(), b"{\"method\":\"a\"}\n");
        assert_eq!(peer.wait().signal(), Some(number), "{name}");
        assert_eq!(peer.report(), [json!({"step": 0}), json!({"done": true})]);
    }
}

#[test]
fn it_closes_its_output_alone() {
    let mut peer = Peer::start(json!([{"notify": "a"}, {"close": "stdout"}, {"expect": "b"}, {"stderr": "here"}]));
    assert_eq!(peer.rest(), b"{\"method\":\"a\"}\n");
    peer.say(&json!({"method": "b"}));
    peer.passes(4);
    let mut peer = Peer::start(json!([{"close": "stderr"}, {"expect": "b"}, {"stderr": "gone"}]));
    assert_eq!(peer.stderr(), "");
    peer.say(&json!({"method": "b"}));
    peer.fails(&["step 2", "an earlier step has closed stderr"]);
}

#[test]
fn it_closes_its_input_alone() {
    let mut peer = Peer::start(json!([{"expect": "a"}, {"close": "stdin"}, {"notify": "closed"}]));
    peer.say(&json!({"method": "a"}));
    assert_eq!(peer.hear(), json!({"method": "closed"}));
    let error = peer.child.stdin.as_mut().unwrap().write_all(b"x").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    peer.passes(3);
}

#[test]
fn a_stubborn_one_lives_on() {
    for script in [json!([{"stubborn": true}]), json!([{"stubborn": true}, {"linger": true}])] {
        let mut peer = Peer::start(script);
        peer.wait_for_report(&json!({"done": true}));
        peer.end_input();
        peer.signal("TERM");
        peer.signal("INT");
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(peer.child.try_wait().unwrap().is_none());
        peer.signal("KILL");
        assert_eq!(peer.wait().signal(), Some(9));
    }
}

#[test]
fn one_that_lingers_ignores_what_comes_and_ends_with_its_input() {
    let mut peer = Peer::start(json!([{"linger": true}]));
    peer.write(b"anything\n");
    peer.passes(0);
    let mut peer = Peer::start(json!([{"stop_reading": true}, {"linger": true}]));
    peer.wait_for_report(&json!({"done": true}));
    peer.end_input();
    peer.signal("TERM");
    assert_eq!(peer.wait().signal(), Some(15));
}

#[test]
fn one_that_lingers_can_send_until_it_is_ended() {
    let script = json!([{"linger": true, "sending": [{"notify": "a", "params": "${n}"}]}]);
    let mut peer = Peer::start(script.clone());
    (0..5000).for_each(|number| assert_eq!(peer.hear()["params"], number));
    // Ends with its input, if somebody reads on.
    peer.end_input();
    peer.rest();
    peer.passes(0);
    // Ends with its output, too.
    let mut peer = Peer::start(script);
    let mut start = [0; 100];
    peer.output.read_exact(&mut start).unwrap();
    let (empty, _) = std::io::pipe().unwrap();
    peer.output = std::io::BufReader::new(std::process::ChildStdout::from(std::os::fd::OwnedFd::from(empty)));
    peer.passes(0);
}

#[test]
fn writing_to_a_client_that_is_gone_fails() {
    let mut peer = Peer::start(json!([{"expect": "a"}, {"notify": "b"}]));
    let (empty, _) = std::io::pipe().unwrap();
    peer.output = std::io::BufReader::new(std::process::ChildStdout::from(std::os::fd::OwnedFd::from(empty)));
    peer.say(&json!({"method": "a"}));
    peer.fails(&["step 1 (notify b)", "the client has closed the pipe"]);
}

#[test]
fn a_grandchild_holds_the_pipes_and_cannot_be_told_to_end() {
    let mut peer = Peer::start(json!([{"grandchild": "child"}, {"exit": 0}]));
    assert_eq!(peer.wait().code(), Some(0));
    let report = peer.report();
    assert_eq!(report[0]["name"], "child");
    let id = report[0]["pid"].as_u64().unwrap().to_string();
    let kill = |signal: &str| Command::new("kill").args(["-s", signal, &id]).status().unwrap().success();
    assert!(kill("TERM"));
    // It still holds the output, so that this would wait for ever if nobody killed it.
    let output = std::mem::replace(&mut peer.output, closed());
    let reader = std::thread::spawn(move || std::io::read_to_string(output).unwrap());
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!reader.is_finished());
    assert!(kill("KILL"));
    assert_eq!(reader.join().unwrap(), "");
}

fn closed() -> std::io::BufReader<std::process::ChildStdout> {
    let (empty, _) = std::io::pipe().unwrap();
    std::io::BufReader::new(std::process::ChildStdout::from(std::os::fd::OwnedFd::from(empty)))
}

#[test]
fn a_bad_scenario_is_told_on_stderr_and_in_the_report() {
    for (scenario, words) in [
        ("{", "expected: JSON"),
        (r#"{"about": "x"}"#, "either `peer` or `server`"),
        (r#"{"about": "x", "peer": [], "client": [{"jump": 1}]}"#, "#/client/0"),
        (r#"{"about": "x", "server": {"model": "echo"}, "client": []}"#, "played against the real server"),
        (r#"{"peer": [{"jump": 1}]}"#, "a step `jump`, which the peer hasn't"),
        (r#"{"peer": [{"exit": 0, "now": 1}]}"#, "#/peer/0/now"),
        (r#"{"peer": [{"exit": 0}, {"notify": "a"}]}"#, "before the last step"),
        (r#"{"peer": [{"die": "SIGCHLD"}]}"#, "one of \"SIGKILL\""),
        (r#"{"peer": [{"answer": "a"}]}"#, "either `result` or `error`"),
        (r#"{"peer": [{"expect": "a", "params": {"$near": 1}}]}"#, "a pattern `$near`, which there isn't"),
    ] {
        let mut peer = Peer::start_file(scenario, &[]);
        let status = peer.wait();
        let (said, report) = (peer.stderr(), peer.report());
        assert!(said.contains(words) && said.contains("C04-test.json"), "{said}");
        assert!(report[0]["failed"].as_str().unwrap().contains(words), "{report:?}");
        assert_eq!(status.code(), Some(1));
    }
}
