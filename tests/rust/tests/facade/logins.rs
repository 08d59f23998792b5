//! Logins. How they end is for a peer to show, as the real server's do that on the internet.

use std::path::Path;
use std::time::Duration;

use codex_app_server::types::GetAccountResponse;
use codex_app_server::{Codex, Error};

use crate::common::{Outcome, peer};
use crate::on_real;

#[tokio::test]
async fn a_login_with_a_key() -> Outcome {
    on_real("echo", async |codex| {
        let account: GetAccountResponse = codex.account().refresh_token(false).await?;
        // The model of these tests asks for no login, so none is told.
        assert_eq!((account.account, account.requires_openai_auth), (None, false));
        codex.login_api_key("sk-none").await?;
        let kept = Path::new(&codex.metadata().codex_home).join("auth.json");
        assert!(std::fs::read_to_string(&kept)?.contains("sk-none"));
        codex.logout().await?;
        assert!(!kept.exists());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_login_in_the_browser_is_cancelled() -> Outcome {
    on_real("echo", async |codex| {
        let login = codex.login_chatgpt().await?;
        assert!(login.auth_url().starts_with("https://") && !login.login_id().is_empty());
        login.cancel().await?;
        let done = login.wait().await?;
        assert_eq!((done.login_id.as_deref(), done.success), (Some(login.login_id()), false));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_login_waits_for_its_own_end() -> Outcome {
    let script = "
greet()
def done(ident, success, error=None):
    send({'method': 'account/login/completed', 'params': {'loginId': ident, 'success': success, 'error': error}})
browser = read()
assert browser['params'] == {'type': 'chatgpt', 'appBrand': 'chatgpt'}, browser
done('elsewhere', True)
answer(browser, {'type': 'chatgpt', 'loginId': 'first', 'authUrl': 'https://a'})
code = read()
# Early: before its own answer, and before the first one's end.
done('second', False, 'denied')
answer(code, {'type': 'chatgptDeviceCode', 'loginId': 'second', 'verificationUrl': 'https://v', 'userCode': 'AB-12'})
answer(read(), {})
done('first', True)
read()
";
    let codex = Codex::start(peer(script)?).await?;
    let first = codex.login_chatgpt().app_brand("chatgpt").await?;
    let second = codex.login_chatgpt_device_code().await?;
    assert_eq!((second.verification_url(), second.user_code()), ("https://v", "AB-12"));
    let failed = second.wait().await?;
    assert_eq!((failed.success, failed.error.as_deref()), (false, Some("denied")));
    let waiting = tokio::spawn(async move { first.wait().await });
    codex.account().timeout(Duration::from_secs(10)).await.expect_err("an answer without members");
    let done = waiting.await??;
    assert_eq!((done.login_id.as_deref(), done.success), (Some("first"), true));
    codex.close().await;
    Ok(())
}

#[tokio::test]
async fn an_answer_to_another_question_is_no_login() -> Outcome {
    let script = "greet()\nanswer(read(), {'type': 'apiKey'})\nread()";
    let codex = Codex::start(peer(script)?).await?;
    let error = codex.login_chatgpt().await.expect_err("another kind of login");
    assert!(matches!(&error, Error::Decode(error) if error.method == "account/login/start"), "{error:?}");
    codex.close().await;
    Ok(())
}
