//! What is this text? Set-up codes of one-time passwords and of approval systems, organisation links, and what
//! other systems' codes are.

mod app_authenticator;
mod base32;
mod foreign;
mod keycloak;
mod names;
mod organisation;
mod origin;
mod otpauth;
mod parts;
mod pin;
mod push_token;
mod recognise;
mod system;
mod tiqr;
mod uri;

use serde::{Deserialize, Serialize};

pub(crate) use base32::seed_text;
pub use base32::{Seed, read_seed};
pub(crate) use keycloak::MAX_TOKEN;
pub use names::{MAX_NAME, Name, clean_name};
pub(crate) use names::{clean_file_name, first_characters};
pub use origin::{MAX_ADDRESS, Origin};
pub(crate) use otpauth::{Described, Oddities, described, read_algorithm};
pub(crate) use parts::parameter;
pub use recognise::{MAX_TEXT, recognise};
pub use system::{System, SystemNames};
pub use uri::otpauth_uri;

use crate::clock::UnixTime;
use crate::otp::Otp;
use crate::reason::Reason;
use crate::secret::Secret;

/// What a scanned or pasted text is.
#[derive(Clone, Debug)]
pub enum Recognised {
    /// One-time codes: `otpauth:` and its relatives.
    Codes(CodesLink),
    /// The set-up code of an approval system.
    Approval(ApprovalLink),
    /// A sign-in that asks for an answer: the code itself is the request.
    SignIn(SignInLink),
    /// An organisation's client credentials.
    Organisation(OrganisationLink),
    /// A link on the same phone that asks to look for requests now. A number in it is never used.
    LookNow(LookNow),
    /// Not for us, or broken.
    Foreign {
        /// What it is, by name.
        reason: Reason,
        /// The host that it points to, in ASCII; for display only.
        host: Option<String>,
    },
}

impl Recognised {
    /// A short name that scripts can rely on: `totp`, `hotp`, `steam`, `motp`, `yandex`, `keycloak_push`,
    /// `privacyidea_push`, `edumfa_push`, `app_authenticator`, `tiqr`, `tiqr_sign_in`, `organisation`, `look_now`;
    /// `foreign` for what is another app's, `damaged` for what would be ours but is not whole, `unknown` for everything
    /// else.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Codes(link) => link.otp.kind().name(),
            Self::Approval(link) => link.about().system.names().set_up_kind,
            Self::SignIn(_) => "tiqr_sign_in",
            Self::Organisation(_) => "organisation",
            Self::LookNow(_) => "look_now",
            Self::Foreign { reason, .. } => recognise::kind_of(*reason),
        }
    }
}

/// An account with one-time codes, as a set-up code describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodesLink {
    /// Who issues the codes; empty where the code did not say.
    pub issuer: String,
    /// The account name.
    pub account: String,
    /// The issuer of the label where it differs from `issuer`: Microsoft writes the organisation's name there.
    pub label_issuer: Option<String>,
    /// Kind, parameters and seed.
    pub otp: Otp,
    /// What was odd and how it was read.
    pub odd: Vec<Odd>,
}

/// What was odd in a set-up code; told, never guessed in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Odd {
    /// The label's issuer differs from the `issuer` parameter, which is taken.
    IssuersDiffer,
    /// The Base32 text stops in the middle of a byte; the incomplete bits are dropped.
    SecretOddLength,
    /// Spaces, dashes or padding in the secret were passed over.
    SecretSpaced,
    /// The seed has fewer than 128 bits (RFC 4226, section 4, R6).
    SecretShort,
    /// `+` in a name was read as a space.
    PlusReadAsSpace,
    /// A parameter was given twice; the first counts.
    ParameterRepeated,
    /// A `#` in the label or the issuer was taken as part of the name.
    HashInLabel,
    /// An empty parameter or `null` was read as the default.
    DefaultTaken,
    /// A parameter that the kind of code has no use for, or fixes, was passed over.
    ParameterIgnored,
    /// A counter-based code without its counter, which Key URI demands: 0 was taken.
    CounterMissing,
    /// `&amp;` was read as `&`.
    HtmlEscaped,
    /// Steam's codes, recognised by a marker.
    SteamMarker,
    /// Control or direction characters in a name were removed, or bytes that are not UTF-8 replaced.
    NameCleaned,
    /// A name of more than 256 characters was cut.
    NameShortened,
    /// Auth0 Guardian's: the codes are taken; its approvals, which only Auth0's own app can receive, are not.
    Auth0Guardian,
    /// A byte order mark before the text was passed over.
    ByteOrderMark,
    /// `otpauth:` without the `//` that belongs behind it.
    SlashesMissing,
    /// A value is spelt as no standard has it, e.g. `+7`, `07`, `SHA-256` or `Algorithm.sha256`, and was read as what
    /// it means.
    UnusualSpelling,
    /// Neither the label nor a parameter says who issues the codes.
    IssuerMissing,
    /// The label has no account name.
    AccountMissing,
    /// A `%` in a name that encodes nothing was taken as part of it.
    PercentAlone,
}

/// The set-up code of an approval system.
#[derive(Clone, Debug)]
pub enum ApprovalLink {
    /// Keycloak with the Push MFA extension.
    KeycloakPush(KeycloakPushLink),
    /// privacyIDEA's push token.
    PrivacyIdea(PushTokenLink),
    /// eduMFA's push token.
    EduMfa(PushTokenLink),
    /// Keycloak with netzbegruenung's App Authenticator.
    AppAuthenticator(AppAuthenticatorLink),
    /// tiqr.
    Tiqr(TiqrLink),
}

/// What the set-up code of every approval system tells.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The system.
    pub system: System,
    /// The server: what the person confirms before the first byte goes out.
    pub origin: &'a Origin,
    /// What it calls the issuer or organisation, which proves nothing; empty where it does not.
    pub issuer: &'a str,
    /// The account name; empty where it gives none.
    pub account: &'a str,
}

impl ApprovalLink {
    /// What a person is shown of it.
    #[must_use]
    pub fn about(&self) -> About<'_> {
        let (system, origin, issuer, account) = match self {
            Self::KeycloakPush(link) => {
                let (issuer, account) = (link.organisation.as_deref(), link.account.as_deref());
                (System::KeycloakPush, &link.origin, issuer.unwrap_or_default(), account.unwrap_or_default())
            }
            Self::PrivacyIdea(link) => (System::PrivacyIdea, &link.origin, &*link.issuer, &*link.account),
            Self::EduMfa(link) => (System::EduMfa, &link.origin, &*link.issuer, &*link.account),
            Self::AppAuthenticator(link) => (System::AppAuthenticator, &link.origin, "", ""),
            Self::Tiqr(link) => (System::Tiqr, &link.origin, "", ""),
        };
        About { system, origin, issuer, account }
    }
}

/// Keycloak Push MFA: a token, or an address to fetch it from.
#[derive(Clone, Debug)]
pub struct KeycloakPushLink {
    /// The issuer as spelt, e.g. `https://login.example/realms/staff`.
    pub issuer: String,
    /// The same, normalised: what the person confirms.
    pub origin: Origin,
    /// The enrolment token itself or where it is.
    pub grant: KeycloakGrant,
    /// Client id among the link's own parameters.
    pub client_id: Option<String>,
    /// Client secret among the link's own parameters.
    pub client_secret: Option<Secret>,
    /// User name in the token, unverified and cleaned; not known for an address.
    pub account: Option<String>,
    /// The organisation's name among the link's own parameters (`org`), cleaned.
    pub organisation: Option<String>,
}

/// The two forms of a Keycloak set-up code.
#[derive(Clone, Debug)]
pub enum KeycloakGrant {
    /// The enrolment token (JWT).
    Token(Secret),
    /// Where the token is fetched from: a capability, as secret as the token.
    RequestUri(Secret),
}

/// A push token of privacyIDEA or eduMFA: where it is set up, and with what.
#[derive(Clone, Debug)]
pub struct PushTokenLink {
    /// The address of step 2, answers and polls, as spelt.
    pub url: String,
    /// The same, normalised.
    pub origin: Origin,
    /// Token serial, e.g. `PIPU0000F648`.
    pub serial: String,
    /// Issuer for display, cleaned.
    pub issuer: String,
    /// Label for display, cleaned.
    pub account: String,
    /// One-use credential of step 2.
    pub enrollment_credential: Secret,
    /// Minutes from showing the code to the end of step 2.
    pub ttl_minutes: u32,
    /// Whether the server takes a P-256 key, which a phone's hardware can keep, as well as an RSA key.
    pub takes_p256: bool,
}

/// netzbegruenung's App Authenticator: an action link of a realm.
#[derive(Clone, Debug)]
pub struct AppAuthenticatorLink {
    /// The realm's address as spelt, e.g. `https://login.example/realms/staff`.
    pub issuer: String,
    /// The same, normalised: what the person confirms.
    pub origin: Origin,
    /// The whole link, with its query: a capability.
    pub url: Secret,
    /// When it was made, by the token's own word.
    pub issued_at: UnixTime,
    /// When it is over.
    pub expires_at: UnixTime,
}

/// tiqr: where the new account is described.
#[derive(Clone, Debug)]
pub struct TiqrLink {
    /// The server, without a path: the addresses of an account stand beside each other. What the person confirms.
    pub origin: Origin,
    /// Where the description is fetched, once: a capability.
    pub url: Secret,
}

/// A sign-in by tiqr. It names no address: its answer goes to that of the account's set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// What the server calls itself in its codes and in the description of an account.
    pub server: String,
    /// Whose sign-in it has to be, by the server's id of the user; anybody's where the code does not say.
    pub user: Option<String>,
    /// The id of the sign-in, in hexadecimal digits.
    pub session: String,
    /// The challenge.
    pub question: String,
}

/// `countersign://organisation?issuer=URL&client_id=ID&client_secret=SECRET&name=TEXT`.
#[derive(Clone, Debug)]
pub struct OrganisationLink {
    /// The issuer as spelt.
    pub issuer: String,
    /// The same, normalised.
    pub origin: Origin,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: Option<Secret>,
    /// Name for display, cleaned; empty where the link has none.
    pub name: String,
}

/// A same-phone link of Keycloak Push MFA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookNow {
    /// The origin that the (unverified) token names.
    pub origin: Option<Origin>,
    /// The request that it names: for highlighting, never for answering.
    pub request: Option<String>,
}
