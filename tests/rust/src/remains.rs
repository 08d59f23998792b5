//! What clients may leave behind in this process: tasks of the runtime, and open descriptors.

use std::fs;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::patience::PATIENCE;
use crate::values::Trouble;

/// How much there is at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remains {
    tasks: usize,
    /// Only Linux tells.
    descriptors: Option<usize>,
}

impl Remains {
    /// What there is now.
    pub fn now() -> Self {
        let descriptors = fs::read_dir("/proc/self/fd").ok().map(Iterator::count);
        Self { tasks: Handle::current().metrics().num_alive_tasks(), descriptors }
    }

    /// Waits until no more is left than there was. What ends tasks and closes descriptors tells nobody, so it asks
    /// again and again.
    pub async fn wait_for_the_rest_to_go(self) -> Result<(), Trouble> {
        let until = Instant::now() + PATIENCE;
        loop {
            let now = Self::now();
            if now.tasks <= self.tasks && now.descriptors <= self.descriptors {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!("left in this process: {now:?}, where there was {self:?}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
