//! Every refusal by name. The words for each, in each language, are the host's; the name never changes.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Makes `Reason` with its list and its names from one table.
macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Why something did not go as asked. Each has words with a next tap in every app.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $($(#[$doc])+ $name,)+ }

        impl Reason {
            /// All of them, in the order of this file: for tests that compare lists of words.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name that scripts see.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// Whether the phone or the server no longer has what a sign-in request needs: only a new set-up helps.
            #[must_use]
            pub const fn needs_new_set_up(self) -> bool {
                matches!(
                    self,
                    Self::DeviceKeyGone
                        | Self::DeviceKeyUnusable
                        | Self::DeviceKeyRefused
                        | Self::DeviceNotRegistered
                        | Self::RegistrationDamaged
                        | Self::UserNotFound
                )
            }
        }

        // By name: the derived code compares with each name where this looks one up.
        impl Serialize for Reason {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for Reason {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = String::deserialize(deserializer)?;
                let known = Self::ALL.iter().find(|reason| reason.name() == name);
                known.copied().ok_or_else(|| D::Error::custom("no such reason"))
            }
        }

        /// Hands the list to a macro `reason!` of the caller: for bindings that declare the same.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! with_reasons {
            () => { reason! { $($name,)+ } };
        }
    };
}

reasons! {
    // What a scanned text is, when it is not for us or not whole.
    /// Text of no known kind.
    NotASetupCode,
    /// `phonefactor://`: Microsoft's own push sign-in.
    MicrosoftPush,
    /// A `login.microsoftonline.com` or `mobileappcommunicator` activation link.
    MicrosoftActivation,
    /// `oktaverify://`.
    OktaVerify,
    /// Duo's activation code.
    DuoMobile,
    /// `pushauth://`: ForgeRock or Ping push.
    PingPush,
    /// `mfauth://`: ForgeRock or Ping, codes and push in one.
    PingCombined,
    /// `lseqr://`: LinOTP push.
    LinOtpPush,
    /// `pia://container/`.
    PrivacyIdeaContainer,
    /// `pia://qrbackup/`.
    PrivacyIdeaBackup,
    /// `otpauth-migration://`: accounts exported by Google Authenticator.
    GoogleExport,
    /// `FIDO:/`: a passkey on another device.
    Passkey,
    /// `WIFI:`.
    WifiNetwork,
    /// An ordinary web address.
    WebLink,
    /// One-time codes of a kind not kept here.
    CodeKindUnsupported,
    /// A code of privacyIDEA's two-step enrolment: the secret is not whole without a half that the phone makes.
    TwoStepEnrolment,

    // A set-up text that is ours but broken.
    /// Longer than any set-up code.
    TextTooLong,
    /// Not a readable link.
    LinkDamaged,
    /// No `secret`.
    SecretMissing,
    /// The secret has a character outside Base32.
    SecretNotBase32,
    /// The secret is longer than is taken.
    SecretTooLong,
    /// The secret is none of this kind of code.
    SecretUnusable,
    /// Codes that need a PIN, which is not there.
    PinMissing,
    /// The PIN of a code is spelt in a way that is none, or has more than 64 bytes.
    PinUnusable,
    /// Digits not between 1 and 9.
    DigitsUnsupported,
    /// Period 0 or not a number.
    PeriodUnsupported,
    /// Another hash than SHA-1, SHA-2 or MD5.
    AlgorithmUnsupported,
    /// The counter of a counter-based code is not a number.
    CounterUnreadable,
    /// The counter of codes by use is at its end: RFC 4226 has no code after it.
    CounterSpent,
    /// A version of a set-up link that came after this app.
    SetupVersionUnsupported,
    /// The code asks for TLS checks to be turned off.
    TlsCheckOff,
    /// A set-up token that is not one: its parts, its kind, its size.
    SetupTokenDamaged,
    /// The set-up code's time is over.
    SetupExpired,

    // Pictures.
    /// No code was found in the picture.
    NoCodeInPicture,
    /// Not a PNG, JPEG, WebP or GIF.
    NotAPicture,
    /// A picture that ends early or contradicts itself.
    PictureDamaged,
    /// More pixels or bytes than are looked at.
    PictureTooLarge,
    /// A code was found whose content is not text.
    CodeNotText,
    /// A QR code that is one of several, of which others are missing (structured append).
    CodeInParts,

    // Trust.
    /// The origin has to be confirmed first.
    TrustNeeded,
    /// The person, or `--trust-host`, said no to the origin.
    TrustRefused,
    /// `http:` to something that is not this machine.
    PlainHttp,
    /// An address with a user name or password in it.
    UserInfoInAddress,
    /// An address that is not one.
    AddressDamaged,
    /// A server told an address outside the origin that was trusted.
    OriginDiffers,
    /// The server answered with a redirect.
    RedirectRefused,

    // Client credentials.
    /// The server wants a client id and secret and none is known.
    ClientSecretMissing,
    /// The server does not take this client id and secret.
    ClientRefused,
    /// An organisation with this issuer is there already.
    OrganisationExists,

    // Requests.
    /// The typed number is not among the offered.
    NumberNotOffered,
    /// A number was refused; the request is declined.
    WrongNumber,
    /// The PIN was refused.
    WrongPin,
    /// An answer of the wrong kind for this request.
    AnswerKindDiffers,
    /// No such request is waiting.
    RequestNotFound,
    /// The request's time is over.
    RequestExpired,
    /// The request has ended on this phone and can't be answered here again.
    RequestEnded,
    /// Somebody else, or another phone, answered it; or its time was over, where the server tells no time.
    AnsweredElsewhere,
    /// The person said no at the check that it is them.
    PresenceRefused,
    /// Whether the answer arrived is unknown.
    ResultUnknown,
    /// The request ended while it was answered; whether by this answer is unknown.
    EndedMeanwhile,
    /// The request wants an answer and none was given.
    AnswerNeeded,
    /// The server wants an answer of a kind that came after this app.
    AnswerKindUnsupported,
    /// The PIN has another length than the server's.
    PinLengthDiffers,
    /// The answers were not right, and the server could not be told that the request is declined.
    DeclineNotSent,
    /// A rule of the organisation is against the answer.
    AnswerRefusedByRule,
    /// More requests than a person can have open.
    TooManyRequests,
    /// Requests of this account can't be looked for: the page shows a code, which is scanned.
    ScanToAnswer,
    /// A code that asks to approve a sign-in, where one that sets up an account is wanted.
    SignInScanned,
    /// No account here is the one that the scanned sign-in asks.
    SignInAccountUnknown,
    /// The challenge of a scanned sign-in is none that the account can answer.
    ChallengeUnusable,
    /// The system takes no decline: the server is not told, and the request can't be approved here any more.
    NoDecline,
    /// The server does not take the answer that this phone's secret makes.
    ResponseRefused,

    // The network.
    /// The device has no network.
    NoNetwork,
    /// The server's name is not known.
    ServerNotFound,
    /// No connection to the server came about.
    ServerUnreachable,
    /// The server's certificate is not trusted, or TLS did not come about.
    TlsFailed,
    /// The server did not answer in time.
    ServerSilent,
    /// The connection broke off.
    ConnectionLost,
    /// The answer was longer than any that is expected.
    ReplyTooLarge,
    /// The answer is not one of this system.
    ReplyUnreadable,
    /// The server wants to be left alone for a while (429, 503).
    ServerBusy,
    /// The server failed (5xx).
    ServerFailed,

    // What servers refuse.
    /// The set-up code was used, or replaced by a newer one.
    SetupUsed,
    /// The set-up code is for another realm.
    SetupForOtherRealm,
    /// The user has a device of this name.
    DeviceNameTaken,
    /// Whether the account was set up is unknown.
    EnrolmentUnknown,
    /// The server set the account up, but its answer was lost, and it is told once.
    EnrolmentReplyLost,
    /// Whether the server took the new key is unknown; both are kept.
    RotationUnknown,
    /// Whether the account was locked is unknown.
    LockOutUnknown,
    /// The person did not confirm the lock-out.
    LockOutNotConfirmed,
    /// The server does not know this device any more.
    DeviceNotRegistered,
    /// The server does not know the user any more.
    UserNotFound,
    /// The server does not know the realm.
    RealmNotFound,
    /// The server has no push approvals at this address.
    ExtensionMissing,
    /// The server takes another key for this device.
    DeviceKeyRefused,
    /// The server's client is not set to bind tokens to keys.
    TokenNotBound,
    /// The server refuses a token that it has just given.
    AccessTokenRefused,
    /// The call arrived without its authorisation.
    CallNotAuthorised,
    /// The server thinks that it has another address than the one it was called by.
    ServerAddressDiffers,
    /// The device's clock and the server's are too far apart.
    ClockDiffers,
    /// The server does not allow it.
    ServerForbids,
    /// The server has blocked the account.
    AccountBlocked,
    /// The server takes the app of its maker only.
    OtherAppRefused,
    /// The server wants answers made in a way that is not known here.
    OcraSuiteUnsupported,
    /// The server did not understand the call.
    RequestNotUnderstood,
    /// This system has no such thing.
    NotPossibleHere,
    /// What was given as the address for pushes can be none.
    PushAddressUnusable,

    // What is refused of servers.
    /// A signature that is not by the server's key.
    SignatureWrong,
    /// A token signed in a way that is not taken, such as `none` or HS256.
    TokenAlgorithmRefused,
    /// A token signed by a key that is not among the realm's.
    SigningKeyUnknown,
    /// The server shows private parts of its keys.
    KeyHasPrivateParts,
    /// The server's key is not one, or has an odd size.
    ServerKeyUnusable,

    // The device's own keys.
    /// The device key is gone.
    DeviceKeyGone,
    /// The device key can't be used while the device is locked.
    DeviceKeyLocked,
    /// The person stopped the use of the device key.
    DeviceKeyNotAllowed,
    /// The key store failed.
    DeviceKeyFailed,
    /// The key store gave a key or a signature that is not right.
    DeviceKeyUnusable,
    /// Signing took so long that the server would not take it.
    SigningTooSlow,
    /// The account's own data about approvals can't be read.
    RegistrationDamaged,

    // What a self-test finds besides.
    /// No request waits for the account: nothing stands in the way of one.
    NothingWaits,
    /// Nothing waits, and the server tells no phone whether a request went to another one.
    MaybeOnOtherPhone,
    /// The system does not let the app show notifications.
    NotificationsOff,
    /// The system does not let the app look in the background, or seldom.
    BackgroundLimited,
    /// The server has not told its time yet.
    ClockNotMeasured,

    // Flows.
    /// A stored flow that can't be read: it is of another version of the app, or damaged.
    FlowOutdated,
    /// The server kept the flow busy without an end.
    TooManySteps,

    // The vault.
    /// The password does not open the vault.
    WrongPassword,
    /// The recovery code is mistyped or another vault's.
    WrongRecoveryCode,
    /// The platform's key is not this vault's; another way in still opens it.
    PlatformKeyGone,
    /// The watch key is not (or no longer) this vault's.
    WrongWatchKey,
    /// The vault has no such way in.
    NoSuchWay,
    /// Neither a password nor a recovery code would be left.
    NoWayBack,
    /// The vault is locked.
    Locked,
    /// The vault file is damaged or was tampered with.
    VaultDamaged,
    /// The file is no vault.
    NotAVault,
    /// The vault was written by a newer version.
    NewerVersion,
    /// There is no vault at that place.
    VaultNotFound,
    /// There is a file at that place already.
    VaultExists,
    /// No space is left for the change.
    DiskFull,
    /// The file or its folder can't be written.
    ReadOnly,
    /// Another process is writing.
    InUse,
    /// The vault is older than the one last seen.
    RolledBack,
    /// No account has that id.
    NoSuchAccount,
    /// A name, note or value is over its limit.
    ValueTooLarge,
    /// The operating system failed to read, write or give randomness.
    SystemFailed,

    // What an account or its runs can't take now.
    /// The account approves no sign-ins.
    NoApprovals,
    /// What background checks use is not what the account says; it has been set right.
    WatchRecordDiffers,
    /// Another flow is changing this account's key.
    AccountBusy,
    /// Another flow is answering the same request, or has changed what this one began with.
    RequestBusy,
    /// No flow has that id: it has ended, or never was.
    NoSuchRun,
    /// A text of this kind is not added this way.
    NotAddedThisWay,

    // Files of other apps.
    /// No app that is known writes such a file.
    NotAnImport,
    /// The file is of a known app, but not whole.
    ImportDamaged,
    /// The file is of a version of its format that came later.
    NewerFormat,
    /// The file is of a version of its format that is too old to be read.
    OlderFormat,
    /// The file, or the number of its entries, is over the limit.
    ImportTooLarge,
    /// The password does not open the file.
    ImportWrongPassword,
    /// The file asks for more work or memory than is given.
    DerivationTooCostly,
    /// There is not as much free memory as opening the file takes.
    MemoryLacking,
    /// The file is sealed for one account at the maker: no password opens it.
    AccountRestricted,
    /// The file can be opened by a device or a biometric only.
    NoPasswordSlot,
    /// The file is locked with OpenPGP.
    PgpLocked,
    /// The ZIP file is packed or locked in a way that is not read.
    PackingUnsupported,
    /// The file is a page for people, not for another app.
    PageOnly,
    /// One entry of a file can't be read.
    EntryDamaged,
    /// The app has sealed one entry with a key that stays on its phone.
    EntrySealed,
    /// The account lives with its maker and can't be carried over: it is set up anew.
    AccountNotPortable,
    /// The file has no entry of that number.
    NoSuchEntry,
    /// No import of that id can be undone.
    NoSuchImport,

    // Backups of ours.
    /// The file is no backup of ours.
    NotABackup,
    /// A typed recovery code can be none: its length, a symbol or its check symbol is wrong.
    RecoveryCodeMistyped,
    /// The recovery code is well typed and does not open the file.
    ImportWrongRecoveryCode,
    /// The file can't be opened by a recovery code.
    NoCodeSlot,
    /// An account that approves sign-ins: its key stayed on its phone.
    NeedsNewSetUp,
    /// There is no password for backups yet.
    NoBackupPassword,
    /// The vault holds more than a backup does.
    BackupTooLarge,
    /// What was read back is not the backup that was made.
    BackupUnverified,
}
