//! The second proof at sign-in: a request to the phone, or a one-time code.

use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;

use super::home;
use super::pages::{Code, Message, Number, Verify, Way};
use super::session::Stage;
use super::visit::{Answer, Fields, Visit};
use super::words::fill;
use crate::realm::{CannotStart, Client, Standing, User, Verification};

/// After so many wrong codes the password is asked for again.
const MAX_WRONG_CODES: u32 = 5;

/// Sends a request to the person's phone and goes to the page that waits for it.
pub(super) fn ask_phone(visit: &mut Visit, user: &User) -> Answer {
    match start(visit, user, None)? {
        Ok(()) => Ok(visit.to("/approve")),
        Err(CannotStart::AlreadyPending) => {
            let again = Way::form("/approve", visit.words().try_again);
            Ok(already_pending(visit, again))
        }
        Err(CannotStart::LockedOut) => {
            visit.change(|session| session.stage = Stage::Locked);
            Ok(visit.to("/locked"))
        }
        Err(_) => Ok(visit.to("/verify")),
    }
}

/// Starts a request to `phone`, or to the first one. One that this browser waits for already is given up.
pub(super) fn start(
    visit: &mut Visit,
    user: &User,
    phone: Option<&str>,
) -> Result<Result<(), CannotStart>, Response> {
    end(visit)?;
    let started = visit
        .world
        .act(|state, now, seed| match state.start_login(&user.id, phone, Client::SITE, now, seed) {
            Ok(started) => (Ok(started.id), started.changes),
            Err(why) => (Err(why), Vec::new()),
        })
        .map_err(|flaw| visit.broken(&flaw))?;
    Ok(started.map(|id| visit.change(|session| session.challenge = Some(id))))
}

/// Stops waiting: from now on the phone is told that there is no such request.
pub(super) fn end(visit: &mut Visit) -> Result<(), Response> {
    let Some(id) = visit.session.challenge.clone() else {
        return Ok(());
    };
    visit.world.act(|state, _, _| ((), state.end_login(&id))).map_err(|flaw| visit.broken(&flaw))?;
    visit.change(|session| session.challenge = None);
    Ok(())
}

/// What became of the request that this browser waits for.
pub(super) enum Waiting {
    /// The page that shows the number.
    Pending(Box<Number>),
    /// An answer, or its time is over. The browser waits no longer.
    Ended(Standing),
}

pub(super) fn waiting(visit: &mut Visit) -> Result<Waiting, Response> {
    let id = visit.session.challenge.clone().unwrap_or_default();
    let standing = visit.world.look(|state, now| state.login_standing(&id, now));
    let page = (standing == Standing::Pending).then(|| number_page(visit, &id)).flatten();
    match page {
        Some(page) => Ok(Waiting::Pending(Box::new(page))),
        None => {
            end(visit)?;
            Ok(Waiting::Ended(standing))
        }
    }
}

fn number_page(visit: &Visit, id: &str) -> Option<Number> {
    let w = visit.words();
    let mut c = visit.chrome();
    c.waits = true;
    visit.world.look(|state, now| {
        let challenge = state.challenge(id, now)?;
        let label = match challenge.verification {
            Verification::Pin(_) => w.pin_label,
            Verification::Number { .. } | Verification::None => w.number_label,
        };
        Some(Number {
            c,
            title: w.approve_title,
            text: if challenge.verification.answer().is_some() { w.approve_text } else { w.no_number },
            label,
            number: challenge.verification.answer().map(str::to_owned),
            lasts: fill(w.request_lasts, &[&state.settings.challenge_seconds.to_string()]),
            confirm_link: state.confirm_link(challenge, &visit.base)?,
            events: format!(
                "/realms/{}/push-mfa/login/challenges/{id}/events?secret={}",
                state.settings.realm, challenge.secret
            ),
            other_way: Way::link("/verify", w.cannot_use_app),
        })
    })
}

/// `GET /approve`: "Approve sign in request", and on once it is approved.
pub(super) async fn page(mut visit: Visit) -> Answer {
    visit.user()?;
    if visit.session.stage != Stage::Proving {
        return Ok(visit.to("/"));
    }
    let w = visit.words();
    match waiting(&mut visit)? {
        Waiting::Pending(page) => Ok(visit.page(&*page)),
        Waiting::Ended(Standing::Approved) => home::let_in(&mut visit),
        Waiting::Ended(standing) => Ok(not_approved(
            &visit,
            standing,
            vec![Way::form("/approve", w.send_again), Way::link("/verify", w.cannot_use_app)],
        )),
    }
}

/// `POST /approve`: another request.
pub(super) async fn send(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = proving(&mut visit)?;
    ask_phone(&mut visit, &user)
}

/// The page after a request that ended without approval.
pub(super) fn not_approved(visit: &Visit, standing: Standing, ways: Vec<Way>) -> Response {
    let w = visit.words();
    let (title, text) = match standing {
        Standing::Denied => (w.denied_title, w.denied_text),
        _ => (w.expired_title, w.expired_text),
    };
    visit.page(&Message { c: visit.chrome(), title, text, ways })
}

/// The page when another sign-in of the same person waits.
pub(super) fn already_pending(visit: &Visit, again: Way) -> Response {
    let w = visit.words();
    let page = Message {
        c: visit.chrome(),
        title: w.pending_title,
        text: w.pending_text,
        ways: vec![again, Way::link("/verify", w.cannot_use_app)],
    };
    visit.page_with(StatusCode::TOO_MANY_REQUESTS, &page)
}

/// `GET /verify`: "Verify your identity".
pub(super) async fn verify(mut visit: Visit) -> Answer {
    let user = proving(&mut visit)?;
    end(&mut visit)?;
    Ok(visit.page(&Verify { c: visit.chrome(), app: !user.phones.is_empty(), code: !user.codes.is_empty() }))
}

/// `GET /code`: "Enter code".
pub(super) async fn code_page(mut visit: Visit) -> Answer {
    let user = proving(&mut visit)?;
    Ok(visit.page(&Code { c: visit.chrome(), error: None, app: !user.phones.is_empty() }))
}

/// `POST /code`
pub(super) async fn code(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = proving(&mut visit)?;
    let code = fields.get("code").map(String::as_str).unwrap_or_default();
    let right = visit
        .world
        .act(|state, now, _| match state.use_code(&user, code, now) {
            Some(changes) => (true, changes),
            None => (false, Vec::new()),
        })
        .map_err(|flaw| visit.broken(&flaw))?;
    if right {
        end(&mut visit)?;
        return home::let_in(&mut visit);
    }
    let w = visit.words();
    visit.change(|session| session.wrong_codes += 1);
    if visit.session.wrong_codes >= MAX_WRONG_CODES {
        visit.end();
        let page = Message {
            c: visit.chrome(),
            title: w.enter_code,
            text: w.too_many_codes,
            ways: vec![Way::link("/sign-in", w.sign_in_again)],
        };
        return Err(visit.page_with(StatusCode::TOO_MANY_REQUESTS, &page));
    }
    let page = Code { c: visit.chrome(), error: Some(w.code_used), app: !user.phones.is_empty() };
    Err(visit.page_with(StatusCode::UNAUTHORIZED, &page))
}

/// The person, whose second proof is still to come.
fn proving(visit: &mut Visit) -> Result<User, Response> {
    let user = visit.user()?;
    if visit.session.stage == Stage::Proving { Ok(user) } else { Err(visit.to("/")) }
}
