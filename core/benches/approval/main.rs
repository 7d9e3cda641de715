//! The phone's own work in one approval by Keycloak Push MFA: token, list, number, answer, each turn stored.
//!
//! A flow gives the same steps for the same events, so one approval is played once against a small server and its
//! events are handed in again: no network and no signing is measured. What is measured holds four checks of our own
//! signatures by `ring`; "signature checks alone" is what they cost.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark may stop at what is wrong"
)]
#![allow(dead_code, reason = "shares the phone and the server of the tests")]

#[path = "../tests/approval/keycloak.rs"]
mod keycloak;
#[path = "../tests/approval/phone.rs"]
mod phone;

use std::hint::black_box;

use countersign::approval::{AnswerRequest, Decision, Event, Flow, Given, RequestRecord, Start, Step};
use countersign::clock::Now;
use countersign::secret::{Secret, from_json, to_json};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, UnparsedPublicKey};
use serde_json::json;

const T0: i64 = 1_795_475_312;
const LOGIN: &str = "b2726661-f272-4da7-917c-8da28f43125d";

/// An approval from its start, and everything that came of its steps.
fn played() -> (Flow, Vec<(Event, Now)>) {
    let (mut phone, mut server) = (phone::Phone::new(T0), keycloak::Keycloak::new());
    let link = server.link(T0);
    let registration = phone.enrolled(&link, &mut server);
    let numbers = json!({"type": "number-match", "numbers": ["9", "3", "34"]});
    server.login(LOGIN, T0 + 120, Some(numbers), Some("9"));
    phone.context.token = None;
    let given = Some(Given::Any(Secret::copy_of(b"9")));
    let request = AnswerRequest { request: LOGIN.to_owned(), decision: Decision::Approve { given } };
    let start: Start = phone.start();
    let first = Flow::answer(registration, request, RequestRecord::new(LOGIN), start);
    let (mut flow, mut events) = (first.clone(), Vec::new());
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut server);
        flow.next(turn.number, event.clone(), phone.now).unwrap();
        events.push((event, phone.now));
    }
    assert_eq!(server.answers.len(), 1);
    (first, events)
}

fn approval(criterion: &mut Criterion) {
    let (first, events) = played();
    let play = |(mut flow, events): (Flow, Vec<(Event, Now)>)| {
        for (event, now) in events {
            let number = flow.current().number;
            flow.next(number, event, now).unwrap();
        }
        assert!(matches!(flow.current().step, Step::Done(_)));
        flow
    };
    criterion.bench_function("approval/all steps", |bencher| {
        bencher.iter_batched(|| (first.clone(), events.clone()), play, BatchSize::SmallInput);
    });
    criterion.bench_function("approval/all steps, each stored and read back", |bencher| {
        bencher.iter_batched(
            || (first.clone(), events.clone()),
            |(mut flow, events)| {
                for (event, now) in events {
                    let number = flow.current().number;
                    flow.next(number, event, now).unwrap();
                    flow = from_json(to_json(&flow).unwrap().expose()).unwrap();
                }
                flow
            },
            BatchSize::SmallInput,
        );
    });
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = ring::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = ring::signature::EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
    let signature = pair.sign(&random, b"text").unwrap();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
    let signings = events.iter().filter(|(event, _)| matches!(event, Event::Signed(_))).count();
    criterion.bench_function("approval/signature checks alone", |bencher| {
        bencher.iter(|| (0..signings).all(|_| public.verify(black_box(b"text"), signature.as_ref()).is_ok()));
    });
}

criterion_group!(benches, approval);
criterion_main!(benches);
