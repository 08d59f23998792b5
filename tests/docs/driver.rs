//! Calls every function that a block of the docs is the body of, on a peer in place of the server.
//!
//! `calls.rs` beside it is written by the test: what there is to call and with what. A function has to get to its end.

use codex_app_server::{
    AppServerClient, AppServerConfig, ChatgptLoginHandle, Codex, DeviceCodeLoginHandle, Error, Thread, TurnHandle,
};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many functions have got to their ends.
static REACHED: AtomicUsize = AtomicUsize::new(0);

/// What functions of the convenience layer are called with.
pub struct Objects {
    pub codex: Codex,
    pub thread: Thread,
    pub turnhandle: TurnHandle,
    pub chatgptloginhandle: ChatgptLoginHandle,
    pub devicecodeloginhandle: DeviceCodeLoginHandle,
}

/// A body's last line.
pub fn reached() {
    REACHED.fetch_add(1, Ordering::Relaxed);
}

/// A value out of JSON.
pub fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Calls one: the outcome has to be good, and its end to have been reached.
pub async fn call(name: &str, body: impl Future<Output = Result<(), Error>>) {
    let before = REACHED.load(Ordering::Relaxed);
    Box::pin(body).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(REACHED.load(Ordering::Relaxed), before + 1, "{name} has not been run to its end");
}

async fn objects() -> Result<Objects, Error> {
    let codex = Codex::start(AppServerConfig::new()).await?;
    let thread = codex.thread_start().await?;
    let turnhandle = thread.turn("Hello.").await?;
    let chatgptloginhandle = codex.login_chatgpt().await?;
    let devicecodeloginhandle = codex.login_chatgpt_device_code().await?;
    Ok(Objects { codex, thread, turnhandle, chatgptloginhandle, devicecodeloginhandle })
}

async fn messages() -> Result<(), Error> {
    let client = AppServerClient::start(AppServerConfig::new()).await?;
    crate::calls::messages(&client).await;
    client.close().await;
    Ok(())
}

async fn convenience() -> Result<(), Error> {
    let objects = objects().await?;
    crate::calls::convenience(&objects).await;
    objects.codex.close().await;
    Ok(())
}

#[tokio::main]
async fn play(part: &str) -> Result<(), Error> {
    if part == "messages" {
        messages().await?
    } else {
        convenience().await?
    }
    println!("{} functions run to their ends", REACHED.load(Ordering::Relaxed));
    Ok(())
}

pub fn start(part: &str) -> ExitCode {
    std::process::Termination::report(play(part))
}
