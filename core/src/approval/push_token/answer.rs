//! Answers. The server says yes or no with the same status; after a no the list tells what it meant.

use super::super::challenge::{Challenge, Demand};
use super::super::dialect::{Dialect as _, Fate};
use super::super::http::{self, Received};
use super::super::io::{Io, Run};
use super::super::list::Standing;
use super::super::program::DeclineReason;
use super::super::step::Why;
use super::{PushToken, Variant, post, replies, sign};
use crate::link::clean_name;
use crate::reason::Reason;

impl<V: Variant> PushToken<'_, V> {
    pub(super) fn send_approval(
        &self,
        io: &mut Io<'_>,
        challenge: &Challenge,
        answer: Option<&str>,
    ) -> Run<Fate> {
        let mut signed = vec![challenge.id.as_str(), &self.details.serial];
        let mut fields = Vec::new();
        if let Some(answer) = answer {
            signed.push(answer);
            fields.push(("presence_answer", answer));
        }
        self.send(io, challenge, &signed, fields, Why::Approve)
    }

    pub(super) fn send_decline(
        &self,
        io: &mut Io<'_>,
        challenge: &Challenge,
        reason: Option<DeclineReason>,
    ) -> Run<Fate> {
        let mut signed = vec![challenge.id.as_str(), &self.details.serial, "decline"];
        let mut fields = vec![("decline", "1")];
        if let Some(reason) = reason.filter(|_| challenge.takes_decline_reason) {
            let reason = match reason {
                DeclineReason::NotMe => "unknown_trigger",
                DeclineReason::Cancelled => "cancelled",
            };
            signed.push(reason);
            fields.push(("decline_reason", reason));
        }
        self.send(io, challenge, &signed, fields, Why::Decline)
    }

    fn send(
        &self,
        io: &mut Io<'_>,
        challenge: &Challenge,
        signed: &[&str],
        more: Vec<(&str, &str)>,
        why: Why,
    ) -> Run<Fate> {
        let signature = sign(io, self.key, &signed.join("|"), why)?;
        let mut fields = vec![
            ("serial", self.details.serial.as_str()),
            ("nonce", challenge.id.as_str()),
            ("signature", signature.as_str()),
        ];
        fields.extend(more);
        let reply = match http::judge(post(io, &self.details.url, &fields)?) {
            Received::Answer(reply) => reply,
            Received::Refused(reason) => return Ok(Fate::Refused(reason)),
            Received::Failed(failure) if failure.maybe_done => return Ok(Fate::Lost),
            Received::Failed(failure) => return Ok(Fate::NotSent(failure.reason)),
        };
        match replies::read::<bool>(reply) {
            Ok((true, detail)) => {
                let code = detail.display_code.map(|code| clean_name(&code).text);
                Ok(Fate::Done { display_code: code.filter(|code| !code.is_empty()) })
            }
            Ok((false, _)) => self.why_not(io, challenge, why),
            // It was taken or not: the answer does not tell.
            Err(Reason::ReplyUnreadable) => Ok(Fate::Lost),
            // The words for an unknown serial are those for a set-up code that was used.
            Err(Reason::SetupUsed) => Ok(Fate::Refused(Reason::DeviceNotRegistered)),
            Err(reason) => Ok(Fate::Refused(reason)),
        }
    }

    /// A no means: another answer is wanted, a rule of the organisation is against it, or the request is over.
    fn why_not(&self, io: &mut Io<'_>, challenge: &Challenge, why: Why) -> Run<Fate> {
        let wants_answer = why == Why::Approve && challenge.demand != Demand::None;
        Ok(match self.standing(io, challenge)? {
            Standing::Gone => Fate::Gone,
            Standing::Listed(_) if wants_answer => Fate::WrongAnswer,
            Standing::Listed(_) => Fate::Refused(Reason::AnswerRefusedByRule),
            Standing::NotKnown(_) => Fate::Lost,
        })
    }
}
