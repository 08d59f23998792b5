//! Every relative link of the READMEs and docs leads somewhere: to a file of the repository, and to a heading if it
//! names one.

use super::documents;
use crate::problem::Problem;
use crate::test::bench::Bench;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A document as far as links are concerned.
struct Document {
    /// The targets of its links, each with its line.
    links: Vec<(String, usize)>,
    /// The anchors of its headings.
    anchors: HashSet<String>,
}

/// The step.
pub fn check(bench: &Bench) -> Result<(), Problem> {
    let mut known: HashMap<PathBuf, Document> = HashMap::new();
    let paths = documents(bench)?;
    for path in &paths {
        known.insert(path.clone(), Document::read(path)?);
    }
    let mut dead = Vec::new();
    let mut count = 0;
    for path in &paths {
        for (target, line) in &known[path].links {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            count += 1;
            if let Some(what) = lack(path, target, &known) {
                dead.push(format!("{}:{line}: [{target}]: {what}", bench.relative(path).display()));
            }
        }
    }
    println!("{count} links in {} documents", paths.len());
    if dead.is_empty() { Ok(()) } else { Err(Problem::new(format!("\n{}", dead.join("\n")))) }
}

/// What is wrong with a link of the document at `path`.
fn lack(path: &Path, target: &str, known: &HashMap<PathBuf, Document>) -> Option<String> {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let place = if file.is_empty() { path.to_owned() } else { followed(path, file) };
    if !place.exists() {
        return Some("there is no such file".to_owned());
    }
    let anchor = anchor?;
    match known.get(&place) {
        None => Some("only READMEs and docs have headings to point at".to_owned()),
        Some(document) if document.anchors.contains(anchor) => None,
        Some(_) => Some("there is no such heading".to_owned()),
    }
}

/// The file that a link leads to.
fn followed(path: &Path, file: &str) -> PathBuf {
    let mut place = path.parent().unwrap_or(path).to_owned();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." => _ = place.pop(),
            name => place.push(name),
        }
    }
    place
}

impl Document {
    fn read(path: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))?;
        Ok(Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let mut document = Self { links: Vec::new(), anchors: HashSet::new() };
        let mut heading: Option<String> = None;
        let mut options = pulldown_cmark::Options::empty();
        options.insert(pulldown_cmark::Options::ENABLE_TABLES);
        // Lines are counted on the way: a page has thousands of links.
        let (mut line, mut counted) = (1, 0);
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    let passed = text.get(counted..range.start).unwrap_or_default();
                    line += passed.matches('\n').count();
                    counted = counted.max(range.start);
                    document.links.push((dest_url.into_string(), line));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(part) | Event::Code(part) => heading.iter_mut().for_each(|heading| heading.push_str(&part)),
                Event::End(TagEnd::Heading(_)) => {
                    document.anchor(&heading.take().unwrap_or_default());
                }
                _ => {}
            }
        }
        document
    }

    /// Adds a heading's anchor, as the sites do that show such pages: letters, digits, `-` and `_` stay, a blank is a
    /// `-`, and a number tells apart what reads alike.
    fn anchor(&mut self, heading: &str) {
        let mut slug = String::new();
        for letter in heading.trim().to_lowercase().chars() {
            match letter {
                ' ' => slug.push('-'),
                '-' | '_' => slug.push(letter),
                letter if letter.is_alphanumeric() => slug.push(letter),
                _ => {}
            }
        }
        let mut name = slug.clone();
        let mut number = 0;
        while !self.anchors.insert(name) {
            number += 1;
            name = format!("{slug}-{number}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_headings_are_found() {
        let text = "# A `b/c` D\n\n| a |\n| --- |\n| [x](y.md#z) |\n\n## a bc-d\n\n# A bc d\n\n![p](q.png)\n";
        let document = Document::parse(text);
        assert_eq!(document.links, [("y.md#z".to_owned(), 5), ("q.png".to_owned(), 11)]);
        let anchors: HashSet<String> = ["a-bc-d", "a-bc-d-1", "a-bc-d-2"].map(str::to_owned).into();
        assert_eq!(document.anchors, anchors);
    }

    #[test]
    fn links_lead_from_the_document() {
        assert_eq!(followed(Path::new("/a/b/c.md"), "../d/./e.md"), Path::new("/a/d/e.md"));
    }

    #[test]
    fn dead_links_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        std::fs::write(&path, "# A\n").unwrap();
        let known = HashMap::from([(path.clone(), Document::read(&path).unwrap())]);
        let lack = |target| lack(&path, target, &known);
        assert_eq!(lack("#a"), None);
        assert_eq!(lack("a.md#a"), None);
        assert!(lack("#b").unwrap().contains("no such heading"));
        assert!(lack("b.md").unwrap().contains("no such file"));
    }
}
