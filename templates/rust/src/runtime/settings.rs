//! The settings that a connection has in every protocol. Plain data; decides nothing.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::report::Reporter;
use super::retry::RetryPolicy;

/// How a connection starts its server and behaves towards it.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) binary: Option<PathBuf>,
    pub(crate) launch_args_override: Option<Vec<OsString>>,
    pub(crate) config_overrides: Vec<(String, String)>,
    pub(crate) cwd: Option<PathBuf>,
    pub(crate) env: Variables,
    pub(crate) record_to: Option<PathBuf>,
    pub(crate) replay_from: Option<PathBuf>,
    pub(crate) client_name: Option<String>,
    pub(crate) client_title: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) experimental_api: bool,
    pub(crate) default_timeout: Option<Duration>,
    pub(crate) start_timeout: Duration,
    pub(crate) close_grace: Duration,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) queue_size: usize,
    pub(crate) reporter: Reporter,
}

/// Variables of the server's environment. Only their names are printed: what they hold may be secret.
#[derive(Clone, Default)]
pub(crate) struct Variables(pub(crate) Vec<(OsString, OsString)>);

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
