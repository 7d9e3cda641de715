//! The phone's own work in one approval by each system, in looking at 50 accounts, and the memory of 50 approvals at once.
//!
//! `cargo bench -p countersign --bench approval`
//!
//! A flow gives the same steps for the same events, so each is played once against a small server and its events are
//! handed in again: no network is measured and no vault. Its signatures are made again, with keys in software by `ring`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement may stop at what is wrong"
)]
#![allow(dead_code, reason = "shares the phone and the servers of the tests")]

#[path = "../../../tests/src/app_authenticator.rs"]
mod app_authenticator;
#[path = "../../tests/counter/mod.rs"]
mod counter;
#[path = "../../tests/approval/keycloak.rs"]
mod keycloak;
#[path = "../../tests/approval/phone.rs"]
mod phone;
mod played;
#[path = "../../tests/approval/push_token.rs"]
mod push_token;
#[path = "../../../tests/src/tiqr.rs"]
mod tiqr;

use std::hint::black_box;

use countersign::approval::{Event, Flow, Step};
use countersign::secret::{from_json, to_json};
use criterion::{BatchSize, Criterion};
use played::Played;
use push_token::Make;
use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, UnparsedPublicKey};

const AT_ONCE: usize = 50;

/// One approval by each system, with the kind of key.
fn approvals() -> Vec<(&'static str, Played)> {
    vec![
        ("Keycloak Push MFA, ES256", played::keycloak(true)),
        ("Keycloak Push MFA, ES256, keys of the command line", played::keycloak(true).with_stored_keys()),
        ("eduMFA, ES256", played::push_token(Make::EduMfa, 3072, true)),
        ("App Authenticator, ES256", played::app_authenticator(true)),
        ("privacyIDEA, RSA-3072", played::push_token(Make::PrivacyIdea, 3072, true)),
        ("privacyIDEA, RSA-4096", played::push_token(Make::PrivacyIdea, 4096, true)),
        ("eduMFA's older form, RSA-3072", played::push_token(Make::EduMfaOlder, 3072, true)),
        ("eduMFA's older form, RSA-4096", played::push_token(Make::EduMfaOlder, 4096, true)),
        ("tiqr, OCRA", played::tiqr()),
    ]
}

fn one_each(criterion: &mut Criterion, approvals: &[(&str, Played)]) {
    for (name, played) in approvals {
        criterion.bench_function(&format!("approval/{name}"), |bencher| {
            bencher.iter_batched(|| played.copy(), Played::play, BatchSize::SmallInput);
        });
    }
    let (_, keycloak) = &approvals[0];
    criterion.bench_function("approval/Keycloak Push MFA, each turn stored and read back", |bencher| {
        let store = |flow: Flow| from_json(to_json(&flow).unwrap().expose()).unwrap();
        bencher.iter_batched(|| keycloak.copy(), |played| played.play_with(store), BatchSize::SmallInput);
    });
}

/// What the signatures of the phone itself cost that it checks before it sends them.
fn signature_checks(criterion: &mut Criterion, keycloak: &Played) {
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = ring::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = ring::signature::EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
    let signature = pair.sign(&random, b"text").unwrap();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
    let signings = keycloak.events.iter().filter(|(event, _)| matches!(event, Event::Signed(_))).count();
    criterion.bench_function("approval/signature checks alone", |bencher| {
        bencher.iter(|| (0..signings).all(|_| public.verify(black_box(b"text"), signature.as_ref()).is_ok()));
    });
}

/// Accounts of one kind, each with a request that waits.
fn looks(criterion: &mut Criterion) {
    for (name, look) in [
        ("Keycloak Push MFA", played::keycloak(false)),
        ("App Authenticator", played::app_authenticator(false)),
        ("eduMFA", played::push_token(Make::EduMfa, 3072, false)),
        ("privacyIDEA, RSA-3072", played::push_token(Make::PrivacyIdea, 3072, false)),
        ("eduMFA's older form, RSA-3072", played::push_token(Make::EduMfaOlder, 3072, false)),
    ] {
        let name = format!("approval/look at {AT_ONCE} accounts of {name}");
        look_at_all(criterion, &name, &look, Played::play);
        if name.contains("RSA") {
            look_at_all(criterion, &format!("{name}, without its signatures"), &look, Played::play_signed);
        }
    }
}

fn look_at_all(criterion: &mut Criterion, name: &str, look: &Played, play: fn(Played) -> Flow) {
    criterion.bench_function(name, |bencher| {
        let copies = || (0..AT_ONCE).map(|_| look.copy()).collect::<Vec<_>>();
        let play_all = |copies: Vec<Played>| copies.into_iter().map(play).collect::<Vec<_>>();
        bencher.iter_batched(copies, play_all, BatchSize::SmallInput);
    });
}

/// The most that approvals take which go on side by side, up to their ends, their events among it.
fn memory((name, played): &(&str, Played)) {
    let before = counter::begin();
    let mut flows: Vec<Flow> = (0..AT_ONCE).map(|_| played.first.clone()).collect();
    for (event, now) in &played.events {
        for flow in &mut flows {
            played::step(flow, &played.keys, event.clone(), *now);
        }
    }
    let most = counter::most() - before;
    assert!(flows.iter().all(|flow| matches!(flow.current().step, Step::Done(_))));
    println!("approval/memory of {AT_ONCE} flows, {name}: {} kB", most.div_ceil(1_000));
}

fn main() {
    let approvals = approvals();
    approvals.iter().for_each(memory);
    let mut criterion = Criterion::default().configure_from_args();
    one_each(&mut criterion, &approvals);
    signature_checks(&mut criterion, &approvals[0].1);
    looks(&mut criterion);
    criterion.final_summary();
}
