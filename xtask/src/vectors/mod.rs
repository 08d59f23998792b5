//! `vectors`: messages that every language must agree on, written from the model of the protocol.
//!
//! A pure function from a [`Protocol`] to [`Vector`]s, a few for each type, and the command that writes them as JSON
//! lines. Knows no language: what it can't know of one, such as how a language without integers keeps one, a vector
//! says in words of its own ([`Vector::wide`]).

mod members;
mod model;
mod sample;
mod text;
mod unions;
mod values;
mod vector;

#[cfg(test)]
mod tests;

use crate::problem::Problem;
use crate::repo::Repo;
use model::Model;
use rpcsmith::ir::{Protocol, Type, TypeId, TypeKind};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use vector::{Case, Vector};

/// Where tests find the vectors.
pub fn folder(repo: &Repo) -> PathBuf {
    repo.target("vectors")
}

/// The file in such a folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("vectors.jsonl")
}

/// Where to write.
#[derive(clap::Args)]
pub struct Vectors {
    /// The folder to write vectors.jsonl into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the vectors of the committed schema.
pub fn run(repo: &Repo, args: &Vectors) -> Result<(), Problem> {
    let vectors = vectors(&repo.protocol()?);
    let path = file(&args.out);
    write(&vectors, &path).map_err(|error| Problem::io("writing", &path, &error))?;
    let types: BTreeSet<&str> = vectors.iter().map(|vector| vector.ty.as_str()).collect();
    let invalid = vectors.iter().filter(|vector| !vector.valid).count();
    println!("{}: {} vectors of {} types, {invalid} of them invalid", path.display(), vectors.len(), types.len());
    Ok(())
}

fn write(vectors: &[Vector], path: &Path) -> std::io::Result<()> {
    let mut text = String::new();
    for vector in vectors {
        text += &serde_json::to_string(vector)?;
        text.push('\n');
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// The vectors of every type, by type.
///
/// A type of which there can be no value, because it requires one of itself, has none.
fn vectors(protocol: &Protocol) -> Vec<Vector> {
    let model = Model::new(&protocol.types);
    let ids = protocol.types.iter().map(|(id, _)| id).filter(|id| model.is_possible(&Type::Ref(*id)));
    ids.flat_map(|id| {
        let name = protocol.types[id].name.pascal();
        cases(&model, id).into_iter().map(move |case| Vector::new(name.clone(), case))
    })
    .collect()
}

/// The smallest value that each type has.
pub struct Minimal<'a>(Model<'a>);

impl<'a> Minimal<'a> {
    pub fn new(protocol: &'a Protocol) -> Self {
        Self(Model::new(&protocol.types))
    }

    /// The smallest value of `ty`.
    pub fn of(&self, ty: &Type) -> Value {
        sample::sample(&self.0, ty, sample::Style::Minimal)
    }
}

fn cases(model: &Model<'_>, id: TypeId) -> Vec<Case> {
    match &model.types[id].kind {
        TypeKind::Struct(structure) => members::cases(model, id, structure),
        TypeKind::Enum(values) => unions::of_enum(values),
        TypeKind::Union(union) => unions::of_union(model, id, union),
        TypeKind::Alias(target) => values::of_alias(model, target),
    }
}
