//! Plays a recording to a connection: passes lines on between it and a script. What they say is the script's business.

use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;
use tokio::task::yield_now;

use super::process::{LastWords, Listeners, Outbox, Process};
use super::recording::Recording;
use super::replay::Script;
use super::sync::{First, race};
use crate::error::ProcessEnd;

/// Plays `script` to a connection, which takes it for a process.
pub(crate) fn play<L, E, F>(
    script: Script,
    recording: Option<Recording>,
    listeners: Listeners<L, E, F>,
) -> (Process, Outbox)
where
    L: FnMut(&[u8]) + Send + 'static,
    F: FnOnce(ProcessEnd) + Send + 'static,
{
    let Listeners { line, end, .. } = listeners;
    Process::stand_in(end, |lines, stopped, last_words| perform(script, recording, line, lines, stopped, last_words))
}

async fn perform<F: FnOnce(ProcessEnd)>(
    mut script: Script,
    recording: Option<Recording>,
    mut on_line: impl FnMut(&[u8]),
    mut lines: Receiver<Vec<u8>>,
    mut stopped: watch::Receiver<bool>,
    mut last_words: LastWords<F>,
) {
    let recorder = recording.as_ref().map(|recording| &recording.recorder);
    let playing = async {
        loop {
            while let Some(line) = script.say() {
                recorder.inspect(|recorder| recorder.received(&line));
                on_line(&line);
                // Whoever waits for the line comes first.
                yield_now().await;
            }
            if script.is_over() {
                return script.end();
            }
            let Some(line) = lines.recv().await else {
                return "nobody listens any more".to_owned();
            };
            recorder.inspect(|recorder| recorder.sent(&line));
            if let Err(deviation) = script.take(&line) {
                return deviation;
            }
        }
    };
    let end = match race(playing, stopped.wait_for(|stopped| *stopped)).await {
        First::Left(end) => end,
        First::Right(_) => "the client was closed".to_owned(),
    };
    last_words.speak(end, None);
    // Not before, so that whoever writes in vain finds out why.
    drop(lines);
    if let Some(recording) = recording {
        recording.finish().await;
    }
}
