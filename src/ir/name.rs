//! Names as words. How they are cased, and which of them a language reserves, is for that language's backend.

use std::fmt;

use heck::ToSnakeCase;
use schemars::JsonSchema;
use serde::Serialize;

/// A name as words, in the casing that the schema wrote them in: `["Gateway", "OAuth", "Login"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Name {
    /// The words; never empty, each of letters and digits.
    pub words: Vec<String>,
}

impl Name {
    /// Splits an identifier of any casing into words. `units` are words that the usual rule would split, such as
    /// `OAuth`. Gives none where `text` has neither letter nor digit.
    pub fn split(text: &str, units: &[String]) -> Option<Self> {
        // A name in capitals throughout shouts; its words are no acronyms.
        let shouting = !text.chars().any(char::is_lowercase) && text.contains('_');
        let source = if shouting { text.to_lowercase() } else { text.to_owned() };
        let words = join_units(cut(&source), units);
        (!words.is_empty()).then_some(Self { words })
    }

    /// This name with the words of `other` behind it.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        Self { words: self.words.iter().chain(&other.words).cloned().collect() }
    }

    /// `gateway_oauth_login`.
    pub fn snake(&self) -> String {
        self.words.join("_").to_lowercase()
    }

    /// `GatewayOAuthLogin`: each word keeps its own capitals.
    pub fn pascal(&self) -> String {
        self.words.iter().map(|word| capitalized(word)).collect()
    }

    /// `gatewayOAuthLogin`.
    pub fn camel(&self) -> String {
        let first = self.words.first().map(|word| word.to_lowercase()).unwrap_or_default();
        let rest = self.words.iter().skip(1).map(|word| capitalized(word));
        std::iter::once(first).chain(rest).collect()
    }

    /// `GATEWAY_OAUTH_LOGIN`.
    pub fn screaming(&self) -> String {
        self.words.join("_").to_uppercase()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words.join(" "))
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The words of `source`, in its own casing. heck finds the boundaries, and lower-cases what it finds; the letters
/// are therefore taken from `source` again.
fn cut(source: &str) -> Vec<String> {
    let mut letters = source.chars().filter(|letter| letter.is_alphanumeric());
    source
        .to_snake_case()
        .split('_')
        .map(|word| letters.by_ref().take(word.chars().count()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Joins neighbours that together are one of `units`.
fn join_units(words: Vec<String>, units: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let unit = joined.last().map(|last| format!("{last}{word}")).filter(|pair| units.contains(pair));
        match (unit, joined.last_mut()) {
            (Some(unit), Some(last)) => *last = unit,
            _ => joined.push(word),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Name::split(text, &["OAuth".to_owned()]).map(|name| name.words).unwrap_or_default()
    }

    #[test]
    fn words_keep_their_casing() {
        assert_eq!(words("GatewayOAuthLoginResponse"), ["Gateway", "OAuth", "Login", "Response"]);
        assert_eq!(words("JSONRPCErrorError"), ["JSONRPC", "Error", "Error"]);
        assert_eq!(words("item/commandExecution/outputDelta"), ["item", "command", "Execution", "output", "Delta"]);
        assert_eq!(words("AGENTS_MD"), ["agents", "md"]);
        assert_eq!(words("$schema"), ["schema"]);
        assert_eq!(words("date-time"), ["date", "time"]);
    }

    #[test]
    fn digits_stay_with_the_word_before_them() {
        assert_eq!(words("dataBase64"), ["data", "Base64"]);
        assert_eq!(words("v2Ready"), ["v2", "Ready"]);
        assert_eq!(words("W3cTraceContext"), ["W3c", "Trace", "Context"]);
    }

    #[test]
    fn a_text_without_letters_has_no_name() {
        assert_eq!(Name::split("/_-", &[]), None);
    }

    #[test]
    fn casings() {
        let name = Name { words: vec!["gateway".into(), "OAuth".into(), "v2".into()] };
        assert_eq!(name.snake(), "gateway_oauth_v2");
        assert_eq!(name.pascal(), "GatewayOAuthV2");
        assert_eq!(name.camel(), "gatewayOAuthV2");
        assert_eq!(name.screaming(), "GATEWAY_OAUTH_V2");
    }
}
