//! What every package of this kind is made of, whatever its protocol: reading and writing values, calls, streams, and
//! the server's process. Knows the generated part only by what that passes in.

mod call;
mod caller;
mod connection;
mod envelope;
mod event_log;
mod facts;
mod group;
mod launch;
mod lines;
mod notification;
mod object;
mod player;
mod presence;
mod process;
mod recording;
mod replay;
mod report;
mod request;
mod retry;
mod router;
mod serving;
mod settings;
mod shapes;
mod stream;
mod sync;
mod tables;
mod values;
mod version;
mod wire;

pub use call::{Call, CallFuture, Open, UntypedCall};
pub use connection::Connection;
pub use notification::{Event, Notification, UnknownNotification};
pub use object::Extra;
pub use presence::{Defaulted, ThreeState};
pub use report::{Hook, Overflow, ServerAge, Unknown, UnknownKind, VersionMismatch};
pub use request::Request;
pub use retry::{RetryPolicy, retry_on_overload};
pub use serving::HandlerResult;
pub use shapes::UnknownVariant;
pub use stream::{EventStream, Work};
pub use values::NonEmpty;
pub use wire::{Decoding, Problem, Wire};

pub(crate) use facts::{Asked, Correlation, Facts, Handshake, Launch, Overload, VersionPlace};
pub(crate) use notification::params;
pub(crate) use object::{Members, Writing};
pub(crate) use report::Reporter;
pub(crate) use serving::Handlers;
pub(crate) use settings::{Settings, Variables};
pub(crate) use shapes::{External, deserialize, no_fit, serialize, tag, text, unexpected};
pub(crate) use tables::{
    closed_enum, closed_union, external_union, notifications, open_enum, requests, structure, tagged_union, textual,
    untagged_union, variant_from, with_serde,
};
