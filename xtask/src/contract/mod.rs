//! Whether every client keeps every rule of the contract: `tests/CONTRACT.md`, made from what the suites have written.
//!
//! The folder of results is emptied when a test run begins, and the table is made at its end, by a step that needs all
//! that write: it never holds anything of an earlier run.

pub mod results;
pub mod rules;
mod table;

use crate::problem::Problem;
use crate::repo::Repo;
use crate::scenarios;
use std::path::{Path, PathBuf};
use table::Table;

/// Where the suites write.
pub fn folder(repo: &Repo) -> PathBuf {
    repo.target("contract")
}

/// Forgets the results of earlier runs.
pub fn begin(repo: &Repo) -> Result<(), Problem> {
    let folder = folder(repo);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| Problem::io("removing", &folder, &error))?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| Problem::io("creating", &folder, &error))
}

/// Makes the table, prints it, and compares it with the committed one; or replaces that one.
pub fn conclude(repo: &Repo, bless: bool) -> Result<(), Problem> {
    let table = Table::of(&results::read(&folder(repo))?, &scenarios::all(repo)?);
    println!("{table}");
    let path = repo.root().join("tests/CONTRACT.md");
    let page = page(&table);
    if bless {
        std::fs::write(&path, &page).map_err(|error| Problem::io("writing", &path, &error))?;
    }
    let mut failures = table.failures();
    failures.extend(stale(&path, &page));
    if failures.is_empty() { Ok(()) } else { Err(Problem::new(failures.join("\n"))) }
}

fn page(table: &Table) -> String {
    format!(
        "# The contract, shown\n\n\
         How many cases show each rule of the contract in each client: scenarios of `tests/scenarios`, which all clients\n\
         run, and tests of each language. Written by `cargo xtask test --bless`; the step `contract` compares it.\n\n\
         {table}"
    )
}

/// What to do about a committed table that says something else.
fn stale(path: &Path, page: &str) -> Option<String> {
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    if committed == page {
        return None;
    }
    let diff = similar::TextDiff::from_lines(committed.as_str(), page);
    let diff = diff.unified_diff().context_radius(0).header("committed", "now").to_string();
    Some(format!("tests/CONTRACT.md is stale; `cargo xtask test --bless` rewrites it\n{diff}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is concluded in a repository with these results of `rust`, after blessing or not.
    fn concluded(repo: &Repo, lines: &str, bless: bool) -> String {
        begin(repo).unwrap();
        std::fs::write(folder(repo).join("rust.jsonl"), lines).unwrap();
        conclude(repo, bless).map_or_else(|problem| problem.to_string(), |()| "good".to_owned())
    }

    #[test]
    fn a_stale_table_fails_until_it_is_blessed() {
        let root = tempfile::tempdir().unwrap();
        let repo = Repo::at(root.path());
        std::fs::create_dir_all(root.path().join("tests")).unwrap();
        let line = |case: &str, client: &str| {
            let (rule, passed) = (&case[..3], true);
            serde_json::json!({"client": client, "rule": rule, "case": case, "passed": passed}).to_string() + "\n"
        };
        let all: String = rules::RULES
            .iter()
            .flat_map(|(rule, _)| crate::scenario::CLIENTS.iter().map(move |client| line(&format!("{rule}-x"), client)))
            .collect();
        let told = concluded(&repo, &all, false);
        assert!(
            told.contains("`cargo xtask test --bless` rewrites it")
                && told.contains("+| C04 Peer death | 1 | 1 | 1 | 1 |"),
            "{told}"
        );
        assert_eq!(concluded(&repo, &all, true), "good");
        assert_eq!(concluded(&repo, &all, false), "good");
        let more = all.clone() + &line("C04-y", "rust");
        assert!(concluded(&repo, &more, false).contains("+| C04 Peer death | 2 | 1 | 1 | 1 |"));
        // Nothing is left of the run before, and blessing makes no failure good.
        assert!(concluded(&repo, "", true).contains("C04 Peer death: nothing shows it in rust"));
    }
}
