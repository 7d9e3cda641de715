use std::path::Path;

use countersign::approval::{Answer, Client, DeviceInfo, Outcome, Question};
use countersign::authenticator::{Enrol, Job, Scanned};
use countersign::link::Origin;
use countersign::qr;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::json;

use super::list::{abilities, title_of};
use crate::args::{Add, Trust};
use crate::ask;
use crate::failure::Failure;
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::words;

/// Bits of the RSA keys that are made for servers that take no other kind.
const RSA_BITS: u16 = 3072;

/// Adds the account of a QR picture or of a text.
pub fn add(place: &Place, args: &Add) -> Result<(), Failure> {
    let scanned = scan(&args.input)?;
    if let Some(reason) = scanned.refusal() {
        return Err(reason.into());
    }
    let mut session = place.open()?;
    let (id, added) = if scanned.system().is_some() {
        (enrol(&mut session, &scanned, args)?, true)
    } else {
        let added = session.core.add(&scanned, session.now())?;
        session.remember()?;
        (added.id, added.added)
    };
    tell(&mut session, &id, added, &scanned)
}

/// The set-up text of a picture's one code, or of standard input.
pub fn scan(input: &Path) -> Result<Scanned, Failure> {
    if input == Path::new("-") {
        let text = ask::read_secret(input)?;
        // EXPOSE: recognising reads the text; the object keeps it.
        return Ok(Scanned::read(text.expose()));
    }
    let picture = ask::read_picture(input)?;
    let texts = qr::scan_picture(&picture)?;
    // EXPOSE: as above. Of several codes the first that can be added counts.
    let mut scanned = texts.iter().map(|text| Scanned::read(text.expose()));
    let first = scanned.next().ok_or(Reason::NoCodeInPicture)?;
    Ok(if first.refusal().is_none() {
        first
    } else {
        scanned.find(|code| code.refusal().is_none()).unwrap_or(first)
    })
}

/// Whether the origin is trusted: by the option, else by the person.
pub fn trust(console: Console, origin: &Origin, args: &Trust) -> Result<(), Failure> {
    let refused = |reason: Reason| Failure::from(reason).with("origin", origin.to_string());
    match &args.trust_host {
        Some(host) if origin.is_named_by(host) => Ok(()),
        Some(_) => Err(refused(Reason::TrustRefused)),
        None if !console.can_ask() => Err(refused(Reason::TrustNeeded)),
        None if ask::yes(console, &words::trust_question(console.language, origin))? => Ok(()),
        None => Err(refused(Reason::TrustRefused)),
    }
}

fn enrol(session: &mut Session, scanned: &Scanned, args: &Add) -> Result<String, Failure> {
    let console = session.console;
    if let Some(origin) = scanned.origin() {
        trust(console, origin, &args.trust)?;
    }
    let client_secret = args.client_secret_file.as_deref().map(ask::read_secret).transpose()?;
    let job = Job::Enrol(Enrol {
        scanned,
        client_id: args.client_id.clone(),
        client_secret,
        device: DeviceInfo { label: device_label(), kind: "cli".to_owned(), rsa_bits: RSA_BITS },
        allow_plain_http: true,
    });
    console.note(&words::setting_up(console.language));
    let run = session.core.begin(&job, session.now())?;
    let outcome = host::finish(session, &Sender::new(), &run, &mut Enrolment { console })?;
    match outcome {
        Outcome::Enrolled(_) => {
            let added = session.core.finished(&run).and_then(|finished| finished.added.clone());
            added.ok_or_else(|| crate::failure::Own::Internal.into())
        }
        outcome => Err(host::failure_of(&outcome)),
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
        "odd": scanned.odd().iter().map(|odd| format!("{odd:?}")).collect::<Vec<_>>(),
    });
    let title = title_of(&account.issuer, &account.name);
    let words = if added {
        words::added(console.language, &title)
    } else {
        words::already_there(console.language, &title)
    };
    console.result(&object, &words);
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
