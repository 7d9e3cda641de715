//! Which check of a self-test each reason belongs to. A new reason does not compile until it is placed.

use super::outcome::CheckKind;
use crate::reason::Reason;

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
            | Reason::RequestEnded
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
