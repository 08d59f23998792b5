//! The modules of `types`, rendered side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::ident;
use crate::backend::rust::print;
use crate::backend::rust::table::Tables;
use crate::backend::shapes::{message_counts, module_summary};
use crate::ir::{TypeId, TypeKind};

use super::{Helpers, NOT_BY_HAND, enums, structs, unions};

/// A module: where it is and what stands in it.
pub struct Module {
    /// Its path inside `src`, without the ending.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// How many types are printed at a time: few enough that the threads end together.
const BATCH: usize = 48;

/// Some of a module's types, as text, and what they speak of.
struct Part {
    text: String,
    helpers: Helpers,
}

/// Every module of types.
pub fn modules(catalog: &Catalog<'_>) -> Result<Vec<Module>, syn::Error> {
    let modules = catalog.by_module();
    let batches: Vec<&[TypeId]> = modules.values().flat_map(|ids| ids.chunks(BATCH)).collect();
    let mut parts = in_parallel(&batches, |ids| part(catalog, ids)).into_iter();
    let mut rendered = Vec::with_capacity(modules.len());
    let messages = message_counts(catalog.protocol);
    for (name, ids) in &modules {
        let family = ids.first().map(|id| &catalog.def(*id).domain);
        let summary = module_summary(name, family, &messages);
        let own = parts.by_ref().take(ids.chunks(BATCH).len()).collect::<Result<Vec<Part>, _>>()?;
        rendered.push(Module { path: format!("types/{name}"), text: module(catalog, name, &summary, own)? });
    }
    Ok(rendered)
}

/// `work` on every item, on as many threads as the machine has cores; the results are in the items' order.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let run = || {
        while let Some((index, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, items.get(i)?)))
        {
            let result = work(item);
            results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, result);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.into_values().collect()
}

fn part(catalog: &Catalog<'_>, ids: &[TypeId]) -> Result<Part, syn::Error> {
    let mut tables = Tables::default();
    let mut helpers = Helpers::default();
    let items: TokenStream = ids.iter().map(|id| item(catalog, *id, &mut tables, &mut helpers)).collect();
    Ok(Part { text: print::module(items, &tables)?, helpers })
}

fn item(catalog: &Catalog<'_>, id: TypeId, tables: &mut Tables, helpers: &mut Helpers) -> TokenStream {
    match &catalog.def(id).kind {
        TypeKind::Struct(_) => structs::structure(catalog, id, tables, helpers),
        TypeKind::Enum(enumeration) => enums::enumeration(catalog, id, enumeration, tables, helpers),
        TypeKind::Union(union) => unions::union(catalog, id, union, tables, helpers),
        TypeKind::Alias(target) => {
            helpers.of_type(target);
            let (docs, name, target) = (catalog.docs(id).outer(0), ident(catalog.name(id)), catalog.ty(target));
            quote!(#docs pub type #name = #target;)
        }
    }
}

/// The whole text of a module from its parts.
fn module(catalog: &Catalog<'_>, name: &str, summary: &str, parts: Vec<Part>) -> Result<String, syn::Error> {
    let mut helpers = Helpers::default();
    let mut texts = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        helpers.extend(part.helpers);
        texts.push(part.text);
    }
    let mut docs = Docs::text(summary);
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    let imports = imports(catalog, name, &helpers);
    texts.insert(0, print::module(quote!(#docs #imports), &Tables::default())?);
    Ok(texts.join("\n"))
}

fn imports(catalog: &Catalog<'_>, module: &str, helpers: &Helpers) -> TokenStream {
    let map = helpers.map.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let value = helpers.value.then(|| {
        quote!(
            use serde_json::Value;
        )
    });
    let runtime: Vec<_> = helpers.runtime.iter().map(|name| ident(name)).collect();
    let runtime = (!runtime.is_empty()).then(|| quote!(use crate::runtime::{#(#runtime),*};));
    let mut others: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for id in &helpers.types {
        if catalog.module(*id) != module {
            others.entry(catalog.module(*id)).or_default().insert(catalog.name(*id));
        }
    }
    let others = others.into_iter().map(|(module, names)| {
        let (module, names) = (ident(module), names.into_iter().map(ident));
        quote!(use super::#module::{#(#names),*};)
    });
    quote!(#map #value #(#others)* #runtime)
}

/// `types/mod.rs`.
pub fn list(catalog: &Catalog<'_>) -> TokenStream {
    let mut docs =
        Docs::text("The types of the protocol, one module a family of methods. All of them can be named from here.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    let names: Vec<_> = catalog.by_module().into_keys().map(ident).collect();
    quote!(#docs #(pub mod #names;)* #(pub use self::#names::*;)*)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(in_parallel(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(in_parallel(&[], |item: &usize| *item), Vec::<usize>::new());
    }
}
