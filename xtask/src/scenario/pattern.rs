//! What is expected: JSON that must be equal, with patterns in it, and the texts of what doesn't fit.
//!
//! Compares exactly: a member that is null isn't one that is absent. Numbers compare by value.

use super::names::Names;
use super::place::{Members, Placed, shorten};
use super::template::{Template, Trouble};
use rpcsmith::diagnostic::Diagnostic;
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    Any,
    Absent,
    /// An object with at least these members.
    Has(Vec<(String, Pattern)>),
    Contains(Template),
    Some(Box<Pattern>),
    Len(u64),
    /// An object with these members and no others.
    Object(Vec<(String, Pattern)>),
    List(Vec<Pattern>),
    /// A string that has to be filled in first; it may turn out to be any value.
    Filled(Template),
    Plain(Value),
}

/// A value that doesn't fit: where in it, and why. Or a name that nothing was saved under.
pub type Misfit = String;

impl Pattern {
    pub fn parse(placed: &Placed<'_>) -> Result<Self, Diagnostic> {
        match placed.value {
            Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => operator(placed),
            Value::Object(_) => Ok(Self::Object(members(&placed.members()?)?)),
            Value::Array(_) => Ok(Self::List(placed.items()?.iter().map(Self::parse).collect::<Result<_, _>>()?)),
            Value::String(text) if text.contains("${") => Ok(Self::Filled(placed.template()?)),
            plain => Ok(Self::Plain(plain.clone())),
        }
    }

    /// All templates in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Any | Self::Absent | Self::Len(_) | Self::Plain(_) => Vec::new(),
            Self::Has(members) | Self::Object(members) => {
                members.iter().flat_map(|(_, pattern)| pattern.templates()).collect()
            }
            Self::Some(pattern) => pattern.templates(),
            Self::List(patterns) => patterns.iter().flat_map(Self::templates).collect(),
            Self::Contains(template) | Self::Filled(template) => vec![template],
        }
    }

    /// Why `found` doesn't fit, if it doesn't. `None` is a value that is absent.
    pub fn misfit(&self, found: Option<&Value>, names: &Names) -> Option<Misfit> {
        self.misfit_at("", found, names)
    }

    fn misfit_at(&self, at: &str, found: Option<&Value>, names: &Names) -> Option<Misfit> {
        let Some(found) = found else {
            return (*self != Self::Absent).then(|| told(at, &self.wish(names), "nothing"));
        };
        let wrong = || Some(told(at, &self.wish(names), &shorten(&found.to_string())));
        match self {
            Self::Any => None,
            Self::Has(members) => match found {
                Value::Object(map) => misfit_of_members(at, members, map, names),
                _ => wrong(),
            },
            Self::Object(members) => match found {
                Value::Object(map) => misfit_of_members(at, members, map, names).or_else(|| surplus(at, members, map)),
                _ => wrong(),
            },
            Self::List(patterns) => match found {
                Value::Array(items) if items.len() == patterns.len() => {
                    let mut pairs = patterns.iter().zip(items).enumerate();
                    pairs.find_map(|(index, (pattern, item))| {
                        pattern.misfit_at(&format!("{at}/{index}"), Some(item), names)
                    })
                }
                _ => wrong(),
            },
            Self::Some(pattern) => match found {
                Value::Array(items) if items.iter().any(|item| pattern.misfit(Some(item), names).is_none()) => None,
                _ => wrong(),
            },
            Self::Len(length) if length_of(found) == Some(*length) => None,
            Self::Plain(expected) if equal(expected, found) => None,
            Self::Absent | Self::Len(_) | Self::Plain(_) => wrong(),
            Self::Contains(template) => match (found, plain_text(template, names)) {
                (_, Err(missing)) => Some(missing),
                (Value::String(text), Ok(part)) if text.contains(&part) => None,
                _ => wrong(),
            },
            Self::Filled(template) => match template.value(names) {
                Err(trouble) => Some(text_of(trouble)),
                Ok(expected) if equal(&expected, found) => None,
                Ok(_) => wrong(),
            },
        }
    }

    /// What it asks for, in words.
    fn wish(&self, names: &Names) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Absent => "nothing".to_owned(),
            Self::Has(members) => format!("an object with {}", keys(members)),
            Self::Object(members) if members.is_empty() => "{}".to_owned(),
            Self::Object(members) => format!("an object of {}", keys(members)),
            Self::List(patterns) => {
                let wishes: Vec<String> = patterns.iter().map(|pattern| pattern.wish(names)).collect();
                format!("a list of {}: [{}]", patterns.len(), shorten(&wishes.join(", ")))
            }
            Self::Some(pattern) => format!("a list with an item that is {}", pattern.wish(names)),
            Self::Len(length) => format!("a list or string of length {length}"),
            Self::Contains(template) => {
                format!("a string that contains {:?}", plain_text(template, names).unwrap_or_else(|missing| missing))
            }
            Self::Filled(template) => template.value(names).map_or_else(text_of, |value| shorten(&value.to_string())),
            Self::Plain(value) => shorten(&value.to_string()),
        }
    }
}

fn operator(placed: &Placed<'_>) -> Result<Pattern, Diagnostic> {
    let object = placed.members()?;
    let kind = object.kind()?;
    if kind == "$fill" {
        return Ok(Pattern::Filled(placed.template()?));
    }
    object.only(&[kind])?;
    let inner = object.need(kind)?;
    Ok(match kind {
        "$any" => inner.is_true().map(|()| Pattern::Any)?,
        "$absent" => inner.is_true().map(|()| Pattern::Absent)?,
        "$has" => Pattern::Has(members(&inner.members()?)?),
        "$contains" => inner.text().and(Ok(Pattern::Contains(Template::text(&inner)?)))?,
        "$some" => Pattern::Some(Box::new(inner.pattern()?)),
        "$len" => Pattern::Len(inner.count()?),
        _ => {
            let expected = "$any, $has, $contains, $some, $len, $absent, $fill, or a plain object";
            return Err(placed.at.wrong(format!("a pattern `{kind}`, which there isn't"), expected));
        }
    })
}

fn members(members: &Members<'_>) -> Result<Vec<(String, Pattern)>, Diagnostic> {
    members.iter().map(|(key, member)| Ok((key.to_owned(), member.pattern()?))).collect()
}

fn misfit_of_members(
    at: &str,
    members: &[(String, Pattern)],
    found: &Map<String, Value>,
    names: &Names,
) -> Option<Misfit> {
    members.iter().find_map(|(key, pattern)| pattern.misfit_at(&format!("{at}/{key}"), found.get(key), names))
}

/// A member that isn't among those that are allowed.
fn surplus(at: &str, members: &[(String, Pattern)], found: &Map<String, Value>) -> Option<Misfit> {
    let known = |key: &str| members.iter().any(|(name, _)| name == key);
    let (key, value) = found.iter().find(|(key, _)| !known(key))?;
    Some(told(&format!("{at}/{key}"), "no such member", &shorten(&value.to_string())))
}

fn told(at: &str, expected: &str, found: &str) -> String {
    let at = if at.is_empty() { String::new() } else { format!("at {at}: ") };
    format!("{at}expected {expected}, got {found}")
}

fn keys(members: &[(String, Pattern)]) -> String {
    members.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ")
}

fn plain_text(template: &Template, names: &Names) -> Result<String, Misfit> {
    let mut bytes = Vec::new();
    template.write(names, &mut bytes).map_err(text_of)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text_of(trouble: Trouble) -> String {
    match trouble {
        Trouble::Missing(text) => text,
        Trouble::Pipe(error) => error.to_string(),
    }
}

fn length_of(value: &Value) -> Option<u64> {
    let length = match value {
        Value::Array(items) => items.len(),
        Value::String(text) => text.chars().count(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// Equal, with `1` and `1.0` the same number.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let same_integer = left.is_i64() && right.is_i64() || left.is_u64() && right.is_u64();
            left == right || (!same_integer && left.as_f64() == right.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| equal(value, other)))
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::At;
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn compare(pattern: &Value, found: &Value) -> Option<Misfit> {
        let mut names = Names::default();
        names.save("a", json!({"id": 7, "text": "seven"}));
        Pattern::parse(&Placed::new(At::default(), pattern)).unwrap().misfit(Some(found), &names)
    }

    #[test]
    fn what_fits() {
        for (pattern, found) in [
            (json!({"$any": true}), json!(null)),
            (json!({"$has": {"a": 1, "b": {"$absent": true}}}), json!({"a": 1, "c": 2})),
            (json!({"a": 1, "b": {"$absent": true}}), json!({"a": 1})),
            (json!({"$contains": "${a.text}"}), json!("seventeen")),
            (json!({"$some": {"$has": {"x": 1}}}), json!([1, {"x": 1, "y": 2}])),
            (json!({"$len": 2}), json!([1, 2])),
            (json!({"$len": 2}), json!("éé")),
            (json!({"$fill": "ab", "count": 2}), json!("abab")),
            (json!("${a}"), json!({"text": "seven", "id": 7})),
            (json!("x${a.id}"), json!("x7")),
            (json!([1, 2.0, 1e3]), json!([1.0, 2, 1000])),
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1})),
        ] {
            assert_eq!(compare(&pattern, &found), None, "{pattern}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        for (pattern, found, misfit) in [
            (json!({"a": {"b": [1, 2]}}), json!({"a": {"b": [1, 3]}}), "at /a/b/1: expected 2, got 3"),
            (json!({"a": 1}), json!({"a": 1, "b": null}), "at /b: expected no such member, got null"),
            (json!({"a": null}), json!({}), "at /a: expected null, got nothing"),
            (json!({"a": {"$absent": true}}), json!({"a": null}), "at /a: expected nothing, got null"),
            (json!({"$has": {"a": 1}}), json!({"a": "1"}), r#"at /a: expected 1, got "1""#),
            (json!({"$has": {"a": 1}}), json!([]), "expected an object with a, got []"),
            (json!({"$contains": "x"}), json!("yz"), r#"expected a string that contains "x", got "yz""#),
            (json!({"$some": 1}), json!([2]), "expected a list with an item that is 1, got [2]"),
            (json!({"$len": 2}), json!([1]), "expected a list or string of length 2, got [1]"),
            (json!([1]), json!([1, 2]), "expected a list of 1: [1], got [1,2]"),
            (json!("${a.id}"), json!("7"), r#"expected 7, got "7""#),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                "expected 9007199254740993, got 9007199254740992",
            ),
        ] {
            assert_eq!(compare(&pattern, &found).as_deref(), Some(misfit));
        }
        let missing = compare(&json!("${a.b}"), &json!(1)).unwrap();
        assert!(missing.contains(r#"`a` has no "b" on the way"#), "{missing}");
    }
}
