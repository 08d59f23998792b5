//! What a request to `/v1/responses` says, as far as replies are chosen by it.
//!
//! Knows the shape of `input`, a list of items from the oldest to the newest.

use super::scenario::When;
use serde_json::Value;

/// The facts about one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The text of the last user message, empty if there is none.
    pub user: String,
    /// The URLs of its images.
    pub images: Vec<String>,
    /// The outputs that came after the model's last word.
    pub outputs: Vec<Output>,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub call: String,
    /// What it says; JSON where it isn't a text.
    pub said: String,
}

impl Asked {
    pub fn read(body: &Value) -> Self {
        let input = body.get("input").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let message = input.iter().rev().find(|item| is_message(item, "user"));
        let user = message.map(text_of).unwrap_or_default();
        let images = message.map(images_of).unwrap_or_default();
        let fresh = input.iter().rev().take_while(|item| !is_models(item));
        let mut outputs: Vec<Output> = fresh.filter_map(output_of).collect();
        outputs.reverse();
        Self { user, images, outputs }
    }

    pub fn fits(&self, when: Option<&When>, whole: &Value) -> bool {
        let Some(When { contains, after_tool, output, image, body }) = when else { return true };
        let says = |came: &Output| output.as_ref().is_none_or(|part| came.said.contains(part.as_str()));
        let is_wanted = |call: &String| self.outputs.iter().any(|came| came.call == *call && says(came));
        contains.as_ref().is_none_or(|part| self.user.contains(part.as_str()))
            && image.as_ref().is_none_or(|part| self.images.iter().any(|url| url.contains(part.as_str())))
            && body.iter().all(|(pointer, value)| whole.pointer(pointer) == Some(value))
            && after_tool.as_ref().map_or(self.outputs.is_empty(), is_wanted)
    }
}

fn kind(item: &Value) -> &str {
    item.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn is_message(item: &Value, role: &str) -> bool {
    // A message may leave out its type; its role tells it then.
    matches!(kind(item), "message" | "") && item.get("role").and_then(Value::as_str) == Some(role)
}

/// Whether the model said it, now or earlier in the conversation.
fn is_models(item: &Value) -> bool {
    matches!(kind(item), "function_call" | "custom_tool_call" | "local_shell_call" | "reasoning")
        || is_message(item, "assistant")
}

fn output_of(item: &Value) -> Option<Output> {
    let is_output = matches!(kind(item), "function_call_output" | "custom_tool_call_output");
    let call = item.get("call_id").and_then(Value::as_str).filter(|_| is_output)?;
    let said = match item.get("output") {
        Some(Value::String(text)) => text.clone(),
        other => other.unwrap_or(&Value::Null).to_string(),
    };
    Some(Output { call: call.to_owned(), said })
}

fn text_of(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

fn images_of(message: &Value) -> Vec<String> {
    let parts = message.get("content").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    parts.iter().filter_map(|part| Some(part.get("image_url")?.as_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn when(contains: Option<&str>, after_tool: Option<&str>) -> When {
        When { contains: contains.map(str::to_owned), after_tool: after_tool.map(str::to_owned), ..When::default() }
    }

    fn fits(asked: &Asked, when: Option<&When>) -> bool {
        asked.fits(when, &Value::Null)
    }

    fn after(call: &str, output: &str) -> When {
        When { output: Some(output.to_owned()), ..when(None, Some(call)) }
    }

    fn user(text: &str) -> Value {
        json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
    }

    #[test]
    fn the_last_user_message_counts() {
        let asked =
            Asked::read(&json!({"input": [user("first"), {"role": "assistant", "content": "x"}, user("second")]}));
        assert_eq!(asked, Asked { user: "second".to_owned(), images: vec![], outputs: vec![] });
        assert!(fits(&asked, None));
        assert!(fits(&asked, Some(&when(Some("eco"), None))));
        assert!(!fits(&asked, Some(&when(Some("first"), None))));
        assert!(!fits(&asked, Some(&when(None, Some("c1")))));
    }

    #[test]
    fn fresh_tool_output_selects_by_its_call_and_not_by_the_message_alone() {
        let call = |id: &str| json!({"type": "function_call", "call_id": id});
        let output = |id: &str| json!({"type": "function_call_output", "call_id": id, "output": "o"});
        let input = [user("go"), call("c1"), output("c1"), call("c2"), call("c3"), output("c2"), output("c3")];
        let asked = Asked::read(&json!({"input": input}));
        assert_eq!(asked.outputs.iter().map(|output| output.call.as_str()).collect::<Vec<_>>(), ["c2", "c3"]);
        assert!(fits(&asked, None));
        assert!(fits(&asked, Some(&when(Some("go"), Some("c2")))));
        assert!(!fits(&asked, Some(&when(None, Some("c1")))), "that output is an old one");
        assert!(!fits(&asked, Some(&when(Some("go"), None))));
    }

    #[test]
    fn what_an_output_says_selects_too() {
        let output = |said: Value| json!({"type": "function_call_output", "call_id": "c1", "output": said});
        let parts = json!([{"type": "input_text", "text": "green"}]);
        for (said, word) in [(json!("it is green"), "is green"), (parts, r#""text":"green""#)] {
            let asked = Asked::read(&json!({"input": [output(said)]}));
            assert!(fits(&asked, Some(&after("c1", word))));
            assert!(!fits(&asked, Some(&after("c1", "blue"))));
            assert!(!fits(&asked, Some(&after("c2", word))));
        }
    }

    #[test]
    fn an_image_and_any_part_of_the_body_select_too() {
        let content = json!([{"type": "input_text", "text": "look"}, {"type": "input_image", "image_url": "data:image/png;base64,AA"}]);
        let body = json!({"input": [{"role": "user", "content": content}], "reasoning": {"effort": "low"}});
        let asked = Asked::read(&body);
        let image = |part: &str| When { image: Some(part.to_owned()), ..When::default() };
        assert!(asked.fits(Some(&image("image/png")), &body) && !asked.fits(Some(&image("image/gif")), &body));
        let effort =
            |effort: Value| When { body: [("/reasoning/effort".to_owned(), effort)].into(), ..When::default() };
        assert!(asked.fits(Some(&effort(json!("low"))), &body));
        assert!(
            !asked.fits(Some(&effort(json!("high"))), &body) && !asked.fits(Some(&effort(json!(null))), &json!({}))
        );
    }

    #[test]
    fn an_odd_body_has_no_facts() {
        let nothing = Asked { user: String::new(), images: vec![], outputs: vec![] };
        for body in [json!(null), json!({"input": "text"}), json!({"input": [1, {"type": 2}]})] {
            assert_eq!(Asked::read(&body), nothing);
        }
    }
}
