//! A schema file: its definitions, in their namespaces, and what a reference points to.

use indexmap::IndexMap;
use serde_json::Value;

use super::Schema;
use crate::diagnostic::{Diagnostic, Diagnostics, child};

/// A schema file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file's name, for messages.
    pub file: String,
    /// Every definition by its pointer (`/definitions/v2/Thread`), ordered by name, then pointer.
    pub definitions: IndexMap<String, Definition>,
    root: Value,
}

/// A named schema of a document.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its own name: the pointer's last part.
    pub name: String,
    /// The schema.
    pub schema: Schema,
}

impl Document {
    /// Reads a document. `namespaces` are the members of `definitions` that hold definitions of their own.
    /// Gives `None` where the text has no definitions at all; whatever else is wrong is reported and read around.
    pub fn read(file: &str, text: &str, namespaces: &[String], diagnostics: &mut Diagnostics) -> Option<Self> {
        let root: Value = match serde_json::from_str(text) {
            Ok(root) => root,
            Err(error) => {
                diagnostics.push(
                    Diagnostic::error(file, "", format!("text that is not JSON: {error}"))
                        .expected("a JSON Schema document")
                        .help("pull the schema again"),
                );
                return None;
            }
        };
        let Some(members) = root.get("definitions").and_then(Value::as_object) else {
            diagnostics.push(
                Diagnostic::error(file, "/definitions", "no object of definitions")
                    .expected("the protocol's full bundle, with every type under `definitions`")
                    .help("pull the schema again, and use the full bundle"),
            );
            return None;
        };
        let mut found: Vec<(String, String, &Value)> = Vec::new();
        for (name, value) in members {
            let pointer = child("/definitions", name);
            match value.as_object() {
                Some(inner) if namespaces.contains(name) => {
                    found.extend(inner.iter().map(|(name, value)| (name.clone(), child(&pointer, name), value)));
                }
                _ => found.push((name.clone(), pointer, value)),
            }
        }
        found.sort_by(|left, right| (&left.0, &left.1).cmp(&(&right.0, &right.1)));
        let definitions = found
            .into_iter()
            .map(|(name, pointer, value)| {
                let schema = Schema::read(value, pointer.clone(), file, diagnostics);
                (pointer, Definition { name, schema })
            })
            .collect();
        Some(Self { file: file.to_owned(), definitions, root })
    }

    /// What `reference` (`#/definitions/v2/Thread`) points to: the definition's pointer, and the definition.
    pub fn resolve(&self, reference: &str) -> Option<(&str, &Definition)> {
        let pointer = reference.strip_prefix('#')?;
        self.definitions.get_key_value(pointer).map(|(pointer, definition)| (pointer.as_str(), definition))
    }

    /// The definition called `name`, in whatever namespace.
    pub fn named(&self, name: &str) -> Option<&Definition> {
        let start = self.definitions.partition_point(|_, definition| definition.name.as_str() < name);
        self.definitions.get_index(start).map(|(_, definition)| definition).filter(|found| found.name == name)
    }

    /// Whether the definitions at two pointers describe the same data, whatever their titles, prose and namespaces.
    pub fn same_shape(&self, left: &str, right: &str) -> bool {
        self.same(left, right, &mut Vec::new())
    }

    fn same<'a>(&'a self, left: &'a str, right: &'a str, seen: &mut Vec<(&'a str, &'a str)>) -> bool {
        if left == right || seen.contains(&(left, right)) {
            return true;
        }
        seen.push((left, right));
        let (Some(one), Some(other)) = (self.root.pointer(left), self.root.pointer(right)) else { return false };
        if shape(one) != shape(other) {
            return false;
        }
        // References were compared by name: the types that they lead to may differ all the same.
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        references(one, &mut ones);
        references(other, &mut others);
        let last = |target: &'a str| target.rsplit('/').next();
        ones.iter().all(|from| {
            others.iter().filter(|to| last(from) == last(to)).all(|to| {
                let strip = |target: &'a str| target.strip_prefix('#').unwrap_or(target);
                self.same(strip(from), strip(to), seen)
            })
        })
    }
}

/// A schema without what doesn't change which data it allows: prose, namespaces in references, the order of arms.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(keyword, value)| {
                !(value.is_string() && ["title", "description", "$schema"].contains(&keyword.as_str()))
            })
            .map(|(keyword, value)| match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) => {
                    (keyword.clone(), Value::from(target.rsplit('/').next().unwrap_or_default()))
                }
                ("oneOf" | "anyOf" | "required", Value::Array(arms)) => {
                    let mut arms: Vec<Value> = arms.iter().map(shape).collect();
                    arms.sort_by_cached_key(ToString::to_string);
                    (keyword.clone(), Value::Array(arms))
                }
                _ => (keyword.clone(), shape(value)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        other => other.clone(),
    }
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}
