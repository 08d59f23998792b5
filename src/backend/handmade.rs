//! The parts of the convenience layer that are made by hand: whether a protocol's packages have what its profile
//! counts on. Knows no language.

use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Facade, Protocol};

use super::{Language, plain};

/// Problems where the profile counts on a hand-made part that the protocol's package in `language` lacks: what was
/// generated could not be used. `file` is the template that has such parts, `name` the language as people write it.
pub fn missing(protocol: &Protocol, facade: &Facade, language: Language, name: &str, file: &str) -> Vec<Diagnostic> {
    if plain::own(protocol, language).any(|(path, _)| path == file) {
        return Vec::new();
    }
    let entries = facade.resources.iter().flat_map(|resource| {
        let pointer = child("/facade/resources", &resource.name.pascal());
        let collects = resource.collects.as_ref().map(|_| child(&pointer, "collects"));
        collects.into_iter().chain(resource.extends.then(|| child(&pointer, "extends")))
    });
    let client = facade.extends_client.then(|| "/facade/extends_client".to_owned());
    let names = (!facade.handmade.is_empty()).then(|| "/facade/handmade".to_owned());
    let report = |pointer| {
        Diagnostic::error("profile.toml", pointer, "a part made by hand, which this protocol does not have")
            .expected(format!("`{file}` among the templates of its {name} package"))
            .help("remove the entry; only protocols that this program is built with have parts made by hand")
    };
    names.into_iter().chain(client).chain(entries).map(report).collect()
}
