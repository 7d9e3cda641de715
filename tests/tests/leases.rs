//! Two processes, one account: a run belongs to one of them at a time. And what a locked vault does with runs: nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use countersign::approval::{Outcome, Step};
use countersign::authenticator::{Error, Job};
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::vault::{Change, RowKind, VaultError};
use countersign_practice::Settings;
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::{Place, approval};
use serde_json::{Value, json};

/// Longer than a run of a process that sleeps keeps an account to itself.
const LEASE_MS: u64 = 130_000;

struct Bench {
    place: Place,
    phone: Phone,
    account: String,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let mut place = Place::new(Settings { challenge_seconds: 900, ..Settings::default() });
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        Self { place, phone, account, _folder: folder }
    }

    /// Another process on the same vault, with the same key store.
    fn second(&self) -> Phone {
        self.phone.second_process(self.place.now())
    }

    fn assert_usable(&mut self) {
        let sign_in = self.place.realm.sign_in("alice", self.place.clock.server());
        self.place.person.sign_in = Some(sign_in.clone());
        let job = Job::Check { account: &self.account };
        assert!(matches!(self.phone.run(&job, &mut self.place), Ok(Outcome::Checked { .. })));
        let job = Job::Answer { account: &self.account, request: approval(&sign_in) };
        self.phone.run(&job, &mut self.place).unwrap();
        assert_eq!(self.place.realm.settled.len(), 1);
    }
}

/// At each turn of a change of key: one process sleeps past its lease, another goes on and ends it, the first wakes up.
#[test]
fn who_slept_too_long_writes_over_nothing() {
    for sleeps_at in 1..20 {
        let mut bench = Bench::new();
        let account = bench.account.clone();
        let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
        let asleep = loop {
            let turn = bench.phone.turn(&run, bench.place.now());
            if turn.number >= sleeps_at || matches!(turn.step, Step::Done(_)) {
                break turn;
            }
            let event = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
            bench.phone.tell(&run, &turn, event, bench.place.now());
        };
        if matches!(asleep.step, Step::Done(_)) {
            assert!(sleeps_at > 3, "too few steps to be true");
            return;
        }
        bench.place.wait(LEASE_MS);
        let mut second = bench.second();
        let left = second.core().unfinished(bench.place.now()).unwrap();
        assert_eq!(left.len(), 1);
        second.core().resume(&run, bench.place.now()).unwrap();
        second.finish(&run, &mut bench.place);

        let event = bench.phone.perform(&asleep.step, &mut bench.place).unwrap();
        let late = bench.phone.core().next(&run, asleep.number, event, bench.place.now()).unwrap_err();
        assert_eq!(late.reason(), Reason::NoSuchRun, "asleep at turn {sleeps_at}");
        bench.assert_usable();
    }
}

#[test]
fn two_processes_do_not_both_change_a_key() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    let busy =
        bench.second().core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap_err();
    assert_eq!(busy.reason(), Reason::AccountBusy);
}

#[test]
fn a_locked_vault_goes_on_with_nothing() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    bench.phone.core().set_grace(Some(60_000));
    let run = bench.phone.core().begin(&Job::Check { account: &account }, bench.place.now()).unwrap();
    let turn = bench.phone.turn(&run, bench.place.now());
    bench.place.wait(61_000);
    let now = bench.place.now();
    let locked = Error::Vault(VaultError::Locked);
    assert_eq!(bench.phone.core().current(&run, now).unwrap_err(), locked);
    let event = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
    assert_eq!(bench.phone.core().next(&run, turn.number, event, now).unwrap_err(), locked);
    assert_eq!(bench.phone.core().codes(&[], now).unwrap_err(), locked);
}

/// A run that another version of the app began ends with a reason, and its keys are named.
#[test]
fn a_run_of_another_version_is_told_and_can_be_abandoned() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    let now = bench.place.now();
    let mut vault = bench.phone.vault(now);
    let mut row: Value = vault.get(RowKind::Flow, &run.0, now).unwrap().unwrap();
    row["flow"] = json!({ "version": 99 });
    row["keys"] = json!(["key-of-99"]);
    let put = |change: &mut Change<'_>| change.put(RowKind::Flow, &run.0, &row);
    vault.change(&mut SystemEntropy::new(), now, put).unwrap();
    bench.place.wait(LEASE_MS);

    let mut second = bench.second();
    let now = bench.place.now();
    let left = second.core().unfinished(now).unwrap();
    assert_eq!((left.len(), left[0].account.as_deref()), (1, Some(account.as_str())));
    assert_eq!(second.core().resume(&run, now).unwrap_err().reason(), Reason::FlowOutdated);
    assert_eq!(second.core().abandon(&run, now).unwrap().unused_keys, ["key-of-99"]);
    assert!(second.core().unfinished(now).unwrap().is_empty());
}

/// An answer that was interrupted, and then the account got another key: it must not go on with the old one and say
/// that the key is gone.
#[test]
fn an_answer_from_before_a_change_of_key_is_forgotten() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let sign_in = bench.place.realm.sign_in("alice", bench.place.clock.server());
    bench.place.person.sign_in = Some(sign_in.clone());
    let job = Job::Answer { account: &account, request: approval(&sign_in) };
    let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
    bench.phone.start_again(bench.place.now());
    let rotated = bench.phone.run(&Job::RotateKey { account: &account }, &mut bench.place).unwrap();
    assert!(matches!(rotated, Outcome::Rotated { .. }), "{rotated:?}");

    bench.place.wait(LEASE_MS);
    let now = bench.place.now();
    assert_eq!(bench.phone.core().resume(&run, now).unwrap_err().reason(), Reason::RequestBusy);
    assert!(bench.phone.core().unfinished(now).unwrap().is_empty());
    bench.phone.run(&job, &mut bench.place).unwrap();
    assert_eq!(bench.place.realm.settled.len(), 1);
}
