//! C29: the package knows the server version its schema came from, and says so when it meets another one.

mod common;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use codex_app_server::{AppServerClient, AppServerConfig, SERVER_VERSION, ServerAge, VersionMismatch};
use common::{Outcome, fresh, peer, shows};
use serde_json::json;

/// What the hook was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<VersionMismatch>>>);

impl Told {
    fn hook(&self) -> impl Fn(&VersionMismatch) + Send + Sync + 'static {
        let told = self.clone();
        move |mismatch| told.0.lock().unwrap_or_else(PoisonError::into_inner).push(mismatch.clone())
    }

    fn all(&self) -> Vec<(String, String, ServerAge)> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().map(|one| (one.expected.clone(), one.found.clone(), one.server_is)).collect()
    }
}

/// A client of a peer that says of itself what is given.
async fn greeted(user_agent: &str, told: &Told) -> Result<AppServerClient, Box<dyn std::error::Error + Send + Sync>> {
    let info = json!({"codexHome": "/h", "platformFamily": "unix", "platformOs": "linux", "userAgent": user_agent});
    let script = format!("answer(read(), json.loads({:?}))\nread()\nserve(lambda m: answer(m, 1))", info.to_string());
    Ok(AppServerClient::start(peer(&script)?.on_version_mismatch(told.hook())).await?)
}

fn parts() -> Result<[u32; 3], Box<dyn std::error::Error + Send + Sync>> {
    let parts: Vec<u32> = SERVER_VERSION.split('.').map(str::parse).collect::<Result<_, _>>()?;
    Ok(<[u32; 3]>::try_from(parts).map_err(|_| "not three numbers")?)
}

#[tokio::test]
async fn another_version_is_told_once() -> Outcome {
    shows("C29", "another-version-is-told-once", async {
        let [major, minor, patch] = parts()?;
        for (found, age) in [
            (format!("{major}.{}.99", minor - 1), ServerAge::Older),
            (format!("{major}.{minor}.{patch}-alpha.7"), ServerAge::Older),
            (format!("{major}.9.{patch}"), ServerAge::Older),
            (format!("{major}.{minor}.{}", patch + 1), ServerAge::Newer),
            (format!("{major}.{}.0-beta.1", minor * 10), ServerAge::Newer),
            (format!("{}.0.0", major + 1), ServerAge::Newer),
        ] {
            let told = Told::default();
            let client = greeted(&format!("name/{found} (Debian 12; x86_64) xterm (name; 1.2.3)"), &told).await?;
            assert_eq!(client.server_version(), Some(found.as_str()));
            assert_eq!(client.request("x", None).await?, json!(1));
            assert_eq!(told.all(), [(SERVER_VERSION.to_owned(), found, age)]);
            client.close().await;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_same_version_is_no_news() -> Outcome {
    shows("C29", "the-same-version-is-no-news", async {
        for found in [SERVER_VERSION.to_owned(), format!("{SERVER_VERSION}+build.5")] {
            let told = Told::default();
            let client = greeted(&format!("a/strange name/{found} (Debian 12) xterm/9.9.9"), &told).await?;
            assert_eq!((client.server_version(), told.all().len()), (Some(found.as_str()), 0));
            client.close().await;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_no_version_is_let_pass() -> Outcome {
    shows("C29", "what-is-no-version-is-let-pass", async {
        for (user_agent, found) in
            [("name/dev (Debian 12) xterm/9.9.9", Some("dev")), ("name/1.2 (x)", Some("1.2")), ("nothing", None)]
        {
            let told = Told::default();
            let client = greeted(user_agent, &told).await?;
            assert_eq!((client.server_version(), told.all().len()), (found, 0), "{user_agent}");
            client.close().await;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_hook_that_panics_harms_nothing() -> Outcome {
    shows("C29", "a-hook-that-raises-harms-nothing", async {
        let script = "answer(read(), {'codexHome': '/h', 'platformFamily': 'unix', 'platformOs': 'linux', \
                      'userAgent': 'name/0.1.0 (x)'})\nread()\nserve(lambda m: answer(m, 1))";
        let config = peer(script)?.on_version_mismatch(|_| std::panic::panic_any("on purpose"));
        let client = AppServerClient::start(config).await?;
        assert_eq!(client.request("x", None).await?, json!(1));
        client.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_real_server_is_the_expected_one() -> Outcome {
    shows("C29", "the-real-server", async {
        let home = fresh("-home");
        fs::create_dir_all(&home)?;
        let binary =
            env::var_os("RPCSMITH_CODEX_BIN").ok_or("RPCSMITH_CODEX_BIN is not set: run `cargo xtask test`")?;
        let told = Told::default();
        let config = AppServerConfig::new()
            .codex_bin(PathBuf::from(binary))
            .env("HOME", &home)
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .env("CODEX_HOME", &home)
            .env("CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG", "1")
            .env("RUST_LOG", "warn")
            .on_version_mismatch(told.hook());
        let client = AppServerClient::start(config).await?;
        assert_eq!((client.server_version(), told.all().len()), (Some(SERVER_VERSION), 0));
        client.close().await;
        Ok(())
    })
    .await
}
