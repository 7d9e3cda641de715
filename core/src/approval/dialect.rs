//! The systems that are spoken, a line for each in [`enrol`] and in [`open`], and what a dialect must be able to do.

use serde::de::DeserializeOwned;

use super::abilities::Abilities;
use super::app_authenticator::{self, AppAuthenticator};
use super::challenge::Challenge;
use super::edumfa::{self, EduMfa};
use super::io::{Io, Run, refuse};
use super::keycloak::{self, Keycloak};
use super::list::{List, Standing};
use super::outcome::{Outcome, Request};
use super::privacyidea::{self, PrivacyIdea};
use super::program::{DeclineReason, EnrolRequest, PushAddress};
use super::tiqr::{self, Tiqr};
use super::trust;
use crate::account::{DeviceKey, Registration, System};
use crate::clock::UnixTime;
use crate::link::{About, ApprovalLink, Recognised, SignInLink, recognise};
use crate::reason::Reason;
use crate::secret::from_json;

/// Sets up the account of a code: first the person trusts the server, then the dialect speaks to it.
pub(super) fn enrol(io: &mut Io<'_>, request: &EnrolRequest) -> Run<Outcome> {
    // Read anew at each step, so that its parts need no form of their own in what is kept of a run.
    // EXPOSE: recognising reads it.
    let Recognised::Approval(link) = recognise(request.code.expose_str().unwrap_or_default()) else {
        return refuse(Reason::NotAddedThisWay);
    };
    let About { system, origin, issuer, .. } = link.about();
    trust::ask(io, system, origin, Some(issuer).filter(|name| !name.is_empty()), request.allow_plain_http)?;
    match &link {
        ApprovalLink::KeycloakPush(link) => keycloak::enrol(io, link, request),
        ApprovalLink::PrivacyIdea(link) => privacyidea::enrol(io, link, request),
        ApprovalLink::EduMfa(link) => edumfa::enrol(io, link, request),
        ApprovalLink::AppAuthenticator(link) => app_authenticator::enrol(io, link, request),
        ApprovalLink::Tiqr(link) => tiqr::enrol(io, link),
    }
}

/// The account that a registration describes.
pub(super) fn open(registration: &Registration) -> Run<Box<dyn Dialect + '_>> {
    Ok(match registration.system {
        System::KeycloakPush => Box::new(Keycloak::open(registration)?),
        System::PrivacyIdea => Box::new(PrivacyIdea::open(registration)?),
        System::EduMfa => Box::new(EduMfa::open(registration)?),
        System::AppAuthenticator => Box::new(AppAuthenticator::open(registration)?),
        System::Tiqr => Box::new(Tiqr::open(registration)?),
    })
}

/// One account at one server.
pub(super) trait Dialect {
    /// The requests that wait, read again whenever that is harmless. `Err` says why they can't be known.
    fn look(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>>;

    /// How a request stands now.
    fn standing(&self, io: &mut Io<'_>, challenge: &Challenge) -> Run<Standing> {
        Ok(self.look(io)?.map_or_else(Standing::NotKnown, |list| list.find(&challenge.id)))
    }

    /// What it can do besides.
    fn abilities(&self) -> Abilities {
        Abilities::LOOK
    }

    /// The request of a sign-in that was scanned at `now`, where it asks this account.
    fn asked(&self, _link: &SignInLink, _now: UnixTime) -> Option<Request> {
        None
    }

    /// A request that was scanned, where the system shows its requests as codes. `Err` says why it can't be answered.
    fn scanned(&self, _io: &mut Io<'_>, _link: &SignInLink) -> Run<Result<Challenge, Reason>> {
        refuse(Reason::NotPossibleHere)
    }

    /// Sends an approval once, with the answer in the server's own spelling.
    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, answer: Option<&str>) -> Run<Fate>;

    /// Sends a decline once.
    fn decline(&self, io: &mut Io<'_>, challenge: &Challenge, reason: Option<DeclineReason>) -> Run<Fate>;

    /// Everything that a look needs, with nothing taken from earlier flows, and what the look found; `None` where the
    /// system has no list of requests. `Err` says what does not work.
    fn probe(&self, io: &mut Io<'_>) -> Run<Result<Option<List>, Reason>> {
        Ok(self.look(io)?.map(Some))
    }

    /// Whether each call takes an organisation's client credentials as well.
    fn has_client(&self) -> bool {
        false
    }

    /// Whether the server asks one of a person's phones, so that the others hear nothing of a request.
    fn asks_one_phone(&self) -> bool {
        false
    }

    /// Tells the server where pushes go.
    fn set_push_address(&self, io: &mut Io<'_>, address: &PushAddress) -> Run<Outcome>;

    /// A second device key, which the server may know instead of the registration's own.
    fn other_key(&self) -> Option<&DeviceKey> {
        None
    }

    /// Gives the account a new device key.
    fn rotate_key(&self, _io: &mut Io<'_>) -> Run<Outcome> {
        refuse(Reason::NotPossibleHere)
    }

    /// Locks the account at the server, after asking.
    fn lock_out(&self, _io: &mut Io<'_>) -> Run<Outcome> {
        refuse(Reason::NotPossibleHere)
    }
}

/// What became of an answer that was sent.
#[derive(Debug)]
pub(super) enum Fate {
    /// The server took it.
    Done {
        /// To type at the other screen.
        display_code: Option<String>,
    },
    /// The server takes another answer only.
    WrongAnswer,
    /// The server knows another secret than this phone; so many more answers, and it blocks the account.
    WrongSecret {
        /// Where the server says.
        before_block: Option<u8>,
    },
    /// The request is no longer open.
    Gone,
    /// The server refuses, and sending it again would not help.
    Refused(Reason),
    /// The system takes no decline: nothing was sent.
    Untold,
    /// It did not reach the server.
    NotSent(Reason),
    /// It may have been taken.
    Lost,
}

/// What a dialect keeps in a registration, whose `address` has to be that of the registration's own server.
pub(super) fn details_of<T: DeserializeOwned>(
    registration: &Registration,
    address: impl FnOnce(&T) -> &str,
) -> Run<T> {
    let details = any_details_of(registration)?;
    trust::same(&registration.origin, address(&details))?;
    Ok(details)
}

/// The same, where the caller holds its addresses against the registration's own server.
pub(super) fn any_details_of<T: DeserializeOwned>(registration: &Registration) -> Run<T> {
    // EXPOSE: the registration is read back.
    from_json(registration.details.expose()).or_else(|_| refuse(Reason::RegistrationDamaged))
}

/// The key of a system that has one.
pub(super) fn key_of(registration: &Registration) -> Run<&DeviceKey> {
    registration.key.as_ref().map_or_else(|| refuse(Reason::RegistrationDamaged), Ok)
}
