//! The README says what is so: its commands run, and the figures in it are those of the model.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rpcsmith::Inputs;
use rpcsmith::ir::Peer;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

/// The lines of all shell blocks.
fn commands(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_rpcsmith_command_runs_as_it_stands() {
    let commands = commands(&readme());
    let own: Vec<&String> = commands.iter().filter(|command| command.starts_with("rpcsmith ")).collect();
    assert!(own.len() >= 5, "the README shows {} commands", own.len());
    for command in own {
        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_rpcsmith"))
            .args(&arguments)
            .current_dir(root())
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The other commands are those of the test run itself, of the drift step, and of the installation that CI makes.
#[test]
fn every_other_command_is_one_that_the_test_run_covers() {
    let covered = ["cargo xtask generate", "cargo xtask test", "cargo install --path ."];
    for command in commands(&readme()) {
        assert!(command.starts_with("rpcsmith ") || covered.contains(&command.as_str()), "{command}");
    }
}

#[test]
fn the_figures_are_those_of_the_model() {
    let schema = root().join("schema/codex");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    let (protocol, _) = rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}"));
    let sentence = format!(
        "{} methods, {} notifications, {} requests that the server makes itself",
        protocol.requests_from(Peer::Client).count(),
        protocol.notifications_from(Peer::Server).count(),
        protocol.requests_from(Peer::Server).count(),
    );
    assert!(readme().contains(&sentence), "the README doesn't say: {sentence}");
}
