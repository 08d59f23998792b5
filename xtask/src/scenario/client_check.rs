//! The walk through the client's script: shapes, names, and that nothing is left open at its end.

use super::client_steps::{
    CALL, CONFIG, DEADLY, FACADE_STEPS, FAILS, FAILURES, HANDLER, Kind, LOGINS, PAUSING, REAL_STEPS, RETRY, STEPS,
    Shape, UNKNOWNS,
};
use super::place::{At, Members, Placed};
use super::scope::Scope;
use rpcsmith::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

pub struct ClientCheck {
    real: bool,
    facade: bool,
    /// Gates that handlers wait for; the model's replies have others.
    gates: BTreeSet<String>,
    /// Calls that aren't awaited yet, and where each was made.
    laters: BTreeMap<String, At>,
    streams: BTreeSet<String>,
    /// Objects of the convenience layer.
    objects: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

type Checked = Result<(), Diagnostic>;

impl ClientCheck {
    pub fn new(real: bool, facade: bool) -> Self {
        Self {
            real,
            facade,
            gates: BTreeSet::new(),
            laters: BTreeMap::new(),
            streams: BTreeSet::new(),
            objects: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// Checks the whole script with what it starts from.
    pub fn run(
        mut self,
        config: Option<Placed<'_>>,
        handlers: Option<Placed<'_>>,
        script: &Placed<'_>,
    ) -> Vec<Diagnostic> {
        let mut scope = Scope::of(if self.real { &["root", "home", "repo", "python"] } else { &[] });
        for (part, kind) in [(config, Kind::Config), (handlers, Kind::Handlers)] {
            if let Some(part) = part {
                let result = self.member(&part, kind, &mut scope);
                self.problems.extend(result.err());
            }
        }
        self.steps(script, &mut scope);
        for (name, at) in std::mem::take(&mut self.laters) {
            let problem = at.wrong(format!("the call `{name}` is left open"), "an `await` or `cancel` of it");
            self.problems.push(problem);
        }
        self.problems
    }

    fn steps(&mut self, list: &Placed<'_>, scope: &mut Scope) {
        match list.items() {
            Ok(items) => items.iter().for_each(|item| {
                let result = self.step(item, scope);
                self.problems.extend(result.err());
            }),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn step(&mut self, placed: &Placed<'_>, scope: &mut Scope) -> Checked {
        let members = placed.members()?;
        let name = members.kind()?;
        let real_steps = if self.real { REAL_STEPS } else { &[] };
        let facade_steps = if self.facade { FACADE_STEPS } else { &[] };
        let steps = || STEPS.iter().chain(real_steps).chain(facade_steps);
        let Some(shape) = steps().find(|shape| shape.name == name) else {
            let known: Vec<&str> = steps().map(|shape| shape.name).collect();
            return Err(placed.at.wrong(format!("a step `{name}`, which the client hasn't"), known.join(", ")));
        };
        let extra: &[&str] = if name == "handler" { &["calls"] } else { &[] };
        self.shape(&members, shape, extra, scope)?;
        if name == "handler" {
            self.handler_acts(&members, scope)?;
        }
        consistent(&members)
    }

    /// Checks all members of a step: first those that use names, then those that make some.
    fn shape(&mut self, members: &Members<'_>, shape: &Shape, extra: &[&str], scope: &mut Scope) -> Checked {
        let listed = shape.needed.iter().chain(shape.others);
        let all: Vec<(&str, Kind)> = std::iter::once((shape.name, shape.main)).chain(listed.copied()).collect();
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).chain(extra.iter().copied()).collect();
        members.only(&names)?;
        for (name, _) in shape.needed {
            members.need(name)?;
        }
        let making = |kind: Kind| matches!(kind, Kind::Saves | Kind::NewLater | Kind::NewStream | Kind::NewObject);
        for making_now in [false, true] {
            for (name, kind) in all.iter().filter(|(_, kind)| making(*kind) == making_now) {
                if let Some(member) = members.get(name) {
                    self.member(&member, *kind, scope)?;
                }
            }
        }
        Ok(())
    }

    /// The members of an object that isn't a step.
    fn object(&mut self, placed: &Placed<'_>, shape: &[(&str, Kind)], extra: &[&str], scope: &mut Scope) -> Checked {
        let members = placed.members()?;
        let names: Vec<&str> = shape.iter().map(|(name, _)| *name).chain(extra.iter().copied()).collect();
        members.only(&names)?;
        for (name, kind) in shape {
            if let Some(member) = members.get(name) {
                self.member(&member, *kind, scope)?;
            }
        }
        Ok(())
    }

    fn member(&mut self, placed: &Placed<'_>, kind: Kind, scope: &mut Scope) -> Checked {
        let at = &placed.at;
        match kind {
            Kind::True => placed.is_true(),
            Kind::Flag => placed.flag().map(drop),
            Kind::Text | Kind::Method => placed.text().map(drop),
            Kind::Count => placed.count().map(drop),
            Kind::Time if placed.value.is_null() => Ok(()),
            Kind::Time => placed.count().map(drop).map_err(|_| at.not("milliseconds, or null for none", placed.value)),
            Kind::Sent => scope.fills(at, &placed.template()?),
            Kind::Pattern => scope.fills_all(at, &placed.pattern()?),
            Kind::Patterns => placed.items()?.iter().try_for_each(|item| scope.fills_all(&item.at, &item.pattern()?)),
            Kind::Unknowns => placed.items()?.iter().try_for_each(|item| unknown(item, scope)),
            Kind::Fails => self.fails(placed, scope),
            Kind::Retry => self.object(placed, RETRY, &[], scope),
            Kind::Config => self.object(placed, CONFIG, &[], scope),
            Kind::Handlers => placed.members()?.iter().try_for_each(|(_, handler)| self.handler(&handler, scope)),
            Kind::Saves => placed.members()?.iter().try_for_each(|(name, path)| {
                path.value.as_str().ok_or_else(|| path.at.not("a path such as `turn.id`", path.value))?;
                scope.save(name);
                Ok(())
            }),
            Kind::Counts => placed.members()?.iter().try_for_each(|(_, count)| count.count().map(drop)),
            Kind::Steps => {
                let mut inner = scope.with("n");
                self.steps(placed, &mut inner);
                scope.join(inner);
                Ok(())
            }
            Kind::Lists => {
                let before = scope.clone();
                for list in placed.items()? {
                    let mut inner = before.clone();
                    self.steps(&list, &mut inner);
                    scope.join(inner);
                }
                Ok(())
            }
            Kind::Signal => one_of(placed, &[DEADLY, PAUSING].concat()),
            Kind::Model => one_of(placed, &["stop"]),
            Kind::Login => one_of(placed, LOGINS),
            Kind::NewObject => {
                self.objects.insert(placed.text()?.to_owned());
                Ok(())
            }
            Kind::Object if self.objects.contains(placed.text()?) => Ok(()),
            Kind::Object => Err(at.not("a login or thread that an earlier step has named", placed.value)),
            Kind::NewLater => {
                self.laters.insert(placed.text()?.to_owned(), at.clone());
                Ok(())
            }
            Kind::Later => match self.laters.remove(placed.text()?) {
                Some(_) => Ok(()),
                None => Err(at.not("the `later` of an earlier step that wasn't awaited yet", placed.value)),
            },
            Kind::NewStream => {
                self.streams.insert(placed.text()?.to_owned());
                Ok(())
            }
            Kind::AnyStream if placed.is_true().is_ok() => Ok(()),
            Kind::Stream | Kind::AnyStream if self.streams.contains(placed.text()?) => Ok(()),
            Kind::Stream | Kind::AnyStream => {
                Err(at.not("a stream or work that an earlier step has named", placed.value))
            }
            Kind::Gate if self.real || self.gates.contains(placed.text()?) => Ok(()),
            Kind::Gate => Err(at.not("a gate that an earlier handler `waits_for`", placed.value)),
        }
    }

    fn handler(&mut self, placed: &Placed<'_>, scope: &mut Scope) -> Checked {
        let members = placed.members()?;
        self.object(placed, HANDLER, &["calls"], scope)?;
        self.handler_acts(&members, scope)
    }

    /// A handler does one thing in the end, and may call before.
    fn handler_acts(&mut self, members: &Members<'_>, scope: &mut Scope) -> Checked {
        if let Some(gate) = members.maybe("waits_for", |gate| gate.text().map(str::to_owned))? {
            self.gates.insert(gate);
        }
        if let Some(calls) = members.get("calls") {
            let call = Shape { name: "call", main: Kind::Method, needed: &[], others: CALL };
            let inner = calls.members()?;
            self.shape(&inner, &call, &[], scope)?;
            inner.need("call")?;
            consistent(&inner)?;
        }
        match (members.get("returns"), members.get("raises")) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            _ => Err(members.at.wrong("a handler", "either `returns` or `raises`")),
        }
    }

    fn fails(&mut self, placed: &Placed<'_>, scope: &mut Scope) -> Checked {
        one_of(&placed.members()?.need("kind")?, FAILURES)?;
        self.object(placed, FAILS, &["kind"], scope)
    }
}

/// What can't be in one step.
fn consistent(members: &Members<'_>) -> Checked {
    let both = |first: &str, second: &str| members.get(first).and(members.get(second));
    for (first, second) in [
        ("fails", "result"),
        ("fails", "save"),
        ("fails", "raises"),
        ("fails", "as"),
        ("later", "result"),
        ("later", "fails"),
        ("later", "save"),
    ] {
        if let Some(second_at) = both(first, second) {
            let help = if first == "later" { "put it into the `await` step" } else { "drop one of them" };
            return Err(second_at.at.wrong(format!("`{second}` beside `{first}`"), "one of them").help(help));
        }
    }
    Ok(())
}

fn unknown(placed: &Placed<'_>, scope: &Scope) -> Checked {
    scope.fills_all(&placed.at, &placed.pattern()?)?;
    let members = placed.members()?;
    let members = members.maybe("$has", Placed::members)?.unwrap_or(members);
    if members.get("$any").is_some() {
        return Ok(());
    }
    members.only(&["kind", "method", "path", "raw"])?;
    let plain = members.get("kind").filter(|kind| kind.value.is_string());
    plain.map_or(Ok(()), |kind| one_of(&kind, UNKNOWNS))
}

fn one_of(placed: &Placed<'_>, names: &[&str]) -> Checked {
    if placed.value.as_str().is_some_and(|name| names.contains(&name)) {
        return Ok(());
    }
    Err(placed.at.not(&format!("one of {}", names.join(", ")), placed.value))
}
