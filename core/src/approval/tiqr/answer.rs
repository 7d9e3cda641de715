//! Sending an answer. The server says at once what became of it, and never again.

use super::super::dialect::Fate;
use super::super::http::{self, Received};
use super::super::io::{Io, Run};
use super::replies::{self, Said};
use super::{Tiqr, post};
use crate::reason::Reason;
use crate::secret::Secret;

impl Tiqr {
    pub(super) fn send_answer(&self, io: &mut Io<'_>, session: &str, answer: &Secret) -> Run<Fate> {
        // EXPOSE: the answer is sent to the server that it is for.
        let response = answer.expose_str().unwrap_or_default();
        let fields =
            [("sessionKey", session), ("userId", self.details.user.as_str()), ("response", response)];
        let reply = match http::judge(post(io, &self.details.url, "login", &fields)?) {
            Received::Answer(reply) => reply,
            Received::Refused(reason) => return Ok(Fate::Refused(reason)),
            Received::Failed(failure) if failure.maybe_done => return Ok(Fate::Lost),
            Received::Failed(failure) => return Ok(Fate::NotSent(failure.reason)),
        };
        Ok(match replies::read(reply) {
            Said::Yes if reply.status < 300 => Fate::Done { display_code: None },
            Said::WrongResponse { before_block } => Fate::WrongSecret { before_block },
            // Its time is over, or it was answered: the server forgets both alike.
            Said::WrongChallenge => Fate::Gone,
            Said::WrongUser => Fate::Refused(Reason::UserNotFound),
            Said::WrongRequest => Fate::Refused(Reason::RequestNotUnderstood),
            Said::Blocked => Fate::Refused(Reason::AccountBlocked),
            Said::No => Fate::Refused(Reason::ServerForbids),
            // Something between may have answered in the server's place, with whatever became of the answer.
            Said::Yes | Said::Nothing => Fate::Lost,
        })
    }
}
