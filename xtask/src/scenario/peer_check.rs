//! Whether the names in the peer's script are saved before they are used.

use super::peer_steps::{Act, Step};
use super::place::At;
use super::scope::Scope;
use rpcsmith::diagnostic::Diagnostic;

/// All names that aren't known where they stand.
pub fn check(script: &[Step]) -> Vec<Diagnostic> {
    let mut checker = Checker::default();
    checker.steps(script, &mut Scope::default());
    checker.problems
}

#[derive(Default)]
struct Checker {
    problems: Vec<Diagnostic>,
}

impl Checker {
    fn steps(&mut self, steps: &[Step], scope: &mut Scope) {
        for step in steps {
            match &step.act {
                Act::Repeat { steps, .. } => self.round(steps, scope),
                Act::Linger { sending } => self.round(sending, scope),
                act => {
                    let result = names(&step.at, act, scope);
                    self.problems.extend(result.err());
                }
            }
        }
    }

    fn round(&mut self, steps: &[Step], scope: &mut Scope) {
        let mut inner = scope.with("n");
        self.steps(steps, &mut inner);
        scope.join(inner);
    }
}

/// Uses and saves the names of one act.
fn names(at: &At, act: &Act, scope: &mut Scope) -> Result<(), Diagnostic> {
    let mut saved: Option<&String> = None;
    match act {
        Act::Launched(pattern) => scope.fills_all(at, pattern)?,
        Act::Several(acts) => acts.iter().try_for_each(|act| names(at, act, scope))?,
        Act::Expect { params, save, .. } => {
            params.iter().try_for_each(|pattern| scope.fills_all(at, pattern))?;
            saved = save.as_ref();
        }
        Act::ExpectAnswer { id, content, save } => {
            scope.fills_all(at, id)?;
            content.iter().try_for_each(|(_, pattern)| scope.fills_all(at, pattern))?;
            saved = save.as_ref();
        }
        Act::ExpectAnswers { content, save, .. } => {
            content.iter().try_for_each(|(_, pattern)| scope.fills_all(at, pattern))?;
            saved = save.as_ref();
        }
        Act::Collect { save, .. } => saved = save.as_ref(),
        Act::Send(template) | Act::Stderr { line: template, .. } => scope.fills(at, template)?,
        Act::AnswerAll { calls, answer, .. } => {
            scope.knows(at, calls)?;
            scope.with("it").fills(at, answer)?;
        }
        Act::Bytes(parts) => parts.iter().try_for_each(|part| scope.fills(at, part))?,
        Act::ExpectEnd
        | Act::SleepMs(_)
        | Act::Close(_)
        | Act::StopReading
        | Act::ReadOn
        | Act::Stubborn
        | Act::Grandchild(_)
        | Act::Exit(_)
        | Act::Die(_)
        | Act::Repeat { .. }
        | Act::Linger { .. } => {}
    }
    saved.iter().for_each(|name| scope.save(name));
    Ok(())
}
