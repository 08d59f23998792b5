//! The model server over real sockets, with a client of a few lines.

use super::*;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

struct Model {
    address: SocketAddr,
}

/// An answer that is read piece by piece.
struct Answer {
    stream: TcpStream,
    seen: String,
}

impl Model {
    async fn start(scenario: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let session = Session::new(Scenario::parse(scenario).unwrap());
        tokio::spawn(http::serve(listener, Arc::new(session)));
        Self { address }
    }

    async fn open(&self, method: &str, path: &str, body: &Value) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let body = body.to_string();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        Answer { stream, seen: String::new() }
    }

    async fn ask(&self, input: Value) -> Answer {
        self.open("POST", "/v1/responses", &json!({"input": input})).await
    }

    async fn say(&self, text: &str) -> Answer {
        self.ask(json!([{"role": "user", "content": text}])).await
    }

    async fn control(&self, path: &str, body: Value) -> String {
        self.open("POST", &format!("/control/{path}"), &body).await.rest().await
    }

    async fn requests(&self) -> Vec<Value> {
        let text = self.open("GET", "/control/requests", &Value::Null).await.rest().await;
        let body = text.split_once("\r\n\r\n").unwrap().1;
        let mut body: Value = serde_json::from_str(body).unwrap();
        body["requests"].as_array_mut().map(std::mem::take).unwrap()
    }

    async fn until_state(&self, index: usize, state: &str) {
        while self.requests().await[index]["state"] != state {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Answer {
    /// Reads on until the text has come.
    async fn until(&mut self, text: &str) {
        while !self.seen.contains(text) {
            assert!(self.more().await, "{text} never came; this did:\n{}", self.seen);
        }
    }

    async fn rest(mut self) -> String {
        while self.more().await {}
        self.seen
    }

    async fn more(&mut self) -> bool {
        let mut piece = [0; 4096];
        let count = self.stream.read(&mut piece).await.unwrap_or(0);
        self.seen.push_str(&String::from_utf8_lossy(&piece[..count]));
        count > 0
    }
}

#[tokio::test]
async fn replies_go_in_order_and_then_run_out() {
    let model = Model::start("[[reply]]\nevents = [{ text = 'one' }]\n[[reply]]\nevents = [{ text = 'two' }]").await;
    let first = model.say("a").await.rest().await;
    assert!(first.starts_with("HTTP/1.1 200") && first.contains("text/event-stream"), "{first}");
    assert!(first.contains("event: response.completed\ndata: {"), "{first}");
    assert!(first.contains(r#""delta":"one""#), "{first}");
    assert!(model.say("b").await.rest().await.contains(r#""delta":"two""#));
    let third = model.say("c").await.rest().await;
    assert!(third.starts_with("HTTP/1.1 500"), "{third}");
    assert!(third.contains(r#"last user message is \"c\""#) && third.contains("reply 2 is used up"), "{third}");
    let requests = model.requests().await;
    let facts: Vec<_> = requests.iter().map(|request| (&request["reply"], &request["state"])).collect();
    let (one, two) = (json!(1), json!(2));
    let (finished, unmatched) = (json!("finished"), json!("unmatched"));
    assert_eq!(facts, [(&one, &finished), (&two, &finished), (&Value::Null, &unmatched)]);
    assert_eq!(requests[2]["body"], json!({"input": [{"role": "user", "content": "c"}]}));
}

#[tokio::test]
async fn replies_are_chosen_by_message_and_by_tool_output() {
    let scenario = "
        [[reply]]
        repeat = true
        when = { contains = 'left' }
        events = [{ call = 'look', call_id = 'l' }]
        [[reply]]
        when = { after_tool = 'l' }
        events = [{ text = 'seen left' }]
        [[reply]]
        when = { contains = 'right' }
        events = [{ echo = true }]";
    let model = Model::start(scenario).await;
    assert!(model.say("go right").await.rest().await.contains(r#""delta":"go right""#));
    assert!(model.say("go left").await.rest().await.contains(r#""name":"look""#));
    let message = json!({"role": "user", "content": "go left"});
    let output =
        json!([message, {"type": "function_call", "call_id": "l"}, {"type": "function_call_output", "call_id": "l"}]);
    assert!(model.ask(output.clone()).await.rest().await.contains("seen left"));
    let unmatched = model.ask(output).await.rest().await;
    assert!(unmatched.starts_with("HTTP/1.1 500"), "the second output fits nothing");
    assert!(unmatched.contains(r#"reply 1 wants no output and \"left\" in the last user message"#), "{unmatched}");
    assert!(model.say("left again").await.rest().await.contains(r#""name":"look""#));
}

#[tokio::test]
async fn gates_order_two_streams() {
    let scenario = "
        [[reply]]
        when = { contains = 'A' }
        events = [{ text = ['a1', { delta = 'a2', wait = 'second' }] }]
        [[reply]]
        when = { contains = 'B' }
        events = [{ wait = 'first', text = 'b1' }]";
    let model = Model::start(scenario).await;
    let (mut a, mut b) = (model.say("A").await, model.say("B").await);
    a.until("a1").await;
    b.until("response.created").await;
    assert!(model.control("release", json!({"gate": "first"})).await.starts_with("HTTP/1.1 200"));
    b.until("response.completed").await;
    assert!(!a.seen.contains("a2"));
    model.control("release", json!({"gate": "second"})).await;
    a.until("response.completed").await;
    let unknown = model.control("release", json!({"gate": "third"})).await;
    assert!(unknown.starts_with("HTTP/1.1 404") && unknown.contains(r#"{\"first\", \"second\"}"#), "{unknown}");
    assert!(model.control("release", json!([])).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_reply_opens_the_gate_of_another_one() {
    let scenario = "
        [[reply]]
        when = { contains = 'A' }
        events = [{ text = ['a1', { delta = 'a2', wait = 'there' }] }]
        [[reply]]
        when = { contains = 'B' }
        events = [{ open = 'there' }, { text = 'b1' }]";
    let model = Model::start(scenario).await;
    let mut a = model.say("A").await;
    a.until("a1").await;
    assert!(!a.seen.contains("a2"));
    model.say("B").await.until("response.completed").await;
    a.until("response.completed").await;
    assert!(a.seen.contains("a2"));
}

#[tokio::test]
async fn a_held_stream_ends_with_its_client() {
    let model = Model::start("[[reply]]\nevents = [{ text = 'x' }, { hold = true }]").await;
    let mut held = model.say("a").await;
    held.until("output_item.done").await;
    assert_eq!(model.requests().await[0]["state"], "streaming");
    drop(held);
    model.until_state(0, "disconnected").await;
}

#[tokio::test]
async fn a_reset_starts_over_and_breaks_what_is_open() {
    let model = Model::start("[[reply]]\nevents = [{ text = ['x', { delta = 'y', wait = 'g' }] }]").await;
    let mut held = model.say("a").await;
    held.until(r#""x""#).await;
    model.control("reset", Value::Null).await;
    assert!(!held.rest().await.ends_with("0\r\n\r\n"), "the body must not look complete");
    assert!(model.requests().await.is_empty());
    let mut again = model.say("a").await;
    again.until(r#""x""#).await;
    model.control("release", json!({"gate": "g"})).await;
    again.until("response.completed").await;
}

#[tokio::test]
async fn failures_of_all_kinds() {
    let scenario = "
        [[reply]]
        events = [{ text = 'x' }]
        fail = { code = 'rate_limit_exceeded', message = 'slow down' }
        [[reply]]
        http = { status = 429, body = { error = { message = 'no' } } }
        [[reply]]
        http = { status = 503, body = 'plain' }
        [[reply]]
        events = [{ text = 'x' }]
        cut = true";
    let model = Model::start(scenario).await;
    let failed = model.say("a").await.rest().await;
    assert!(failed.contains(r#""error":{"code":"rate_limit_exceeded","message":"slow down"}"#), "{failed}");
    let limited = model.say("a").await.rest().await;
    assert!(limited.starts_with("HTTP/1.1 429") && limited.ends_with(r#"{"error":{"message":"no"}}"#), "{limited}");
    let down = model.say("a").await.rest().await;
    assert!(down.starts_with("HTTP/1.1 503") && down.ends_with("plain"), "{down}");
    let cut = model.say("a").await.rest().await;
    assert!(cut.contains("output_item.done") && !cut.ends_with("0\r\n\r\n"), "{cut}");
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let model = Model::start(ECHO).await;
    assert!(model.open("GET", "/v1/models", &Value::Null).await.rest().await.starts_with("HTTP/1.1 404"));
    let mut stream = TcpStream::connect(model.address).await.unwrap();
    stream
        .write_all(b"POST /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\n{")
        .await
        .unwrap();
    let answer = Answer { stream, seen: String::new() }.rest().await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("no JSON"), "{answer}");
}
