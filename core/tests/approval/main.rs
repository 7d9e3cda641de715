//! Whole flows against servers of this test: a phone with software keys on a clock that the test sets.
//!
//! The practice site is another Keycloak, and `tests` has another bad network: against those a whole phone is held, with
//! its vault. These here stand below the facade, with nothing of a vault in between, and the server answers with what
//! real ones were recorded to say: what the site and the core both got wrong would show here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod abilities;
#[path = "../../../tests/src/app_authenticator.rs"]
#[allow(dead_code, reason = "the adversary uses all of it")]
mod app_authenticator;
mod app_authenticator_flows;
mod edumfa_flows;
mod faults;
mod hostile;
mod keycloak;
mod keycloak_flows;
mod phone;
mod privacyidea_flows;
mod push_token;
mod push_token_flows;
mod reasons;
mod recorded;
mod robust;
mod self_tests;
mod time_limits;
