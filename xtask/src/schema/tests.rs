//! `schema pull` against shell scripts that stand in for the server.
#![cfg(unix)]

use super::*;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const GOOD: &str = r#"{"definitions":{"v2":{"B":{"description":"p","type":"null"},"A":{}},
    "ServerRequest":{},"ClientRequest":{},"ServerNotification":{},"ClientNotification":{}}}"#;

struct Bed {
    folder: tempfile::TempDir,
    repo: Repo,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repo = Repo::at(folder.path());
        Self { folder, repo }
    }

    /// A server that reports `version` and then does what `script` says, with `$OUT` set.
    fn server(&self, version: &str, script: &str) -> PathBuf {
        let path = self.folder.path().join("codex");
        let text = format!(
            "#!/bin/sh\nif [ \"$1\" = --version ]; then echo codex-cli {version}; exit 0; fi\nOUT=\"$4/{}\"\n{script}\n",
            "codex_app_server_protocol.schemas.json"
        );
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        // A test beside this one that forks just now holds the script open for writing until its own exec.
        let busy = std::io::ErrorKind::ExecutableFileBusy;
        while Command::new(&path).arg("--version").output().is_err_and(|error| error.kind() == busy) {
            std::thread::yield_now();
        }
        path
    }

    fn good(&self, version: &str) -> PathBuf {
        self.server(version, &format!("cat > \"$OUT\" <<'EOF'\n{GOOD}\nEOF"))
    }

    fn pull(&self, codex: PathBuf, check: bool) -> Result<(), Problem> {
        pull(&self.repo, &Pull { codex: Some(codex), version: None, check })
    }

    fn files(&self) -> Vec<(String, String)> {
        let Ok(entries) = self.repo.schema().read_dir() else { return Vec::new() };
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
            .collect();
        files.sort();
        files
    }
}

#[test]
fn pulls_the_same_bytes_twice_and_checks_clean() {
    let bed = Bed::new();
    bed.pull(bed.good("1.2.3"), false).unwrap();
    let first = bed.files();
    assert_eq!(first.len(), 3);
    assert!(first.iter().all(|(_, text)| !text.contains("description") && text.ends_with('\n')));
    assert_eq!(pinned_version(&bed.repo).unwrap(), "1.2.3");
    bed.pull(bed.good("1.2.3"), false).unwrap();
    assert_eq!(bed.files(), first);
    bed.pull(bed.good("1.2.3"), true).unwrap();
}

#[test]
fn check_tells_what_differs_and_writes_nothing() {
    let bed = Bed::new();
    bed.pull(bed.good("1.2.3"), false).unwrap();
    let stable = bed.repo.schema().join("stable.json");
    std::fs::write(&stable, std::fs::read_to_string(&stable).unwrap().replace("\"A\"", "\"Changed\"")).unwrap();
    std::fs::remove_file(bed.repo.schema().join("experimental.json")).unwrap();
    let before = bed.files();
    let problem = bed.pull(bed.good("1.2.3"), true).unwrap_err().to_string();
    for part in ["+++ server/stable.json", "-      \"Changed\": {},", "experimental.json: No such file", "schema pull`"]
    {
        assert!(problem.contains(part), "{part} is not in:\n{problem}");
    }
    assert!(!problem.contains("source.toml"), "{problem}");
    assert_eq!(bed.files(), before);
}

#[test]
fn a_long_difference_is_cut() {
    let text = |word: &str| (0..500).fold(String::new(), |text, line| format!("{text}{word} {line}\n"));
    let difference = difference("x", &text("old"), &text("new"));
    assert_eq!(difference.lines().count(), 41);
    assert!(difference.contains("more lines of difference in x"), "{difference}");
}

#[test]
fn a_server_that_fails_changes_nothing_and_is_quoted() {
    let cases = [
        ("echo it broke >&2; exit 7", "exit status: 7"),
        ("echo it broke >&2", "wrote no readable codex_app_server_protocol.schemas.json"),
        ("echo it broke >&2; echo '{\"definitions\":' > \"$OUT\"", "that is no JSON: EOF while parsing"),
        ("echo it broke >&2; echo '{\"definitions\":{\"v2\":{}}}' > \"$OUT\"", "without `definitions.ClientRequest`"),
        ("echo it broke >&2; echo '[]' > \"$OUT\"", "without `definitions`"),
    ];
    for (script, expected) in cases {
        let bed = Bed::new();
        bed.pull(bed.good("1.2.3"), false).unwrap();
        let before = bed.files();
        let problem = bed.pull(bed.server("2.0.0", script), false).unwrap_err().to_string();
        for part in [expected, "it broke", "app-server generate-json-schema --out", "nothing was changed"] {
            assert!(problem.contains(part), "{part} is not in:\n{problem}");
        }
        assert_eq!(bed.files(), before);
    }
}

#[test]
fn what_is_no_server_is_told_apart() {
    let bed = Bed::new();
    let missing = bed.pull(bed.folder.path().join("nowhere"), false).unwrap_err().to_string();
    assert!(missing.contains("could not be started: No such file"), "{missing}");
    let other = bed.pull(PathBuf::from("/bin/echo"), false).unwrap_err().to_string();
    assert!(other.contains("where `codex-cli X.Y.Z` was expected"), "{other}");
    let odd = bed.pull(bed.server("'1\"'", ""), false).unwrap_err().to_string();
    assert!(odd.contains("where `codex-cli X.Y.Z` was expected"), "{odd}");
    assert!(bed.files().is_empty());
}

#[test]
fn a_version_that_the_binary_has_not_is_refused() {
    let bed = Bed::new();
    let args = Pull { codex: Some(bed.good("1.2.3")), version: Some("9.9.9".to_owned()), check: false };
    let problem = pull(&bed.repo, &args).unwrap_err().to_string();
    assert!(problem.contains("reports version 1.2.3, but 9.9.9 was asked for"), "{problem}");
    assert!(bed.files().is_empty());
}
