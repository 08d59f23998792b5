//! Makes the committed recording anew: a turn on the pinned server, recorded by the Rust package.

use crate::problem::Problem;
use crate::repo::Repo;
use crate::schema;
use crate::test::Bench;

/// Writes `tests/recordings/turn.jsonl`.
pub fn run(repo: &Repo) -> Result<(), Problem> {
    let bench = Bench::new(repo, false)?;
    schema::pinned_server(repo)?;
    let program = bench.cargo().args("run --quiet -p sdk-tests --example record --");
    bench.with_servers(program.arg(repo.root().join("tests/recordings/turn.jsonl"))).show()
}
