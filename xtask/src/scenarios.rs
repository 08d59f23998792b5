//! `cargo xtask scenarios`: all scenarios of the repository, read and counted.
//!
//! Knows where they lie and how they are named; `scenario` knows what is in one.

use crate::contract::rules::RULES;
use crate::problem::Problem;
use crate::repo::Repo;
use crate::scenario::{self, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file with what it holds.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The file's name without its ending.
    pub case: String,
    pub rule: String,
    pub real: bool,
    pub scenario: Scenario,
}

/// Checks all and prints how many each rule has.
pub fn run(repo: &Repo) -> Result<(), Problem> {
    let entries = all(repo)?;
    for (rule, title) in RULES {
        let count = |real: bool| entries.iter().filter(|entry| entry.rule == *rule && entry.real == real).count();
        println!("{rule}  {:>3} scripted  {:>3} on the real server  {title}", count(false), count(true));
    }
    let partial = entries.iter().filter(|entry| !entry.scenario.without.is_empty()).count();
    println!("all  {:>3} scenarios, {partial} of which don't concern every client", entries.len());
    Ok(())
}

/// All scenarios, by name. Everything that is wrong with any of them is told.
pub fn all(repo: &Repo) -> Result<Vec<Entry>, Problem> {
    let folder = repo.root().join("tests/scenarios");
    let mut problems = Vec::new();
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for (folder, real) in [(folder.clone(), false), (folder.join("real"), true)] {
        for path in files(&folder)? {
            match entry(&path, real) {
                Ok(entry) => {
                    if entries.insert(entry.case.clone(), entry).is_some() {
                        problems.push(format!("error: two scenarios are called like {}", path.display()));
                    }
                }
                Err(problem) => problems.push(problem.to_string()),
            }
        }
    }
    if problems.is_empty() {
        return Ok(entries.into_values().collect());
    }
    Err(Problem::new(format!("{} of the scenarios are wrong\n{}", problems.len(), problems.join("\n"))))
}

fn entry(path: &Path, real: bool) -> Result<Entry, Problem> {
    let case = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let rule = case.split('-').next().unwrap_or_default().to_owned();
    if !RULES.iter().any(|(known, _)| *known == rule)
        || case.len() < rule.len() + 2
        || path.extension() != Some("json".as_ref())
    {
        return Err(Problem::new(format!("error: {} isn't named after a rule", path.display()))
            .help("call it C01-… to C30-…, with what it shows after the dash, and .json at the end"));
    }
    let scenario = scenario::read(path)?;
    if scenario.real != real {
        let (is, belongs) = if real { ("`peer`", "tests/scenarios") } else { ("`server`", "tests/scenarios/real") };
        return Err(Problem::new(format!("error: {} has a {is}", path.display())).help(format!("move it to {belongs}")));
    }
    Ok(Entry { case, rule, real, scenario })
}

/// What lies in a folder beside its description, in order; nothing if there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.is_file() && path.file_name() != Some("README.md".as_ref()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_has_only_good_scenarios() {
        if let Err(problem) = all(&Repo::find().unwrap()) {
            panic!("{problem}");
        }
    }

    /// What is told of a repository with these files.
    fn told(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("tests/scenarios");
        std::fs::create_dir_all(root.join("real")).unwrap();
        files.iter().for_each(|(name, text)| std::fs::write(root.join(name), text).unwrap());
        match all(&Repo::at(folder.path())) {
            Ok(entries) => {
                entries.into_iter().flat_map(|entry| [entry.rule, " ".to_owned(), entry.case, ";".to_owned()]).collect()
            }
            Err(problem) => problem.to_string(),
        }
    }

    const GOOD: &str = r#"{"about": "x", "peer": [], "client": []}"#;
    const REAL: &str = r#"{"about": "x", "server": {"model": "echo"}, "client": []}"#;

    #[test]
    fn they_are_found_by_name() {
        let files = [("C30-b.json", GOOD), ("README.md", "text"), ("C01-a.json", GOOD), ("real/C01-c.json", REAL)];
        assert_eq!(told(&files), "C01 C01-a;C01 C01-c;C30 C30-b;");
    }

    #[test]
    fn names_and_places_are_checked() {
        for name in ["C31-a.json", "C1-a.json", "C01.json", "C01-.json", "a.json", "C01-a.jsonc"] {
            assert!(told(&[(name, GOOD)]).contains("isn't named after a rule"), "{name}");
        }
        assert!(told(&[("C01-a.json", REAL)]).contains("move it to tests/scenarios/real"));
        assert!(told(&[("real/C01-a.json", GOOD)]).contains("move it to tests/scenarios"));
        assert!(told(&[("C01-a.json", GOOD), ("real/C01-a.json", REAL)]).contains("two scenarios are called like"));
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_file() {
        let told = told(&[("C01-a.json", "{"), ("C02-b.json", r#"{"peer": [], "client": [{"jump": 1}]}"#)]);
        for words in ["2 of the scenarios", "C01-a.json", "C02-b.json#/client/0", "no member `about`"] {
            assert!(told.contains(words), "{told}");
        }
    }
}
