//! The practice site: a small sign-in site on this computer to try a phone against.
//!
//! It speaks to the phone the protocol of Keycloak with the Push MFA extension, and takes one-time codes of any
//! authenticator app. It is for trying, teaching and tests, and says so on every page.
//!
//! - [`realm`] is what the server answers, as a pure function: [`realm::judge`] for the phone's requests,
//!   methods of [`realm::State`] for the browser's side. Tests without sockets use it alone.
//! - [`start`] runs the whole site in threads of its own.
//!
//! ```no_run
//! let site = countersign_practice::start(countersign_practice::Options::default())?;
//! println!("Open {} in a browser.", site.base_url());
//! site.stop();
//! # std::io::Result::Ok(())
//! ```
//!
//! # What tests may rely on
//!
//! | in a page | what it is |
//! | --- | --- |
//! | `#number` | the number or PIN to type on the phone; also at the start of the title |
//! | `#qr`, `#qr-text` | the QR code as SVG, and its text |
//! | `#status` | what the page waits for, with `data-standing` (`PENDING`, `APPROVED`, ...) and `data-events` |
//! | `#same-phone` | the link that opens the app on the same device |
//! | `#key`, `#code` | the key for one-time codes in Base32, the field for a code |
//! | `#name`, `#password`, `#sign-in` | the sign-in form |
//! | `#next`, `#new-code`, `#different-app`, `#other-way`, `#by-code`, `#by-app`, `#verify` | ways on |
//! | `#stay-yes`, `#stay-no`, `#signed-in`, `#sign-out` | after the sign-in |
//! | `#methods li[data-kind=app]`, `[data-kind=codes]`, `.delete`, `#delete` | security info |
//! | `#error`, `#message` | what is wrong, what is the matter |
//! | `#help`, `#reasons dt` | the way to the help page; its reasons, with their names in `words/reasons.*.properties` as ids |

#![forbid(unsafe_code)]

mod password;
pub mod realm;
mod run;
mod site;
mod store;
mod world;

pub use realm::{Change, Request, Response, Settings, State, Verdict, VerificationKind, judge};
pub use run::{Options, Running, start};
