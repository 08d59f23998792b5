//! A client's surface beside what the model says, and beside those of the other clients.

use super::expected::{Expected, Members as ExpectedMembers};
use super::{Client, Members, all_plain, plain};
use std::collections::{BTreeMap, BTreeSet};

/// What a class of one client has and others haven't, since their languages want it otherwise: client, class, member.
/// `Codex` is made by a constructor in Python, and in TypeScript by a function of the class, which no object has.
const IDIOMS: &[(&str, &str, &str)] = &[("rust", "codex", "start")];

/// How much of the model is there, and what isn't.
pub fn with_model(client: &Client, expected: &Expected) -> (String, Vec<String>) {
    let mut lacks = Vec::new();
    let root = all_plain(&client.surface.root);
    for name in expected.root.difference(&root) {
        if !root.contains(&plain(&format!("{}{name}", client.prefix))) {
            lacks.push(format!("{}: the root exports nothing like `{name}`", client.name));
        }
    }
    let notifications = all_plain(&client.surface.notifications);
    lacks.extend(
        expected
            .notifications
            .difference(&notifications)
            .map(|name| format!("{}: no notification `{name}`", client.name)),
    );
    let (mut methods, mut parameters) = (0, 0);
    for (class, wanted) in &expected.classes {
        let Some(members) = members(client, class) else {
            lacks.push(format!("{}: no class like `{class}`", client.name));
            continue;
        };
        lacks.extend(class_lacks(client, class, wanted, members));
        methods += wanted.len();
        parameters += wanted.values().flatten().map(BTreeSet::len).sum::<usize>();
    }
    let found = format!(
        "{} classes, {methods} members, {parameters} parameters, {} notifications, {} exports",
        expected.classes.len(),
        expected.notifications.len(),
        expected.root.len(),
    );
    (found, lacks)
}

/// A class by its name, which may have the client's own prefix.
fn members<'a>(client: &'a Client, class: &str) -> Option<&'a Members> {
    let named = |wanted: String| {
        client.surface.classes.iter().find(|(name, _)| plain(name) == wanted).map(|(_, members)| members)
    };
    named(plain(&format!("{}{class}", client.prefix))).or_else(|| named(class.to_owned()))
}

fn class_lacks(client: &Client, class: &str, wanted: &ExpectedMembers, members: &Members) -> Vec<String> {
    let there: BTreeMap<String, &Option<Vec<String>>> =
        members.iter().map(|(name, parameters)| (plain(name), parameters)).collect();
    let mut lacks = Vec::new();
    for (member, wanted) in wanted {
        let place = format!("{}: {class}.{member}", client.name);
        match (there.get(member), wanted) {
            (None, _) => lacks.push(format!("{place} is missing")),
            (Some(_), None) => {}
            (Some(None), Some(_)) => lacks.push(format!("{place} is no method")),
            (Some(Some(parameters)), Some(wanted)) => {
                let options = client.options.iter().map(|option| plain(option)).collect();
                let given = all_plain(parameters);
                let all: BTreeSet<String> = wanted.union(&options).cloned().collect();
                lacks.extend(all.difference(&given).map(|name| format!("{place} takes no `{name}`")));
                let others: BTreeSet<String> = client.others.iter().map(|other| plain(other)).collect();
                let more = given.difference(&all).filter(|name| !others.contains(*name));
                lacks.extend(more.map(|name| format!("{place} takes a `{name}`, which the model lacks")));
            }
        }
    }
    lacks
}

/// Where classes of the convenience layer have members that others lack.
pub fn with_each_other(clients: &[Client], expected: &Expected) -> Vec<String> {
    let mut lacks = Vec::new();
    for class in expected.facade.iter().chain(&expected.handmade) {
        let of_each: Vec<(&Client, BTreeSet<String>)> = clients
            .iter()
            .filter_map(|client| Some((client, all_plain(members(client, class)?.keys()))))
            .map(|(client, members)| {
                (client, members.into_iter().filter(|name| !is_idiom(client, class, name)).collect())
            })
            .collect();
        let all: BTreeSet<&String> = of_each.iter().flat_map(|(_, members)| members).collect();
        for (client, members) in &of_each {
            let missing = all.iter().filter(|name| !members.contains(**name));
            lacks.extend(missing.map(|name| format!("{}: {class}.{name} is missing, which others have", client.name)));
        }
    }
    lacks
}

fn is_idiom(client: &Client, class: &str, member: &str) -> bool {
    IDIOMS.contains(&(client.name, class, member))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::surface::Surface;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn expected() -> Expected {
        let thread = ExpectedMembers::from([("id".to_owned(), None), ("setname".to_owned(), Some(names(&["name"])))]);
        Expected {
            root: names(&["thread"]),
            notifications: names(&["turncompleted"]),
            classes: BTreeMap::from([("thread".to_owned(), thread)]),
            handmade: Vec::new(),
            facade: vec!["thread".to_owned()],
        }
    }

    /// A client whose class has these members.
    fn client(name: &'static str, members: &[(&str, Option<&[&str]>)]) -> Client {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let members = members.iter().map(|(name, parameters)| ((*name).to_owned(), parameters.map(list)));
        let surface = Surface {
            root: vec!["AsyncThread".to_owned()],
            notifications: vec!["TurnCompleted".to_owned()],
            classes: BTreeMap::from([("AsyncThread".to_owned(), members.collect())]),
        };
        Client { name, prefix: "Async", options: &["timeout"], others: &["retry"], surface }
    }

    #[test]
    fn what_a_client_lacks_is_told_by_its_place() {
        let lacks =
            |members: &[(&str, Option<&[&str]>)]| with_model(&client("python", members), &expected()).1.join("; ");
        assert_eq!(lacks(&[("id", None), ("set_name", Some(&["name", "timeout", "retry"]))]), "");
        assert_eq!(lacks(&[("setName", Some(&["name", "timeout"]))]), "python: thread.id is missing");
        assert_eq!(lacks(&[("id", None), ("set_name", None)]), "python: thread.setname is no method");
        assert_eq!(
            lacks(&[("id", None), ("set_name", Some(&["title"]))]),
            "python: thread.setname takes no `name`; python: thread.setname takes no `timeout`; \
             python: thread.setname takes a `title`, which the model lacks"
        );
        let mut bare = client("python", &[]);
        bare.surface = Surface::default();
        assert_eq!(
            with_model(&bare, &expected()).1.join("; "),
            "python: the root exports nothing like `thread`; python: no notification `turncompleted`; \
             python: no class like `thread`"
        );
    }

    #[test]
    fn what_only_some_have_is_told() {
        let clients = [client("rust", &[("id", None), ("fork", None)]), client("typescript", &[("id", None)])];
        assert_eq!(with_each_other(&clients, &expected()), ["typescript: thread.fork is missing, which others have"]);
    }
}
