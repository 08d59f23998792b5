//! Params and settings: each marked line must not compile, and no other.

use codex_app_server::types::{AskForApproval, TextUserInput, ThreadListParams, ThreadStartParams, TurnStartParams};
use codex_app_server::{AppServerConfig, ThreeState};

fn fields(mut list: ThreadListParams, start: ThreadStartParams) {
    start.modle("x"); // error[E0599]: no such member
    list.limits = None; // error[E0609]: no such member
    list.limit = Some("5"); // error[E0308]: a text for a number
    list.limit = ThreeState::Null; // error[E0308]: left out, and no null beside it
    list.section_id = None; // error[E0308]: left out or null?
    ThreadStartParams::new().approval_policy("sometimes"); // error[E0277]: a text for a choice
    let _ = AskForApproval::Sometimes; // error[E0599]: no such choice
}

fn required(input: [TextUserInput; 1]) {
    TurnStartParams::new(input.clone()); // error[E0061]: no thread
    TurnStartParams::new(input.clone(), None); // error[E0277]: it can't be left out
    TurnStartParams::new(["hi"], "t"); // error[E0277]: a text is no input
    TurnStartParams::default(); // error[E0599]: nothing stands for what is required
}

fn settings() {
    AppServerConfig::new().codex_binary("/opt/codex"); // error[E0599]: no such setting
    AppServerConfig::new().default_timeout(5); // error[E0277]: five what?
    AppServerConfig::new().strict("yes"); // error[E0308]: a text for a choice of two
}

fn main() {}
