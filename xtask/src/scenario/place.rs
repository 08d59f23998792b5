//! A place in a scenario file, and the members of an object that stands there.
//!
//! Knows how a mistake is told with its place, and nothing of what the members mean.

use super::pattern::Pattern;
use super::template::Template;
use rpcsmith::diagnostic::Diagnostic;
use serde_json::{Map, Value};

/// A JSON pointer that grows as one walks down.
#[derive(Debug, Clone, Default)]
pub struct At(String);

impl At {
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// A mistake here: what stands there, and what should.
    pub fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> Diagnostic {
        Diagnostic::error("", self.0.clone(), found).expected(expected)
    }

    /// A mistake that is what was found instead of `expected`.
    pub fn not(&self, expected: &str, found: &Value) -> Diagnostic {
        self.wrong(shorten(&found.to_string()), expected)
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Placed<'v> {
    pub at: At,
    pub value: &'v Value,
}

impl<'v> Placed<'v> {
    pub fn new(at: At, value: &'v Value) -> Self {
        Self { at, value }
    }

    fn not(&self, expected: &str) -> Diagnostic {
        self.at.not(expected, self.value)
    }

    pub fn text(&self) -> Result<&'v str, Diagnostic> {
        self.value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| self.not("a string that isn't empty"))
    }

    pub fn count(&self) -> Result<u64, Diagnostic> {
        self.value.as_u64().ok_or_else(|| self.not("a whole number, 0 or greater"))
    }

    /// How often `unit` is to stand there: not so often that no machine could hold it.
    pub fn count_of(&self, unit: &str) -> Result<u64, Diagnostic> {
        const LIMIT: u64 = 1 << 30;
        let count = self.count()?;
        if count.checked_mul(unit.len() as u64).is_some_and(|length| length <= LIMIT) {
            return Ok(count);
        }
        Err(self.not("at most 1 GiB in all"))
    }

    pub fn flag(&self) -> Result<bool, Diagnostic> {
        self.value.as_bool().ok_or_else(|| self.not("true or false"))
    }

    /// A member that is there or not, and says nothing more.
    pub fn is_true(&self) -> Result<(), Diagnostic> {
        if *self.value == Value::Bool(true) { Ok(()) } else { Err(self.not("true")) }
    }

    pub fn one_of<T: Copy>(&self, names: &[(&str, T)]) -> Result<T, Diagnostic> {
        let found = names.iter().find(|(name, _)| self.value.as_str() == Some(name));
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<String> = names.iter().map(|(name, _)| format!("{name:?}")).collect();
            self.not(&format!("one of {}", names.join(", ")))
        })
    }

    pub fn items(&self) -> Result<Vec<Placed<'v>>, Diagnostic> {
        let items = self.value.as_array().ok_or_else(|| self.not("a list"))?;
        Ok(items.iter().enumerate().map(|(index, item)| Placed::new(self.at.item(index), item)).collect())
    }

    pub fn members(&self) -> Result<Members<'v>, Diagnostic> {
        let map = self.value.as_object().ok_or_else(|| self.not("an object"))?;
        Ok(Members { at: self.at.clone(), map })
    }

    pub fn pattern(&self) -> Result<Pattern, Diagnostic> {
        Pattern::parse(self)
    }

    pub fn template(&self) -> Result<Template, Diagnostic> {
        Template::json(self)
    }
}

/// The members of an object.
#[derive(Debug, Clone)]
pub struct Members<'v> {
    pub at: At,
    map: &'v Map<String, Value>,
}

impl<'v> Members<'v> {
    /// The first member, which names a step.
    pub fn kind(&self) -> Result<&'v str, Diagnostic> {
        let first = self.map.keys().next();
        first.map(String::as_str).ok_or_else(|| self.at.wrong("{}", "a step, whose first member names it"))
    }

    /// That there are no members but these.
    pub fn only(&self, known: &[&str]) -> Result<(), Diagnostic> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                let expected = format!("no members but {}", known.join(", "));
                Err(self.at.key(key).wrong(format!("a member `{key}`, which means nothing here"), expected))
            }
        }
    }

    pub fn get(&self, name: &str) -> Option<Placed<'v>> {
        self.map.get(name).map(|value| Placed::new(self.at.key(name), value))
    }

    pub fn need(&self, name: &str) -> Result<Placed<'v>, Diagnostic> {
        self.get(name).ok_or_else(|| self.at.wrong(format!("no member `{name}`"), format!("a member `{name}`")))
    }

    /// What `read` makes of a member, if it is there.
    pub fn maybe<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Placed<'v>) -> Result<T, Diagnostic>,
    ) -> Result<Option<T>, Diagnostic> {
        self.get(name).map(|placed| read(&placed)).transpose()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'v str, Placed<'v>)> {
        self.map.iter().map(|(key, value)| (key.as_str(), Placed::new(self.at.key(key), value)))
    }
}

/// A text as it can be shown: a line of 64 MiB helps nobody.
pub fn shorten(text: &str) -> String {
    const SHOWN: usize = 1200;
    let length = text.chars().take(SHOWN + 1).count();
    if length <= SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}… ({} bytes in all)", text.len())
}
