//! What the tests take from the model of the protocol rather than repeat by hand: written as Rust source, from the
//! committed schema and profile.

mod calls;
mod types;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rpcsmith::Inputs;

fn main() -> Result<(), Box<dyn Error>> {
    let schema = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../schema/codex");
    println!("cargo:rerun-if-changed={}", schema.display());
    println!("cargo:rerun-if-changed=build");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    let (protocol, _) = rpcsmith::load(&inputs).map_err(|problems| problems.to_string())?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("calls.rs"), calls::source(&protocol))?;
    fs::write(out.join("types.rs"), types::source(&protocol))?;
    Ok(())
}
