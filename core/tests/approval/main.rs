//! Whole flows against servers of this test: a phone with software keys on a clock that the test sets.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod faults;
mod hostile;
mod keycloak;
mod keycloak_flows;
mod phone;
mod privacyidea;
mod privacyidea_flows;
mod reasons;
mod recorded;
mod robust;
