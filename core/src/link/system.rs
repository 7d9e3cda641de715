use serde::{Deserialize, Serialize};

/// The approval systems that are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum System {
    /// Keycloak with the Push MFA extension.
    KeycloakPush,
    /// privacyIDEA push token.
    PrivacyIdea,
    /// eduMFA push token.
    EduMfa,
    /// Keycloak with netzbegruenung's App Authenticator.
    AppAuthenticator,
    /// tiqr, also as eduID.
    Tiqr,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::KeycloakPush, Self::PrivacyIdea, Self::EduMfa, Self::AppAuthenticator, Self::Tiqr];

    /// Its name for people, in every language: as its makers write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.names()[0]
    }

    /// Its name for scripts, which stays.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names()[1]
    }

    /// The name of its set-up codes for scripts, which stays.
    pub(crate) const fn set_up_code(self) -> &'static str {
        self.names()[2]
    }

    /// Its name in a backup, which stays.
    pub(crate) const fn in_backups(self) -> &'static str {
        self.names()[3]
    }

    const fn names(self) -> [&'static str; 4] {
        match self {
            Self::KeycloakPush => ["Keycloak (Push MFA)", "KeycloakPush", "keycloak_push", "keycloak_push"],
            Self::PrivacyIdea => ["privacyIDEA", "PrivacyIdea", "privacyidea_push", "privacyidea"],
            Self::EduMfa => ["eduMFA", "EduMfa", "edumfa_push", "edumfa"],
            Self::AppAuthenticator => {
                ["Keycloak (App Authenticator)", "AppAuthenticator", "app_authenticator", "app_authenticator"]
            }
            Self::Tiqr => ["tiqr", "Tiqr", "tiqr", "tiqr"],
        }
    }
}
