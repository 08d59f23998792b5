//! Values: read, written, and read again.

use codex_app_server::types::{
    AskForApproval, CodexErrorInfo, LoginAccountParams, ReasoningEffort, ResourceContent, TextUserInput, Thread,
    ThreadListParams, ThreadMetadataGitInfoUpdateParams, ThreadSectionMoveParams, ThreadStartParams, TurnStartParams,
    TurnStatus, UserInput,
};
use codex_app_server::{ThreeState, UnknownVariant, Wire};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn round_trip<T: Serialize + DeserializeOwned>(value: &Value) -> Outcome {
    let there: T = from_value(value.clone())?;
    assert_eq!(&to_value(&there)?, value);
    Ok(())
}

fn problem<T: DeserializeOwned>(value: Value) -> String {
    from_value::<T>(value).map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn unions_keep_what_they_do_not_know() -> Outcome {
    for value in [
        json!({"type": "text", "text": "hi", "more": [1]}),
        json!({"type": "image", "url": "u", "detail": "high"}),
        json!({"type": "image", "fileId": "f"}),
        json!({"type": "hologram", "rays": {"a": null}}),
    ] {
        round_trip::<UserInput>(&value)?;
    }
    for value in [json!("never"), json!("sometimes"), json!({"sometimes": {"a": 1}})] {
        round_trip::<AskForApproval>(&value)?;
    }
    for value in [json!({"text": "t", "uri": "u"}), json!({"blob": "b", "uri": "u"}), json!({"other": 1})] {
        round_trip::<ResourceContent>(&value)?;
    }
    for value in [json!("other"), json!("new"), json!({"new": 1}), json!({"a": 1, "b": 2})] {
        round_trip::<CodexErrorInfo>(&value)?;
    }
    let unknown: UserInput = from_value(json!({"type": "hologram"}))?;
    assert!(matches!(&unknown, UserInput::Unrecognized(unknown) if unknown.tag() == Some("hologram")));
    let sent = UserInput::Unrecognized(UnknownVariant::new(None, json!({"type": "x"})));
    assert_eq!(to_value(sent)?, json!({"type": "x"}));
    Ok(())
}

#[test]
fn a_known_tag_with_a_malformed_body_is_an_error_with_its_place() {
    assert_eq!(problem::<UserInput>(json!({"type": "text"})), "$.text: missing");
    assert_eq!(problem::<UserInput>(json!({"type": 1})), "$.type: expected a string, found a number");
    assert!(problem::<UserInput>(json!({"type": "image"})).contains("fits no shape"));
    assert!(problem::<ResourceContent>(json!("x")).contains("fits no shape"));
    assert!(problem::<AskForApproval>(json!({"never": {}})).contains("another form"));
    assert_eq!(
        problem::<TurnStartParams>(json!({"threadId": "t", "input": [{"type": "text", "text": 1}]})),
        "$.input[0].text: expected a string, found a number"
    );
}

#[test]
fn members_may_be_absent_in_several_ways() -> Outcome {
    // Required and nullable.
    round_trip::<ThreadSectionMoveParams>(&json!({"sectionId": null, "threadId": "t"})).or_else(|_| {
        let problem = problem::<ThreadSectionMoveParams>(json!({}));
        assert!(problem.contains("missing"), "{problem}");
        Ok::<_, Box<dyn std::error::Error>>(())
    })?;
    // Three-state.
    for value in [json!({}), json!({"sha": null}), json!({"sha": "x", "branch": null})] {
        round_trip::<ThreadMetadataGitInfoUpdateParams>(&value)?;
    }
    let cleared = ThreadMetadataGitInfoUpdateParams::new().sha(None).branch("main");
    assert_eq!(to_value(&cleared)?, json!({"sha": null, "branch": "main"}));
    assert_eq!(cleared.sha, ThreeState::Null);
    assert_eq!(to_value(ThreadListParams::new().section_id(ThreeState::Absent))?, json!({}));
    // Optional and nullable: `null` reads as absent.
    let params: ThreadStartParams = from_value(json!({"model": null}))?;
    assert_eq!(params, ThreadStartParams::new());
    assert_eq!(to_value(params)?, json!({}));
    Ok(())
}

#[test]
fn params_are_built_in_steps() -> Outcome {
    let params = TurnStartParams::new([TextUserInput::new("hi")], "t").model("m").effort("high");
    assert_eq!(
        to_value(params)?,
        json!({"threadId": "t", "input": [{"type": "text", "text": "hi"}], "model": "m", "effort": "high"})
    );
    let login = LoginAccountParams::from(codex_app_server::types::ApiKeyLoginAccountParams::new("k"));
    assert_eq!(to_value(login)?, json!({"type": "apiKey", "apiKey": "k"}));
    assert!(to_value(ReasoningEffort::from("")).is_err());
    Ok(())
}

#[test]
fn enums_keep_unknown_values() -> Outcome {
    let status: TurnStatus = from_value(json!("paused"))?;
    assert_eq!(status, "paused");
    assert_eq!(status.to_string(), "paused");
    assert_eq!(status, TurnStatus::from("paused"));
    assert_eq!(TurnStatus::from("completed"), TurnStatus::Completed);
    round_trip::<TurnStatus>(&json!("paused"))
}

#[test]
fn a_thread_needs_its_members() {
    let place = problem::<Thread>(json!({}));
    assert!(place.starts_with("$.") && place.ends_with("missing"), "{place}");
    assert!(f64::INFINITY.encode().is_err());
    assert!(u32::decode(json!(-1), &mut codex_app_server::Decoding::new()).is_err());
}
