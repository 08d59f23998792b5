//! A reply written out as the acts that play it: pauses and server-sent events, in order.
//!
//! Knows the events of the Responses API; does no I/O and measures no time.

use super::deltas::{Deltas, Pause};
use super::request::Asked;
use super::scenario::{End, Event, Step, Usage};
use serde_json::{Map, Value, json};

/// One thing to do while a stream is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Pause(Pause),
    /// A gate opens.
    Open(String),
    /// A server-sent event, ready to be written.
    Send(String),
    /// Nothing more happens until somebody ends the stream.
    Hold,
    /// The connection breaks.
    Cut,
}

/// Writes out the steps for the request with this number; ids are made of it, so that they are the same in each run.
pub fn write(steps: &[Step], end: &End, asked: &Asked, number: usize) -> Vec<Act> {
    let mut script = Script { acts: Vec::new(), number, items: 0 };
    let id = format!("resp-{number}");
    script.send(&json!({"type": "response.created", "response": {"id": id}}));
    for step in steps {
        script.pause(&step.pause);
        script.event(&step.event, asked);
    }
    match end {
        End::Completed(usage) => {
            script.send(&json!({"type": "response.completed", "response": {"id": id, "usage": usage_json(*usage)}}));
        }
        End::Failed(failure) => {
            let error = json!({"code": failure.code, "message": failure.message});
            script.send(&json!({"type": "response.failed", "response": {"id": id, "error": error}}));
        }
        End::Cut => script.acts.push(Act::Cut),
    }
    script.acts
}

struct Script {
    acts: Vec<Act>,
    number: usize,
    items: usize,
}

impl Script {
    fn send(&mut self, event: &Value) {
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        self.acts.push(Act::Send(format!("event: {kind}\ndata: {event}\n\n")));
    }

    fn pause(&mut self, pause: &Pause) {
        if *pause != Pause::default() {
            self.acts.push(Act::Pause(pause.clone()));
        }
    }

    fn item_id(&mut self, prefix: &str) -> String {
        self.items += 1;
        format!("{prefix}-{}-{}", self.number, self.items)
    }

    fn event(&mut self, event: &Event, asked: &Asked) {
        match event {
            Event::Text { deltas, phase } => self.message(deltas, phase.as_deref()),
            Event::Echo { phase } => self.message(&Deltas::of(&asked.user), phase.as_deref()),
            Event::Reasoning(deltas) => self.reasoning(deltas),
            Event::Call { name, call_id, arguments } => {
                let arguments = Value::Object(arguments.clone()).to_string();
                let item = json!({"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments});
                self.done(&item);
            }
            Event::CustomCall { name, call_id, input } => {
                self.done(&json!({"type": "custom_tool_call", "call_id": call_id, "name": name, "input": input}));
            }
            Event::Raw(event) => self.send(&Value::Object(event.clone())),
            Event::Open(gate) => self.acts.push(Act::Open(gate.clone())),
            Event::Hold => self.acts.push(Act::Hold),
            Event::Nothing => {}
        }
    }

    fn message(&mut self, deltas: &Deltas, phase: Option<&str>) {
        let id = self.item_id("msg");
        let item = |content: Value| {
            let mut item = Map::new();
            item.insert("type".to_owned(), json!("message"));
            item.insert("role".to_owned(), json!("assistant"));
            item.insert("id".to_owned(), json!(id));
            item.insert("content".to_owned(), content);
            item.extend(phase.map(|phase| ("phase".to_owned(), json!(phase))));
            Value::Object(item)
        };
        self.send(&json!({"type": "response.output_item.added", "item": item(json!([]))}));
        for delta in &deltas.0 {
            self.pause(&delta.pause);
            self.send(&json!({"type": "response.output_text.delta", "item_id": id, "delta": delta.text}));
        }
        self.done(&item(json!([{"type": "output_text", "text": deltas.whole()}])));
    }

    fn reasoning(&mut self, deltas: &Deltas) {
        let id = self.item_id("rs");
        let item = |summary: Value| json!({"type": "reasoning", "id": id, "summary": summary});
        self.send(&json!({"type": "response.output_item.added", "item": item(json!([]))}));
        self.send(&json!({"type": "response.reasoning_summary_part.added", "item_id": id, "summary_index": 0}));
        for delta in &deltas.0 {
            self.pause(&delta.pause);
            let kind = "response.reasoning_summary_text.delta";
            self.send(&json!({"type": kind, "item_id": id, "summary_index": 0, "delta": delta.text}));
        }
        self.done(&item(json!([{"type": "summary_text", "text": deltas.whole()}])));
    }

    fn done(&mut self, item: &Value) {
        self.send(&json!({"type": "response.output_item.done", "item": item}));
    }
}

fn usage_json(usage: Usage) -> Value {
    json!({
        "input_tokens": usage.input,
        "input_tokens_details": {"cached_tokens": usage.cached_input},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_output},
        "total_tokens": usage.input + usage.output,
    })
}

#[cfg(test)]
mod tests {
    use super::super::scenario::{Answer, Scenario};
    use super::*;

    fn acts(reply: &str) -> Vec<Act> {
        let scenario = Scenario::parse(&format!("[[reply]]\n{reply}")).unwrap();
        let Answer::Stream { steps, end } = &scenario.replies[0].answer else { panic!("no stream") };
        write(steps, end, &Asked { user: "hi".to_owned(), images: vec![], outputs: vec![] }, 7)
    }

    /// The types of what is sent, with the other acts between them.
    fn outline(acts: &[Act]) -> Vec<String> {
        let line = |act: &Act| match act {
            Act::Send(frame) => frame.lines().next().unwrap().trim_start_matches("event: response.").to_owned(),
            Act::Pause(pause) => format!("pause {:?} {:?}", pause.gate.as_deref(), pause.delay),
            Act::Open(gate) => format!("open {gate}"),
            Act::Hold => "hold".to_owned(),
            Act::Cut => "cut".to_owned(),
        };
        acts.iter().map(line).collect()
    }

    fn data(act: &Act) -> Value {
        let Act::Send(frame) = act else { panic!("{act:?} sends nothing") };
        serde_json::from_str(frame.lines().nth(1).unwrap().strip_prefix("data: ").unwrap()).unwrap()
    }

    #[test]
    fn a_message_is_added_streamed_and_done() {
        let acts = acts("events = [{ text = ['a', { delta = 'b', wait = 'g', delay_ms = 5 }], phase = 'commentary' }]");
        let expected =
            ["created", "output_item.added", "output_text.delta", "pause Some(\"g\") 5ms", "output_text.delta"];
        assert_eq!(outline(&acts)[..5], expected);
        assert_eq!(outline(&acts)[5..], ["output_item.done", "completed"]);
        let item = &data(&acts[5])["item"];
        assert_eq!((&item["id"], &item["phase"]), (&json!("msg-7-1"), &json!("commentary")));
        assert_eq!(item["content"][0]["text"], "ab");
        assert_eq!(data(&acts[6])["response"]["usage"]["total_tokens"], 15);
    }

    #[test]
    fn a_call_carries_its_arguments_as_text() {
        let acts = acts("events = [{ call = 't', call_id = 'c', arguments = { a = 1, b = [true] } }]");
        assert_eq!(outline(&acts), ["created", "output_item.done", "completed"]);
        assert_eq!(data(&acts[1])["item"]["arguments"], r#"{"a":1,"b":[true]}"#);
    }

    #[test]
    fn reasoning_echo_raw_and_the_other_ends() {
        let summary = ["created", "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta"];
        let reasoning = acts("events = [{ reasoning = 'r' }]\nfail = { code = 'c', message = 'm' }");
        assert_eq!(outline(&reasoning)[..4], summary);
        assert_eq!(outline(&reasoning)[4..], ["output_item.done", "failed"]);
        assert_eq!(data(&acts("events = [{ echo = true }]")[2])["delta"], "hi");
        let raw = acts("events = [{ raw = { type = 'response.odd', n = 1 } }, { hold = true }]\ncut = true");
        assert_eq!(outline(&raw), ["created", "odd", "hold", "cut"]);
    }
}
