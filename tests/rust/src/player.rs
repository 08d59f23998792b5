//! Plays a scenario from its start to its end, and sees that nothing is left.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::place::Place;
use crate::program::{Act, Config, Scenario};
use crate::session::Session;
use crate::steps::{self, Scope};
use crate::values::{Trouble, shown};
use crate::{errors, processes, results};

/// How many scenarios are played at the same time.
const AT_ONCE: usize = 4;

/// Plays all of them, several at a time, and writes the lines of results; what is wrong, by scenario.
pub async fn play_all(paths: Vec<PathBuf>) -> Vec<Trouble> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    for path in paths {
        let places = Arc::clone(&places);
        playing.spawn(async move {
            let _place = places.acquire().await;
            let troubles = play_file(&path).await;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            troubles.into_iter().map(|trouble| format!("{name}: {trouble}")).collect::<Vec<_>>()
        });
    }
    let mut troubles: Vec<Trouble> = Vec::new();
    while let Some(played) = playing.join_next().await {
        troubles.extend(played.unwrap_or_else(|error| vec![error.to_string()]));
    }
    troubles.sort_unstable();
    troubles
}

async fn play_file(path: &Path) -> Vec<Trouble> {
    let scenario = match Scenario::read(path) {
        Ok(scenario) => scenario,
        Err(trouble) => return vec![trouble],
    };
    let (name, rule) = (scenario.name.clone(), scenario.rule().to_owned());
    if scenario.only.as_ref().is_some_and(|only| !only.contains(results::CLIENT)) {
        return results::write(&rule, &name, None).err().into_iter().collect();
    }
    // A task of its own, since a panic is a failure like any other.
    let played = tokio::spawn(play(scenario)).await;
    let mut troubles = played.unwrap_or_else(|error| vec![error.to_string()]);
    troubles.extend(results::write(&rule, &name, Some(troubles.is_empty())).err());
    troubles
}

async fn play(scenario: Scenario) -> Vec<Trouble> {
    let place = match Place::prepare(&scenario).await {
        Ok(place) => place,
        Err(trouble) => return vec![trouble],
    };
    let session = Session::new(scenario, place);
    let mut troubles: Vec<Trouble> = perform(&session).await.err().into_iter().collect();
    let all_done = troubles.is_empty();
    troubles.extend(session.troubles());
    troubles.extend(session.close().await.err());
    if all_done {
        troubles.extend(unsaid(&session));
    }
    let left = session.left_over();
    if all_done && !left.is_empty() {
        troubles.push(format!("never waited for: {}", left.join(", ")));
    }
    session.leave();
    troubles.extend(session.place.finish(&session).await);
    troubles.extend(nothing_left(&session).await.err());
    troubles
}

async fn perform(session: &Arc<Session>) -> Result<(), Trouble> {
    let steps = &session.scenario.client;
    if !matches!(steps.first().map(|step| &step.act), Some(Act::Start(_))) {
        let started = session.start(Config::default(), &std::collections::BTreeMap::new()).await?;
        started.map_err(|failure| format!("starting failed: {}", errors::told(&failure)))?;
    }
    steps::perform_all(session, &Scope::default(), steps, "").await
}

/// What the hook has told of that no step expected.
fn unsaid(session: &Session) -> Option<Trouble> {
    let state = session.state();
    let unknowns = state.unknowns.iter().skip(state.unknowns_seen).map(steps::unknown_json);
    let unknowns: Vec<Value> = unknowns.collect();
    (!unknowns.is_empty()).then(|| format!("nobody expected the unknown {}", shown(&Value::Array(unknowns))))
}

/// Fails if a process of the scenario's is still there, and ends it.
async fn nothing_left(session: &Session) -> Result<(), Trouble> {
    let started = session.place.processes();
    // The client makes the server the head of a group.
    let groups: Vec<u32> = started.iter().copied().chain(session.pid()).collect();
    let gone = processes::gone(&started, &groups).await;
    if gone.is_err() {
        groups.iter().copied().for_each(processes::kill_group);
        started.iter().copied().for_each(processes::kill);
    }
    gone
}
