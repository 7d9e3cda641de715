use serde::{Deserialize, Serialize};

use super::{Authenticator, Error, Scanned};
use crate::clock::Now;
use crate::link::{OrganisationLink, Origin, Recognised};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::RowKind;

/// The client credentials that an organisation gives to this app, bound to one issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// The issuer as spelt.
    pub issuer: String,
    /// Name for display; may be empty.
    pub name: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: Option<Secret>,
}

/// What became of storing an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new, or the same as the one that is there.
    Added,
    /// It stands in the place of another.
    Replaced,
}

impl Authenticator {
    /// Stores an organisation link's credentials. The host has asked about its origin before. Other credentials of the
    /// same issuer are replaced only when `replace` says so.
    ///
    /// # Errors
    /// `Refused(OrganisationExists)`, `Refused` for another kind of text, those of a change.
    pub fn store_organisation(
        &mut self,
        scanned: &Scanned,
        replace: bool,
        now: Now,
    ) -> Result<Stored, Error> {
        let link = match scanned.recognised() {
            Recognised::Organisation(link) => link,
            Recognised::Foreign { reason, .. } => return Err((*reason).into()),
            _ => return Err(Reason::NotAddedThisWay.into()),
        };
        let (key, new) = (link.origin.to_string(), organisation_of(link));
        self.vault.change(&mut *self.entropy, now, |change| {
            let stored = match change.get::<Organisation>(RowKind::Organisation, &key)? {
                Some(there) if there == new => return Ok(Stored::Added),
                Some(_) if !replace => return Err(Error::Refused(Reason::OrganisationExists)),
                Some(_) => Stored::Replaced,
                None => Stored::Added,
            };
            change.put(RowKind::Organisation, &key, &new)?;
            Ok(stored)
        })
    }

    /// The credentials for exactly this issuer.
    pub(super) fn organisation_for(
        &mut self,
        issuer: &Origin,
        now: Now,
    ) -> Result<Option<Organisation>, Error> {
        Ok(self.vault.get(RowKind::Organisation, &issuer.to_string(), now)?)
    }
}

fn organisation_of(link: &OrganisationLink) -> Organisation {
    Organisation {
        issuer: link.issuer.clone(),
        name: link.name.clone(),
        client_id: link.client_id.clone(),
        client_secret: link.client_secret.clone(),
    }
}
