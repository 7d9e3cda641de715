//! Why a request may be missing: the same checks for every system.

use super::challenge::Challenge;
use super::check::keep_open;
use super::dialect;
use super::io::{Io, Run, settled};
use super::outcome::{Check, CheckKind, Outcome};
use super::program::HostFacts;
use super::step::Why;
use crate::account::Registration;
use crate::reason::Reason;

/// The checks in the order in which each needs those before it.
const ORDER: [CheckKind; 7] = [
    CheckKind::Key,
    CheckKind::Network,
    CheckKind::Server,
    CheckKind::Clock,
    CheckKind::Client,
    CheckKind::Registration,
    CheckKind::Requests,
];

/// What a look that worked found; `None` where the system has no list of requests.
type Waiting = Option<Vec<Challenge>>;

pub(super) fn run(io: &mut Io<'_>, registration: &Registration, host: HostFacts) -> Run<Outcome> {
    let mut found = settled(probe(io, registration))?.and_then(|found| found);
    if let Ok(Some(waiting)) = &mut found {
        keep_open(io, waiting);
    }
    // A network without a way to the outside may still have the server in it: what was heard counts.
    if host.online == Some(false) && found.as_ref().is_err_and(|reason| !was_heard(*reason)) {
        found = Err(Reason::NoNetwork);
    }
    let failed = match found {
        // What was wrong with an answer that was the list is wrong with the requests in it.
        Err(_) if io.has_list => Some(CheckKind::Requests),
        Err(reason) => Some(CheckKind::of(reason).unwrap_or(CheckKind::Server)),
        Ok(_) => None,
    };
    let mut checks = Vec::new();
    for kind in ORDER {
        if let Err(reason) = found
            && failed == Some(kind)
        {
            checks.push(Check {
                figure: figure(io, kind).filter(|_| io.has_time),
                ..Check::fails(kind, reason)
            });
            break;
        }
        checks.extend(passed(io, kind, registration, &found, host));
    }
    let asks_one_phone = || dialect::open(registration).is_ok_and(|dialect| dialect.asks_one_phone());
    if matches!(&found, Ok(Some(waiting)) if waiting.is_empty()) && asks_one_phone() {
        checks.push(Check::unknown(CheckKind::OtherPhone, Reason::MaybeOnOtherPhone));
    }
    checks.extend(told(CheckKind::Notifications, host.notifications, Reason::NotificationsOff));
    checks.extend(told(CheckKind::Background, host.background, Reason::BackgroundLimited));
    Ok(Outcome::Tested { checks })
}

/// Uses what this phone keeps for the account, then the server.
fn probe(io: &mut Io<'_>, registration: &Registration) -> Run<Result<Waiting, Reason>> {
    let dialect = dialect::open(registration)?;
    if let Some(key) = &registration.key {
        let probe = io.random::<32>()?;
        io.sign(key, &probe, Why::Test)?;
    }
    dialect.probe(io)
}

/// What is told of a check that was come past; nothing where it has no meaning, or nothing is known of it.
fn passed(
    io: &Io<'_>,
    kind: CheckKind,
    registration: &Registration,
    found: &Result<Waiting, Reason>,
    host: HostFacts,
) -> Option<Check> {
    let is_known = match kind {
        CheckKind::Network => {
            host.online == Some(true) || !found.as_ref().is_err_and(|reason| !was_heard(*reason))
        }
        CheckKind::Clock => io.kept.context.offset.is_some(),
        // Without a list, only an answer to a sign-in tells.
        CheckKind::Registration => !matches!(found, Ok(None)),
        CheckKind::Client => dialect::open(registration).is_ok_and(|dialect| dialect.has_client()),
        _ => true,
    };
    let check = match (kind, found) {
        // It did not stand in the way, as approvals go by the server's; codes do not.
        (CheckKind::Clock, _) => {
            io.clocks_differ().map_or(Check::works(kind), |reason| Check::unknown(kind, reason))
        }
        (CheckKind::Registration, Ok(_)) if io.kept.context.locked_out => {
            Check::unknown(kind, Reason::AccountBlocked)
        }
        (CheckKind::Requests, Ok(None)) => Check::unknown(kind, Reason::ScanToAnswer),
        (CheckKind::Requests, Ok(Some(waiting))) => Check {
            reason: waiting.is_empty().then_some(Reason::NothingWaits),
            figure: i64::try_from(waiting.len()).ok(),
            ..Check::works(kind)
        },
        _ => Check::works(kind),
    };
    is_known.then(|| Check { figure: check.figure.or_else(|| figure(io, kind)), ..check })
}

/// Seconds that the server is ahead, where the check is of that.
fn figure(io: &Io<'_>, kind: CheckKind) -> Option<i64> {
    io.kept.context.offset.filter(|_| kind == CheckKind::Clock).map(|offset| offset.seconds)
}

/// What the host told.
fn told(kind: CheckKind, works: Option<bool>, reason: Reason) -> Option<Check> {
    works.map(|works| if works { Check::works(kind) } else { Check::fails(kind, reason) })
}

/// Whether anything came back from the server, so that the network is there.
const fn was_heard(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::NoNetwork
            | Reason::ServerNotFound
            | Reason::ServerUnreachable
            | Reason::ServerSilent
            | Reason::ConnectionLost
    )
}

impl CheckKind {
    /// The check that a self-test tells of with this reason; `None` for a reason that no self-test gives. Where the list
    /// of requests came, it is told of them instead.
    #[must_use]
    pub const fn of(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::DeviceKeyGone
            | Reason::DeviceKeyLocked
            | Reason::DeviceKeyNotAllowed
            | Reason::DeviceKeyFailed
            | Reason::DeviceKeyUnusable
            | Reason::RegistrationDamaged => Self::Key,
            Reason::NoNetwork => Self::Network,
            Reason::ServerNotFound
            | Reason::ServerUnreachable
            | Reason::TlsFailed
            | Reason::ServerSilent
            | Reason::ConnectionLost
            | Reason::ServerBusy
            | Reason::ServerFailed
            | Reason::RedirectRefused
            | Reason::ReplyTooLarge
            | Reason::ReplyUnreadable
            | Reason::RequestNotUnderstood
            | Reason::ExtensionMissing
            | Reason::RealmNotFound
            | Reason::ServerAddressDiffers
            | Reason::KeyHasPrivateParts => Self::Server,
            Reason::ClockDiffers | Reason::SigningTooSlow => Self::Clock,
            Reason::ClientRefused
            | Reason::ClientSecretMissing
            | Reason::TokenNotBound
            | Reason::AccessTokenRefused
            | Reason::CallNotAuthorised => Self::Client,
            Reason::DeviceNotRegistered
            | Reason::DeviceKeyRefused
            | Reason::UserNotFound
            | Reason::ServerForbids
            | Reason::AccountBlocked => Self::Registration,
            Reason::NothingWaits
            | Reason::ScanToAnswer
            | Reason::TooManyRequests
            | Reason::SignatureWrong
            | Reason::OriginDiffers => Self::Requests,
            Reason::MaybeOnOtherPhone => Self::OtherPhone,
            Reason::NotificationsOff => Self::Notifications,
            Reason::BackgroundLimited => Self::Background,
            // Of codes, set-ups, answers, the vault and files. Spelt out, so that a new reason is given its place.
            Reason::NotASetupCode
            | Reason::MicrosoftPush
            | Reason::MicrosoftActivation
            | Reason::OktaVerify
            | Reason::DuoMobile
            | Reason::PingPush
            | Reason::PingCombined
            | Reason::LinOtpPush
            | Reason::PrivacyIdeaContainer
            | Reason::PrivacyIdeaBackup
            | Reason::GoogleExport
            | Reason::Passkey
            | Reason::WifiNetwork
            | Reason::WebLink
            | Reason::CodeKindUnsupported
            | Reason::TwoStepEnrolment
            | Reason::TextTooLong
            | Reason::LinkDamaged
            | Reason::SecretMissing
            | Reason::SecretNotBase32
            | Reason::SecretTooLong
            | Reason::SecretUnusable
            | Reason::PinMissing
            | Reason::PinUnusable
            | Reason::DigitsUnsupported
            | Reason::PeriodUnsupported
            | Reason::AlgorithmUnsupported
            | Reason::CounterUnreadable
            | Reason::CounterSpent
            | Reason::SetupVersionUnsupported
            | Reason::TlsCheckOff
            | Reason::SetupTokenDamaged
            | Reason::SetupExpired
            | Reason::NoCodeInPicture
            | Reason::NotAPicture
            | Reason::PictureDamaged
            | Reason::PictureTooLarge
            | Reason::CodeNotText
            | Reason::CodeInParts
            | Reason::TrustNeeded
            | Reason::TrustRefused
            | Reason::PlainHttp
            | Reason::UserInfoInAddress
            | Reason::AddressDamaged
            | Reason::OrganisationExists
            | Reason::NumberNotOffered
            | Reason::WrongNumber
            | Reason::WrongPin
            | Reason::AnswerKindDiffers
            | Reason::RequestNotFound
            | Reason::RequestExpired
            | Reason::RequestEnded
            | Reason::AnsweredElsewhere
            | Reason::PresenceRefused
            | Reason::ResultUnknown
            | Reason::EndedMeanwhile
            | Reason::AnswerNeeded
            | Reason::AnswerKindUnsupported
            | Reason::PinLengthDiffers
            | Reason::DeclineNotSent
            | Reason::AnswerRefusedByRule
            | Reason::SignInScanned
            | Reason::SignInAccountUnknown
            | Reason::ChallengeUnusable
            | Reason::NoDecline
            | Reason::ResponseRefused
            | Reason::SetupUsed
            | Reason::SetupForOtherRealm
            | Reason::DeviceNameTaken
            | Reason::EnrolmentUnknown
            | Reason::EnrolmentReplyLost
            | Reason::RotationUnknown
            | Reason::LockOutUnknown
            | Reason::LockOutNotConfirmed
            | Reason::OtherAppRefused
            | Reason::OcraSuiteUnsupported
            | Reason::NotPossibleHere
            | Reason::PushAddressUnusable
            | Reason::TokenAlgorithmRefused
            | Reason::SigningKeyUnknown
            | Reason::ServerKeyUnusable
            | Reason::ClockNotMeasured
            | Reason::FlowOutdated
            | Reason::TooManySteps
            | Reason::WrongPassword
            | Reason::WrongRecoveryCode
            | Reason::PlatformKeyGone
            | Reason::WrongWatchKey
            | Reason::NoSuchWay
            | Reason::NoWayBack
            | Reason::Locked
            | Reason::VaultDamaged
            | Reason::NotAVault
            | Reason::NewerVersion
            | Reason::VaultNotFound
            | Reason::VaultExists
            | Reason::DiskFull
            | Reason::ReadOnly
            | Reason::InUse
            | Reason::RolledBack
            | Reason::NoSuchAccount
            | Reason::ValueTooLarge
            | Reason::SystemFailed
            | Reason::NoApprovals
            | Reason::WatchRecordDiffers
            | Reason::AccountBusy
            | Reason::RequestBusy
            | Reason::NoSuchRun
            | Reason::NotAddedThisWay
            | Reason::NotAnImport
            | Reason::ImportDamaged
            | Reason::NewerFormat
            | Reason::OlderFormat
            | Reason::ImportTooLarge
            | Reason::ImportWrongPassword
            | Reason::DerivationTooCostly
            | Reason::MemoryLacking
            | Reason::AccountRestricted
            | Reason::NoPasswordSlot
            | Reason::PgpLocked
            | Reason::PackingUnsupported
            | Reason::PageOnly
            | Reason::EntryDamaged
            | Reason::EntrySealed
            | Reason::AccountNotPortable
            | Reason::NoSuchEntry
            | Reason::NoSuchImport
            | Reason::NotABackup
            | Reason::RecoveryCodeMistyped
            | Reason::ImportWrongRecoveryCode
            | Reason::NoCodeSlot
            | Reason::NeedsNewSetUp
            | Reason::NoBackupPassword
            | Reason::BackupTooLarge
            | Reason::BackupUnverified => return None,
        })
    }
}
