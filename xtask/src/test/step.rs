//! A step of the test run as plain data, and the choice of steps by name.

use super::bench::Bench;
use super::prerequisites::Tool;
use crate::problem::Problem;
use crate::process::Invocation;

/// One thing that must hold, or that others need.
pub struct Step {
    /// `group:name`, or a plain name.
    pub name: &'static str,
    /// What it shows, for the list and for the heading.
    pub about: &'static str,
    /// Steps that must have passed, unless this one concludes; they stand earlier in the list.
    pub needs: &'static [&'static str],
    /// What the machine must have.
    pub tools: &'static [Tool],
    pub action: Action,
}

pub enum Action {
    /// Commands that must all succeed, the first failure ends the step.
    Run(Vec<Invocation>),
    /// Something to set up that looks first at what is there already.
    Prepare(fn(&Bench) -> Result<(), Problem>),
    /// What is said at the end of the steps that it needs, also when they failed.
    Conclude(fn(&Bench) -> Result<(), Problem>),
}

impl Step {
    /// The need for want of which it can't run.
    pub fn blocked(&self, missing: impl FnOnce(&[&'static str]) -> Option<&'static str>) -> Option<&'static str> {
        match self.action {
            Action::Run(_) | Action::Prepare(_) => missing(self.needs),
            Action::Conclude(_) => None,
        }
    }
}

/// The steps that `only` names, by step or by group, with all they need, in their order; all steps if it names none.
pub fn choose<'steps>(steps: &'steps [Step], only: &[String]) -> Result<Vec<&'steps Step>, Problem> {
    let is_named = |step: &Step, name: &str| step.name == name || step.name.split(':').next() == Some(name);
    if let Some(name) = only.iter().find(|name| !steps.iter().any(|step| is_named(step, name))) {
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        return Err(Problem::usage(format!("there is no test step or group `{name}`"))
            .help(format!("the steps are: {}", names.join(", "))));
    }
    let mut wanted: Vec<&str> = Vec::new();
    // From the last to the first, since a step needs only earlier ones.
    for step in steps.iter().rev() {
        if only.is_empty() || wanted.contains(&step.name) || only.iter().any(|name| is_named(step, name)) {
            wanted.push(step.name);
            wanted.extend(step.needs);
        }
    }
    Ok(steps.iter().filter(|step| wanted.contains(&step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, needs: &'static [&'static str]) -> Step {
        Step { name, about: "", needs, tools: &[], action: Action::Run(Vec::new()) }
    }

    #[track_caller]
    fn chooses(only: &[&str], expected: &[&str]) {
        let steps = [step("a", &[]), step("g:b", &["a"]), step("g:c", &["g:b"]), step("d", &[])];
        let only: Vec<String> = only.iter().map(ToString::to_string).collect();
        let chosen: Vec<&str> = choose(&steps, &only).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(chosen, expected);
    }

    #[test]
    fn steps_come_with_what_they_need() {
        chooses(&[], &["a", "g:b", "g:c", "d"]);
        chooses(&["g:c"], &["a", "g:b", "g:c"]);
        chooses(&["g"], &["a", "g:b", "g:c"]);
        chooses(&["d"], &["d"]);
        chooses(&["d", "a"], &["a", "d"]);
    }

    #[test]
    fn a_step_that_concludes_runs_after_failures_too() {
        let missing = |needs: &[&'static str]| needs.first().copied();
        let mut last = step("d", &["a"]);
        assert_eq!(last.blocked(missing), Some("a"));
        last.action = Action::Conclude(|_| Ok(()));
        assert_eq!(last.blocked(missing), None);
    }

    #[test]
    fn an_unknown_name_is_wrong_usage() {
        let problem = choose(&[step("a", &[])], &["b".to_owned()]).err().unwrap();
        assert_eq!(problem.exit_code(), 2);
        assert!(problem.to_string().contains("the steps are: a"), "{problem}");
    }
}
