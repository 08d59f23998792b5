//! The convenience layer: what methods take, and what may be done with what they give.

use std::time::Duration;

use codex_app_server::operations::TurnStart;
use codex_app_server::types::{ReasoningSummary, UserInput};
use codex_app_server::{
    ApprovalMode, Codex, Error, ImageInput, Input, Pages, Sandbox, TextInput, Thread, TurnResult, UnknownPreset, types,
};
use tokio::task::JoinHandle;

pub fn set_until_it_is_awaited(thread: &Thread) -> TurnStart<TurnResult> {
    let turn = thread.run("hi").sandbox(Sandbox::ReadOnly).approval_mode(ApprovalMode::DenyAll);
    turn.approval_mode(None).summary(ReasoningSummary::Concise).timeout(Duration::from_secs(1)).timeout(None)
}

pub fn in_a_task_of_its_own(thread: &Thread) -> JoinHandle<Result<TurnResult, Error>> {
    tokio::spawn(thread.run(String::from("hi")).into_future())
}

pub fn all_pages(codex: &Codex) -> Pages<types::Thread> {
    codex.thread_list_all().archived(true).stream()
}

pub fn input_of_several_kinds(more: UserInput) -> [Input; 3] {
    let one = Input::from("look").and(ImageInput::new("data:,")).and(more);
    [one, vec!["a", "b"].into(), [TextInput::new("c")].into()]
}

pub fn from_a_setting(text: &str) -> Result<Sandbox, UnknownPreset> {
    text.parse()
}

pub async fn one_kind_of_error(thread: &Thread) -> Result<TurnResult, Error> {
    Ok(thread.run("hi").await?.raise_for_status()?)
}
