//! Adding a method, in the order that people know: keep your account secure, set up your account in app, scan the
//! QR code, let's try it out, authenticator added; or one-time codes instead.

use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;

use super::approve::{self, Waiting};
use super::home;
use super::pages::{Message, SetUpApp, SetUpCodes, SetUpScan, Way};
use super::qr;
use super::session::Stage;
use super::visit::{Answer, Fields, Visit};
use crate::realm::{CannotStart, CodeSetUp, Standing, User};

/// `GET /setup`: "Let's keep your account secure".
pub(super) async fn start(mut visit: Visit) -> Answer {
    visit.member()?;
    let w = visit.words();
    Ok(visit.page(&Message {
        c: visit.chrome(),
        title: w.secure_title,
        text: w.secure_text,
        ways: vec![Way::link("/setup/app", w.next)],
    }))
}

/// `GET /setup/app`: "Set up your account in app".
pub(super) async fn app(mut visit: Visit) -> Answer {
    visit.member()?;
    Ok(visit.page(&SetUpApp { c: visit.chrome() }))
}

/// `POST /setup/scan`: a new set-up code.
pub(super) async fn new_code(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.member()?;
    let base = visit.base.clone();
    let shown = visit.session.enrolment.clone().unwrap_or_default();
    let (started, added) = visit
        .world
        .act(|state, now, seed| {
            // Though the phone may not know it: then its person wants another code.
            let added = state.kept_enrolment(&shown).is_some_and(|enrolment| enrolment.phone.is_some());
            match state.start_enrolment(&base, &user.id, now, seed) {
                Ok(started) => (Some((started.id, added)), started.changes),
                Err(_) => (None, Vec::new()),
            }
        })
        .map_err(|flaw| visit.broken(&flaw))?
        .ok_or_else(|| visit.gone())?;
    visit.change(|session| {
        session.enrolment = Some(started);
        session.phone = None;
        session.added |= added;
    });
    Ok(visit.to("/setup/scan"))
}

/// `GET /setup/scan`: "Scan the QR code".
pub(super) async fn scan(mut visit: Visit, Query(fields): Query<Fields>) -> Answer {
    visit.member()?;
    let w = visit.words();
    let id = visit.session.enrolment.as_deref().unwrap_or_default();
    let shown = visit.world.look(|state, now| {
        let standing = state.enrolment_standing(id, now);
        let enrolment = state.kept_enrolment(id)?;
        let link = state.enrolment_link(enrolment, &visit.base)?;
        let events = format!(
            "/realms/{}/push-mfa/enroll/challenges/{id}/events?secret={}",
            state.settings.realm, enrolment.secret
        );
        Some((standing, link, events))
    });
    let Some((standing, link, events)) = shown else {
        return Err(visit.to("/setup/app"));
    };
    let (status, usable) = match standing {
        Standing::Pending => (w.waiting_scan, true),
        Standing::Approved => (w.connected, true),
        Standing::Denied => (w.qr_burnt, false),
        Standing::Expired | Standing::LockedOut | Standing::NotFound => (w.qr_expired, false),
    };
    let mut c = visit.chrome();
    c.waits = standing == Standing::Pending;
    let early = c.waits && fields.contains_key("next");
    Ok(visit.page(&SetUpScan {
        c,
        qr: qr::svg(&link, w.qr_alt),
        link,
        events,
        standing: standing.word(),
        status,
        usable,
        error: early.then_some(w.not_connected),
    }))
}

/// `POST /setup/next`: on, if the phone has answered.
pub(super) async fn next(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.member()?;
    let id = visit.session.enrolment.clone().unwrap_or_default();
    let phone = visit.world.look(|state, _| {
        let enrolment = state.kept_enrolment(&id)?;
        enrolment.phone.clone()
    });
    match phone {
        None => Ok(visit.to("/setup/scan?next=early")),
        Some(phone) => {
            visit.change(|session| {
                session.enrolment = None;
                session.phone = Some(phone);
                session.added = true;
            });
            send_trial(&mut visit, &user)
        }
    }
}

/// `POST /setup/try`: another request to the new phone.
pub(super) async fn new_trial(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.member()?;
    send_trial(&mut visit, &user)
}

fn send_trial(visit: &mut Visit, user: &User) -> Answer {
    let phone = visit.session.phone.clone().ok_or_else(|| visit.gone())?;
    match approve::start(visit, user, Some(&phone))? {
        Ok(()) => Ok(visit.to("/setup/try")),
        Err(CannotStart::AlreadyPending) => {
            Ok(approve::already_pending(visit, Way::form("/setup/try", visit.words().try_again)))
        }
        Err(_) => Err(visit.gone()),
    }
}

/// `GET /setup/try`: "Let's try it out".
pub(super) async fn trial(mut visit: Visit) -> Answer {
    visit.member()?;
    let w = visit.words();
    let skip = Way::form("/setup/skip", w.try_skip);
    match approve::waiting(&mut visit)? {
        Waiting::Pending(mut page) => {
            page.title = w.try_title;
            page.text = if page.number.is_some() { w.try_text } else { w.no_number };
            page.other_way = skip;
            Ok(visit.page(&*page))
        }
        Waiting::Ended(Standing::Approved) => Ok(visit.to("/setup/added")),
        Waiting::Ended(Standing::NotFound) => Ok(visit.to("/setup/app")),
        Waiting::Ended(standing) => {
            Ok(approve::not_approved(&visit, standing, vec![Way::form("/setup/try", w.try_again), skip]))
        }
    }
}

/// `POST /setup/skip`: the phone is added; the trial can wait.
pub(super) async fn skip_trial(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    visit.member()?;
    approve::end(&mut visit)?;
    Ok(visit.to("/setup/added"))
}

/// `GET /setup/added`: "Authenticator added".
pub(super) async fn added(mut visit: Visit) -> Answer {
    visit.member()?;
    let w = visit.words();
    if !visit.session.added {
        return Ok(visit.to("/security-info"));
    }
    let way = if visit.session.stage == Stage::SignedIn {
        visit.change(|session| session.added = false);
        Way::link("/security-info", w.done)
    } else {
        home::let_in(&mut visit)?;
        Way::link("/stay", w.done)
    };
    let page = Message { c: visit.chrome(), title: w.added_title, text: w.added_text, ways: vec![way] };
    Ok(visit.page(&page))
}

/// `GET /setup/codes`: a secret for one-time codes.
pub(super) async fn codes(mut visit: Visit) -> Answer {
    let user = visit.member()?;
    if visit.session.codes.is_none() {
        let seed = visit.world.seed().map_err(|flaw| visit.broken(&flaw))?;
        let secret = visit.world.look(|state, _| CodeSetUp::new(state, &user, &seed).secret);
        visit.change(|session| session.codes = Some(secret));
    }
    codes_page(&visit, &user, None)
}

fn codes_page(visit: &Visit, user: &User, error: Option<&'static str>) -> Answer {
    let w = visit.words();
    let secret = visit.session.codes.clone().ok_or_else(|| visit.to("/setup/codes"))?;
    let set_up = visit.world.look(|state, _| CodeSetUp::of(state, user, secret));
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = SetUpCodes {
        c: visit.chrome(),
        qr: qr::svg(&set_up.uri, w.codes_alt),
        key: set_up.typed(),
        link: set_up.uri,
        error,
    };
    Ok(visit.page_with(status, &page))
}

/// `POST /setup/codes`: the first code of the new app.
pub(super) async fn check_code(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.member()?;
    let secret: Vec<u8> = visit.session.codes.clone().ok_or_else(|| visit.gone())?;
    let code = fields.get("code").map(String::as_str).unwrap_or_default();
    let added: Result<bool, Response> = visit
        .world
        .act(|state, now, seed| {
            let set_up = CodeSetUp::of(state, &user, secret);
            match state.add_codes(&user, &set_up, code, now, seed) {
                Some(changes) => (true, changes),
                None => (false, Vec::new()),
            }
        })
        .map_err(|flaw| visit.broken(&flaw));
    if !added? {
        let w = visit.words();
        let full = user.codes.len() >= CodeSetUp::MAX_APPS;
        return codes_page(&visit, &user, Some(if full { w.too_many_apps } else { w.wrong_code }));
    }
    visit.change(|session| {
        session.codes = None;
        session.added = true;
    });
    Ok(visit.to("/setup/added"))
}
