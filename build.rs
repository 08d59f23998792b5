//! Embeds the plain files below `templates/` in the binary. Files that end in `.j2` are compiled by askama.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let templates = root.join("templates");
    println!("cargo::rerun-if-changed={}", templates.display());
    let mut files = Vec::new();
    collect(&templates, "", &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let path = templates.join(&file);
        writeln!(table, "    ({file:?}, include_bytes!({:?})),", path.display()).expect("a string takes it");
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("plain_files.rs"), table)
}

/// Adds the paths of all plain files below `folder`, relative to it, with forward slashes.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What editors, checkers and interpreters leave behind is no template.
        if name.starts_with('.') || name == "__pycache__" || name == "node_modules" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if Path::new(&name).extension().is_none_or(|ending| ending != "j2") {
            files.push(path);
        }
    }
    Ok(())
}
