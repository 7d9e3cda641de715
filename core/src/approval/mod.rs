//! Approving sign-ins: a step machine that decides, and a host that acts.
//!
//! A [`Flow`] sets up an account, looks for requests, answers one, changes a key. It never sends, signs, asks or
//! waits itself: it says what to do ([`Step`]) and takes what came of it ([`Event`]). The host is one loop:
//!
//! ```text
//! loop {
//!     match flow.current().step {
//!         Step::Done(outcome) => return outcome,
//!         step => flow.next(turn, perform(step), now())?,
//!     }
//! }
//! ```
//!
//! `flow` is the machine, `io` what a procedure may do, `program` the procedures by name. `answer`, `check`,
//! `self_test` and `enrol` hold what is the same for all systems: trust, numbers, tries, exactly-once. A dialect (`keycloak`,
//! `privacyidea`, `edumfa`, `app_authenticator`, `tiqr`) holds what one system has on the wire, `push_token` what
//! privacyIDEA and eduMFA share; a new one is a folder and a line in `dialect`.

mod abilities;
mod answer;
mod app_authenticator;
mod challenge;
mod check;
mod check_kind;
mod decision;
mod dialect;
mod edumfa;
mod flow;
#[cfg(any(fuzzing, test))]
pub mod fuzzing;
mod http;
mod io;
mod jose;
mod jwks;
mod kept;
mod keycloak;
mod keys;
mod list;
mod outcome;
mod privacyidea;
mod program;
mod push_token;
mod self_test;
mod step;
mod tiqr;
mod trust;

pub use abilities::{Abilities, abilities, device_keys, scanned_request};
pub(crate) use answer::TRIES;
pub use flow::{Flow, Start, WrongEvent};
pub use kept::{AccessToken, Context, Ended, RequestRecord, Seen};
pub use outcome::{AnswerKind, AnswerResult, Answered, Check, CheckKind, Enrolled, Outcome, Request};
pub use program::{
    AnswerRequest, Decision, DeclineReason, DeviceInfo, EnrolRequest, Given, HostFacts, PushAddress,
};
pub use step::{
    Answer, Client, Event, HttpReply, HttpRequest, KeyFailure, KeyProtection, KeyRequest, MAX_TYPED, Method,
    NetworkFailure, PublicKey, Question, SignRequest, Signature, Step, Turn, Why,
};
