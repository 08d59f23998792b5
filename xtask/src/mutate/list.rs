//! The mutations as they are written down: `tests/mutations/*.toml`.
//!
//! Knows the files' format and what makes a mutation a good one; applies none.

use crate::contract::rules::RULES;
use crate::problem::Problem;
use crate::scenario::CLIENTS;
use crate::scenarios::Entry;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A change that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    pub name: String,
    pub rule: String,
    /// The clients that it breaks, all of one language.
    pub clients: Vec<String>,
    /// The file, in the folder that the language's package keeps its sources in.
    pub file: PathBuf,
    /// A text that stands there once, and what stands there instead.
    pub replace: String,
    pub with: String,
    /// Cases of the rule that must fail.
    pub red: Vec<String>,
    /// Cases that must pass none the less: what is broken is this rule, not the client.
    #[serde(default = "usual_green")]
    pub green: Vec<String>,
    /// The file of tests whose cases these are, in the repository; scenarios, if there is none.
    pub suite: Option<PathBuf>,
}

fn usual_green() -> Vec<String> {
    vec!["C06-a-typed-call".to_owned()]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    Python,
    TypeScript,
    Rust,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mutation: Vec<Mutation>,
}

impl Mutation {
    pub fn language(&self) -> Language {
        match self.clients.first().map(String::as_str) {
            Some("rust") => Language::Rust,
            Some("typescript") => Language::TypeScript,
            _ => Language::Python,
        }
    }

    /// The text of a file with the change in it.
    pub fn apply(&self, text: &str) -> Result<String, Problem> {
        let count = text.matches(&self.replace).count();
        if count == 1 {
            return Ok(text.replacen(&self.replace, &self.with, 1));
        }
        Err(Problem::new(format!(
            "{}: {} has the text {count} times:\n{}",
            self.name,
            self.file.display(),
            self.replace
        ))
        .help("let `replace` say what stands there now, once"))
    }

    /// What is wrong with it, beside these scenarios.
    fn problems(&self, scenarios: &[Entry]) -> Vec<String> {
        let mut problems = Vec::new();
        let strange: Vec<&String> = self.clients.iter().filter(|client| !CLIENTS.contains(&client.as_str())).collect();
        if self.clients.is_empty() || !strange.is_empty() {
            problems.push(format!("`clients` are some of {}", CLIENTS.join(", ")));
        }
        if self.clients.len() > 1 && self.language() != Language::Python {
            problems.push("`clients` are of one language".to_owned());
        }
        if self.red.is_empty() || self.green.is_empty() {
            problems.push("`red` and `green` name at least one case each".to_owned());
        }
        if self.suite.is_some() && self.language() != Language::Python {
            problems.push("only Python's tests can be a `suite`".to_owned());
        }
        if self.suite.is_none() {
            problems.extend(self.red.iter().chain(&self.green).filter_map(|name| self.not_played(name, scenarios)));
        }
        let others: Vec<&String> = self.red.iter().filter(|name| !name.starts_with(&self.rule)).collect();
        if !others.is_empty() {
            problems.push(format!("{others:?} don't show {}", self.rule));
        }
        if let Some(name) = self.red.iter().find(|name| self.green.contains(name)) {
            problems.push(format!("{name} is both red and green"));
        }
        problems.into_iter().map(|problem| format!("{}: {problem}", self.name)).collect()
    }

    /// Why a scenario can't show anything of it.
    fn not_played(&self, name: &str, scenarios: &[Entry]) -> Option<String> {
        let Some(entry) = scenarios.iter().find(|entry| entry.case == name) else {
            return Some(format!("there is no scenario {name}"));
        };
        let without = |client: &&String| entry.scenario.without.iter().any(|(name, _)| name == *client);
        let client = self.clients.iter().find(without)?;
        Some(format!("{name} doesn't concern {client}"))
    }
}

/// All mutations of a folder, checked; every rule that a scenario shows has one.
pub fn read(folder: &Path, scenarios: &[Entry]) -> Result<Vec<Mutation>, Problem> {
    let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
    let mut paths = Vec::new();
    for entry in folder.read_dir().map_err(trouble)? {
        paths.push(entry.map_err(trouble)?.path());
    }
    paths.sort();
    let mut mutations = Vec::new();
    for path in paths.iter().filter(|path| path.extension() == Some("toml".as_ref())) {
        let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))?;
        let file: File = toml::from_str(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?;
        mutations.extend(file.mutation);
    }
    let problems = check(&mutations, scenarios);
    if problems.is_empty() { Ok(mutations) } else { Err(Problem::new(problems.join("\n"))) }
}

fn check(mutations: &[Mutation], scenarios: &[Entry]) -> Vec<String> {
    let mut problems: Vec<String> = mutations.iter().flat_map(|mutation| mutation.problems(scenarios)).collect();
    let mut names = BTreeSet::new();
    for mutation in mutations {
        if !names.insert(&mutation.name) {
            problems.push(format!("two mutations are called {}", mutation.name));
        }
    }
    for (rule, title) in RULES {
        let shown = scenarios.iter().any(|entry| entry.rule == *rule);
        if shown && !mutations.iter().any(|mutation| mutation.rule == *rule) {
            problems.push(format!("no mutation breaks {rule} {title}, which scenarios show"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn mutation() -> Mutation {
        Mutation {
            name: "m".to_owned(),
            rule: "C04".to_owned(),
            clients: vec!["python".to_owned(), "python-async".to_owned()],
            file: PathBuf::from("a.py"),
            replace: "if x".to_owned(),
            with: "if not x".to_owned(),
            red: vec!["C04-a".to_owned()],
            green: vec!["C06-a".to_owned()],
            suite: None,
        }
    }

    fn scenarios() -> Vec<Entry> {
        let entry = |case: &str, without: Vec<(&'static str, String)>| Entry {
            case: case.to_owned(),
            rule: case[..3].to_owned(),
            real: false,
            scenario: Scenario { without, ..Scenario::default() },
        };
        vec![entry("C04-a", vec![]), entry("C04-b", vec![("python", "why".to_owned())]), entry("C06-a", vec![])]
    }

    #[test]
    fn a_text_is_replaced_where_it_stands_once() {
        assert_eq!(mutation().apply("a; if x: b").unwrap(), "a; if not x: b");
        for text in ["nothing", "if x; if x"] {
            assert!(mutation().apply(text).unwrap_err().to_string().contains("let `replace` say"));
        }
    }

    #[test]
    fn what_shows_nothing_is_a_problem() {
        let problems = |change: &dyn Fn(&mut Mutation)| {
            let mut changed = mutation();
            change(&mut changed);
            check(
                &[
                    changed,
                    Mutation {
                        name: "n".to_owned(),
                        rule: "C06".to_owned(),
                        red: vec!["C06-a".to_owned()],
                        green: vec!["C04-a".to_owned()],
                        ..mutation()
                    },
                ],
                &scenarios(),
            )
            .join("; ")
        };
        assert_eq!(problems(&|_| ()), "");
        assert!(problems(&|m| m.red.clear()).contains("name at least one case each"));
        assert!(problems(&|m| m.red = vec!["C04-x".to_owned()]).contains("there is no scenario C04-x"));
        assert!(problems(&|m| m.red = vec!["C06-a".to_owned()]).contains("is both red and green"));
        assert!(problems(&|m| m.red = vec!["C04-b".to_owned()]).contains("C04-b doesn't concern python"));
        assert!(problems(&|m| m.rule = "C05".to_owned()).contains("no mutation breaks C04 Peer death"));
        assert!(problems(&|m| m.clients = vec!["ruby".to_owned()]).contains("`clients` are some of"));
        assert!(problems(&|m| m.name = "n".to_owned()).contains("two mutations are called n"));
    }
}
