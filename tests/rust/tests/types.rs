//! Values as users meet them. That every type is read and written as it should is for the wire vectors.

use codex_app_server::types::{
    AskForApproval, LoginAccountParams, ReasoningEffort, ResourceContent, TextUserInput, ThreadListParams,
    ThreadMetadataGitInfoUpdateParams, ThreadStartParams, TurnStartParams, TurnStatus, UserInput,
};
use codex_app_server::{ThreeState, UnknownVariant, Wire};
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn problem<T: DeserializeOwned>(value: Value) -> String {
    from_value::<T>(value).map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn unions_tell_what_they_do_not_know() -> Outcome {
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
    Ok(())
}

#[test]
fn infinity_is_no_json() {
    assert!(f64::INFINITY.encode().is_err());
}
