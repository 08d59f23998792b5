//! Writing packages: whatever goes wrong on the way, each folder is as it was or as it is to be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rpcsmith::{Files, Language, output};

fn package(files: &[(&str, &str)]) -> Vec<(Language, Files)> {
    let mut package = Files::new();
    for (path, text) in files {
        package.insert(*path, *text).expect("a path of its own");
    }
    vec![(Language::Python, package)]
}

/// Every file below `folder`, hidden ones too.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let relative = path.strip_prefix(root).expect("a path below its root").display().to_string();
                found.insert(relative.replace('\\', "/"), fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

fn texts(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn what_is_no_longer_generated_goes_and_what_tools_left_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    output::write(out, &package(&[("a.py", "1"), ("sub/b.py", "2"), ("gone/c.py", "3")])).expect("written");
    for place in ["python/__pycache__", "python/sub/node_modules/x", "python/gone/__pycache__"] {
        fs::create_dir_all(out.join(place)).expect("a folder");
        fs::write(out.join(place).join("left"), "behind").expect("a file");
    }
    output::write(out, &package(&[("a.py", "1"), ("sub/b.py", "new")])).expect("written");
    let expected = texts(&[
        ("python/__pycache__/left", "behind"),
        ("python/a.py", "1"),
        ("python/sub/b.py", "new"),
        ("python/sub/node_modules/x/left", "behind"),
    ]);
    assert_eq!(tree(out), expected);
}

#[test]
fn a_failure_while_writing_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    output::write(out, &package(&[("a", "old"), ("b", "old")])).expect("written");
    // A file can't be a folder too, so writing fails after the first file.
    let error = output::write(out, &package(&[("a", "new"), ("a/b", "new")])).expect_err("an impossible package");
    assert!(error.to_string().contains("can't create the folder"), "{error}");
    assert_eq!(tree(out), texts(&[("python/a", "old"), ("python/b", "old")]));
}

#[test]
fn what_an_interrupted_run_left_is_cleared_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    output::write(out, &package(&[("a", "old")])).expect("written");
    fs::create_dir(out.join(".rpcsmith-next-python")).expect("a folder");
    fs::write(out.join(".rpcsmith-next-python/half"), "").expect("a file");
    output::write(out, &package(&[("a", "new")])).expect("written");
    assert_eq!(tree(out), texts(&[("python/a", "new")]));
}

#[test]
fn a_package_that_was_moved_aside_comes_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    output::write(out, &package(&[("a", "old")])).expect("written");
    fs::rename(out.join("python"), out.join(".rpcsmith-last-python")).expect("moved aside");
    // This package can't be written, so what is there afterwards is what was brought back.
    output::write(out, &package(&[("a", "new"), ("a/b", "new")])).expect_err("an impossible package");
    assert_eq!(tree(out), texts(&[("python/a", "old")]));
}

#[test]
fn an_unchanged_package_is_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    let packages = package(&[("a", "same")]);
    output::write(out, &packages).expect("written");
    let file = out.join("python/a");
    let mut permissions = fs::metadata(&file).expect("metadata").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("a mark that a new file would not have");
    output::write(out, &packages).expect("written");
    assert!(fs::metadata(&file).expect("metadata").permissions().readonly());
}

/// A process that dies in the middle of writing, by the signal that a file beyond the limit brings.
#[cfg(unix)]
#[test]
fn a_process_killed_half_way_leaves_the_old_package() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/presence");
    output::write(out, &package(&[("a", "old")])).expect("written");
    let generate = format!(
        "ulimit -f 4; exec '{}' generate --schema '{case}' --profile '{case}/profile.toml' --out '{}' --language python",
        env!("CARGO_BIN_EXE_rpcsmith"),
        out.display(),
        case = case.display(),
    );
    let killed = Command::new("bash").args(["-c", &generate]).output().expect("bash runs");
    assert!(killed.status.signal().is_some() || killed.status.code() == Some(1), "{killed:?}");
    assert_eq!(tree(&out.join("python")), texts(&[("a", "old")]));
    let unlimited = generate.replace("ulimit -f 4; ", "");
    assert!(Command::new("bash").args(["-c", &unlimited]).status().expect("bash runs").success());
    let after = tree(out);
    assert!(after.contains_key("python/pyproject.toml") && !after.contains_key("python/a"));
    assert!(!after.keys().any(|path| path.starts_with(".rpcsmith")), "{after:?}");
}
