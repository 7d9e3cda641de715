//! Two processes, one account: a run belongs to one of them at a time. And what a locked vault does with runs: nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use countersign::approval::{AnswerRequest, AnswerResult, Event, Outcome, Step, Turn};
use countersign::authenticator::{Error, Job, RunId, Scanned, Unfinished};
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::vault::{Change, ValueKind, VaultError};
use countersign_practice::Settings;
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::{Place, approval};
use rusqlite::Connection;
use serde_json::{Value, json};

/// Longer than a run of a process that sleeps keeps an account to itself.
const LEASE_MS: u64 = 130_000;

struct Bench {
    place: Place,
    phone: Phone,
    account: String,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let mut place = Place::new(Settings { challenge_seconds: 900, ..Settings::default() });
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        Self { place, phone, account, folder }
    }

    /// Another process on the same vault, with the same key store.
    fn second(&self) -> Phone {
        self.phone.second_process(self.place.now())
    }

    fn database(&self) -> Connection {
        Connection::open(self.folder.path().join("vault.db")).unwrap()
    }

    /// Where the rows under the master key are.
    fn rows(&self) -> Vec<Vec<u8>> {
        let database = self.database();
        let mut query = database.prepare("SELECT locator FROM row WHERE book = 0").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// A sign-in that waits, and its approval.
    fn sign_in(&mut self) -> AnswerRequest {
        let sign_in = self.place.realm.sign_in("alice", self.place.clock.server());
        let request = approval(&sign_in);
        self.place.person.sign_in = Some(sign_in);
        request
    }

    fn assert_usable(&mut self) {
        let request = self.sign_in();
        let job = Job::Check { account: &self.account };
        assert!(matches!(self.phone.run(&job, &mut self.place), Ok(Outcome::Checked { .. })));
        let job = Job::Answer { account: &self.account, request };
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

/// One process reads the clock, then another goes on with its run, then the first looks for what is left.
#[test]
fn a_run_that_went_on_since_the_clock_was_read_is_not_taken_up() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let before = bench.place.now();
    bench.place.wait(10);
    bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    assert_eq!(bench.second().core().unfinished(before).unwrap(), []);
}

/// An account that another process has deleted shows no codes any more.
#[test]
fn codes_are_those_of_the_vault_as_it_is() {
    let mut bench = Bench::new();
    let now = bench.place.now();
    let scanned = Scanned::read(b"otpauth://totp/A:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let ids = [bench.phone.core().add(&scanned, now).unwrap().id];
    assert!(bench.phone.core().codes(&ids, now).unwrap()[0].is_some());
    let mut second = bench.second();
    second.core().remove(&ids[0], now).unwrap();
    second.core().purge(&ids[0], now).unwrap();
    let gone = bench.phone.core().codes(&ids, now).unwrap_err();
    assert_eq!(gone, Error::Vault(VaultError::NoSuchAccount));
}

/// A host that begins looks and drops them: what they hold does not stay for ever.
#[test]
fn a_look_that_nobody_goes_on_with_is_forgotten() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let look = Job::Check { account: &account };
    let dropped = bench.phone.core().begin(&look, bench.place.now()).unwrap();
    bench.place.wait(1_000);
    let second = bench.phone.core().begin(&look, bench.place.now()).unwrap();
    let now = bench.place.now();
    assert!(bench.phone.core().current(&dropped, now).is_ok(), "it may still be under way");
    bench.place.wait(LEASE_MS - 1_000);
    assert!(matches!(bench.phone.run(&look, &mut bench.place), Ok(Outcome::Checked { .. })));
    let now = bench.place.now();
    for forgotten in [dropped, second] {
        assert_eq!(bench.phone.core().current(&forgotten, now).unwrap_err().reason(), Reason::NoSuchRun);
    }
}

/// Carries a run on until its answer is on its way, and gives the turn that waits for the reply.
fn until_it_is_sent(phone: &mut Phone, run: &RunId, place: &mut Place) -> Turn {
    until(phone, run, place, |step| matches!(step, Step::Send(request) if request.url.ends_with("/respond")))
}

/// Carries a run on until a step, and gives its turn.
fn until(phone: &mut Phone, run: &RunId, place: &mut Place, is_it: impl Fn(&Step) -> bool) -> Turn {
    loop {
        let turn = phone.turn(run, place.now());
        if is_it(&turn.step) {
            return turn;
        }
        let event = phone.perform(&turn.step, place).unwrap();
        phone.tell(run, &turn, event, place.now());
    }
}

#[test]
fn while_an_answer_is_on_its_way_no_other_process_answers() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let job = Job::Answer { account: &account, request: bench.sign_in() };
    let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
    let turn = until_it_is_sent(&mut bench.phone, &run, &mut bench.place);
    let mut second = bench.second();
    let busy = second.core().begin(&job, bench.place.now()).unwrap_err();
    assert_eq!(busy.reason(), Reason::RequestBusy);

    // As if the first had been killed: the second answers, and then the first hears of its own answer after all.
    bench.place.wait(6_000);
    let event = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
    assert_eq!(bench.place.realm.settled.len(), 1);
    let other = second.core().begin(&job, bench.place.now()).unwrap();
    let end = second.finish(&other, &mut bench.place);
    let Outcome::Answered(second) = end else { panic!("{end:?}") };
    assert_eq!(second.result, AnswerResult::Unknown, "whose answer ended it can't be known");
    bench.phone.tell(&run, &turn, event, bench.place.now());
    let last = bench.phone.turn(&run, bench.place.now());
    let Step::Done(Outcome::Answered(answered)) = last.step else { panic!("{:?}", last.step) };
    assert_eq!(answered.result, AnswerResult::Approved, "what the server said is not lost");
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

/// After a kill the step at hand may have been carried out: it is not handed out again before the run is taken up.
#[test]
fn a_killed_process_run_is_gone_on_with_by_resuming_only() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    bench.phone.start_again(bench.place.now());
    let (core, now) = (bench.phone.core(), bench.place.now());
    assert_eq!(core.current(&run, now).unwrap_err().reason(), Reason::NoSuchRun);
    assert_eq!(core.next(&run, 1, Event::Woke, now).unwrap_err().reason(), Reason::NoSuchRun);
    let turn = core.resume(&run, now).unwrap();
    assert_eq!(core.current(&run, now).unwrap().number, turn.number);
}

/// A run that another version of the app began ends with a reason, and its keys are named.
#[test]
fn a_run_of_another_version_is_told_and_can_be_abandoned() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    let now = bench.place.now();
    let mut vault = bench.phone.vault(now);
    let mut row: Value = vault.get(ValueKind::Flow, &run.0, now).unwrap().unwrap();
    row["flow"] = json!({ "version": 99 });
    row["keys"] = json!(["key-of-99"]);
    let put = |change: &mut Change<'_>| change.put(ValueKind::Flow, &run.0, &row);
    vault.change(&mut SystemEntropy::new(), now, put).unwrap();
    assert_eq!(bench.second().core().unfinished(now).unwrap(), [], "a process of that version is at it");
    bench.place.wait(LEASE_MS);

    let mut second = bench.second();
    let now = bench.place.now();
    let left = second.core().unfinished(now).unwrap();
    assert_eq!((left.len(), left[0].account.as_deref()), (1, Some(account.as_str())));
    assert_eq!(second.core().resume(&run, now).unwrap_err().reason(), Reason::FlowOutdated);
    assert_eq!(second.core().abandon(&run, now).unwrap().unused_keys, ["key-of-99"]);
    assert!(second.core().unfinished(now).unwrap().is_empty());
}

/// A run whose row is damaged or gone from the file is told and given up; it must not stop everything else for good.
#[test]
fn a_damaged_run_is_told_and_can_be_abandoned() {
    let overwritten = "UPDATE row SET sealed = zeroblob(length(sealed)) WHERE book = 0 AND locator = ?1";
    let removed = "DELETE FROM row WHERE book = 0 AND locator = ?1";
    for damage in [overwritten, removed] {
        let mut bench = Bench::new();
        let account = bench.account.clone();
        let before = bench.rows();
        let job = Job::RotateKey { account: &account };
        let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
        let rows: Vec<_> = bench.rows().into_iter().filter(|row| !before.contains(row)).collect();
        assert_eq!(rows.len(), 1);
        bench.database().execute(damage, [&rows[0]]).unwrap();
        bench.place.wait(LEASE_MS);

        let mut second = bench.second();
        let now = bench.place.now();
        let left = second.core().unfinished(now).unwrap();
        assert_eq!(left, [Unfinished { run: run.clone(), account: None }]);
        assert_eq!(second.core().resume(&run, now).unwrap_err().reason(), Reason::FlowOutdated);
        second.core().begin(&job, now).unwrap();
        let left = second.core().abandon(&run, now).unwrap();
        assert_eq!(left.unused_keys, Vec::<String>::new(), "a damaged row names none");
        assert!(second.core().unfinished(now).unwrap().is_empty());
    }
}

/// An answer that was interrupted, and then the account got another key: it must not go on with the old one and say
/// that the key is gone.
#[test]
fn an_answer_from_before_a_change_of_key_is_forgotten() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let job = Job::Answer { account: &account, request: bench.sign_in() };
    let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
    bench.phone.start_again(bench.place.now());
    let rotated = bench.phone.run(&Job::RotateKey { account: &account }, &mut bench.place).unwrap();
    assert!(matches!(rotated, Outcome::Rotated { .. }), "{rotated:?}");

    bench.place.wait(LEASE_MS);
    let now = bench.place.now();
    bench.phone.core().resume(&run, now).unwrap();
    let end = bench.phone.finish(&run, &mut bench.place);
    assert!(matches!(end, Outcome::Refused(Reason::RequestBusy)), "{end:?}");
    assert!(bench.phone.core().unfinished(now).unwrap().is_empty());
    bench.phone.run(&job, &mut bench.place).unwrap();
    assert_eq!(bench.place.realm.settled.len(), 1);
}

/// A change of key was interrupted, before or after its new key was noted, and then the account was deleted: between
/// them, the deletion and the end of the run name both keys.
#[test]
fn a_change_of_key_whose_account_is_gone_leaves_no_key() {
    for is_noted in [false, true] {
        let mut bench = Bench::new();
        let account = bench.account.clone();
        let job = Job::RotateKey { account: &account };
        let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
        let turn = until(&mut bench.phone, &run, &mut bench.place, |step| matches!(step, Step::CreateKey(_)));
        let made = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
        if is_noted {
            bench.phone.tell(&run, &turn, made, bench.place.now());
        }
        bench.phone.start_again(bench.place.now());
        let (core, now) = (bench.phone.core(), bench.place.now());
        core.remove(&account, now).unwrap();
        let mut named = core.purge(&account, now).unwrap();

        bench.place.wait(LEASE_MS);
        let (core, now) = (bench.phone.core(), bench.place.now());
        let turn = core.resume(&run, now).unwrap();
        let Step::Done(Outcome::Refused(reason)) = turn.step else { panic!("{turn:?}") };
        assert_eq!(reason, Reason::NoSuchAccount);
        named.extend(core.finished(&run).unwrap().unused_keys.iter().cloned());
        assert!(core.unfinished(now).unwrap().is_empty());
        named.sort();
        assert_eq!(bench.phone.keys(), named, "noted: {is_noted}");
        assert_eq!(named.len(), 2);
    }
}

/// A host without a key store keeps its keys in the vault: they go in the change that makes them useless, so that a kill
/// right after it leaves none.
#[test]
fn a_key_in_the_vault_goes_with_what_it_was_for() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let key_of = |bench: &mut Bench| {
        let now = bench.place.now();
        bench.phone.core().account(&account, now).unwrap().registration.unwrap().key.unwrap().id
    };
    let keep = |bench: &mut Bench, key: &str| {
        let now = bench.place.now();
        bench.phone.core().put_host_row(key, &"private", now).unwrap();
    };
    let is_kept = |bench: &mut Bench, key: &str| {
        let now = bench.place.now();
        bench.phone.core().host_row::<String>(key, now).unwrap().is_some()
    };
    let first = key_of(&mut bench);
    keep(&mut bench, &first);
    bench.phone.run(&Job::RotateKey { account: &account }, &mut bench.place).unwrap();
    assert!(!is_kept(&mut bench, &first), "a change of key");

    let second = key_of(&mut bench);
    keep(&mut bench, &second);
    let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    let turn = until(&mut bench.phone, &run, &mut bench.place, |step| matches!(step, Step::CreateKey(_)));
    let Step::CreateKey(request) = &turn.step else { panic!("{turn:?}") };
    keep(&mut bench, &request.key_id);
    let left = bench.phone.core().abandon(&run, bench.place.now()).unwrap();
    assert_eq!(left.unused_keys, std::slice::from_ref(&request.key_id));
    assert!(!is_kept(&mut bench, &request.key_id), "a change of key that was given up");
    assert!(is_kept(&mut bench, &second), "the account has it still");

    let now = bench.place.now();
    bench.phone.core().remove(&account, now).unwrap();
    assert_eq!(bench.phone.core().purge(&account, now).unwrap(), std::slice::from_ref(&second));
    assert!(!is_kept(&mut bench, &second), "an account that was deleted");
}
