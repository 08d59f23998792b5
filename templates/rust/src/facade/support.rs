//! What operations of the convenience layer share: how long their calls may take.

use std::time::Duration;

use crate::runtime::{Call, Notification, Open, Request};

/// How long an operation's call may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deadline {
    /// As long as the client's config says.
    Usual,
    /// As long as it takes.
    None,
    /// So long.
    At(Duration),
}

impl From<Option<Duration>> for Deadline {
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::None, Self::At)
    }
}

/// A call that can be given a deadline.
pub(super) trait Timed: Sized {
    /// Sets how long it may take.
    fn within(self, deadline: Deadline) -> Self;
}

impl<R: Request> Timed for Call<'_, R> {
    fn within(self, deadline: Deadline) -> Self {
        match deadline {
            Deadline::Usual => self,
            Deadline::None => self.no_timeout(),
            Deadline::At(limit) => self.timeout(limit),
        }
    }
}

impl<R: Request, N: Notification> Timed for Open<'_, R, N> {
    fn within(self, deadline: Deadline) -> Self {
        match deadline {
            Deadline::Usual => self,
            Deadline::None => self.no_timeout(),
            Deadline::At(limit) => self.timeout(limit),
        }
    }
}
