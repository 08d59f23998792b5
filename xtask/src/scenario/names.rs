//! What was saved under which name.

use super::place::shorten;
use super::template::{Path, Trouble};
use serde_json::Value;
use std::collections::HashMap;

#[derive(Debug, Default)]
pub struct Names(HashMap<String, Value>);

impl Names {
    pub fn save(&mut self, name: &str, value: Value) {
        match self.0.get_mut(name) {
            Some(old) => *old = value,
            None => drop(self.0.insert(name.to_owned(), value)),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn find(&self, path: &Path) -> Result<&Value, Trouble> {
        let missing = |text: String| Trouble::Missing(text);
        let saved =
            self.0.get(&path.name).ok_or_else(|| missing(format!("nothing was saved under `{}`", path.name)))?;
        let mut value = saved;
        for member in &path.members {
            let inner = match value {
                Value::Array(items) => member.parse().ok().and_then(|index: usize| items.get(index)),
                Value::Object(map) => map.get(member),
                _ => None,
            };
            value = inner.ok_or_else(|| {
                missing(format!("`{}` has no {member:?} on the way: {}", path.name, shorten(&saved.to_string())))
            })?;
        }
        Ok(value)
    }
}
