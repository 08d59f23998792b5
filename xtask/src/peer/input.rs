//! What the client writes: read by a thread of its own, so that a client that writes much and a peer that writes much
//! don't wait for each other.
//!
//! Knows lines and nothing of what is in them.

use crate::problem::Problem;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

pub enum Came {
    /// A line without its end.
    Line(Vec<u8>),
    /// The input ended within this line.
    Unfinished(Vec<u8>),
    End,
}

/// The queue has no bound: what matters is that the client's pipe is emptied.
pub struct Input {
    came: Receiver<Came>,
    ended: bool,
    orders: SyncSender<Order>,
    /// Wakes the reader for an order.
    wake: OwnedFd,
    obeyed: Receiver<()>,
    /// What is being read, now.
    reading: bool,
}

enum Order {
    Stop,
    ReadOn,
    Close,
}

impl Input {
    pub fn begin() -> Result<Self, Problem> {
        let trouble = |error: Errno| Problem::new(format!("reading stdin: {error}"));
        let (woken, wake) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(trouble)?;
        let (lines, came) = channel();
        let (orders, ordered) = sync_channel(1);
        let (obey, obeyed) = sync_channel(1);
        std::thread::spawn(move || {
            let mut reader = Reader { line: Vec::new(), deliver: |came| drop(lines.send(came)) };
            // Whatever is wrong with the pipe, nothing more will come.
            let _ = reader.run(&woken, &ordered, &obey);
        });
        Ok(Self { came, ended: false, orders, wake, obeyed, reading: true })
    }

    /// Waits for what comes next. After the end, there is only the end.
    pub fn next(&mut self) -> Came {
        if self.ended {
            return Came::End;
        }
        let came = self.came.recv().unwrap_or(Came::End);
        self.ended = matches!(came, Came::End);
        came
    }

    /// Whether the end has come; what came before it is dropped.
    pub fn is_over(&mut self) -> bool {
        while let Ok(came) = self.came.try_recv() {
            self.ended |= matches!(came, Came::End);
        }
        self.ended
    }

    pub fn is_reading(&self) -> bool {
        self.reading
    }

    pub fn stop(&mut self) {
        self.reading = false;
        self.order(Order::Stop);
    }

    pub fn read_on(&mut self) {
        self.reading = true;
        self.order(Order::ReadOn);
    }

    /// Closes the pipe. What was read of it and not taken is lost, as it would be had it not been read.
    pub fn close(&mut self) {
        self.order(Order::Close);
        self.is_over();
        self.ended = true;
        self.reading = true;
    }

    /// Gives an order, and waits until it is carried out. A reader that has ended has nothing to obey.
    fn order(&self, order: Order) {
        if self.orders.send(order).is_ok() && rustix::io::write(&self.wake, b"!").is_ok() {
            let _ = self.obeyed.recv();
        }
    }
}

struct Reader<D: FnMut(Came)> {
    /// The line that isn't finished yet.
    line: Vec<u8>,
    deliver: D,
}

impl<D: FnMut(Came)> Reader<D> {
    fn run(&mut self, woken: &OwnedFd, orders: &Receiver<Order>, obeyed: &SyncSender<()>) -> io::Result<()> {
        let stdin = rustix::stdio::stdin();
        let (mut reading, mut ended) = (true, false);
        let mut chunk = vec![0; 1 << 16];
        loop {
            let (input, order) = {
                let listened = if reading && !ended { PollFlags::IN } else { PollFlags::empty() };
                let mut both = [PollFd::new(woken, PollFlags::IN), PollFd::new(&stdin, listened)];
                let watched = if listened.is_empty() { &mut both[..1] } else { &mut both[..] };
                match poll(watched, None) {
                    Err(Errno::INTR) => continue,
                    result => result?,
                };
                let ready = |index: usize| watched.get(index).is_some_and(|fd| !fd.revents().is_empty());
                (ready(1), ready(0))
            };
            if order {
                rustix::io::read(woken, &mut [0_u8; 1])?;
                match orders.recv() {
                    Ok(Order::Stop) => reading = false,
                    Ok(Order::ReadOn) => reading = true,
                    Ok(Order::Close) => {
                        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
                        ended = true;
                    }
                    Err(_) => return Ok(()),
                }
                let _ = obeyed.send(());
            } else if input {
                let count = match rustix::io::read(stdin, &mut chunk[..]) {
                    Err(Errno::INTR | Errno::AGAIN) => continue,
                    result => result?,
                };
                self.take(&chunk[..count]);
                ended = count == 0;
            }
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        if chunk.is_empty() {
            if !self.line.is_empty() {
                (self.deliver)(Came::Unfinished(std::mem::take(&mut self.line)));
            }
            (self.deliver)(Came::End);
            return;
        }
        let mut parts = chunk.split(|byte| *byte == b'\n');
        let Some(mut rest) = parts.next() else { return };
        for next in parts {
            self.line.extend_from_slice(rest);
            (self.deliver)(Came::Line(std::mem::take(&mut self.line)));
            rest = next;
        }
        self.line.extend_from_slice(rest);
    }
}
