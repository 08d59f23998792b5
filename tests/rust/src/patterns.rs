//! Compares what came with what is expected.
//!
//! What came was decoded and is encoded again, where a member that is `null` and one that is absent are the same.

use serde_json::{Map, Value};

use crate::values::{Trouble, shown};

/// The first place where a value doesn't fit a pattern; `None` if it does.
pub fn misfit(pattern: &Value, came: &Value) -> Option<Trouble> {
    misfit_at("$", pattern, came)
}

/// Fails where a value doesn't fit.
pub fn check(pattern: &Value, came: &Value, what: &str) -> Result<(), Trouble> {
    match misfit(pattern, came) {
        None => Ok(()),
        Some(misfit) => Err(format!("{what}: {misfit}; all of it: {}", shown(came))),
    }
}

fn misfit_at(at: &str, pattern: &Value, came: &Value) -> Option<Trouble> {
    match (pattern, came) {
        (Value::Object(members), _) if members.keys().any(|key| key.starts_with('$')) => {
            let mut operators = members.iter();
            match (operators.next(), operators.next()) {
                (Some((name, argument)), None) => operator(at, name, argument, came),
                _ => Some(format!("{at}: the pattern {} says several things", shown(pattern))),
            }
        }
        (Value::Object(expected), Value::Object(found)) => {
            let surplus = found.keys().filter(|key| !expected.contains_key(*key));
            members(at, expected, found, expected.keys().chain(surplus))
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.find_map(|(index, (pattern, item))| misfit_at(&format!("{at}[{index}]"), pattern, item))
        }
        _ => (!equal(pattern, came)).then(|| told(at, &shown(pattern), came)),
    }
}

fn operator(at: &str, name: &str, argument: &Value, came: &Value) -> Option<Trouble> {
    let wrong = |expected: String| Some(told(at, &expected, came));
    match (name, argument, came) {
        ("$any", _, Value::Null) => wrong("anything".to_owned()),
        ("$any", ..) | ("$absent", _, Value::Null) => None,
        ("$absent", ..) => wrong("nothing".to_owned()),
        ("$has", Value::Object(expected), Value::Object(found)) => members(at, expected, found, expected.keys()),
        ("$has", ..) => wrong(format!("an object that has {}", shown(argument))),
        ("$contains", Value::String(part), Value::String(text)) if text.contains(part) => None,
        ("$contains", ..) => wrong(format!("a string that contains {}", shown(argument))),
        ("$some", pattern, Value::Array(items)) if items.iter().any(|item| misfit(pattern, item).is_none()) => None,
        ("$some", ..) => wrong(format!("a list with an item like {}", shown(argument))),
        ("$len", ..) if argument.as_u64().is_some_and(|length| length_of(came) == Some(length)) => None,
        ("$len", ..) => wrong(format!("a list or string of length {argument}")),
        _ => Some(format!("{at}: there is no pattern `{name}`")),
    }
}

fn members<'a>(
    at: &str,
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    mut keys: impl Iterator<Item = &'a String>,
) -> Option<Trouble> {
    let member = |of: &Map<String, Value>, key: &str| of.get(key).cloned().unwrap_or_default();
    keys.find_map(|key| misfit_at(&format!("{at}.{key}"), &member(expected, key), &member(found, key)))
}

fn told(at: &str, expected: &str, came: &Value) -> Trouble {
    format!("{at}: expected {expected}, came {}", shown(came))
}

fn length_of(value: &Value) -> Option<u64> {
    let length = match value {
        Value::Array(items) => items.len(),
        Value::String(text) => text.chars().count(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// Whether two plain values are equal: numbers by value, and `null` like nothing at all.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let whole = left.as_i64().is_some() && right.as_i64().is_some();
            left == right || (!whole && left.as_f64() == right.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let null = Value::Null;
            let same = |key: &String| equal(left.get(key).unwrap_or(&null), right.get(key).unwrap_or(&null));
            left.keys().chain(right.keys()).all(same)
        }
        _ => left == right,
    }
}

/// Whether each pattern has a value of its own that fits it, and no value is left.
pub fn fit_in_any_order(patterns: &[Value], came: &[Value]) -> bool {
    let mut owners = vec![None; came.len()];
    let place = |index| find_place(index, patterns, came, &mut owners, &mut vec![false; came.len()]);
    patterns.len() == came.len() && (0..patterns.len()).all(place)
}

/// Finds a value for a pattern; one that is taken is given up by a pattern that has another choice.
fn find_place(
    index: usize,
    patterns: &[Value],
    came: &[Value],
    owners: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for place in 0..came.len() {
        if tried[place] || misfit(&patterns[index], &came[place]).is_some() {
            continue;
        }
        tried[place] = true;
        if owners[place].is_none_or(|owner| find_place(owner, patterns, came, owners, tried)) {
            owners[place] = Some(index);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn fits(pattern: &Value, came: &Value) {
        assert_eq!(misfit(pattern, came), None);
    }

    #[track_caller]
    fn refuses(pattern: &Value, came: &Value, place: &str) {
        let misfit = misfit(pattern, came).unwrap_or_else(|| panic!("{pattern} lets {came} pass"));
        assert!(misfit.starts_with(&format!("{place}: ")), "{misfit}");
    }

    #[test]
    fn plain_values_are_equal() {
        fits(&json!({"a": [1, "x", null], "b": null}), &json!({"a": [1.0, "x", null]}));
        fits(&json!({}), &json!({"b": null}));
        refuses(&json!({"a": [1]}), &json!({"a": [2]}), "$.a[0]");
        refuses(&json!({"a": [1]}), &json!({"a": [1, 2]}), "$.a");
        refuses(&json!({"a": 1}), &json!({"a": 1, "b": 2}), "$.b");
        refuses(&json!({"a": 1}), &json!({}), "$.a");
        refuses(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64), "$");
        refuses(&json!("1"), &json!(1), "$");
        refuses(&json!({}), &json!([]), "$");
    }

    #[test]
    fn patterns_say_less() {
        fits(&json!({"$has": {"a": {"$any": true}, "c": {"$absent": true}}}), &json!({"a": 0, "b": 1}));
        refuses(&json!({"$has": {"a": {"$any": true}}}), &json!({"a": null}), "$.a");
        refuses(&json!({"$has": {"c": {"$absent": true}}}), &json!({"c": 1}), "$.c");
        refuses(&json!({"$has": {}}), &json!(1), "$");
        fits(&json!({"$contains": "b"}), &json!("abc"));
        refuses(&json!({"$contains": "d"}), &json!("abc"), "$");
        refuses(&json!({"$contains": "d"}), &json!(["d"]), "$");
        fits(&json!({"$some": {"$has": {"a": 1}}}), &json!([0, {"a": 1, "b": 2}]));
        refuses(&json!({"$some": 1}), &json!([0]), "$");
        fits(&json!([{"$len": 2}, {"$len": 3}]), &json!([[0, 0], "äöü"]));
        refuses(&json!({"$len": 1}), &json!([]), "$");
        refuses(&json!({"$any": true, "$len": 1}), &json!([1]), "$");
        refuses(&json!({"$anything": true}), &json!(1), "$");
    }

    #[test]
    fn order_does_not_matter_where_it_should_not() {
        let any = json!({"$any": true});
        assert!(fit_in_any_order(&[any.clone(), json!(1)], &[json!(1), json!(2)]));
        assert!(fit_in_any_order(&[any.clone(), any.clone(), json!(1)], &[json!(1), json!(2), json!(3)]));
        assert!(!fit_in_any_order(&[json!(1), json!(1)], &[json!(1), json!(2)]));
        assert!(!fit_in_any_order(&[any], &[json!(1), json!(2)]));
    }
}
