//! The settings of scenarios as the package's own.

use std::time::Duration;

use codex_app_server::{AppServerConfig, RetryPolicy};
use serde_json::Value;

use crate::program::{Config, Limit, Retry};
use crate::values::{Lookup, Trouble, fill};

/// `later` over `first`: what it doesn't say stays.
pub fn merged(first: Config, later: Config) -> Config {
    Config {
        default_timeout_ms: match later.default_timeout_ms {
            Limit::Usual => first.default_timeout_ms,
            said => said,
        },
        start_timeout_ms: later.start_timeout_ms.or(first.start_timeout_ms),
        close_grace_ms: later.close_grace_ms.or(first.close_grace_ms),
        retry: later.retry.or(first.retry),
        strict: later.strict.or(first.strict),
        queue_size: later.queue_size.or(first.queue_size),
        experimental_api: later.experimental_api.or(first.experimental_api),
        client_name: later.client_name.or(first.client_name),
        client_title: later.client_title.or(first.client_title),
        client_version: later.client_version.or(first.client_version),
        config_overrides: later.config_overrides.or(first.config_overrides),
        env: later.env.or(first.env),
        cwd: later.cwd.or(first.cwd),
    }
}

/// Applies what a scenario says to the package's config.
pub fn applied(mut config: AppServerConfig, said: Config) -> AppServerConfig {
    let ms = Duration::from_millis;
    config = match said.default_timeout_ms {
        Limit::Usual => config,
        Limit::None => config.default_timeout(None),
        Limit::At(limit) => config.default_timeout(limit),
    };
    if let Some(limit) = said.start_timeout_ms {
        config = config.start_timeout(ms(limit));
    }
    if let Some(grace) = said.close_grace_ms {
        config = config.close_grace(ms(grace));
    }
    if let Some(retry) = &said.retry {
        config = config.retry(policy(retry));
    }
    if let Some(strict) = said.strict {
        config = config.strict(strict);
    }
    if let Some(size) = said.queue_size {
        config = config.queue_size(size);
    }
    if let Some(opt_in) = said.experimental_api {
        config = config.experimental_api(opt_in);
    }
    if let Some(name) = said.client_name {
        config = config.client_name(name);
    }
    if let Some(title) = said.client_title {
        config = config.client_title(title);
    }
    if let Some(version) = said.client_version {
        config = config.client_version(version);
    }
    for (key, value) in said.config_overrides.into_iter().flatten() {
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        config = config.config_override(key, value);
    }
    for (name, value) in said.env.into_iter().flatten() {
        config = config.env(name, value);
    }
    if let Some(folder) = said.cwd {
        config = config.cwd(folder);
    }
    config
}

/// The package's policy; what a scenario doesn't say is the package's default.
pub fn policy(retry: &Retry) -> RetryPolicy {
    let default = RetryPolicy::default();
    let ms = Duration::from_millis;
    RetryPolicy {
        attempts: retry.attempts.unwrap_or(default.attempts),
        first_delay: retry.delay_ms.map_or(default.first_delay, ms),
        max_delay: retry.max_delay_ms.map_or(default.max_delay, ms),
        ..default
    }
}

/// The same with its names filled in.
pub fn filled(mut config: Config, names: Lookup<'_>) -> Result<Config, Trouble> {
    let text = |text: &String| -> Result<String, Trouble> {
        match fill(&Value::from(text.as_str()), names)? {
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    };
    config.cwd = config.cwd.as_ref().map(text).transpose()?;
    for value in config.env.iter_mut().flatten().map(|(_, value)| value) {
        *value = text(value)?;
    }
    for (_, value) in config.config_overrides.iter_mut().flatten() {
        *value = fill(value, names)?;
    }
    Ok(config)
}
