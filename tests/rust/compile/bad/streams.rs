//! Streams, and what is read from them: each marked line must not compile, and no other.

use codex_app_server::{AppServerClient, Event, ServerNotification};

fn narrowed(event: &Event<ServerNotification>) -> &str {
    match event.notification() {
        ServerNotification::TurnCompleted(params) => &params.delta, // error[E0609]: another notification's member
        ServerNotification::TurnFinished(_) => "",                  // error[E0599]: no such notification
        _ => event.notification().delta,                            // error[E0609]: which one is it?
    }
}

async fn read(client: &AppServerClient) {
    let events = client.notifications();
    for event in events {} // error[E0277]: not without waiting
    let mut events = client.notifications();
    let _ = events.next().await.method(); // error[E0599]: it may be the end, or a failure
    let _ = client.wait_for_turn_completed().await; // error[E0061]: of which turn?
}

fn main() {}
