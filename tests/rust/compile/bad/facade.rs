//! The convenience layer: each marked line must not compile, and no other.

use codex_app_server::{ApprovalMode, Codex, Sandbox, Thread, TurnResult};

fn operations(codex: &Codex, thread: &Thread) {
    let _ = codex.thread_start().modle("x"); // error[E0599]: nothing of this name can be set
    let _ = codex.thread_start().ephemeral("yes"); // error[E0308]: a text for a choice of two
    let _ = codex.thread_start().timeout(5); // error[E0277]: five what?
    let _ = codex.thread_resume(); // error[E0061]: which one?
    let _ = codex.thread_list_all().cursor("x"); // error[E0599]: all pages begin at the first
    let _ = codex.thread_list().stream(); // error[E0599]: one page is no stream
    let _ = thread.run(5); // error[E0277]: a number is no input
    let _ = thread.run("hi").approval_policy("never"); // error[E0599]: what a preset stands for
}

fn presets(codex: &Codex) {
    let _ = codex.thread_start().sandbox("read-only"); // error[E0277]: a text for a preset
    let _ = codex.thread_start().approval_mode(Sandbox::ReadOnly); // error[E0277]: another preset
    let _ = ApprovalMode::Always; // error[E0599]: no such choice
}

async fn results(codex: Codex, thread: Thread) -> Option<TurnResult> {
    let _ = codex.thread_list_all().await; // error[E0277]: it is a stream
    let turn: TurnResult = thread.turn("hi").await.ok()?; // error[E0308]: it has only begun
    Some(turn)
}

fn members(result: TurnResult) {
    let _ = result.final_answer; // error[E0609]: no such member
}

fn main() {}
