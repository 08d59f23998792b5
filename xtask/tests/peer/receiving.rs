//! What the peer expects of the client.

use super::support::Peer;
use serde_json::json;

#[test]
fn it_greets() {
    let mut peer = Peer::start(json!([{"greet": {"clientInfo": {"$has": {"name": "test"}}}}]));
    peer.say(&json!({"id": 1, "method": "initialize", "params": {"clientInfo": {"name": "test", "version": "1"}}}));
    let reply = peer.hear();
    assert_eq!(reply["id"], 1);
    assert!(reply["result"]["userAgent"].as_str().unwrap().starts_with("peer/"), "{reply}");
    peer.say(&json!({"method": "initialized"}));
    peer.passes(1);
}

#[test]
fn it_greets_with_a_result_and_compares_params() {
    let mut peer = Peer::start(json!([{"greet": true, "result": {"userAgent": "odd"}}]));
    peer.say(&json!({"id": "a", "method": "initialize", "params": {}}));
    assert_eq!(peer.line(), "{\"id\":\"a\",\"result\":{\"userAgent\":\"odd\"}}\n");
    peer.say(&json!({"method": "initialized"}));
    peer.passes(1);
    let mut peer = Peer::start(json!([{"greet": {"x": 1}}]));
    peer.say(&json!({"id": 1, "method": "initialize", "params": {"x": 2}}));
    peer.fails(&["step 0 (greet)", "the params of `initialize`", "at /x: expected 1, got 2"]);
}

#[test]
fn a_call_is_expected_with_its_params_and_answered() {
    let mut peer = Peer::start(json!([
        {"expect": "thread/read", "params": {"id": "a", "more": {"$absent": true}}, "as": "call"},
        {"answer": "call", "result": {"was": "${call.params.id}", "text": "<${call.id}>"}},
    ]));
    peer.say(&json!({"id": 7, "method": "thread/read", "params": {"id": "a"}}));
    assert_eq!(peer.hear(), json!({"id": 7, "result": {"was": "a", "text": "<7>"}}));
    peer.passes(2);
}

#[test]
fn what_does_not_fit_fails_with_both_sides() {
    let script = json!([{"expect": "thread/read", "params": {"id": "a"}}]);
    for (line, words) in [
        (r#"{"id":1,"method":"thread/list"}"#, &["expected `thread/read`", "thread/list"][..]),
        (r#"{"id":1,"method":"thread/read","params":{"id":"b"}}"#, &[r#"at /id: expected "a", got "b""#]),
        (r#"{"id":1,"method":"thread/read","params":{"id":"a","x":null}}"#, &["at /x: expected no such member"]),
        (r#"{"id":1,"method":"thread/read"}"#, &["expected an object of id, got nothing"]),
        ("{broken", &["not JSON", "{broken"]),
        ("[1]", &["no object: [1]"]),
        (r#"{"method":"\ud800"}"#, &["not JSON", r"\ud800"]),
    ] {
        let mut peer = Peer::start(script.clone());
        peer.write(format!("{line}\n").as_bytes());
        peer.fails(&[&["step 0 (expect thread/read)"], words].concat());
    }
    Peer::start(script.clone()).fails(&["expected `thread/read`, but the input has ended"]);
    let mut peer = Peer::start(script);
    peer.write(b"{\"id\"");
    peer.fails(&["ended within a line: {\"id\""]);
}

#[test]
fn answers_are_expected_by_id() {
    let script = json!([
        {"ask": "item/tool/call", "id": "q", "params": {}},
        {"expect_answer": "q", "result": {"ok": true}, "as": "answer"},
        {"notify": "got", "params": "${answer.result.ok}"},
    ]);
    let mut peer = Peer::start(script.clone());
    assert_eq!(peer.hear(), json!({"method": "item/tool/call", "id": "q", "params": {}}));
    peer.say(&json!({"id": "q", "result": {"ok": true}}));
    assert_eq!(peer.hear(), json!({"method": "got", "params": true}));
    peer.passes(3);
    for (answer, words) in [
        (json!({"id": "r", "result": {"ok": true}}), r#"expected "q", got "r""#),
        (json!({"id": "q", "result": {"ok": 1}}), "at /ok: expected true, got 1"),
        (json!({"id": "q", "error": {"code": 1}}), "an answer with `result`"),
        (json!({"id": "q", "method": "x"}), "expected an answer, but"),
    ] {
        let mut peer = Peer::start(script.clone());
        peer.say(&answer);
        peer.fails(&["step 1 (expect_answer q)", words]);
    }
}

#[test]
fn several_answers_come_in_any_order() {
    for ids in [json!([0, 1]), json!({"count": 2})] {
        let script =
            json!([{"expect_answers": ids, "result": {"$has": {"ok": true}}, "as": "both"}, {"send": "${both.0.id}"}]);
        let mut peer = Peer::start(script.clone());
        peer.say(&json!({"id": 1, "result": {"ok": true}}));
        peer.say(&json!({"id": 0, "result": {"ok": true}}));
        assert_eq!(peer.hear(), json!(1));
        peer.passes(2);
        for answer in [json!({"id": 1, "result": {"ok": true}}), json!({"id": 2, "result": {"ok": true}})] {
            let mut peer = Peer::start(script.clone());
            peer.say(&json!({"id": 1, "result": {"ok": true}}));
            peer.say(&answer);
            peer.fails(&["one of the ids still open", &answer.to_string()]);
        }
        let mut peer = Peer::start(script);
        peer.say(&json!({"id": 1, "error": {"code": 1}}));
        peer.fails(&["an answer with `result`"]);
    }
}

#[test]
fn calls_are_collected_and_answered_in_each_order() {
    let answers = |order: &str| {
        let mut peer = Peer::start(json!([
            {"collect": "a", "count": 5, "as": "calls"},
            {"answer_all": "calls", "order": order, "result": {"n": "${it.params}"}},
        ]));
        (0..5).for_each(|id| peer.say(&json!({"id": id, "method": "a", "params": id * 10})));
        let answers: Vec<_> = (0..5).map(|_| peer.hear()).collect();
        answers.iter().for_each(|answer| {
            assert_eq!(answer["result"]["n"].as_u64(), answer["id"].as_u64().map(|id| id * 10));
        });
        peer.passes(2);
        answers.iter().map(|answer| answer["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(answers("kept"), [0, 1, 2, 3, 4]);
    assert_eq!(answers("reversed"), [4, 3, 2, 1, 0]);
    let shuffled = answers("shuffled");
    assert_eq!(answers("shuffled"), shuffled);
    assert!(shuffled != [0, 1, 2, 3, 4] && shuffled != [4, 3, 2, 1, 0]);
    let mut peer = Peer::start(json!([{"collect": "a", "count": 2}]));
    peer.say(&json!({"id": 1, "method": "a"}));
    peer.say(&json!({"id": 2, "method": "b"}));
    peer.fails(&["step 0 (collect a)", "expected `a`", r#""method":"b""#]);
}

#[test]
fn the_end_of_input_is_expected() {
    Peer::start(json!([{"expect_end": true}])).passes(1);
    let mut peer = Peer::start(json!([{"expect_end": true}, {"exit": 0}]));
    peer.say(&json!({"method": "late"}));
    peer.fails(&["step 0 (expect_end)", "expected the end of input", "late"]);
    let mut peer = Peer::start(json!([]));
    peer.wait_for_report(&json!({"done": true}));
    peer.say(&json!({"method": "late"}));
    peer.fails(&["after the last step", "expected the end of input", "late"]);
}

#[test]
fn how_it_was_launched_can_be_compared() {
    let scenario = |pattern: serde_json::Value| {
        json!({"about": "A test.", "client": [], "peer": [{"launched": pattern}]}).to_string()
    };
    let fits =
        scenario(json!({"$has": {"args": ["app-server", "--config", "a=1"], "env": {"$has": {"PEER_TEST": "seen"}}}}));
    Peer::start_file(&fits, &["app-server", "--config", "a=1"]).passes(1);
    Peer::start_file(&fits, &["app-server"]).fails(&["how the peer was launched: at /args: expected a list of 3"]);
}

#[test]
fn a_peer_that_stops_reading_holds_the_client_up_until_it_reads_on() {
    let mut peer = Peer::start(json!([
        {"expect": "a"}, {"stop_reading": true}, {"notify": "stopped"}, {"stderr": "x"},
        {"repeat": [{"notify": "y"}], "count": 20000},
        {"read_on": true}, {"expect": "b", "params": {"$len": 1_000_000}},
    ]));
    peer.say(&json!({"method": "a"}));
    assert_eq!(peer.hear(), json!({"method": "stopped"}));
    // The flood keeps the peer from reading on until it is taken; a pipe holds far less than this line.
    let mut stdin = peer.child.stdin.take().unwrap();
    let line = format!("{}\n", json!({"method": "b", "params": "x".repeat(1_000_000)}));
    let (sender, written) = std::sync::mpsc::channel();
    let writer = std::thread::spawn(move || {
        std::io::Write::write_all(&mut stdin, line.as_bytes()).unwrap();
        sender.send(()).unwrap();
        stdin
    });
    assert!(written.try_recv().is_err());
    (0..20000).for_each(|_| assert_eq!(peer.line(), "{\"method\":\"y\"}\n"));
    written.recv().unwrap();
    peer.child.stdin = Some(writer.join().unwrap());
    peer.passes(7);
}

#[test]
fn a_step_that_needs_input_after_stop_reading_fails() {
    for step in [json!({"expect": "a"}), json!({"expect_end": true})] {
        Peer::start(json!([{"stop_reading": true}, step])).fails(&["stop_reading"]);
    }
}

#[test]
fn a_client_that_writes_much_and_a_peer_that_writes_much_do_not_wait_for_each_other() {
    let fill = json!({"$fill": "z", "count": 4_000_000});
    let mut peer = Peer::start(json!([{"notify": "a", "params": fill}, {"expect": "b", "params": fill}]));
    peer.say(&json!({"method": "b", "params": "z".repeat(4_000_000)}));
    assert_eq!(peer.hear()["params"].as_str().unwrap().len(), 4_000_000);
    peer.passes(2);
}
