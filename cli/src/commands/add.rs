use countersign::approval::{Answer, Client, DeviceInfo, Outcome, Question};
use countersign::authenticator::{Enrol, Job, Scanned};
use countersign::link::Origin;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::json;

use super::list::abilities;
use super::scan::scan_one_of;
use crate::args::{Add, Trust};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::host::{self, Asker, Flow};
use crate::http::Sender;
use crate::names;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words;

/// Bits of the RSA keys that are made for servers that take no other kind.
const RSA_BITS: u16 = 3072;

/// Adds the account of a QR picture or of a text.
pub fn add(place: &Place, args: &Add) -> Result<(), Failure> {
    let scanned = scan_one_of(place.console, &args.input, args.code)?;
    if let Some(reason) = scanned.refusal() {
        return Err(reason.into());
    }
    if scanned.is_sign_in() {
        return Err(Reason::SignInScanned.into());
    }
    let mut session = place.open()?;
    let console = session.console;
    let mut client = GivenClient::default();
    let sender = match scanned.origin().filter(|_| scanned.system().is_some()) {
        Some(origin) => {
            trust(console, origin, &args.trust)?;
            client.id.clone_from(&args.client_id);
            client.secret = args.client_secret_file.as_deref().map(ask::read_secret).transpose()?;
            let sender = host::ready(&mut session, Own::Interrupted.into())?;
            console.note(&words::setting_up(console.language));
            sender
        }
        None => Sender::new(),
    };
    let (id, added) = store(&mut session, &sender, &scanned, client, &mut Enrolment { console })?;
    tell(&mut session, &id, added, &scanned)
}

/// Client credentials that are given for one account.
#[derive(Default)]
pub struct GivenClient {
    id: Option<String>,
    secret: Option<Secret>,
}

/// Stores what was scanned and gives its id, and whether it is new. Its origin has been trusted before; what else a
/// set-up wants to know is asked of `asker`.
pub fn store(
    session: &mut Session,
    sender: &Sender,
    scanned: &Scanned,
    client: GivenClient,
    asker: &mut dyn Asker,
) -> Result<(String, bool), Failure> {
    if scanned.system().is_none() {
        let added = session.core.add(scanned, session.now())?;
        session.remember()?;
        return Ok((added.id, added.added));
    }
    let mut flow = Flow::begin(session, &enrolment(scanned, client))?;
    match host::finish(session, sender, &mut flow, asker)? {
        Outcome::Enrolled(_) => Ok((flow.added(session).ok_or(Own::Internal)?, true)),
        outcome => Err(host::failure_of(&outcome)),
    }
}

/// The set-up of a scanned code by this machine.
pub fn enrolment(scanned: &Scanned, client: GivenClient) -> Job<'_> {
    Job::Enrol(Enrol {
        scanned,
        client_id: client.id,
        client_secret: client.secret,
        device: DeviceInfo { label: device_label(), kind: "cli".to_owned(), rsa_bits: RSA_BITS },
        allow_plain_http: true,
    })
}

/// Whether the origin is trusted: by the option, else by the person.
pub fn trust(console: Console, origin: &Origin, args: &Trust) -> Result<(), Failure> {
    let refused = |reason: Reason| Failure::from(reason).with("origin", origin.to_string());
    match &args.trust_host {
        Some(host) if origin.is_named_by(host) => Ok(()),
        Some(_) => Err(refused(Reason::TrustRefused)),
        None if !console.can_ask() => {
            Err(refused(Reason::TrustNeeded).with_own_text(words::trust_needed(console.language, origin)))
        }
        None if ask::yes(console, &words::trust_question(console.language, origin))? => Ok(()),
        None => Err(refused(Reason::TrustRefused)),
    }
}

fn tell(session: &mut Session, id: &str, added: bool, scanned: &Scanned) -> Result<(), Failure> {
    let account = session.core.summary(id, session.now())?.clone();
    let console = session.console;
    let object = json!({
        "id": id,
        "added": added,
        "issuer": account.issuer,
        "account": account.name,
        "can": abilities(&account),
        "odd": scanned.odd().iter().map(|odd| names::of_odd(*odd)).collect::<Vec<_>>(),
    });
    let title = title_of(&account.issuer, &account.name);
    let words = if added {
        words::added(console.language, &title)
    } else {
        words::already_there(console.language, &title)
    };
    console.result(&object, &words)?;
    for odd in scanned.odd() {
        console.note(&words::odd_was(console.language, &words::of_odd(*odd, console.language)));
    }
    Ok(())
}

/// How this machine calls itself on the server's account page.
fn device_label() -> String {
    let name = rustix::system::uname();
    let host = name.nodename().to_string_lossy();
    if host.is_empty() { "countersign".to_owned() } else { format!("countersign on {host}") }
}

/// Answers the questions of a set-up; the trust question has been answered before it began.
struct Enrolment {
    console: Console,
}

impl Asker for Enrolment {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        let console = self.console;
        match question {
            Question::Trust { .. } => Ok(Answer::Confirmed(true)),
            Question::Client { .. } if !console.can_ask() => Ok(Answer::None),
            Question::Client { origin, id, .. } => {
                let id = match id {
                    Some(id) => id.clone(),
                    None => ask::line(console, &words::client_id_question(console.language, origin))?,
                };
                let secret: Secret = ask::secret(console, &words::client_secret_question(console.language))?;
                Ok(Answer::Client(Client { id, secret }))
            }
            _ => Ok(Answer::None),
        }
    }
}
