//! Comments that silence a checker: a package that needs one is not clean.

use super::bench::Bench;
use crate::problem::Problem;
use std::path::PathBuf;

/// What such a comment has in it, whatever tool it speaks to. Written apart, so that no search finds this list.
const PYTHON: Silencers = Silencers {
    ending: "py",
    comment: "#",
    marks: &[("type:", " ignore"), ("no", "qa"), ("pyright", ": "), ("mypy", ": ")],
};
const TYPESCRIPT: Silencers =
    Silencers { ending: "ts", comment: "/", marks: &[("@ts", "-"), ("biome", "-ignore"), ("eslint", "-")] };

/// How a language's checkers are silenced.
struct Silencers {
    ending: &'static str,
    comment: &'static str,
    marks: &'static [(&'static str, &'static str)],
}

/// Looks through the generated packages and their tests.
pub fn search(bench: &Bench) -> Result<(), Problem> {
    let mut found = Vec::new();
    let mut files = 0;
    for (silencers, language) in [(PYTHON, "python"), (TYPESCRIPT, "typescript")] {
        let folders = [bench.repo.generated().join(language), bench.repo.root().join("tests").join(language)];
        for path in sources(&folders, silencers.ending)? {
            let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
            files += 1;
            found.extend(
                silenced(&text, &silencers)
                    .map(|(line, text)| format!("{}:{line}: {text}", bench.relative(&path).display())),
            );
        }
    }
    println!("{files} files, {} comments that silence a checker", found.len());
    if files == 0 {
        return Err(Problem::new("there are no files to look through".to_owned()));
    }
    if found.is_empty() { Ok(()) } else { Err(Problem::new(found.join("\n"))) }
}

/// The lines that silence a checker, with their numbers.
fn silenced<'t>(text: &'t str, silencers: &Silencers) -> impl Iterator<Item = (usize, &'t str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let (_, comment) = line.split_once(silencers.comment)?;
        let found = silencers.marks.iter().any(|(start, end)| comment.contains(&format!("{start}{end}")));
        found.then_some((index + 1, line.trim()))
    })
}

fn sources(folders: &[PathBuf], ending: &str) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    let mut folders = folders.to_vec();
    while let Some(next) = folders.pop() {
        let trouble = |error: &std::io::Error| Problem::io("reading", &next, error);
        for entry in next.read_dir().map_err(|error| trouble(&error))? {
            let path = entry.map_err(|error| trouble(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
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
        let lines: Vec<usize> = silenced(&text, &PYTHON).map(|(line, _)| line).collect();
        assert_eq!(lines, [2, 3]);
        let text = format!("// @ts{}\nconst a = 1; // fine\n", "-ignore");
        let lines: Vec<usize> = silenced(&text, &TYPESCRIPT).map(|(line, _)| line).collect();
        assert_eq!(lines, [1]);
    }
}
