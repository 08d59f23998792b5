//! Comments that silence a checker: a package that needs one is not clean.

use super::bench::Bench;
use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// What such a comment has in it, whatever tool it speaks to. Written apart, so that no search finds this list.
const SILENCERS: [(&str, &str); 5] =
    [("type:", " ignore"), ("no", "qa"), ("pyright", ": "), ("mypy", ": "), ("pylint", ": ")];

/// Looks through the generated Python package and the Python tests.
pub fn search(bench: &Bench) -> Result<(), Problem> {
    let mut found = Vec::new();
    let mut files = 0;
    for folder in [bench.python_package(), bench.repo.root().join("tests/python")] {
        for path in python_files(&folder)? {
            let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
            files += 1;
            found.extend(
                silenced(&text).map(|(line, text)| format!("{}:{line}: {text}", bench.relative(&path).display())),
            );
        }
    }
    println!("{files} files, {} comments that silence a checker", found.len());
    if files == 0 {
        return Err(Problem::new("there are no Python files to look through".to_owned()));
    }
    if found.is_empty() { Ok(()) } else { Err(Problem::new(found.join("\n"))) }
}

/// The lines that silence a checker, with their numbers.
fn silenced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let (_, comment) = line.split_once('#')?;
        let silences = SILENCERS.iter().any(|(start, end)| comment.contains(&format!("{start}{end}")));
        silences.then_some((index + 1, line.trim()))
    })
}

fn python_files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let trouble = |error: &std::io::Error| Problem::io("reading", &next, error);
        for entry in next.read_dir().map_err(|error| trouble(&error))? {
            let path = entry.map_err(|error| trouble(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silencing_comment_is_found_with_its_line() {
        let text = format!("a = 1\nb = 2  # type:{}\n# no{}\nc = '# fine'\n", " ignore", "qa: F401");
        let lines: Vec<usize> = silenced(&text).map(|(line, _)| line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
