//! The client id and secret: what was given, the link's own, the organisation's, or a question.

use super::super::io::{Io, Run, refuse};
use super::super::program::EnrolRequest;
use super::super::step::{Answer, Client, Question};
use crate::link::KeycloakPushLink;
use crate::reason::Reason;

/// How often a person is asked.
const QUESTIONS: u32 = 3;

/// The credentials of one enrolment.
pub(super) struct Credentials<'a> {
    link: &'a KeycloakPushLink,
    id: Option<&'a str>,
    asked: u32,
    pub(super) client: Client,
}

impl<'a> Credentials<'a> {
    /// The first that is known, or what the person says. A secret goes with the id that it was told with.
    pub(super) fn find(io: &mut Io<'_>, link: &'a KeycloakPushLink, request: &'a EnrolRequest) -> Run<Self> {
        let organisation = request.organisation.as_ref();
        let id = request
            .client_id
            .as_deref()
            .or(link.client_id.as_deref())
            .or_else(|| organisation.map(|client| client.id.as_str()));
        let secret = request
            .client_secret
            .as_ref()
            .or_else(|| link.client_secret.as_ref().filter(|_| link.client_id.as_deref() == id))
            .or_else(|| {
                organisation.filter(|client| Some(client.id.as_str()) == id).map(|client| &client.secret)
            });
        if let (Some(id), Some(secret)) = (id, secret) {
            let client = Client { id: id.to_owned(), secret: secret.clone() };
            return Ok(Self { link, id: Some(id), asked: 0, client });
        }
        let client = ask(io, link, id, false)?;
        Ok(Self { link, id, asked: 1, client })
    }

    /// After the server refused them: asks again, when they came from a person.
    pub(super) fn ask_again(&mut self, io: &mut Io<'_>) -> Run<()> {
        if self.asked == 0 || self.asked >= QUESTIONS {
            return refuse(Reason::ClientRefused);
        }
        self.asked += 1;
        self.client = ask(io, self.link, self.id, true)?;
        Ok(())
    }
}

fn ask(io: &mut Io<'_>, link: &KeycloakPushLink, id: Option<&str>, refused: bool) -> Run<Client> {
    let question = Question::Client { origin: link.origin.clone(), id: id.map(str::to_owned), refused };
    match io.ask(question)? {
        Answer::Client(client) if !client.id.is_empty() => Ok(client.clone()),
        _ => refuse(if refused { Reason::ClientRefused } else { Reason::ClientSecretMissing }),
    }
}
