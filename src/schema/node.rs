//! One schema node, typed: every keyword that was understood, and a diagnostic for every one that wasn't.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, child};

/// A schema: a node, or `true`.
#[derive(Debug, Clone, PartialEq)]
pub enum Schema {
    /// `true` or `{}`: any JSON.
    Any,
    /// A node with keywords.
    Node(Box<Node>),
}

/// The JSON types that `type` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

/// The arms of a `oneOf` or an `anyOf`, which generators of schemas use for the same things.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    /// The arms, in the document's order.
    pub arms: Vec<Schema>,
    /// JSON pointer of the list.
    pub pointer: String,
}

/// A schema node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// JSON pointer of the node.
    pub pointer: String,
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// `type`; empty where it isn't given.
    pub types: Vec<JsonType>,
    /// `format`
    pub format: Option<String>,
    /// `minimum`
    pub minimum: Option<f64>,
    /// `maximum`
    pub maximum: Option<f64>,
    /// `minLength`
    pub min_length: Option<u64>,
    /// `enum`, or `const` as a list of one.
    pub values: Option<Vec<Value>>,
    /// `default`
    pub default: Option<Value>,
    /// `properties`, in the document's order; absent and empty differ.
    pub properties: Option<IndexMap<String, Schema>>,
    /// `required`
    pub required: Vec<String>,
    /// `additionalProperties`; `None` also for `false`, see `closed`.
    pub additional: Option<Schema>,
    /// `additionalProperties: false`
    pub closed: bool,
    /// `items`
    pub items: Option<Schema>,
    /// `oneOf` or `anyOf`
    pub arms: Option<Arms>,
    /// `allOf`, which may hold one schema only.
    pub all_of: Option<Schema>,
    /// `$ref`
    pub reference: Option<String>,
}

impl Node {
    /// Whether the node is `{"type": "null"}`.
    pub fn is_null(&self) -> bool {
        self.types == [JsonType::Null]
    }

    /// The only string that the node allows, if it allows one only.
    pub fn only_string(&self) -> Option<&str> {
        match self.values.as_deref() {
            Some([Value::String(value)]) => Some(value),
            _ => None,
        }
    }

    /// The strings that the node allows, if it allows a list of strings and nothing else.
    pub fn strings(&self) -> Option<Vec<&str>> {
        self.values.as_ref()?.iter().map(Value::as_str).collect()
    }

    /// The property called `name`, as a node.
    pub fn property(&self, name: &str) -> Option<&Node> {
        self.properties.as_ref()?.get(name)?.node()
    }
}

impl Schema {
    /// The node, unless the schema allows anything.
    pub fn node(&self) -> Option<&Node> {
        match self {
            Self::Any => None,
            Self::Node(node) => Some(node),
        }
    }

    /// Reads a schema. What can't be understood is reported, and read as "any JSON".
    pub fn read(value: &Value, pointer: String, file: &str, diagnostics: &mut Diagnostics) -> Self {
        let mut reader = Reader { file, diagnostics };
        reader.schema(value, pointer)
    }
}

/// Reads nodes of one file.
struct Reader<'a> {
    file: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn schema(&mut self, value: &Value, pointer: String) -> Schema {
        match value {
            Value::Bool(true) => Schema::Any,
            Value::Object(members) if members.is_empty() => Schema::Any,
            Value::Object(members) => {
                let node = self.node(members, pointer);
                let bare = Node {
                    pointer: node.pointer.clone(),
                    title: node.title.clone(),
                    description: node.description.clone(),
                    ..Node::default()
                };
                if node == bare { Schema::Any } else { Schema::Node(Box::new(node)) }
            }
            other => {
                self.report(&pointer, format!("a schema that is {}", brief(other)), "an object, or `true`");
                Schema::Any
            }
        }
    }

    fn node(&mut self, members: &Map<String, Value>, pointer: String) -> Node {
        let mut node = Node { pointer, ..Node::default() };
        for (keyword, value) in members {
            self.keyword(&mut node, keyword, value);
        }
        self.combination(&node);
        node
    }

    /// Keywords that narrow each other and would have to be merged.
    fn combination(&mut self, node: &Node) {
        let described = node.properties.is_some()
            || !node.required.is_empty()
            || node.additional.is_some()
            || node.items.is_some()
            || node.values.is_some();
        let found = match (&node.all_of, &node.arms) {
            (Some(_), Some(_)) => "`allOf` beside `oneOf` or `anyOf`",
            (Some(_), None) if described => "`allOf` beside keywords that describe the same value",
            (None, Some(_)) if node.values.is_some() || node.items.is_some() => "arms beside `enum` or `items`",
            _ => return,
        };
        self.report(&node.pointer, found.to_owned(), "one of the two, with everything in it");
    }

    fn keyword(&mut self, node: &mut Node, keyword: &str, value: &Value) {
        let at = child(&node.pointer, keyword);
        match keyword {
            // Which draft it is follows from the document; a definition repeats it.
            "$schema" | "$id" | "$comment" => {}
            "title" => node.title = self.string(value, &at),
            "description" => node.description = self.string(value, &at),
            "deprecated" => node.deprecated = value == &Value::Bool(true),
            "type" => node.types = self.types(value, &at),
            "format" => node.format = self.string(value, &at),
            "minimum" => node.minimum = self.number(value, &at),
            "maximum" => node.maximum = self.number(value, &at),
            "minLength" => node.min_length = self.count(value, &at),
            "enum" => node.values = self.values(value, &at),
            "const" => node.values = Some(vec![value.clone()]),
            "default" => node.default = Some(value.clone()),
            "properties" => node.properties = self.properties(value, &at),
            "required" => node.required = self.strings(value, &at),
            "additionalProperties" => match value {
                Value::Bool(false) => node.closed = true,
                _ => node.additional = Some(self.schema(value, at)),
            },
            "items" => node.items = Some(self.schema(value, at)),
            "oneOf" | "anyOf" => self.arms(node, value, at),
            "allOf" => self.all_of(node, value, &at),
            "$ref" => node.reference = self.string(value, &at),
            _ => self.unknown_keyword(&at, keyword),
        }
    }

    fn unknown_keyword(&mut self, at: &str, keyword: &str) {
        self.diagnostics.push(
            Diagnostic::error(self.file, at, format!("the keyword `{keyword}`, which the generator does not know"))
                .expected("a keyword of JSON Schema draft-07 that describes the shape of data")
                .help("remove the keyword, or teach `src/schema/node.rs` what it means"),
        );
    }

    fn report(&mut self, at: &str, found: String, expected: &str) {
        self.diagnostics.push(
            Diagnostic::error(self.file, at, found).expected(expected).help("correct the schema, or pull it again"),
        );
    }

    fn string(&mut self, value: &Value, at: &str) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.report(at, brief(value), "a string");
        }
        text
    }

    fn number(&mut self, value: &Value, at: &str) -> Option<f64> {
        let number = value.as_f64();
        if number.is_none() {
            self.report(at, brief(value), "a number");
        }
        number
    }

    fn count(&mut self, value: &Value, at: &str) -> Option<u64> {
        let count = value.as_u64();
        if count.is_none() {
            self.report(at, brief(value), "a whole number from 0 on");
        }
        count
    }

    fn strings(&mut self, value: &Value, at: &str) -> Vec<String> {
        let Some(items) = value.as_array() else {
            self.report(at, brief(value), "a list of strings");
            return Vec::new();
        };
        items.iter().enumerate().filter_map(|(index, item)| self.string(item, &child(at, &index.to_string()))).collect()
    }

    fn values(&mut self, value: &Value, at: &str) -> Option<Vec<Value>> {
        let values = value.as_array().filter(|values| !values.is_empty()).cloned();
        if values.is_none() {
            self.report(at, brief(value), "a list of at least one value");
        }
        values
    }

    fn types(&mut self, value: &Value, at: &str) -> Vec<JsonType> {
        let names = match value {
            Value::String(name) => vec![name.clone()],
            _ => self.strings(value, at),
        };
        let mut types = Vec::with_capacity(names.len());
        for name in names {
            match json_type(&name) {
                Some(ty) => types.push(ty),
                None => self.report(at, format!("the type `{name}`"), "one of the seven JSON types"),
            }
        }
        types
    }

    fn properties(&mut self, value: &Value, at: &str) -> Option<IndexMap<String, Schema>> {
        let Some(members) = value.as_object() else {
            self.report(at, brief(value), "an object of schemas");
            return None;
        };
        Some(members.iter().map(|(name, value)| (name.clone(), self.schema(value, child(at, name)))).collect())
    }

    fn arms(&mut self, node: &mut Node, value: &Value, pointer: String) {
        let arms = self.list(value, &pointer);
        if node.arms.is_some() {
            self.report(&pointer, "`oneOf` beside `anyOf`".to_owned(), "one of the two");
            return;
        }
        if !arms.is_empty() {
            node.arms = Some(Arms { arms, pointer });
        }
    }

    fn all_of(&mut self, node: &mut Node, value: &Value, pointer: &str) {
        let mut parts = self.list(value, pointer);
        if parts.len() > 1 {
            self.report(pointer, format!("`allOf` of {} schemas", parts.len()), "`allOf` of one schema");
        }
        parts.truncate(1);
        node.all_of = parts.pop();
    }

    fn list(&mut self, value: &Value, pointer: &str) -> Vec<Schema> {
        match value.as_array() {
            Some(items) if !items.is_empty() => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.schema(item, child(pointer, &index.to_string())))
                .collect(),
            _ => {
                self.report(pointer, brief(value), "a list of at least one schema");
                Vec::new()
            }
        }
    }
}

fn json_type(name: &str) -> Option<JsonType> {
    Some(match name {
        "null" => JsonType::Null,
        "boolean" => JsonType::Boolean,
        "integer" => JsonType::Integer,
        "number" => JsonType::Number,
        "string" => JsonType::String,
        "array" => JsonType::Array,
        "object" => JsonType::Object,
        _ => return None,
    })
}

/// A value in a few words, for messages.
fn brief(value: &Value) -> String {
    match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(value) => format!("the number {value}"),
        Value::String(value) => format!("the string {:?}", value.chars().take(40).collect::<String>()),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (Schema, Diagnostics) {
        let mut diagnostics = Diagnostics::default();
        let schema = Schema::read(value, "/definitions/A".to_owned(), "a.json", &mut diagnostics);
        (schema, diagnostics)
    }

    #[test]
    fn prose_alone_allows_anything() {
        assert_eq!(read(&json!({"description": "what it is"})).0, Schema::Any);
    }

    #[test]
    fn an_unknown_keyword_is_a_problem_with_its_place() {
        let (_, diagnostics) = read(&json!({"type": "string", "pattern": "a+"}));
        let pointers: Vec<_> = diagnostics.iter().map(|item| item.pointer.as_str()).collect();
        assert_eq!(pointers, ["/definitions/A/pattern"]);
    }

    #[test]
    fn a_property_called_like_a_keyword_is_a_property() {
        let (schema, diagnostics) = read(&json!({"properties": {"pattern": {"type": "string"}}}));
        assert!(diagnostics.is_empty());
        assert!(schema.node().is_some_and(|node| node.property("pattern").is_some()));
    }

    #[test]
    fn every_problem_is_reported_and_none_stops_the_reading() {
        let (_, diagnostics) = read(&json!({"type": "text", "required": 3, "items": 4, "allOf": [true, true]}));
        assert_eq!(diagnostics.len(), 5);
    }
}
