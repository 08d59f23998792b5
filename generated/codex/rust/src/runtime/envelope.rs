//! The outer form of messages: one JSON object a line. Knows no method and reads no payload.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// JSON that has not been looked into.
pub(crate) type Raw = Box<RawValue>;

/// A line that the server has written.
#[derive(Debug)]
pub(crate) enum Message {
    /// An answer to a call of ours.
    Answer { id: Value, outcome: Result<Raw, Value> },
    /// A call that the server makes.
    Request(ServerCall),
    /// An announcement.
    Notice { method: String, params: Option<Raw>, emitted_at_ms: Option<i64> },
}

/// A call that the server makes.
#[derive(Debug)]
pub(crate) struct ServerCall {
    pub(crate) id: Value,
    pub(crate) method: String,
    pub(crate) params: Option<Raw>,
}

/// The message in `line`; none in a blank line. The error says why it is no message. `sent_at` names the member that
/// says when a notification was sent.
pub(crate) fn read(line: &[u8], sent_at: Option<&str>) -> Result<Option<Message>, String> {
    let text = std::str::from_utf8(line).map_err(|error| format!("not UTF-8: {error}"))?;
    // JSON's own white space, and no other, makes a line blank.
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with('{') {
        return Err("not an object".to_owned());
    }
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let raw = |name: &str| members.get(name).copied().map(ToOwned::to_owned);
    let value = |name: &str| members.get(name).and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
    let id = members.contains_key("id").then(|| value("id").unwrap_or_default());
    if let Some(Value::String(method)) = value("method") {
        let params = raw("params");
        return match id {
            None => Ok(Some(Message::Notice {
                method,
                params,
                emitted_at_ms: sent_at.and_then(value).and_then(|time| time.as_i64()),
            })),
            Some(id) if is_id(&id) => Ok(Some(Message::Request(ServerCall { id, method, params }))),
            Some(_) => Err("an id of a wrong kind".to_owned()),
        };
    }
    let Some(id) = id.filter(is_id) else {
        return Err("neither a method nor an id".to_owned());
    };
    let outcome = match (value("error"), raw("result")) {
        (Some(error), _) if !error.is_null() => Err(error),
        (_, Some(result)) => Ok(result),
        _ => return Err("neither a result nor an error".to_owned()),
    };
    Ok(Some(Message::Answer { id, outcome }))
}

fn is_id(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

/// The line that calls `method`; `params` are JSON.
pub(crate) fn call(id: u64, method: &str, params: Option<&str>) -> Vec<u8> {
    message(&format!("{{\"id\":{id},\"method\":"), method, params)
}

/// The line that announces something; `params` are JSON.
pub(crate) fn announcement(method: &str, params: Option<&str>) -> Vec<u8> {
    message("{\"method\":", method, params)
}

fn message(head: &str, method: &str, params: Option<&str>) -> Vec<u8> {
    let method = Value::from(method).to_string();
    let (before, params) = params.map_or(("", ""), |params| (",\"params\":", params));
    [head, &method, before, params, "}\n"].concat().into_bytes()
}

/// The line that answers a call of the server; `result` is JSON.
pub(crate) fn answer(id: &Value, result: &str) -> Vec<u8> {
    format!("{{\"id\":{id},\"result\":{result}}}\n").into_bytes()
}

/// The line that answers a call of the server with an error.
pub(crate) fn error_answer(id: &Value, code: i64, message: &str) -> Vec<u8> {
    format!("{{\"error\":{{\"code\":{code},\"message\":{}}},\"id\":{id}}}\n", Value::from(message)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_messages() {
        assert!(matches!(read(b" \t\r\n", None), Ok(None)));
        assert!(matches!(read(br#"{"id":1,"result":null}"#, None), Ok(Some(Message::Answer { outcome: Ok(_), .. }))));
        assert!(matches!(
            read(br#"{"error":{"code":1},"id":"a"}"#, None),
            Ok(Some(Message::Answer { outcome: Err(_), .. }))
        ));
        assert!(matches!(read(br#"{"method":"m","params":{}}"#, None), Ok(Some(Message::Notice { .. }))));
        assert!(matches!(read(br#"{"params":{},"id":-3,"method":"m"}"#, None), Ok(Some(Message::Request(_)))));
    }

    #[test]
    fn what_is_no_message() {
        for line in [
            "nonsense",
            "\u{a0}",
            "[]",
            "{\"id\":1}",
            "{\"id\":1.5,\"method\":\"m\"}",
            "{}",
            "{\"id\":null,\"error\":{}}",
        ] {
            assert!(read(line.as_bytes(), None).is_err(), "{line}");
        }
        assert!(read(b"{\"id\":\xff}", None).is_err());
    }
}
