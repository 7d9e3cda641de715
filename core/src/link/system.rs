use serde::{Deserialize, Serialize};

/// What a system is called. All but the title stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemNames {
    /// For people, in every language: as its makers write it.
    pub title: &'static str,
    /// For scripts.
    pub script: &'static str,
    /// The kind of its set-up codes, for scripts.
    pub set_up_kind: &'static str,
    /// In backups.
    pub backup: &'static str,
}

macro_rules! systems {
    ($($(#[$doc:meta])* $system:ident: $title:literal, $script:literal, $set_up_kind:literal, $backup:literal;)+) => {
        /// The approval systems that are spoken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum System {
            $($(#[$doc])* $system,)+
        }

        impl System {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$system),+];

            /// What it is called.
            #[must_use]
            pub const fn names(self) -> SystemNames {
                let (title, script, set_up_kind, backup) = match self {
                    $(Self::$system => ($title, $script, $set_up_kind, $backup),)+
                };
                SystemNames { title, script, set_up_kind, backup }
            }
        }
    };
}

systems! {
    /// Keycloak with the Push MFA extension.
    KeycloakPush: "Keycloak (Push MFA)", "KeycloakPush", "keycloak_push", "keycloak_push";
    /// privacyIDEA push token.
    PrivacyIdea: "privacyIDEA", "PrivacyIdea", "privacyidea_push", "privacyidea";
    /// eduMFA push token.
    EduMfa: "eduMFA", "EduMfa", "edumfa_push", "edumfa";
    /// Keycloak with netzbegruenung's App Authenticator.
    AppAuthenticator: "Keycloak (App Authenticator)", "AppAuthenticator", "app_authenticator", "app_authenticator";
    /// tiqr, also as eduID.
    Tiqr: "tiqr", "Tiqr", "tiqr", "tiqr";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that is changed here breaks a script, or leaves a backup unread.
    #[test]
    fn names_stay() {
        let names = System::ALL.iter().map(|system| system.names());
        let names: Vec<_> = names.map(|names| [names.script, names.set_up_kind, names.backup]).collect();
        assert_eq!(
            names,
            [
                ["KeycloakPush", "keycloak_push", "keycloak_push"],
                ["PrivacyIdea", "privacyidea_push", "privacyidea"],
                ["EduMfa", "edumfa_push", "edumfa"],
                ["AppAuthenticator", "app_authenticator", "app_authenticator"],
                ["Tiqr", "tiqr", "tiqr"],
            ]
        );
    }
}
