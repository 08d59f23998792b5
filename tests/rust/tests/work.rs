//! C23 to C25: turns and logins.

mod common;

use codex_app_server::types::{ApiKeyLoginAccountParams, ChatgptLoginAccountParams, TextUserInput, TurnStartParams};
use codex_app_server::{AppServerClient, Error, Event, ServerNotification};
use common::{Outcome, peer};

fn params(thread: &str) -> TurnStartParams {
    TurnStartParams::new([TextUserInput::new("x")], thread)
}

fn text(event: &Event<ServerNotification>) -> String {
    match event.notification() {
        ServerNotification::ItemAgentMessageDelta(part) => part.delta.clone(),
        other => codex_app_server::Notification::method(other).to_owned(),
    }
}

#[tokio::test]
async fn c23_to_c25_a_turn_is_whole_and_alone() -> Outcome {
    let script = "
greet()
r = read()
send(started()); send(delta('a')); send(delta('other', 'turn-2')); send(delta('elsewhere', 'turn-1', 'u'))
answer(r, {'turn': turn()})
send(delta('b')); send(completed('turn-2')); send(completed()); send(delta('late'))
answer(read(), 1)
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let mut turn = client.turn_start_stream(params("t")).await?;
    assert_eq!((turn.id(), turn.result().turn.id.as_str()), (Some("turn-1"), "turn-1"));
    client.request("sync", None).await?;
    let mut again = turn.subscribe();
    let mut seen = Vec::new();
    while let Some(event) = turn.next().await {
        seen.push(text(&event?));
    }
    assert_eq!(seen, ["turn/started", "a", "b", "turn/completed"]);
    let mut count = 0;
    while let Some(event) = again.next().await {
        event?;
        count += 1;
    }
    assert_eq!(count, 4);
    assert_eq!(client.wait_for_turn_completed("turn-1").await?.turn.id, "turn-1");
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c25_a_turn_whose_connection_ends_fails() -> Outcome {
    let script =
        "greet()\nr = read()\nanswer(r, {'turn': turn()})\nsend(delta('a'))\nsys.stdout.flush()\nread()\nos._exit(1)";
    let client = AppServerClient::start(peer(script)?).await?;
    let mut turn = client.turn_start_stream(params("t")).await?;
    assert_eq!(turn.next().await.transpose()?.map(|event| text(&event)), Some("a".to_owned()));
    client.notify("die", None).await?;
    assert!(matches!(turn.next().await, Some(Err(Error::TransportClosed(end))) if end.exit_code == Some(1)));
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c24_many_turns_side_by_side() -> Outcome {
    let script = "
greet()
calls = [read() for _ in range(20)]
for i, r in enumerate(calls):
    send(delta('early', f'turn-{i}', r['params']['threadId']))
    answer(r, {'turn': turn('inProgress', f'turn-{i}')})
for step in range(3):
    for i, r in enumerate(calls): send(delta(f'{i}:{step}', f'turn-{i}', r['params']['threadId']))
for i, r in enumerate(calls): send(completed(f'turn-{i}', r['params']['threadId']))
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let turns: Vec<_> = (0..20)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut turn = client.turn_start_stream(params(&format!("thread-{number}"))).await?;
                let own = turn.id().unwrap_or_default().trim_start_matches("turn-").to_owned();
                let mut seen = Vec::new();
                while let Some(event) = turn.next().await {
                    seen.push(text(&event?));
                }
                Ok::<_, Error>((own, seen))
            })
        })
        .collect();
    for turn in turns {
        let (own, seen) = turn.await??;
        let steps: Vec<_> = (0..3).map(|step| format!("{own}:{step}")).collect();
        assert_eq!(seen, [vec!["early".to_owned()], steps, vec!["turn/completed".to_owned()]].concat());
    }
    client.close().await;
    Ok(())
}

#[tokio::test]
async fn c24_logins_by_their_id_also_when_early() -> Outcome {
    let script = "
greet()
r = read()
for ident in ('other', 'mine'):
    send({'method': 'account/login/completed', 'params': {'loginId': ident, 'success': ident == 'mine'}})
answer(r, {'type': 'chatgpt', 'authUrl': 'u', 'loginId': 'mine'})
answer(read(), {'type': 'apiKey'})
read()
";
    let client = AppServerClient::start(peer(script)?).await?;
    let mut login = client.account_login_start_stream(ChatgptLoginAccountParams::new()).await?;
    let Some(Ok(event)) = login.next().await else {
        return Err("nothing".into());
    };
    assert!(matches!(event.notification(), ServerNotification::AccountLoginCompleted(done) if done.success));
    assert!(login.next().await.is_none());
    let mut at_once = client.account_login_start_stream(ApiKeyLoginAccountParams::new("k")).await?;
    assert!(at_once.id().is_none() && at_once.next().await.is_none());
    assert!(!client.wait_for_login_completed("other").await?.success);
    client.close().await;
    Ok(())
}
