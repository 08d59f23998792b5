//! The functions that blocks are the bodies of: what each is called with, and what the peer has to see of it.
//!
//! Knows the protocol, and which method a block is about; of languages only that they spell names in cases of their
//! own. Values are the smallest that a type has, and the peer compares them: a block that makes another call than the
//! one it is about fails.

use super::functions;
use super::program::Program;
use crate::problem::Problem;
use crate::vectors::Minimal;
use rpcsmith::ir::{Params, Peer, Protocol, Request};
use serde_json::{Value, json};

/// All of a language's functions, in the documents' order.
pub struct Calls<'program> {
    /// Those about a message.
    pub messages: Vec<Call<'program>>,
    /// Those of the convenience layer. `tests/docs/convenience.json` is what the peer plays to them.
    pub convenience: Vec<Call<'program>>,
    /// What the peer plays to those about messages.
    pub scenario: Value,
}

/// A function, and what it is called with.
pub struct Call<'program> {
    /// The function's name.
    pub function: &'program str,
    /// The file that it is in.
    pub module: String,
    /// What comes first: `client`, `event`, `answer`, or an object of the convenience layer.
    pub first: String,
    /// The rest, by name.
    pub given: Given,
}

type Given = Vec<(String, Value)>;

/// What is given of the convenience layer's own: its calls take nothing but texts.
const TEXT: &str = "text";

impl<'program> Calls<'program> {
    pub fn new(protocol: &Protocol, programs: &'program [Program<'program>]) -> Result<Self, Problem> {
        let minimal = Minimal::new(protocol);
        let mut calls = Self { messages: Vec::new(), convenience: Vec::new(), scenario: Value::Null };
        let mut notices = vec![json!({"greet": true})];
        let mut asked = Vec::new();
        for program in programs {
            let Some(given) = &program.terms.given else { continue };
            let mut names = names(given).into_iter();
            let first = names.next().unwrap_or_default();
            let function = program.name.as_str();
            let module = functions::module(program);
            let Some(wire) = &program.terms.wire else {
                let given = names.map(|name| (name, TEXT.into())).collect();
                calls.convenience.push(Call { function, module, first: squeezed(&first), given });
                continue;
            };
            let (first, given) = if let Some(request) = request(protocol, Peer::Client, wire) {
                let (given, steps) =
                    call(&minimal, request, names.collect()).map_err(|what| program.place.problem(what))?;
                asked.extend(steps);
                ("client", given)
            } else if let Some(sent) = protocol.notifications_from(Peer::Server).find(|sent| sent.wire == *wire) {
                let params = sent.params.ty().map(|ty| minimal.of(ty));
                notices.push(
                    params.map_or_else(|| json!({"notify": wire}), |params| json!({"notify": wire, "params": params})),
                );
                ("event", Vec::new())
            } else if request(protocol, Peer::Server, wire).is_some() {
                ("answer", Vec::new())
            } else {
                return Err(program.place.problem(format!("the protocol has no `{wire}`")));
            };
            calls.messages.push(Call { function, module, first: first.to_owned(), given });
        }
        let peer = [notices, asked].concat();
        calls.scenario = json!({"about": "What the reference shows.", "peer": peer, "client": []});
        Ok(calls)
    }

    /// Those about messages and the others, as data.
    pub fn plan(&self) -> Value {
        let list = |calls: &[Call<'_>]| calls.iter().map(Call::entry).collect::<Vec<_>>();
        json!({"messages": list(&self.messages), "convenience": list(&self.convenience)})
    }
}

impl Call<'_> {
    fn entry(&self) -> Value {
        let Self { function, module, first, given } = self;
        json!({"function": function, "module": module, "first": first, "given": given})
    }
}

fn request<'a>(protocol: &'a Protocol, sender: Peer, wire: &str) -> Option<&'a Request> {
    protocol.requests_from(sender).find(|request| request.wire == wire)
}

/// What the function of a request is given, and the peer's steps.
fn call(minimal: &Minimal<'_>, request: &Request, names: Vec<String>) -> Result<(Given, [Value; 2]), String> {
    let wire = &request.wire;
    let params = match &request.params {
        Params::Required(ty) => Some(minimal.of(ty)),
        // Whether an empty object comes or nothing is for the language to choose.
        Params::None | Params::Optional(_) => None,
    };
    let whole = names.len() == 1 && names[0] == "params";
    let mut given = Vec::new();
    for name in names {
        let members = params.as_ref().and_then(Value::as_object);
        let member = || members.and_then(|members| members.iter().find(|(wire, _)| squeezed(wire) == squeezed(&name)));
        let value = if whole { params.as_ref() } else { member().map(|(_, value)| value) };
        let value = value.ok_or_else(|| format!("`{wire}` requires no `{name}`"))?;
        given.push((name, value.clone()));
    }
    let mut expected = json!({"expect": wire, "as": "call"});
    if let Some(params) = params {
        expected["params"] = params;
    }
    Ok((given, [expected, json!({"answer": "call", "result": minimal.of(&request.result)})]))
}

/// The names of parameters that are written as `name: type`, with commas between them.
fn names(given: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, letter) in given.char_indices() {
        match letter {
            '(' | '[' | '<' | '{' => depth += 1,
            // The arrow of a function's type closes nothing.
            ')' | ']' | '>' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                names.push(&given[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    names.push(&given[start..]);
    let name = |parameter: &&str| parameter.split_once(':').map(|(name, _)| name.trim().to_owned());
    names.iter().filter_map(name).collect()
}

/// A name in no case at all.
fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_types() {
        assert_eq!(
            names("client: &Client, ids: Map<String, bool>, last_id: Option<String>"),
            ["client", "ids", "last_id"]
        );
        assert_eq!(names("answer: fn(Client, Params) -> Ready<Result<X>>"), ["answer"]);
        assert_eq!(names("a: (params: A) => Promise<B>, b: string[]"), ["a", "b"]);
    }

    #[test]
    fn names_of_all_languages_are_one() {
        assert_eq!(squeezed("thread_id"), squeezed("threadId"));
    }
}
