use serde::{Deserialize, Serialize};

use super::{Authenticator, Error, Scanned};
use crate::clock::Now;
use crate::link::{OrganisationLink, Origin, Recognised};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::ValueKind;

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
    /// Stores an organisation link's credentials. `trusted` is the origin that the person was shown and said yes to,
    /// as [`Scanned::origin`] writes it. Other credentials of the same issuer are replaced only when `replace` says so.
    ///
    /// # Errors
    /// `Refused(TrustNeeded)` where another origin was trusted, `Refused(OrganisationExists)`, `Refused` for another
    /// kind of text, those of a change.
    pub fn store_organisation(
        &mut self,
        scanned: &Scanned,
        trusted: &str,
        replace: bool,
        now: Now,
    ) -> Result<Stored, Error> {
        self.awake(now)?;
        let link = match scanned.recognised() {
            Recognised::Organisation(link) => link,
            Recognised::Foreign { reason, .. } => return Err((*reason).into()),
            _ => return Err(Reason::NotAddedThisWay.into()),
        };
        let (key, new) = (link.origin.to_string(), organisation_of(link));
        if key != trusted {
            return Err(Reason::TrustNeeded.into());
        }
        self.vault.change(&mut *self.entropy, now, |change| {
            let stored = match change.get::<Organisation>(ValueKind::Organisation, &key)? {
                Some(there) if there == new => return Ok(Stored::Added),
                Some(_) if !replace => return Err(Error::Refused(Reason::OrganisationExists)),
                Some(_) => Stored::Replaced,
                None => Stored::Added,
            };
            change.put(ValueKind::Organisation, &key, &new)?;
            Ok(stored)
        })
    }

    /// The organisations whose credentials are stored, each by its origin.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn organisations(&mut self, now: Now) -> Result<Vec<(String, Organisation)>, Error> {
        self.awake(now)?;
        let mut all = Vec::new();
        for origin in self.vault.ids(ValueKind::Organisation, now)? {
            if let Some(organisation) = self.vault.get(ValueKind::Organisation, &origin, now)? {
                all.push((origin, organisation));
            }
        }
        Ok(all)
    }

    /// Forgets an organisation's credentials. Accounts that were set up with them have their own copy.
    ///
    /// # Errors
    /// Those of a change.
    pub fn remove_organisation(&mut self, origin: &str, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            change.remove(ValueKind::Organisation, origin).map(drop)
        })?)
    }

    /// The credentials for exactly this issuer.
    pub(super) fn organisation_for(
        &mut self,
        issuer: &Origin,
        now: Now,
    ) -> Result<Option<Organisation>, Error> {
        Ok(self.vault.get(ValueKind::Organisation, &issuer.to_string(), now)?)
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
