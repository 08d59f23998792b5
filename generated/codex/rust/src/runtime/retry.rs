//! Trying again when the server is too busy: how often, and how long to wait in between.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use crate::error::Error;

/// How often to try, and how long to wait in between. Each wait is longer than the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// How often to try in all, the first time included; 4 by default.
    pub attempts: u32,
    /// The wait before the second attempt; 250 milliseconds by default.
    pub first_delay: Duration,
    /// What no wait exceeds; 4 seconds by default.
    pub max_delay: Duration,
    /// How much longer each wait is than the one before; 2 by default.
    pub factor: f64,
    /// How much of each wait is left to chance, from 0 to 1, so that clients don't come back all at once; 0.25 by
    /// default.
    pub jitter: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(4),
            factor: 2.0,
            jitter: 0.25,
        }
    }
}

impl RetryPolicy {
    /// The wait after the attempt of this number, counted from 1.
    #[must_use]
    pub fn delay(&self, attempt: u32) -> Duration {
        let grown = self.first_delay.as_secs_f64() * self.factor.powf(f64::from(attempt.saturating_sub(1)));
        let wait = grown.min(self.max_delay.as_secs_f64());
        let kept = 1.0 - self.jitter.clamp(0.0, 1.0) * chance();
        Duration::try_from_secs_f64(wait * kept).unwrap_or(self.max_delay)
    }
}

/// A number from 0 to 1. The standard library's own source of chance is good enough for this.
fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// Makes a call, and again while the server is too busy. `RetryPolicy::default()` tries 4 times in all.
///
/// # Errors
///
/// The last attempt's error if the server was still too busy. Other errors come at once.
pub async fn retry_on_overload<T, F, Fut>(policy: &RetryPolicy, call: F) -> Result<T, Error>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    retry(policy, call, tokio::time::sleep).await
}

/// The same, with a way to wait of one's own.
pub(crate) async fn retry<T, Fut, Wait>(
    policy: &RetryPolicy,
    mut call: impl FnMut() -> Fut,
    wait: impl Fn(Duration) -> Wait,
) -> Result<T, Error>
where
    Fut: Future<Output = Result<T, Error>>,
    Wait: Future<Output = ()>,
{
    let mut attempt = 1;
    loop {
        match call().await {
            Err(error) if attempt < policy.attempts && error.is_retryable() => {
                wait(policy.delay(attempt)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_limit() {
        let policy = RetryPolicy { jitter: 0.0, ..RetryPolicy::default() };
        assert_eq!(policy.delay(1), Duration::from_millis(250));
        assert_eq!(policy.delay(2), Duration::from_millis(500));
        assert_eq!(policy.delay(60), Duration::from_secs(4));
    }

    #[test]
    fn chance_only_shortens() {
        let policy = RetryPolicy::default();
        for _ in 0..50 {
            let wait = policy.delay(1);
            assert!(wait <= Duration::from_millis(250) && wait >= Duration::from_millis(187), "{wait:?}");
        }
    }
}
