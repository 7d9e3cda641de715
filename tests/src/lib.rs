//! Tests that need more than one crate, a program of their own, or a look at the repository itself. The tests
//! are in `tests/`, the real servers in `servers/`, the browser in `web/`; here is what they share.
//!
//! - [`phone`]: a phone over a real vault file, [`realm`]: the practice realm without sockets, [`app_authenticator`]: one
//!   of netzbegruenung's kind, [`token_server`]: a privacyIDEA or an eduMFA, [`tiqr`]: a tiqr server, [`network`]: what lies
//!   between them and does harm, [`dice`]: what decides, from a seed, [`runs`]: many at once, counted.
//! - [`place`]: all of it around one phone, and a person who does the right thing; [`sockets`]: the same over sockets.
//! - [`files`]: the files of this repository. `powerloss`: a disk that loses power.

pub mod app_authenticator;
pub mod dice;
pub mod files;
pub mod intents;
pub mod network;
pub mod phone;
pub mod place;
#[cfg(target_os = "linux")]
pub mod powerloss;
pub mod realm;
pub mod runs;
pub mod sockets;
pub mod steps;
pub mod tiqr;
pub mod token_server;
