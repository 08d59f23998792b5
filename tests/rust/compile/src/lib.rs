//! What users of the package write, and what must therefore compile. Nothing of it is run.
//!
//! The same with mistakes in it is in `bad`, where it must not compile. A crate of its own, so that the compiler needs
//! no more than the package for it.

pub mod calls;
pub mod facade;
pub mod handlers;
pub mod matches;
pub mod params;
pub mod streams;
