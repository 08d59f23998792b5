//! The life of a thread: started, used, found again, named, put away, copied, and cut short.

use codex_app_server::{AppServerConfig, Codex, Error, ServerNotification, Thread};

async fn ask(thread: &Thread, question: &str) -> Result<(), Error> {
    let result = thread.run(question).await?;
    println!("{question} {}", result.final_response.unwrap_or_default());
    Ok(())
}

async fn count_turns(thread: &Thread) -> Result<usize, Error> {
    let kept = thread.read().include_turns(true).await?;
    Ok(kept.thread.turns.len())
}

async fn is_listed(codex: &Codex, thread: &Thread, archived: bool) -> Result<&'static str, Error> {
    // Others of that name may be there, from earlier runs.
    let mut threads = codex.thread_list_all().search_term("Trees").archived(archived).stream();
    while let Some(found) = threads.next().await {
        if found?.id == thread.id() {
            return Ok("yes");
        }
    }
    Ok("no")
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().cwd(".").await?;
    ask(&thread, "Name a tree.").await?;
    ask(&thread, "Name another one.").await?;

    let thread = codex.thread_resume(thread.id()).await?;
    thread.set_name("Trees").await?;
    println!("listed: {}", is_listed(&codex, &thread, false).await?);
    println!("turns: {}", count_turns(&thread).await?);

    codex.thread_archive(thread.id()).await?;
    println!("archived: {}", is_listed(&codex, &thread, true).await?);
    let thread = codex.thread_unarchive(thread.id()).await?;
    println!("still archived: {}", is_listed(&codex, &thread, true).await?);

    // The copy has a future of its own; what was said before is in both.
    let copy = codex.thread_fork(thread.id()).await?;
    ask(&copy, "Name a third one.").await?;
    println!("turns of the copy: {}", count_turns(&copy).await?);
    println!("turns of the first one: {}", count_turns(&thread).await?);

    // A summary takes the place of what was said so far; that is a turn of its own.
    let mut events = codex.client().notifications();
    copy.compact().await?;
    let completed = events.wait_for("turn/completed").await?;
    if let ServerNotification::TurnCompleted(completed) = completed.notification() {
        println!("compacted: {}", completed.turn.status);
    }
    codex.close().await;
    Ok(())
}
