//! Calls: each marked line must not compile, and no other.

use codex_app_server::types::{TextUserInput, ThreadListResponse, ThreadStartParams};
use codex_app_server::{AppServerClient, Error, Request, methods};

async fn what_they_take(client: AppServerClient) -> Result<(), Error> {
    client.account_logoff().await?; // error[E0599]: no such method
    client.turn_start().await?; // error[E0061]: params are required
    client.turn_start(ThreadStartParams::new()).await?; // error[E0308]: another method's params
    client.account_logout(()).await?; // error[E0061]: it takes none
    client.account_logout().timeout(5).await?; // error[E0308]: five what?
    Ok(())
}

async fn what_they_give(client: AppServerClient) -> Result<(), Error> {
    let started = client.thread_start(ThreadStartParams::new()).await?;
    started.thread.titel; // error[E0609]: no such member
    let _: u64 = started.thread.id; // error[E0308]: a text
    let _: String = client.request("novel/method", None).await?; // error[E0308]: any JSON
    client.server_info().user_agnt; // error[E0609]: no such member
    client.thread_start(ThreadStartParams::new()).thread; // error[E0609]: nothing came yet
    Ok(())
}

async fn lists<R: Request<Result = ThreadListResponse>>(client: &AppServerClient, params: R::Params) {
    let _ = client.send::<R>(params).await;
}

async fn generic(client: AppServerClient) {
    lists::<methods::AccountLogout>(&client, ()).await; // error[E0271]: another result
    lists::<methods::ThreadList>(&client, ()).await; // error[E0308]: other params
}

fn made_by_hand(text: String) {
    let _ = AppServerClient::default(); // error[E0599]: only `start` makes one
    let _ = TextUserInput { text }; // error[E0639]: later versions may have more members
}

fn main() {}
