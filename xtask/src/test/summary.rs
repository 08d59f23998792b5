//! What became of the steps, as a table and as a verdict.

use crate::problem::Problem;
use std::fmt;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// It needs a step that didn't pass.
    Skipped {
        need: &'static str,
    },
}

#[derive(Default)]
pub struct Summary {
    rows: Vec<(&'static str, Outcome, Duration)>,
}

impl Summary {
    pub fn add(&mut self, name: &'static str, outcome: Outcome, took: Duration) {
        self.rows.push((name, outcome, took));
    }

    /// The first of these steps that didn't pass.
    pub fn missing(&self, needs: &[&'static str]) -> Option<&'static str> {
        let passed = |need: &str| self.rows.iter().any(|row| row.0 == need && row.1 == Outcome::Passed);
        needs.iter().find(|need| !passed(need)).copied()
    }

    pub fn verdict(&self) -> Result<(), Problem> {
        let bad: Vec<&str> = self.rows.iter().filter(|row| row.1 != Outcome::Passed).map(|row| row.0).collect();
        if bad.is_empty() {
            return Ok(());
        }
        let again: Vec<String> = bad.iter().map(|name| format!("--only {name}")).collect();
        Err(Problem::new(format!("{} of {} steps did not pass", bad.len(), self.rows.len()))
            .help(format!("run them again alone: cargo xtask test {}", again.join(" "))))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.0.len()).max().unwrap_or_default().max("all".len());
        for (name, outcome, took) in &self.rows {
            let seconds = took.as_secs_f64();
            match outcome {
                Outcome::Passed => writeln!(formatter, "{name:<width$}  passed   {seconds:>6.1} s")?,
                Outcome::Failed => writeln!(formatter, "{name:<width$}  FAILED   {seconds:>6.1} s")?,
                Outcome::Skipped { need } => writeln!(formatter, "{name:<width$}  SKIPPED  for want of {need}")?,
            }
        }
        let total: Duration = self.rows.iter().map(|row| row.2).sum();
        write!(formatter, "{:<width$}           {:>6.1} s", "all", total.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_skips_what_needs_it_and_decides() {
        let mut summary = Summary::default();
        summary.add("a", Outcome::Passed, Duration::from_millis(1500));
        summary.add("bc", Outcome::Failed, Duration::ZERO);
        assert_eq!(summary.missing(&["a"]), None);
        assert_eq!(summary.missing(&["a", "bc"]), Some("bc"));
        summary.add("d", Outcome::Skipped { need: "bc" }, Duration::ZERO);
        let table =
            "a    passed      1.5 s\nbc   FAILED      0.0 s\nd    SKIPPED  for want of bc\nall              1.5 s";
        assert_eq!(summary.to_string(), table);
        let problem = summary.verdict().unwrap_err().to_string();
        assert!(problem.contains("2 of 3 steps"), "{problem}");
        assert!(problem.contains("cargo xtask test --only bc --only d"), "{problem}");
    }
}
