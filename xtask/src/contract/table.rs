//! The table: rules × clients, with the number of cases that show each.
//!
//! Knows what counts and what fails; files are read by others.

use super::results::Line;
use super::rules::RULES;
use crate::scenario::CLIENTS;
use crate::scenarios::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

#[derive(Debug, Default)]
pub struct Table {
    cells: BTreeMap<(String, String), Cell>,
    /// Cases that don't concern every client, with the reason; their numbers in the cells count from 1.
    notes: Vec<Note>,
    /// What is wrong with the results themselves.
    problems: Vec<String>,
}

#[derive(Debug, Default)]
struct Cell {
    passed: BTreeSet<String>,
    failed: BTreeSet<String>,
    notes: BTreeSet<usize>,
}

#[derive(Debug, PartialEq, Eq)]
struct Note {
    case: String,
    reason: String,
    clients: Vec<String>,
}

impl Table {
    /// The table of these results; each scenario has one for each client.
    pub fn of(lines: &[Line], scenarios: &[Entry]) -> Self {
        let mut table = Self::default();
        let scenarios: BTreeMap<&str, &Entry> = scenarios.iter().map(|entry| (entry.case.as_str(), entry)).collect();
        let mut seen = BTreeSet::new();
        let mut sorted: Vec<&Line> = lines.iter().collect();
        sorted.sort_by_key(|line| (&line.case, CLIENTS.iter().position(|client| *client == line.client)));
        for line in sorted {
            let entry = scenarios.get(line.case.as_str()).copied();
            if let Err(problem) = table.add(line, entry) {
                table.problems.push(format!("{} of {}: {problem}", line.case, line.client));
            }
            seen.insert((line.case.as_str(), line.client.as_str()));
        }
        for (case, client) in scenarios.keys().flat_map(|case| CLIENTS.iter().map(move |client| (*case, *client))) {
            if !seen.contains(&(case, client)) {
                table.problems.push(format!("{case} of {client}: the client has no result of this scenario"));
            }
        }
        table
    }

    fn add(&mut self, line: &Line, scenario: Option<&Entry>) -> Result<(), String> {
        if !RULES.iter().any(|(rule, _)| *rule == line.rule) || !line.case.starts_with(&format!("{}-", line.rule)) {
            return Err(format!("the case isn't named after a rule, or not after {}", line.rule));
        }
        if !CLIENTS.contains(&line.client.as_str()) {
            return Err(format!("there is no such client; the clients are {}", CLIENTS.join(", ")));
        }
        let excepted = scenario.map(|entry| {
            entry.scenario.without.iter().find(|(client, _)| *client == line.client).map(|(_, reason)| reason.as_str())
        });
        let note = match (line.passed, excepted) {
            (None, Some(Some(reason))) => Some(self.note(line, reason)),
            (None, Some(None)) => return Err("the scenario concerns this client, which left it out".to_owned()),
            (Some(_), Some(Some(_))) => return Err("the scenario doesn't concern this client, which ran it".to_owned()),
            (None, None) => match &line.because {
                Some(reason) => Some(self.note(line, reason)),
                None => return Err("left out without a reason".to_owned()),
            },
            (Some(_), _) => None,
        };
        let cell = self.cells.entry((line.rule.clone(), line.client.clone())).or_default();
        cell.notes.extend(note);
        match line.passed {
            Some(true) => drop(cell.passed.insert(line.case.clone())),
            Some(false) => drop(cell.failed.insert(line.case.clone())),
            None => {}
        }
        Ok(())
    }

    /// The number of the note that says so.
    fn note(&mut self, line: &Line, reason: &str) -> usize {
        let known = self.notes.iter().position(|note| note.case == line.case && note.reason == reason);
        let index = known.unwrap_or_else(|| {
            self.notes.push(Note { case: line.case.clone(), reason: reason.to_owned(), clients: Vec::new() });
            self.notes.len() - 1
        });
        let clients = &mut self.notes[index].clients;
        if !clients.contains(&line.client) {
            clients.push(line.client.clone());
        }
        index + 1
    }

    /// Everything for which the contract isn't shown to be kept.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = self.problems.clone();
        for (rule, title) in RULES {
            for client in CLIENTS {
                match self.cell(rule, client) {
                    None => failures.push(format!("{rule} {title}: nothing shows it in {client}")),
                    Some(cell) if !cell.failed.is_empty() => {
                        let cases: Vec<&str> = cell.failed.iter().map(String::as_str).collect();
                        failures.push(format!("{rule} {title}: {client} failed {}", cases.join(", ")));
                    }
                    Some(_) => {}
                }
            }
        }
        failures
    }

    fn cell(&self, rule: &str, client: &str) -> Option<&Cell> {
        self.cells.get(&(rule.to_owned(), client.to_owned()))
    }

    fn text(&self, rule: &str, client: &str) -> String {
        let Some(cell) = self.cell(rule, client) else { return "none".to_owned() };
        let notes: Vec<String> = cell.notes.iter().map(|number| format!(" [{number}]")).collect();
        if cell.failed.is_empty() && cell.passed.is_empty() {
            return format!("-{}", notes.concat());
        }
        // A case that passed once and failed once has failed.
        match cell.failed.len() {
            0 => format!("{}{}", cell.passed.len(), notes.concat()),
            failed => format!("FAIL {failed}{}", notes.concat()),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "| rule | {} |", CLIENTS.join(" | "))?;
        writeln!(formatter, "| --- |{}", " --- |".repeat(CLIENTS.len()))?;
        for (rule, title) in RULES {
            let cells: Vec<String> = CLIENTS.iter().map(|client| self.text(rule, client)).collect();
            writeln!(formatter, "| {rule} {title} | {} |", cells.join(" | "))?;
        }
        for (index, note) in self.notes.iter().enumerate() {
            let (number, clients) = (index + 1, note.clients.join(", "));
            writeln!(formatter, "\n[{number}] `{}` doesn't concern {clients}: {}", note.case, note.reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn line(client: &str, case: &str, passed: Option<bool>) -> Line {
        let rule = case.split('-').next().unwrap().to_owned();
        Line { client: client.to_owned(), rule, case: case.to_owned(), passed, because: None }
    }

    fn scenario(case: &str, without: &[(&'static str, &str)]) -> Entry {
        let without = without.iter().map(|(client, reason)| (*client, (*reason).to_owned())).collect();
        let scenario = Scenario { without, ..Scenario::default() };
        Entry { case: case.to_owned(), rule: case[..3].to_owned(), real: false, scenario }
    }

    /// The cells of a rule, as they read.
    fn row(table: &Table, rule: &str) -> String {
        let text = table.to_string();
        let row = text.lines().find(|line| line.starts_with(&format!("| {rule} "))).unwrap();
        row.split(" | ").skip(1).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn cells_count_what_passed_and_tell_what_did_not() {
        let scenarios = [
            scenario("C04-a", &[]),
            scenario("C04-b", &[("rust", "it has none")]),
            scenario("C05-a", &[("rust", "no such thing"), ("python", "no such thing")]),
        ];
        let mut lines: Vec<Line> = ["python", "python-async", "typescript"]
            .iter()
            .flat_map(|client| [line(client, "C04-a", Some(true)), line(client, "C04-b", Some(true))])
            .collect();
        lines.extend([line("rust", "C04-a", Some(true)), line("rust", "C04-b", None)]);
        lines.extend([line("rust", "C05-a", None), line("python", "C05-a", None)]);
        lines.extend([line("python-async", "C05-a", Some(true)), line("typescript", "C05-a", Some(false))]);
        let table = Table::of(&lines, &scenarios);
        assert_eq!(row(&table, "C04"), "1 [1] | 2 | 2 | 2 |");
        assert_eq!(row(&table, "C05"), "- [2] | - [2] | 1 | FAIL 1 |");
        assert_eq!(row(&table, "C06"), "none | none | none | none |");
        let text = table.to_string();
        assert!(text.contains("[1] `C04-b` doesn't concern rust: it has none\n"), "{text}");
        assert!(text.ends_with("[2] `C05-a` doesn't concern rust, python: no such thing\n"), "{text}");
        let failures = table.failures();
        assert!(failures.contains(&"C05 Stderr: typescript failed C05-a".to_owned()), "{failures:?}");
        assert!(failures.contains(&"C06 Every method has a typed call: nothing shows it in rust".to_owned()));
        assert_eq!(failures.len(), 1 + 28 * 4);
    }

    #[test]
    fn a_case_that_failed_once_has_failed() {
        let lines = [line("rust", "C04-a", Some(true)), line("rust", "C04-a", Some(false))];
        assert_eq!(row(&Table::of(&lines, &[]), "C04"), "FAIL 1 | none | none | none |");
    }

    #[track_caller]
    fn problem(lines: &[Line], scenarios: &[Entry], words: &str) {
        let failures = Table::of(lines, scenarios).failures();
        assert!(failures.iter().any(|failure| failure.contains(words)), "{words:?} is not in {failures:?}");
    }

    #[test]
    fn results_that_show_nothing_are_failures() {
        let concerns_all = [scenario("C04-a", &[])];
        problem(&[], &concerns_all, "C04-a of typescript: the client has no result");
        problem(&[line("rust", "C04-a", None)], &concerns_all, "C04-a of rust: the scenario concerns this client");
        let not_rust = [scenario("C04-a", &[("rust", "why")])];
        problem(&[line("rust", "C04-a", Some(true))], &not_rust, "doesn't concern this client, which ran it");
        problem(&[line("rust", "C04-x", None)], &[], "left out without a reason");
        problem(&[line("rust", "C31-x", Some(true))], &[], "isn't named after a rule");
        problem(&[line("ruby", "C04-x", Some(true))], &[], "there is no such client");
        let other = Line { rule: "C05".to_owned(), ..line("rust", "C04-x", Some(true)) };
        problem(&[other], &[], "not after C05");
        let reasoned = Line { because: Some("why".to_owned()), ..line("rust", "C04-x", None) };
        assert_eq!(row(&Table::of(&[reasoned], &[]), "C04"), "- [1] | none | none | none |");
    }
}
