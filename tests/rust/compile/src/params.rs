//! Params: what they are made of, and the ways in which a member may be left out.

use codex_app_server::types::{
    AskForApproval, TextUserInput, ThreadListParams, ThreadStartParams, TurnStartParams, UserInput,
};
use codex_app_server::{ThreeState, UnknownVariant};
use serde_json::json;

pub fn required_ones_first() -> TurnStartParams {
    TurnStartParams::new([TextUserInput::new("hi")], "thread").model("model".to_owned())
}

pub fn set_one_by_one() -> ThreadListParams {
    let mut params = ThreadListParams::new().limit(5_u32);
    params.archived = Some(true);
    params.section_id = ThreeState::Null;
    params
}

pub fn of_several_kinds() -> ThreadStartParams {
    ThreadStartParams::new().approval_policy(AskForApproval::Never)
}

pub fn newer_than_the_package() -> UserInput {
    UserInput::Unrecognized(UnknownVariant::new(None, json!({"type": "hologram"})))
}
