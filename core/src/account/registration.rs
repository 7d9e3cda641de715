use serde::{Deserialize, Serialize};

use crate::link::{Origin, System};
use crate::secret::Secret;

/// How an account approves sign-ins: with which system, where, and by which device key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The system, and so the dialect.
    pub system: System,
    /// What the person trusted; every address is held against it.
    pub origin: Origin,
    /// The key on this device that the server knows. None where phone and server share a secret, which stands in the
    /// details: such a registration is no row that background checks read.
    pub key: Option<DeviceKey>,
    /// What the dialect keeps (JSON): ids, client credentials, the server's key, a shared secret.
    pub details: Secret,
}

impl Registration {
    /// Whether its sign-ins are scanned: phone and server share a secret instead of a device key. Such a system has no list
    /// to look at, and no row of it may be one that the watch key opens.
    #[must_use]
    pub const fn is_scanned(&self) -> bool {
        self.key.is_none()
    }
}

/// A key pair that the host made and keeps; this is its public side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKey {
    /// The name under which the host keeps it.
    pub id: String,
    /// What it signs with.
    pub algorithm: KeyAlgorithm,
    /// SubjectPublicKeyInfo, DER (RFC 5280).
    pub spki: Vec<u8>,
}

/// Signature algorithms of device keys (RFC 7518, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, with a modulus of so many bits.
    Rs256 {
        /// 2048, 3072 or 4096.
        bits: u16,
    },
}
