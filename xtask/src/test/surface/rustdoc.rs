//! What the Rust crate has for its users, as rustdoc finds it.
//!
//! Knows the parts of rustdoc's JSON that tell names. It is behind a switch that only nightly toolchains have openly;
//! the toolchain's own way to open it is used here, for nothing that is shipped.

use super::super::bench::Bench;
use super::{Members, Surface};
use crate::problem::Problem;
use serde_json::Value;
use std::collections::BTreeMap;

/// Lets rustdoc write what it found, in a folder of its own: the switch makes cargo build dependencies anew.
pub fn surface(bench: &Bench) -> Result<Surface, Problem> {
    let target = bench.repo.target("surface");
    let rustdoc = bench.cargo().args("rustdoc --quiet -p codex-app-server-sdk --lib -- -Zunstable-options");
    let rustdoc = rustdoc.args("--output-format json").env("CARGO_TARGET_DIR", &target);
    rustdoc.env("RUSTC_BOOTSTRAP", "1").show()?;
    let path = target.join("doc/codex_app_server.json");
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    let doc: Value =
        serde_json::from_str(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?;
    let crate_ = Crate { doc: &doc };
    let surface = crate_.surface();
    if surface.root.is_empty() {
        return Err(Problem::new(format!("{} has no root as this toolchain writes it", path.display()))
            .help("`xtask/src/test/surface/rustdoc.rs` has to learn the format of this rustdoc"));
    }
    Ok(surface)
}

#[derive(Clone, Copy)]
struct Crate<'a> {
    doc: &'a Value,
}

impl<'a> Crate<'a> {
    fn item(self, id: &Value) -> &'a Value {
        &self.doc["index"][id.to_string()]
    }

    fn surface(self) -> Surface {
        let mut surface = Surface::default();
        for id in list(&self.item(&self.doc["root"])["inner"]["module"]["items"]) {
            let item = self.item(id);
            let used = &item["inner"]["use"];
            let (name, item) =
                if used.is_null() { (&item["name"], item) } else { (&used["name"], self.item(&used["id"])) };
            let Some(name) = name.as_str() else { continue };
            surface.root.push(name.to_owned());
            surface.classes.insert(name.to_owned(), self.members(item));
        }
        surface.notifications = surface
            .classes
            .get("ServerNotification")
            .map(|members| members.keys().cloned().collect())
            .unwrap_or_default();
        surface
    }

    /// Fields, variants and methods, also those that a reference to it has.
    fn members(self, item: &'a Value) -> Members {
        let inner = &item["inner"];
        let data = inner.get("struct").or_else(|| inner.get("enum")).unwrap_or(&Value::Null);
        let named = list(&data["kind"]["plain"]["fields"]).iter().chain(list(&data["variants"]));
        let named = named.filter_map(|id| self.item(id)["name"].as_str()).map(|name| (name.to_owned(), None));
        let mut members: Members = named.collect();
        for id in list(&data["impls"]) {
            let implementation = &self.item(id)["inner"]["impl"];
            match implementation["trait"]["path"].as_str() {
                None => members.extend(self.methods(implementation)),
                Some("Deref") => {
                    let target = list(&implementation["items"]).iter().map(|id| self.item(id));
                    let targets =
                        target.filter_map(|item| item["inner"]["assoc_type"]["type"]["resolved_path"].get("id"));
                    members.extend(targets.flat_map(|id| self.members(self.item(id))));
                }
                Some(_) => {}
            }
        }
        members
    }

    fn methods(self, implementation: &'a Value) -> BTreeMap<String, Option<Vec<String>>> {
        let items = list(&implementation["items"]).iter().map(|id| self.item(id));
        let public = items.filter(|item| item["visibility"] == "public");
        let methods = public.filter_map(|item| {
            let function = item["inner"].get("function")?;
            Some((item["name"].as_str()?.to_owned(), Some(self.parameters(function))))
        });
        methods.collect()
    }

    /// The names of what a function takes. Params stand for their members; a call that is awaited has more by setters.
    fn parameters(self, function: &'a Value) -> Vec<String> {
        let signature = &function["sig"];
        let mut names = Vec::new();
        for input in list(&signature["inputs"]) {
            let (name, id) = (input[0].as_str().unwrap_or_default(), input[1]["resolved_path"].get("id"));
            match id.map(|id| self.item(id)).filter(|_| name == "params") {
                Some(params) if params["inner"].get("struct").is_some() => {
                    names.extend(self.members(params).into_keys());
                }
                _ if name == "self" => {}
                _ => names.push(name.to_owned()),
            }
        }
        let output = &signature["output"]["resolved_path"];
        let awaited = output.get("id").map(|id| self.item(id)).filter(|gives| self.is_awaited(gives));
        if let Some(gives) = awaited {
            let impls = self.implementations(gives).filter(|one| one["trait"].is_null() && concerns(one, output));
            names.extend(impls.flat_map(|one| self.methods(one).into_keys()));
            names.extend(list(&output["args"]["angle_bracketed"]["args"]).iter().flat_map(|of| self.requested(of)));
        }
        names
    }

    /// The members of a request's params, which a call can be given afterwards.
    fn requested(self, argument: &Value) -> Vec<String> {
        let Some(id) = argument["type"]["resolved_path"].get("id") else { return Vec::new() };
        let associated = self.implementations(self.item(id)).filter(|one| one["trait"]["path"] == "Request");
        let items = associated.flat_map(|one| list(&one["items"])).map(|id| self.item(id));
        let params = items.filter(|item| item["name"] == "Params");
        let types = params.filter_map(|item| {
            let path = &item["inner"]["assoc_type"]["type"]["resolved_path"];
            let optional = &path["args"]["angle_bracketed"]["args"][0]["type"]["resolved_path"];
            optional.get("id").or_else(|| path.get("id"))
        });
        types.flat_map(|id| self.members(self.item(id)).into_keys()).collect()
    }

    fn implementations(self, item: &'a Value) -> impl Iterator<Item = &'a Value> {
        list(&item["inner"]["struct"]["impls"]).iter().map(move |id| &self.item(id)["inner"]["impl"])
    }

    fn is_awaited(self, item: &'a Value) -> bool {
        self.implementations(item).any(|one| one["trait"]["path"] == "IntoFuture")
    }
}

/// Whether an implementation is for a type with these arguments, or for any.
fn concerns(implementation: &Value, output: &Value) -> bool {
    let argument = |path: &Value| {
        let arguments = list(&path["args"]["angle_bracketed"]["args"]);
        arguments.iter().find_map(|argument| argument["type"]["resolved_path"].get("id").cloned())
    };
    argument(&implementation["for"]["resolved_path"]).is_none_or(|id| Some(id) == argument(output))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
