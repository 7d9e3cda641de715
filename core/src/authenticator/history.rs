use serde::{Deserialize, Serialize};

use super::keep::unless_damaged;
use super::watching::record_id;
use super::{Authenticator, Error};
use crate::approval::{
    AnswerKind, AnswerResult, Answered, Decision, DeclineReason, Request, RequestRecord, TRIES,
};
use crate::clock::{Now, UnixTime};
use crate::order::sort_short;
use crate::reason::Reason;
use crate::vault::{Change, ValueKind, Vault, VaultError};

/// Requests that are kept; the oldest go.
const KEPT: usize = 200;
/// Stands behind the account in the id of a lock-out's row, where a request's has a space: no server's id of a request
/// makes the same.
const LOCK_OUT: char = '!';

/// A sign-in request of the past, or one that still waits; or the lock-out of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRequest {
    /// The account's id; it may have been purged since.
    pub account: String,
    /// Who the account was with.
    pub issuer: String,
    /// The account name.
    pub name: String,
    /// The server's id of the request; empty for a lock-out.
    pub request: String,
    /// What was signed in to, as the server called it; empty where it did not say, or was not asked.
    pub application: String,
    /// Where the sign-in came from, where the server told it.
    pub from: Option<String>,
    /// When this phone saw it first, by its own clock: a server can't move it about. When the account was locked, for a
    /// lock-out.
    pub seen_at: UnixTime,
    /// When its time was over; where it waited no more before that, when this phone noticed.
    pub expires_at: Option<UnixTime>,
    /// What this phone did about it.
    pub answer: Option<PastAnswer>,
    /// No request: the person had the server lock the account.
    #[serde(default)]
    pub is_lock_out: bool,
}

/// What this phone did about a request, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAnswer {
    /// When.
    pub at: UnixTime,
    /// What came of it.
    pub result: AnswerResult,
    /// Why, where it is not what was asked for.
    pub reason: Option<Reason>,
    /// Why the person declined.
    pub decline: Option<DeclineReason>,
    /// Answers to this request that were not right. Not kept by earlier versions.
    #[serde(default)]
    pub missed: u8,
    /// It has ended nothing, as it was not right and may be corrected, or was not taken: the request still waits.
    #[serde(default)]
    pub may_correct: bool,
}

impl PastAnswer {
    /// Not where nobody took it: the server, or this phone as one that is not right.
    const fn was_taken(&self) -> bool {
        self.missed > 0 || !self.may_correct
    }
}

/// How a request of the past stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PastStanding {
    /// Its time is not over, and this phone did nothing about it, or gave an answer that may be corrected.
    Waiting,
    /// Its time was over, and this phone did nothing about it. It may have been ended elsewhere.
    Unanswered,
    /// This phone did something about it.
    Answered(AnswerResult),
    /// No request: the person had the server lock the account.
    LockedOut,
}

impl PastRequest {
    /// How it stands now.
    #[must_use]
    pub fn standing(&self, now: Now) -> PastStanding {
        let may_answer = self.answer.is_none_or(|answer| answer.may_correct);
        match (&self.answer, self.expires_at) {
            _ if self.is_lock_out => PastStanding::LockedOut,
            (_, Some(end)) if may_answer && now.wall < end => PastStanding::Waiting,
            (Some(answer), _) => PastStanding::Answered(answer.result),
            (None, _) => PastStanding::Unanswered,
        }
    }

    /// When this phone ended it by an answer; not while an answer may be corrected, and not where nobody took it.
    #[must_use]
    pub fn answered_at(&self, now: Now) -> Option<UnixTime> {
        let answer = self.answer.filter(|_| self.standing(now) != PastStanding::Waiting)?;
        answer.was_taken().then_some(answer.at)
    }

    /// The reason by which Microsoft Entra's sign-in log would know it, for who compares the two, as far as this phone
    /// knows: what it did not answer another device may have. `None` where that log has no word for it (Microsoft Learn, "Sign-in event details for Microsoft Entra multifactor authentication").
    #[must_use]
    pub fn entra_reason(&self, now: Now) -> Option<&'static str> {
        match self.standing(now) {
            PastStanding::Unanswered | PastStanding::Answered(AnswerResult::Expired) => {
                Some("user didn't respond to mobile app notification")
            }
            PastStanding::Answered(AnswerResult::Declined) => Some("user declined the authentication"),
            PastStanding::Answered(AnswerResult::WrongAnswer) => Some(match self.answer? {
                // Nobody typed anything: this phone's secret is another than the server's.
                PastAnswer { reason: Some(Reason::ResponseRefused), .. } => "invalid authentication",
                PastAnswer { reason: Some(Reason::AccountBlocked), .. } => "user is blocked",
                PastAnswer { missed: TRIES.., .. } => "entered incorrect code too many times",
                _ => "user entered incorrect code",
            }),
            PastStanding::Answered(
                AnswerResult::Approved | AnswerResult::AnsweredElsewhere | AnswerResult::Unknown,
            )
            | PastStanding::Waiting
            | PastStanding::LockedOut => None,
        }
    }
}

impl Authenticator {
    /// The latest 200 requests that a look or an answer has seen, and lock-outs, the newest first.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn history(&mut self, now: Now) -> Result<Vec<PastRequest>, Error> {
        self.awake(now)?;
        let mut past = Vec::new();
        for id in self.vault.ids(ValueKind::History, now)? {
            let row: Option<PastRequest> = unless_damaged(self.vault.get(ValueKind::History, &id, now))?;
            past.extend(row);
        }
        sort_short(&mut past, |one, other| {
            (one.seen_at, one.is_lock_out, &one.request) > (other.seen_at, other.is_lock_out, &other.request)
        });
        Ok(past)
    }

    /// Forgets the requests of the past; gives how many.
    ///
    /// # Errors
    /// Those of a change.
    pub fn clear_history(&mut self, now: Now) -> Result<u64, Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            let ids = change.ids(ValueKind::History)?;
            ids.iter().try_for_each(|id| change.remove(ValueKind::History, id).map(drop))?;
            Ok::<_, VaultError>(u64::try_from(ids.len()).unwrap_or(u64::MAX))
        })?)
    }
}

/// Notes a request that a look has found or a person is asked about; once.
pub(super) fn note_seen(
    change: &mut Change<'_>,
    account: &str,
    request: &Request,
    now: Now,
) -> Result<(), VaultError> {
    let id = record_id(account, &request.id);
    let there = row(change, &id)?;
    // An answer that came first knows little of the request but its id, and one that is listed may wait longer than it
    // was taken to, or be open again after a lock-out.
    let is_known = |there: &PastRequest| {
        let is_named = !there.application.is_empty() || request.application.is_empty();
        is_named && there.expires_at.is_some_and(|end| end >= request.expires_at)
    };
    let Some(past) = (match there {
        Some(there) if is_known(&there) => None,
        there => Some(PastRequest {
            application: request.application.clone(),
            from: request.from.clone(),
            expires_at: Some(request.expires_at),
            ..there.map_or_else(|| of_account(change, account, &request.id, now), Ok)?
        }),
    }) else {
        return Ok(());
    };
    put(change, &id, &past)
}

/// Notes what became of a request that this phone answered; `record` is what it did about it. What was no answer at all,
/// and cost no try, leaves no trace.
pub(super) fn note_answer(
    change: &mut Change<'_>,
    account: &str,
    answered: &Answered,
    decision: Option<&Decision>,
    record: &RequestRecord,
    now: Now,
) -> Result<(), VaultError> {
    let may_correct = answered.tries_left.is_some_and(|left| left > 0);
    if may_correct && record.tries_used == 0 {
        return Ok(());
    }
    let id = record_id(account, &answered.request);
    let there = row(change, &id)?;
    // What the server has said for certain stands.
    let is_certain = |answer: &PastAnswer| {
        matches!(answer.result, AnswerResult::Approved | AnswerResult::Declined)
            && !matches!(answered.result, AnswerResult::Approved | AnswerResult::Declined)
    };
    if there.as_ref().and_then(|past| past.answer.as_ref()).is_some_and(is_certain) {
        return Ok(());
    }
    let decline = declined(decision, there.as_ref().and_then(|past| past.answer.as_ref()));
    let answer = PastAnswer {
        at: now.wall,
        result: answered.result,
        reason: answered.reason,
        decline,
        missed: record.tries_used,
        may_correct,
    };
    let past = there.map_or_else(|| of_account(change, account, &answered.request, now), Ok)?;
    let expires_at = past.expires_at.or(record.expires_at);
    put(change, &id, &PastRequest { answer: Some(answer), expires_at, ..past })
}

/// Notes an answer that was not right and that the person is asked to correct.
pub(super) fn note_missed(
    change: &mut Change<'_>,
    account: &str,
    request: &Request,
    record: &RequestRecord,
    now: Now,
) -> Result<(), VaultError> {
    let is_pin = matches!(request.answer, AnswerKind::Pin { .. });
    let answered = Answered {
        request: request.id.clone(),
        result: AnswerResult::WrongAnswer,
        reason: Some(if is_pin { Reason::WrongPin } else { Reason::NumberNotOffered }),
        tries_left: Some(TRIES.saturating_sub(record.tries_used)),
        before_block: None,
        display_code: None,
    };
    note_answer(change, account, &answered, None, record, now)
}

/// Notes at once that the person says that a request is not theirs: whatever becomes of the answer, and whether or not
/// anything does. An id that was never seen leaves no row.
pub(super) fn note_said(
    change: &mut Change<'_>,
    account: &str,
    request: &str,
    decision: &Decision,
    now: Now,
) -> Result<(), VaultError> {
    let not_me = Some(DeclineReason::NotMe);
    let id = record_id(account, request);
    let there = row(change, &id)?;
    let Some(past) = there.filter(|_| decision.decline_reason() == not_me) else { return Ok(()) };
    let answer = past.answer.unwrap_or(PastAnswer {
        at: now.wall,
        result: AnswerResult::AnsweredElsewhere,
        reason: None,
        decline: None,
        missed: 0,
        may_correct: true,
    });
    put(change, &id, &PastRequest { answer: Some(PastAnswer { decline: not_me, ..answer }), ..past })
}

/// Notes an answer that was not taken, for a reason. `record` is what this phone did about the request: what was sent
/// before may have been taken. An id that was never seen leaves no row.
pub(super) fn note_not_taken(
    change: &mut Change<'_>,
    account: &str,
    decision: &Decision,
    reason: Reason,
    record: &RequestRecord,
    now: Now,
) -> Result<(), VaultError> {
    let id = record_id(account, &record.request);
    let there = row(change, &id)?;
    let past = match there {
        Some(past) => past,
        None if record.is_of_nothing() => return Ok(()),
        None => PastRequest {
            expires_at: record.expires_at,
            ..of_account(change, account, &record.request, now)?
        },
    };
    let is_not_me = decision.decline_reason() == Some(DeclineReason::NotMe);
    let was_sent = record.unsettled.is_some() || record.is_declining;
    let decline = declined(Some(decision), past.answer.as_ref());
    let answer = match past.answer {
        // What an answer came to before stands.
        Some(answer) if answer.was_taken() && is_not_me => PastAnswer { decline, ..answer },
        Some(answer) if answer.was_taken() => return Ok(()),
        _ if is_not_me || was_answered(reason) || was_sent && !is_over(reason) => PastAnswer {
            at: now.wall,
            result: if was_sent { AnswerResult::Unknown } else { AnswerResult::AnsweredElsewhere },
            reason: Some(reason),
            decline,
            missed: 0,
            may_correct: !was_sent && !is_over(reason),
        },
        _ => return Ok(()),
    };
    put(change, &id, &PastRequest { answer: Some(answer), ..past })
}

/// What the person said of a request by declining it: "it's not me" stands until they say otherwise.
fn declined(decision: Option<&Decision>, before: Option<&PastAnswer>) -> Option<DeclineReason> {
    match decision {
        Some(Decision::Decline { reason: None }) | None => before.and_then(|answer| answer.decline),
        Some(decision) => decision.decline_reason(),
    }
}

/// Whether a person answered who got no further for this reason.
const fn was_answered(reason: Reason) -> bool {
    let has_refused_to = matches!(
        reason,
        Reason::PresenceRefused
            | Reason::DeviceKeyNotAllowed
            | Reason::AnswerNeeded
            | Reason::AnswerKindDiffers
            | Reason::AnswerKindUnsupported
    );
    !has_refused_to && !is_over(reason)
}

/// Whether there was nothing to answer any more.
const fn is_over(reason: Reason) -> bool {
    matches!(reason, Reason::RequestNotFound | Reason::RequestEnded)
}

/// Notes that no others than these wait any more: what did has ended, and nobody here has answered it.
pub(super) fn note_all_that_wait(
    change: &mut Change<'_>,
    account: &str,
    waiting: &[Request],
    now: Now,
) -> Result<(), VaultError> {
    for id in change.ids(ValueKind::History)?.iter().filter(|id| is_of(id, account)) {
        let past = row(change, id)?;
        let has_ended = |past: &PastRequest| {
            past.standing(now) == PastStanding::Waiting
                && waiting.iter().all(|request| request.id != past.request)
        };
        if let Some(past) = past.filter(has_ended) {
            change.put(ValueKind::History, id, &PastRequest { expires_at: Some(now.wall), ..past })?;
        }
    }
    Ok(())
}

/// Notes that the server has locked the account, and with that ended what still waited.
pub(super) fn note_lock_out(change: &mut Change<'_>, account: &str, now: Now) -> Result<(), VaultError> {
    note_all_that_wait(change, account, &[], now)?;
    let past = PastRequest { is_lock_out: true, ..of_account(change, account, "", now)? };
    put(change, &format!("{account}{LOCK_OUT}{}", now.wall.0), &past)
}

/// The ids of the requests of an account that were seen.
pub(super) fn seen(vault: &mut Vault, account: &str, now: Now) -> Result<Vec<String>, VaultError> {
    let of_account = record_id(account, "");
    let ids = vault.ids(ValueKind::History, now)?;
    Ok(ids.iter().filter_map(|id| id.strip_prefix(&of_account)).map(str::to_owned).collect())
}

/// Forgets the requests of an account.
pub(super) fn forget(change: &mut Change<'_>, account: &str) -> Result<(), VaultError> {
    for id in change.ids(ValueKind::History)?.iter().filter(|id| is_of(id, account)) {
        change.remove(ValueKind::History, id)?;
    }
    Ok(())
}

/// Whether a row is of this account, by its id.
fn is_of(id: &str, account: &str) -> bool {
    id.starts_with(&record_id(account, "")) || id.starts_with(&format!("{account}{LOCK_OUT}"))
}

fn of_account(
    change: &Change<'_>,
    account: &str,
    request: &str,
    now: Now,
) -> Result<PastRequest, VaultError> {
    let there = unless_damaged(change.account(account))?;
    let (issuer, name) = there.map(|there| (there.issuer, there.name)).unwrap_or_default();
    Ok(PastRequest {
        account: account.to_owned(),
        issuer,
        name,
        request: request.to_owned(),
        application: String::new(),
        from: None,
        seen_at: now.wall,
        expires_at: None,
        answer: None,
        is_lock_out: false,
    })
}

fn row(change: &Change<'_>, id: &str) -> Result<Option<PastRequest>, VaultError> {
    unless_damaged(change.get(ValueKind::History, id))
}

fn put(change: &mut Change<'_>, id: &str, past: &PastRequest) -> Result<(), VaultError> {
    change.put(ValueKind::History, id, past)?;
    let ids = change.ids(ValueKind::History)?;
    if ids.len() <= KEPT {
        return Ok(());
    }
    // What can't be read is the first to go.
    let mut by_age = Vec::with_capacity(ids.len());
    for id in ids {
        let past = row(change, &id)?;
        by_age.push((past.map(|past| past.seen_at), id));
    }
    sort_short(&mut by_age, |one, other| one < other);
    let extra = by_age.len() - KEPT;
    by_age.iter().take(extra).try_for_each(|(_, id)| change.remove(ValueKind::History, id).map(drop))
}

#[cfg(test)]
mod tests;
