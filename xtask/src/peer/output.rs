//! What the peer writes: stdout in large pieces, and stderr.
//!
//! Knows pipes and nothing of what goes through them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;

/// Pipes that are still open.
pub struct Output {
    stdout: Option<BufWriter<File>>,
    stderr: Option<BufWriter<File>>,
}

impl Output {
    pub fn begin() -> io::Result<Self> {
        let file = |fd: std::os::fd::BorrowedFd<'_>| {
            fd.try_clone_to_owned().map(|fd| BufWriter::with_capacity(1 << 16, fd.into()))
        };
        Ok(Self { stdout: Some(file(io::stdout().as_fd())?), stderr: Some(file(io::stderr().as_fd())?) })
    }

    pub fn stdout(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.stdout.as_mut().ok_or_else(|| io::Error::other("an earlier step has closed stdout"))
    }

    pub fn stderr(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.stderr.as_mut().ok_or_else(|| io::Error::other("an earlier step has closed stderr"))
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.stdout.iter_mut().chain(&mut self.stderr).try_for_each(Write::flush)
    }

    /// Closes it, and puts a file in its place that takes everything: a number that is free would be given out again.
    pub fn close_stdout(&mut self) -> io::Result<()> {
        self.flush()?;
        self.stdout = None;
        Ok(rustix::stdio::dup2_stdout(File::create("/dev/null")?)?)
    }

    pub fn close_stderr(&mut self) -> io::Result<()> {
        self.flush()?;
        self.stderr = None;
        Ok(rustix::stdio::dup2_stderr(File::create("/dev/null")?)?)
    }
}
