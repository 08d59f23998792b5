//! Waiting, but not for ever.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::values::Trouble;

/// After this, what is waited for will not come any more. No scenario that passes needs it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What comes of something, unless that takes too long.
pub async fn patiently<T>(doing: impl Future<Output = T>, what: &str) -> Result<T, Trouble> {
    timeout(PATIENCE, doing).await.map_err(|_| format!("{what}: no end within {PATIENCE:?}"))
}

/// Tells whoever waits that something has changed.
#[derive(Debug)]
pub struct News(watch::Sender<()>);

impl Default for News {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl News {
    /// Something has changed.
    pub fn tell(&self) {
        self.0.send_replace(());
    }

    /// Waits until there is something.
    pub async fn until<T>(&self, what: &str, mut there: impl FnMut() -> Option<T>) -> Result<T, Trouble> {
        let mut changes = self.0.subscribe();
        patiently(
            async {
                loop {
                    changes.mark_unchanged();
                    if let Some(found) = there() {
                        return found;
                    }
                    // The sender is our own: it can't be gone.
                    _ = changes.changed().await;
                }
            },
            what,
        )
        .await
    }
}
