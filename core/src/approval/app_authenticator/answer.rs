//! Answers. They have no body: after a yes as after a no, the list tells what it meant.

use super::super::challenge::Challenge;
use super::super::dialect::{Dialect as _, Fate};
use super::super::http::{self, Received, header};
use super::super::io::{Io, Run};
use super::super::list::Standing;
use super::super::step::{Method, Why};
use super::AppAuthenticator;
use super::poll::{Target, refusal};
use super::signature::Signed;
use crate::reason::Reason;
use crate::secret::from_json;

impl AppAuthenticator<'_> {
    pub(super) fn answer(&self, io: &mut Io<'_>, challenge: &Challenge, why: Why) -> Run<Fate> {
        // EXPOSE: the answer is made of it.
        let Ok(target) = from_json::<Target>(challenge.details.expose()) else {
            return Ok(Fate::Refused(Reason::ReplyUnreadable));
        };
        let signed = Signed { secret: &target.secret, granted: why == Why::Approve };
        let headers = vec![header("Accept", "*/*"), self.signed(io, Some(&signed), why)?];
        match http::judge(io.send(http::request(Method::Get, target.url, headers, None))?) {
            Received::Answer(reply) => {
                let refused = (reply.status >= 300).then(|| refusal(reply));
                self.settle(io, challenge, refused)
            }
            Received::Refused(reason) => Ok(Fate::Refused(reason)),
            Received::Failed(failure) if failure.maybe_done => Ok(Fate::Lost),
            Received::Failed(failure) => Ok(Fate::NotSent(failure.reason)),
        }
    }

    /// The server drops a request that it took an answer to. One that still waits after a yes was never there: a page
    /// of somebody between came instead.
    fn settle(&self, io: &mut Io<'_>, challenge: &Challenge, refused: Option<Reason>) -> Run<Fate> {
        let standing = self.standing(io, challenge)?;
        let is_over = io.server_time() >= challenge.expires_at;
        Ok(match (refused, standing) {
            (None, Standing::Gone) if !is_over => Fate::Done { display_code: None },
            (None, _) | (_, Standing::NotKnown(_)) => Fate::Lost,
            (Some(_), Standing::Gone) => Fate::Gone,
            (Some(reason), Standing::Listed(_)) => Fate::Refused(reason),
        })
    }
}
