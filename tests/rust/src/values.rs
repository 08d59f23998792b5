//! Plain JSON, and what in a scenario stands for another value.

use serde_json::{Map, Value};

/// What is wrong, told to whoever reads the test's output.
pub type Trouble = String;

/// How much of a value a message shows.
const SHOWN: usize = 600;

/// Finds what a name in a step stands for.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// A value as a message shows it.
pub fn shown(value: &Value) -> String {
    shortened(&value.to_string())
}

/// A text as a message shows it.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `value` with everything in it replaced that stands for something else.
pub fn fill(value: &Value, names: Lookup<'_>) -> Result<Value, Trouble> {
    match value {
        Value::String(text) => fill_text(text, names),
        Value::Array(items) => items.iter().map(|item| fill(item, names)).collect(),
        Value::Object(members) => fill_object(members, names),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
    }
}

fn fill_object(members: &Map<String, Value>, names: Lookup<'_>) -> Result<Value, Trouble> {
    if members.contains_key("$surrogate") {
        return Err("no string of Rust's has a lone surrogate: this scenario is not for Rust".to_owned());
    }
    if let (Some(Value::String(text)), Some(count)) = (members.get("$fill"), members.get("count")) {
        let count = count.as_u64().and_then(|count| usize::try_from(count).ok()).ok_or("`count` is no count")?;
        return Ok(Value::String(text.repeat(count)));
    }
    let filled = members.iter().map(|(key, member)| Ok((key.clone(), fill(member, names)?)));
    filled.collect::<Result<Map<_, _>, Trouble>>().map(Value::Object)
}

/// A text that is one name stands for a value of any kind; names within a text stand for their values' texts.
fn fill_text(text: &str, names: Lookup<'_>) -> Result<Value, Trouble> {
    let whole = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    if let Some(path) = whole.filter(|path| !path.contains('}')) {
        return look_up(path, names);
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, name)) = rest.split_once("${") {
        let (path, after) = name.split_once('}').ok_or_else(|| format!("{text:?} has a `${{` without its end"))?;
        filled.push_str(before);
        match look_up(path, names)? {
            Value::String(text) => filled.push_str(&text),
            other => filled.push_str(&other.to_string()),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

fn look_up(path: &str, names: Lookup<'_>) -> Result<Value, Trouble> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let value = names(name).ok_or_else(|| format!("nothing is saved under `{name}`"))?;
    at(&value, rest)
}

/// What a value holds at a path such as `turn.items.0`; the empty path is the value itself.
pub fn at(value: &Value, path: &str) -> Result<Value, Trouble> {
    let mut found = Some(value);
    for step in path.split('.').filter(|step| !step.is_empty()) {
        found = match found {
            Some(Value::Array(items)) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            Some(Value::Object(members)) => members.get(step),
            _ => None,
        };
    }
    found.cloned().ok_or_else(|| format!("there is no `{path}` in {}", shown(value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(value: &Value) -> Result<Value, Trouble> {
        let saved = json!({"turn": {"id": "u", "n": [1, 2]}, "n": 7});
        fill(value, &|name| saved.get(name).cloned())
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(filled(&json!(["${turn.n}", "${turn.n.1}", "a${n}b${turn.id}"])), Ok(json!([[1, 2], 2, "a7bu"])));
        assert_eq!(filled(&json!({"a": {"$fill": "xy", "count": 2}})), Ok(json!({"a": "xyxy"})));
    }

    #[test]
    fn what_cannot_be_filled_in_is_told() {
        for wrong in [json!("${x}"), json!("${turn.x}"), json!("a${n"), json!({"$surrogate": true})] {
            assert!(filled(&wrong).is_err(), "{wrong}");
        }
    }
}
