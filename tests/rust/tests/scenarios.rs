//! Every scenario of `tests/scenarios`. `RPCSMITH_ONLY` names some of them, with commas between.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sdk_tests::place::repo;
use sdk_tests::player;
use sdk_tests::remains::Remains;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_scenario_holds() {
    let (paths, unknown) = chosen();
    assert!(unknown.is_empty(), "RPCSMITH_ONLY names scenarios that aren't there: {unknown:?}");
    assert!(!paths.is_empty(), "there are no scenarios");
    let count = paths.len();
    // The runtime keeps what it needs for its first process.
    let (first, rest) = paths.split_at(1);
    let mut troubles = player::play_all(first.to_vec()).await;
    let before = Remains::now();
    troubles.extend(player::play_all(rest.to_vec()).await);
    troubles.extend(before.wait_for_the_rest_to_go().await.err().map(|left| format!("all: {left}")));
    let failed: BTreeSet<&str> = troubles.iter().filter_map(|trouble| Some(trouble.split_once(": ")?.0)).collect();
    assert!(troubles.is_empty(), "{} of {count} scenarios fail:\n{}", failed.len(), troubles.join("\n"));
}

/// The scenarios to play, and the names that were asked for and aren't there.
fn chosen() -> (Vec<PathBuf>, BTreeSet<String>) {
    let folder = repo().join("tests/scenarios");
    let mut paths = files(&folder);
    paths.extend(files(&folder.join("real")));
    let only = env::var("RPCSMITH_ONLY").unwrap_or_default();
    let mut only: BTreeSet<String> = only.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if !only.is_empty() {
        paths.retain(|path| only.remove(&*path.file_stem().unwrap_or_default().to_string_lossy()));
    }
    (paths, only)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort_unstable();
    files
}
