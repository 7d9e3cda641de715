//! Setting up: first the person trusts the server, then the dialect speaks to it.

use super::io::{Io, Run};
use super::outcome::Outcome;
use super::program::EnrolRequest;
use super::{app_authenticator, edumfa, keycloak, privacyidea, tiqr, trust};
use crate::account::System;
use crate::link::ApprovalLink;

pub(super) fn run(io: &mut Io<'_>, request: &EnrolRequest) -> Run<Outcome> {
    let (system, origin, organisation) = match &request.link {
        ApprovalLink::KeycloakPush(link) => {
            (System::KeycloakPush, &link.origin, link.organisation.as_deref())
        }
        ApprovalLink::PrivacyIdea(link) => (System::PrivacyIdea, &link.origin, Some(link.issuer.as_str())),
        ApprovalLink::EduMfa(link) => (System::EduMfa, &link.origin, Some(link.issuer.as_str())),
        ApprovalLink::AppAuthenticator(link) => (System::AppAuthenticator, &link.origin, None),
        ApprovalLink::Tiqr(link) => (System::Tiqr, &link.origin, None),
    };
    trust::ask(io, system, origin, organisation, request.allow_plain_http)?;
    match &request.link {
        ApprovalLink::KeycloakPush(link) => keycloak::enrol(io, link, request),
        ApprovalLink::PrivacyIdea(link) => privacyidea::enrol(io, link, request),
        ApprovalLink::EduMfa(link) => edumfa::enrol(io, link, request),
        ApprovalLink::AppAuthenticator(link) => app_authenticator::enrol(io, link, request),
        ApprovalLink::Tiqr(link) => tiqr::enrol(io, link),
    }
}
