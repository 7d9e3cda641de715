//! "Security info": the methods of the person, and taking one away.

use axum::Form;
use axum::extract::Query;

use super::pages::{Delete, Method, SecurityInfo, added};
use super::visit::{Answer, Fields, Visit};
use super::words::Words;
use crate::realm::{Change, User};

/// `GET /security-info`
pub(super) async fn page(mut visit: Visit) -> Answer {
    let user = visit.signed_in()?;
    let methods = methods(&user, visit.words());
    Ok(visit.page(&SecurityInfo { c: visit.chrome(), methods }))
}

fn methods(user: &User, w: &'static Words) -> Vec<Method> {
    let phones = user.phones.iter().enumerate().map(|(place, phone)| Method {
        kind: "app",
        id: phone.id.clone(),
        title: w.method_app,
        name: phone.label.clone(),
        added: added(w, phone.created_at),
        is_default: place == 0,
        can_be_default: place > 0,
    });
    let codes = user.codes.iter().map(|app| Method {
        kind: "codes",
        id: app.id.clone(),
        title: w.method_codes,
        name: String::new(),
        added: added(w, app.created_at),
        is_default: user.phones.is_empty(),
        can_be_default: false,
    });
    phones.chain(codes).collect()
}

/// `POST /security-info/default`: this phone is asked first.
pub(super) async fn make_default(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.signed_in()?;
    let phone = fields.get("id").cloned().unwrap_or_default();
    visit
        .world
        .act(|_, _, _| ((), vec![Change::PhoneFirst { user: user.id, phone }]))
        .map_err(|flaw| visit.broken(&flaw))?;
    Ok(visit.to("/security-info"))
}

/// `GET /security-info/delete?id=`: asks first.
pub(super) async fn confirm(mut visit: Visit, Query(fields): Query<Fields>) -> Answer {
    let user = visit.signed_in()?;
    let id = fields.get("id").map(String::as_str).unwrap_or_default();
    let method = methods(&user, visit.words())
        .into_iter()
        .find(|method| method.id == id)
        .ok_or_else(|| visit.gone())?;
    Ok(visit.page(&Delete { c: visit.chrome(), method }))
}

/// `POST /security-info/delete`
pub(super) async fn delete(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let user = visit.signed_in()?.id;
    let id = fields.get("id").cloned().unwrap_or_default();
    let change = match fields.get("kind").map(String::as_str) {
        Some("app") => Change::PhoneRemoved { user, phone: id },
        Some("codes") => Change::CodeAppRemoved { user, app: id },
        _ => return Err(visit.gone()),
    };
    visit.world.act(|_, _, _| ((), vec![change])).map_err(|flaw| visit.broken(&flaw))?;
    Ok(visit.to("/security-info"))
}
