//! What can go wrong, and what to do about it.

use codex_app_server::{AppServerConfig, Codex, Error, RetryPolicy, retry_on_overload};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // The server isn't where it should be.
    match Codex::start(AppServerConfig::new().codex_bin("no-such-folder/codex")).await {
        // The error itself says where it was looked for, and how to install it.
        Err(Error::ServerNotFound(_)) => println!("the server was not found"),
        other => _ = other?,
    }

    let codex = Codex::start(AppServerConfig::new()).await?;

    // The server refuses a call. Trying again would help only if it were too busy.
    let refused = codex.thread_resume("00000000-0000-0000-0000-000000000000").await;
    match refused.as_ref().map_err(|error| (error.is_retryable(), error.as_rpc())) {
        Err((retryable, Some(answer))) => {
            println!("refused: {} {}", answer.code, answer.message);
            println!("worth another try: {}", if retryable { "yes" } else { "no" });
        }
        _ => _ = refused?,
    }

    // Tries again, more and more slowly, for as long as the server is too busy.
    let policy = RetryPolicy { attempts: 5, ..RetryPolicy::default() };
    let page = retry_on_overload(&policy, || codex.models().limit(1).into_future()).await?;
    println!("models: {}", page.data.len());

    // A turn that fails is a result like any other; whoever wants an error asks for it.
    let thread = codex.thread_start().model("no-such-model").await?;
    let result = thread.run("Say hello.").await?;
    println!("status: {}", result.status);
    if let Err(failed) = result.raise_for_status() {
        println!("because: {}", failed.result.error.map_or("nobody knows".to_owned(), |error| error.message));
    }

    // Nothing hangs once the server is gone.
    codex.close().await;
    match codex.models().await {
        Err(Error::TransportClosed(_)) => println!("the connection has ended"),
        other => _ = other?,
    }
    Ok(())
}
