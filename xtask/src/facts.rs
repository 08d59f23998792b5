//! A JSON Schema bundle reduced to its facts, in one canonical order.
//!
//! Knows draft-07 and the bundle's namespaces (`definitions.v2`), and no protocol. Prose belongs to whoever wrote it,
//! so `description` annotations go; names, types, enums, defaults, formats, bounds and titles stay. Definitions are
//! sorted by name and the keywords of a schema stand in one order, so that a diff between two versions of a server
//! shows what changed and nothing else. Properties, arms, `required` and `enum` keep the server's order.

use serde_json::{Map, Value};

/// Keywords in the order in which a reader wants them; any other keyword follows, sorted by name.
const ORDER: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "title",
    "type",
    "format",
    "const",
    "enum",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "items",
    "additionalItems",
    "contains",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "definitions",
];

/// The bundle without prose, in canonical order.
pub fn facts(bundle: &Value) -> Value {
    schema(bundle)
}

fn schema(node: &Value) -> Value {
    // `true` and `false` are schemas too.
    let Value::Object(node) = node else { return node.clone() };
    let is_prose = |name: &str, value: &Value| name == "description" && value.is_string();
    let mut keywords: Vec<(&String, &Value)> = node.iter().filter(|(name, value)| !is_prose(name, value)).collect();
    keywords.sort_by_key(|(name, _)| (rank(name), name.as_str()));
    let keyword = |(name, value): (&String, &Value)| (name.clone(), keyword(name, value));
    Value::Object(keywords.into_iter().map(keyword).collect())
}

fn rank(name: &str) -> usize {
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

/// A keyword's value. Only what holds schemas is walked into: a default may have a member named `description`.
fn keyword(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("properties" | "patternProperties", Value::Object(members)) => members.iter().map(named_schema).collect(),
        ("definitions", Value::Object(members)) => definitions(members),
        ("items" | "allOf" | "anyOf" | "oneOf", Value::Array(arms)) => arms.iter().map(schema).collect(),
        (
            "items"
            | "additionalItems"
            | "contains"
            | "additionalProperties"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else",
            node,
        ) => schema(node),
        (_, other) => other.clone(),
    }
}

fn named_schema((name, node): (&String, &Value)) -> (String, Value) {
    (name.clone(), schema(node))
}

fn definitions(members: &Map<String, Value>) -> Value {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| name.as_str());
    let entry = |(name, node): (&String, &Value)| match node {
        Value::Object(inner) if is_namespace(inner) => (name.clone(), definitions(inner)),
        _ => named_schema((name, node)),
    };
    Value::Object(sorted.into_iter().map(entry).collect())
}

/// Whether an entry of `definitions` holds further definitions: it says nothing that a schema would say.
fn is_namespace(entry: &Map<String, Value>) -> bool {
    !entry.is_empty()
        && entry.iter().all(|(name, value)| rank(name) == ORDER.len() && (value.is_object() || value.is_boolean()))
}

/// How many definitions a bundle has, those of its namespaces included.
pub fn count_definitions(bundle: &Value) -> usize {
    let Some(Value::Object(members)) = bundle.get("definitions") else { return 0 };
    members
        .values()
        .map(|entry| match entry {
            Value::Object(inner) if is_namespace(inner) => inner.len(),
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Compares order too, which `Value`'s own equality doesn't.
    #[track_caller]
    fn reduces(bundle: &Value, expected: &Value) {
        let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
        assert_eq!(pretty(&facts(bundle)), pretty(expected));
        assert_eq!(pretty(&facts(expected)), pretty(expected), "a second pass changes nothing");
    }

    #[test]
    fn prose_goes_and_a_property_named_description_stays() {
        reduces(
            &json!({"description": "p", "properties": {
                "description": {"description": "p", "type": "string"},
                "list": {"items": {"description": "p", "type": "string"}},
                "map": {"additionalProperties": {"description": "p"}},
                "union": {"anyOf": [{"description": "p", "type": "null"}, {"oneOf": [{"description": "p"}]}]},
            }}),
            &json!({"properties": {
                "description": {"type": "string"},
                "list": {"items": {"type": "string"}},
                "map": {"additionalProperties": {}},
                "union": {"anyOf": [{"type": "null"}, {"oneOf": [{}]}]},
            }}),
        );
    }

    #[test]
    fn values_are_not_schemas() {
        reduces(
            &json!({"enum": [{"description": "b"}, "a"], "default": {"description": 1, "a": 0.0}}),
            &json!({"enum": [{"description": "b"}, "a"], "default": {"description": 1, "a": 0.0}}),
        );
    }

    #[test]
    fn definitions_are_sorted_in_every_namespace() {
        reduces(
            &json!({"definitions": {
                "v2": {"b": {"description": "p"}, "a": true, "description": {"type": "null", "description": "p"}},
                "Z": {"type": "null"}, "A": {}, "Prose": {"description": "p"},
            }}),
            &json!({"definitions": {
                "A": {}, "Prose": {}, "Z": {"type": "null"},
                "v2": {"a": true, "b": {}, "description": {"type": "null"}},
            }}),
        );
    }

    #[test]
    fn keywords_have_one_order_and_members_keep_theirs() {
        reduces(
            &json!({"zebra": 1, "apple": 2, "required": ["b", "a"], "type": ["null", "object"], "title": "T",
                "properties": {"b": {"minimum": 0.0, "format": "int64", "type": "integer"}, "a": true}}),
            &json!({"title": "T", "type": ["null", "object"], "required": ["b", "a"],
                "properties": {"b": {"type": "integer", "format": "int64", "minimum": 0.0}, "a": true},
                "apple": 2, "zebra": 1}),
        );
    }

    #[test]
    fn definitions_are_counted_in_every_namespace() {
        assert_eq!(count_definitions(&json!({"definitions": {"A": {}, "v2": {"B": {}, "C": true}}})), 3);
        assert_eq!(count_definitions(&json!([])), 0);
    }
}
