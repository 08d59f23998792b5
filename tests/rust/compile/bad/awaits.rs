//! Calls that are never made, and outcomes that nobody looks at: each marked line must not compile, and no other.
#![deny(unused_must_use)]

use codex_app_server::types::{TextUserInput, TurnStartParams};
use codex_app_server::{AppServerClient, AppServerConfig, ServerRequestHandlers};

async fn calls(client: AppServerClient) {
    client.account_logout(); // error[unused_must_use]: made when it is awaited
    client.request("novel/method", None); // error[unused_must_use]: made when it is awaited
    client.turn_start_stream(TurnStartParams::new([TextUserInput::new("hi")], "t")); // error[unused_must_use]
    client.close(); // error[unused_must_use]: done when it is awaited
    client.account_logout().await; // error[unused_must_use]: it may have failed
    client.notifications(); // error[unused_must_use]: a stream that nobody reads
}

fn settings() {
    let config = AppServerConfig::new();
    config.strict(true); // error[unused_must_use]: it gives a changed one
    ServerRequestHandlers::new(); // error[unused_must_use]: nobody gets them
}

fn main() {}
