//! What is told of scenarios that are wrong.

use super::*;
use serde_json::json;

/// What is told of a scenario with this client.
fn told(mut scenario: Value) -> String {
    for (name, usual) in [("about", json!("x")), ("client", json!([]))] {
        if scenario.get(name).is_none() {
            scenario[name] = usual;
        }
    }
    if scenario.get("peer").is_none() && scenario.get("server").is_none() {
        scenario["peer"] = json!([]);
    }
    parse(&scenario.to_string())
        .map_or_else(|found| found.iter().map(|problem| problem.to_string() + "\n").collect(), |_| "good".to_owned())
}

#[track_caller]
fn client(steps: &Value, words: &[&str]) {
    let told = told(json!({"client": steps}));
    words.iter().for_each(|word| assert!(told.contains(word), "{word:?} is not in {told}"));
}

#[test]
fn every_client_step_can_be_right() {
    let call = json!({"call": "a", "params": {"x": {"$fill": "y", "count": 3}}, "result": {"$any": true},
        "save": {"id": "thread.id"}, "timeout_ms": null, "retry": {"attempts": 3}, "untyped": true});
    let script = json!([
        {"start": true, "config": {"default_timeout_ms": null, "queue_size": 2, "env": {"A": "b"}}, "handlers": {}},
        call,
        {"call": "b", "params": {"id": "${id}"}, "later": "b", "cancel_first": false},
        {"await": "b", "fails": {"kind": "ServerBusy", "code": -32001, "message": {"$contains": "x"}}},
        {"call": "b", "later": "c"}, {"cancel": "c"},
        {"open": "turn/start", "params": {}, "as": "work"}, {"subscribe": "again", "of": "work"}, {"stream": "all"},
        {"events": "work", "are": [{"method": "m", "params": {"$has": {}}}]},
        {"until": "all", "event": {"method": "m"}, "counts": {"m": 3}, "save": {"t": "params.t"}},
        {"ends": "work"}, {"drain": "again", "least": 1, "most": 2}, {"close_stream": "all"},
        {"next": {"method": "x", "params": "${t}"}, "timeout_ms": 1}, {"wait_end": "turn/completed", "id": "${t}"},
        {"handler": "h", "waits_for": "gate", "calls": {"call": "a", "params": {}}, "returns": 1, "plain": true},
        {"asked": "h", "params": {}, "save": {"p": "x"}}, {"release": "gate"},
        {"unknowns": [{"kind": "method", "method": "m", "path": {"$any": true}, "raw": "${p}"}]},
        {"overflow": true, "least": 1}, {"overflow": "work"}, {"stderr_hook": "x"}, {"signal": "SIGSTOP"},
        {"close": true, "times": 3}, {"leave": true}, {"gone": true}, {"closed": false}, {"stderr_tail": []},
        {"server_info": {}}, {"notify": "x", "params": {}},
        {"parallel": [[{"call": "a", "save": {"one": "x"}}], [{"call": "b"}]]}, {"call": "c", "params": "${one}"},
        {"repeat": [{"call": "a", "params": "${n}", "later": "r${n}"}], "count": 2, "at_once": 2},
        {"repeat": [{"await": "r${n}"}], "count": 2}
    ]);
    assert_eq!(told(json!({"client": script})), "good");
    let real = json!([{"file": "${root}/a", "text": "x"}, {"has_file": "${root}/b", "text": {"$absent": true}},
        {"release": "of the model"}, {"model": "stop"}, {"hang_up": true}]);
    assert_eq!(told(json!({"server": {"model": "echo", "home": {"a": "b"}, "toml": "x"}, "client": real})), "good");
    client(&json!([{"model": "stop"}]), &["a step `model`, which the client hasn't"]);
}

#[test]
fn wrong_client_steps_are_told_with_their_place() {
    client(&json!([{"call": "a", "now": 1}]), &["#/client/0/now", "a member `now`, which means nothing here"]);
    client(&json!([{}]), &["a step, whose first member names it"]);
    client(&json!([{"events": "x"}]), &["no member `are`"]);
    client(&json!([{"call": "a"}, {"start": 1}]), &["#/client/1/start", "expected: true"]);
    client(&json!([{"call": "a", "timeout_ms": "x"}]), &["milliseconds, or null for none"]);
    client(&json!([{"call": "a", "result": {"$near": 1}}]), &["#/client/0/result", "a pattern `$near`"]);
    client(&json!([{"call": "a", "fails": {"kind": "Odd"}}]), &["#/client/0/fails/kind", "JsonRpcError"]);
    client(&json!([{"call": "a", "fails": {"kind": "ParseError", "odd": 1}}]), &["#/client/0/fails/odd"]);
    client(&json!([{"call": "a", "fails": {"kind": "ParseError"}, "result": 1}]), &["`result` beside `fails`"]);
    client(&json!([{"call": "a", "later": "x", "result": 1}, {"await": "x"}]), &["put it into the `await` step"]);
    client(&json!([{"signal": "KILL"}]), &["one of SIGKILL"]);
    client(&json!([{"handler": "a"}]), &["either `returns` or `raises`"]);
    client(&json!([{"unknowns": [{"kind": "odd"}]}]), &["#/client/0/unknowns/0/kind", "one of method, variant"]);
    client(&json!([{"parallel": [[{"gone": 1}]]}]), &["#/client/0/parallel/0/0/gone"]);
    client(&json!([{"repeat": [{"gone": 1}], "count": 1}]), &["#/client/0/repeat/0/gone"]);
    client(&json!([{"start": true, "config": {"speed": 1}}]), &["#/client/0/config/speed"]);
}

#[test]
fn names_are_saved_before_they_are_used() {
    client(
        &json!([{"call": "a", "params": "${x.y}"}]),
        &["#/client/0/params", "the name `x`", "saved so far: nothing"],
    );
    client(&json!([{"call": "a", "params": "${x}", "save": {"x": "y"}}]), &["the name `x`"]);
    client(&json!([{"call": "a", "result": [{"$contains": "${x}"}]}]), &["the name `x`"]);
    client(&json!([{"call": "a", "params": "${n}"}]), &["the name `n`"]);
    client(&json!([{"events": "x", "are": []}]), &["a stream or work that an earlier step has named"]);
    client(&json!([{"await": "x"}]), &["wasn't awaited yet"]);
    client(&json!([{"call": "a", "later": "x"}]), &["#/client/0/later", "the call `x` is left open"]);
    client(&json!([{"release": "x"}]), &["`waits_for`"]);
    client(&json!([{"call": "a", "params": "${x"}]), &["a `}` after each `${`"]);
    let parallel = json!([{"parallel": [[{"call": "a", "save": {"x": "y"}}], [{"call": "b", "params": "${x}"}]]}]);
    client(&parallel, &["#/client/0/parallel/1/0/params"]);
    for (peer, place) in [
        (json!([{"answer": "x", "result": 1}]), "#/peer/0"),
        (json!([{"answer_all": "x", "result": 1}]), "#/peer/0"),
        (json!([{"repeat": [{"notify": "${it}"}], "count": 1}]), "#/peer/0/repeat/0"),
        (json!([{"expect": "a", "params": {"b": "${c}"}, "as": "c"}]), "#/peer/0"),
        (json!([{"bytes": [{"text": "${c.id}"}]}]), "#/peer/0"),
    ] {
        let told = told(json!({"peer": peer}));
        assert!(told.contains(place) && told.contains("no earlier step saves anything"), "{told}");
    }
    let peer = json!([
        {"greet": true, "result": {"was": "${initialize.params}"}}, {"collect": "a", "count": 2, "as": "calls"},
        {"answer_all": "calls", "result": "${it.params}"},
        {"repeat": [{"expect": "a", "as": "b"}, {"notify": "c", "params": "${n}"}], "count": 1}, {"answer": "b", "result": 1},
    ]);
    assert_eq!(told(json!({"peer": peer})), "good");
}

#[test]
fn the_head_is_checked() {
    let all = told(
        json!({"about": 1, "odd": 1, "clients": {"only": ["ruby"], "because": "x"}, "config": 1, "handlers": {"a": {}}}),
    );
    for words in ["#/about", "#/odd", "#/clients/only/0", "#/config", "#/handlers/a"] {
        assert!(all.contains(words), "{words} is not in {all}");
    }
    assert!(told(json!({"clients": {"only": ["rust"]}})).contains("no member `because`"));
    assert!(told(json!({"clients": {"only": [], "because": "x"}})).contains("some of the clients"));
    assert!(told(json!({"peer": [], "server": {"model": "x"}})).contains("either `peer` or `server`"));
    assert!(told(json!({"server": {}})).contains("no member `model`"));
    let scenario =
        parse(r#"{"about": "x", "clients": {"only": ["rust", "python"], "because": "so"}, "peer": [], "client": []}"#);
    assert_eq!(scenario.unwrap().without, [("python-async", "so".to_owned()), ("typescript", "so".to_owned())]);
}

#[test]
fn all_steps_are_checked_at_once() {
    let told = told(json!({"peer": [{"jump": 1}, {"exit": 300}], "client": [{"a": 1}, {"b": 1}]}));
    for words in ["#/peer/0", "#/peer/1/exit", "#/client/0", "#/client/1"] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn nothing_larger_than_memory_is_made() {
    let fill = json!({"$fill": "xx", "count": 1_u64 << 30});
    client(
        &json!([{"call": "a", "params": fill}, {"call": "a", "result": fill}]),
        &["#/client/0/params/count", "1 GiB", "#/client/1"],
    );
    assert!(told(json!({"peer": [{"bytes": [{"fill": "x", "count": u64::MAX}]}]})).contains("1 GiB"));
}

/// Puts `damage` in the place of the node of this number, counted from the root; false if there are fewer.
fn damage(node: &mut Value, number: &mut usize, damage: &Value) -> bool {
    if *number == 0 {
        *node = damage.clone();
        return true;
    }
    *number -= 1;
    match node {
        Value::Array(items) => items.iter_mut().any(|item| self::damage(item, number, damage)),
        Value::Object(map) => map.values_mut().any(|member| self::damage(member, number, damage)),
        _ => false,
    }
}

#[test]
fn no_damage_to_a_scenario_makes_reading_it_panic() {
    let repo = crate::repo::Repo::find().unwrap();
    let files = repo.root().join("tests/scenarios").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let values = [json!(null), json!(-1), json!("${"), json!([[]]), json!({"$has": {"a": "${b.c"}}), json!({})];
    let mut read = 0;
    for path in files.filter(|path| path.extension() == Some("json".as_ref())) {
        let whole: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        // Not every place of every file, but each time others.
        for number in (read % 17..300).step_by(17) {
            let mut damaged = whole.clone();
            if !damage(&mut damaged, &mut number.clone(), &values[(number + read) % values.len()]) {
                break;
            }
            // Whether it is right or wrong: it is read, and comes to an end.
            let _ = parse(&damaged.to_string());
            read += 1;
        }
    }
    assert!(read > 0, "nothing was read");
}
