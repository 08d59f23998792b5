//! What the peer sends.

use super::support::Peer;
use serde_json::{Value, json};

/// What a script writes on stdout before the end of input.
fn written(script: Value) -> Vec<u8> {
    let steps = script.as_array().unwrap().len();
    let mut peer = Peer::start(script);
    peer.end_input();
    let bytes = peer.rest();
    peer.passes(steps);
    bytes
}

fn text(script: Value) -> String {
    String::from_utf8(written(script)).unwrap()
}

#[test]
fn messages_have_the_members_that_the_step_names() {
    assert_eq!(
        text(json!([
            {"notify": "a"},
            {"notify": "b", "params": {"x": null}, "more": {"emittedAtMs": 5}},
            {"ask": "c", "id": 1},
            {"ask": "d", "id": "s", "params": [1.5, "\"\n"]},
            {"send": {"free": true}},
            {"send": "text"},
        ])),
        "{\"method\":\"a\"}\n{\"method\":\"b\",\"params\":{\"x\":null},\"emittedAtMs\":5}\n{\"method\":\"c\",\"id\":1}\n\
         {\"method\":\"d\",\"id\":\"s\",\"params\":[1.5,\"\\\"\\n\"]}\n{\"free\":true}\n\"text\"\n"
    );
}

#[test]
fn calls_are_answered_with_errors_too() {
    let mut peer = Peer::start(json!([
        {"expect": "a", "as": "one"},
        {"answer": "one", "error": {"code": -32601, "message": "no ${one.method}"}},
        {"expect": "n", "as": "note"},
        {"answer": "note", "result": {}},
    ]));
    peer.say(&json!({"id": 3, "method": "a"}));
    assert_eq!(peer.hear(), json!({"id": 3, "error": {"code": -32601, "message": "no a"}}));
    peer.say(&json!({"method": "n"}));
    peer.fails(&["step 3 (answer note)", r#"no "id""#]);
}

#[test]
fn bytes_are_written_exactly() {
    let bytes = written(json!([
        {"bytes": [{"text": "{\"a\":1}\r\n"}, {"hex": "ff 00 0A"}, {"fill": "ab", "count": 3}]},
        {"bytes": [{"text": "é"}]},
    ]));
    assert_eq!(bytes, b"{\"a\":1}\r\n\xff\x00\nababab\xc3\xa9");
}

#[test]
fn bytes_have_saved_values_in_their_text() {
    let mut peer = Peer::start(json!([
        {"expect": "a", "as": "call"},
        {"bytes": [{"text": "{\"id\":${call.id},\"result\":${call.params}}\r\n"}]},
    ]));
    peer.say(&json!({"id": 9, "method": "a", "params": {"x": ["y"]}}));
    assert_eq!(peer.line(), "{\"id\":9,\"result\":{\"x\":[\"y\"]}}\r\n");
    peer.passes(2);
}

#[test]
fn a_string_can_be_filled_and_a_surrogate_can_stand_alone() {
    assert_eq!(
        text(json!([{"send": {"$fill": "a\"", "count": 3}}, {"send": [{"$surrogate": true}]}])),
        "\"a\\\"a\\\"a\\\"\"\n[\"\\ud800\"]\n"
    );
}

#[test]
fn steps_are_repeated_with_their_number() {
    assert_eq!(
        text(json!([{"repeat": [{"notify": "a", "params": "${n}"}, {"notify": "b-${n}"}], "count": 2}])),
        "{\"method\":\"a\",\"params\":0}\n{\"method\":\"b-0\"}\n{\"method\":\"a\",\"params\":1}\n{\"method\":\"b-1\"}\n"
    );
}

#[test]
fn a_million_notifications_are_written() {
    let step = json!({"notify": "item/delta", "params": {"threadId": "t", "index": "${n}", "delta": "some text"}});
    let sent = text(json!([{"repeat": [step], "count": 1_000_000}]));
    assert_eq!(sent.lines().count(), 1_000_000);
    let last: Value = serde_json::from_str(sent.lines().last().unwrap()).unwrap();
    assert_eq!(last["params"]["index"], 999_999);
}

#[test]
fn a_line_of_64_mib_is_written() {
    let sent = written(json!([{"notify": "a", "params": {"$fill": "é", "count": 32 << 20}}]));
    assert_eq!(sent.len(), (64 << 20) + "{\"method\":\"a\",\"params\":\"\"}\n".len());
    assert!(sent.ends_with("é\"}\n".as_bytes()));
}

#[test]
fn stderr_has_its_lines() {
    let mut peer = Peer::start(json!([
        {"stderr": "one"},
        {"stderr": {"$fill": "x", "count": 4}, "count": 2},
        {"repeat": [{"stderr": "line ${n}"}], "count": 2},
    ]));
    peer.end_input();
    assert_eq!(peer.stderr(), "one\nxxxx\nxxxx\nline 0\nline 1\n");
    peer.passes(3);
}

#[test]
fn what_is_sent_arrives_before_a_pause() {
    let mut peer = Peer::start(json!([{"repeat": [{"notify": "a"}, {"sleep_ms": 1}, {"expect": "b"}], "count": 2}]));
    for _ in 0..2 {
        assert_eq!(peer.hear(), json!({"method": "a"}));
        peer.say(&json!({"method": "b"}));
    }
    peer.passes(1);
}
