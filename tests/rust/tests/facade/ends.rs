//! What a turn's answer is, and what becomes of turns and calls when the client is closed.

use codex_app_server::Error;
use codex_app_server::types::TurnStatus;

use crate::common::Outcome;
use crate::on_real;

#[tokio::test]
async fn the_answer_is_the_last_message_that_is_meant_as_one() -> Outcome {
    on_real("answers", async |codex| {
        for (wish, answer, text) in [
            ("final", Some("Two."), "One.Two.Three.Four."),
            ("none", None, "Hm."),
            ("commented", Some("Two."), "One.Two.Three."),
            ("silent", None, ""),
        ] {
            let result = codex.thread_start().await?.run(wish).await?;
            assert_eq!((result.final_response.as_deref(), result.text.as_str()), (answer, text), "{wish}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_turn_that_has_ended_can_still_be_collected() -> Outcome {
    on_real("text", async |codex| {
        let turn = codex.thread_start().await?.turn("hello").await?;
        assert_eq!(turn.run().await?, turn.run().await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_turn_fails_when_the_client_is_closed() -> Outcome {
    on_real("held", async |codex| {
        let thread = codex.thread_start().await?;
        let turn = thread.turn("hold").await?;
        turn.stream().wait_for("item/agentMessage/delta").await?;
        let (followed, waiting) = (turn.clone(), turn.clone());
        let running = tokio::spawn(async move { followed.run().await });
        let ending = tokio::spawn(async move { waiting.wait().await });
        codex.close().await;
        assert!(matches!(running.await?, Err(Error::TransportClosed(_))));
        assert!(matches!(ending.await?, Err(Error::TransportClosed(_))));
        assert!(matches!(turn.run().await, Err(Error::TransportClosed(_))));
        assert!(matches!(thread.run("more").await, Err(Error::TransportClosed(_))));
        assert!(matches!(codex.thread_list().await, Err(Error::TransportClosed(_))));
        let mut threads = codex.thread_list_all().stream();
        assert!(matches!(threads.next().await, Some(Err(Error::TransportClosed(_)))));
        assert!(threads.next().await.is_none(), "an error is the last item");
        codex.close().await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_turn_given_up_leaves_the_client_as_it_was() -> Outcome {
    on_real("held", async |codex| {
        let turn = codex.thread_start().await?.turn("hold").await?;
        let followed = turn.clone();
        let running = tokio::spawn(async move { followed.run().await });
        turn.stream().wait_for("item/agentMessage/delta").await?;
        running.abort();
        assert!(running.await.is_err_and(|error| error.is_cancelled()));
        turn.interrupt().await?;
        assert_eq!(turn.run().await?.status, TurnStatus::Interrupted);
        Ok(())
    })
    .await
}
