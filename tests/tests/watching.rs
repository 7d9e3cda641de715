//! What stands beside an account in the vault comes and goes with it: what background checks read, the requests that
//! were found, what was done about each, and the past.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use countersign::account::MAX_NAME;
use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Decision, DeclineReason, Event, Given, Method, Outcome, Question,
    Step, Turn,
};
use countersign::authenticator::{Background, Job, PastRequest, PastStanding};
use countersign::clock::Now;
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::{Change, Shelf, ValueKind, VaultError, Watch};
use countersign_practice::Settings;
use countersign_tests::network::Clock;
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::{Place, approval};
use countersign_tests::realm::SignIn;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

struct Bench {
    place: Place,
    phone: Phone,
    account: String,
    watch_key: Secret,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::ahead(0)
    }

    /// With a device whose clock is so many seconds ahead.
    fn ahead(skew: i64) -> Self {
        let mut place = Place { clock: Clock::new(skew), ..Place::new(Settings::default()) };
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        let watch_key = phone.core().watch_key(place.now()).unwrap();
        Self { place, phone, account, watch_key, folder }
    }

    /// Begins a sign-in; its request is seen.
    fn sign_in(&mut self) -> SignIn {
        let sign_in = self.place.realm.sign_in("alice", self.place.clock.server());
        self.place.person.sign_in = Some(sign_in.clone());
        self.look();
        sign_in
    }

    /// Begins a sign-in and approves it; the id of its request.
    fn approve(&mut self) -> String {
        let sign_in = self.sign_in();
        self.approve_this(&sign_in);
        sign_in.id
    }

    fn approve_this(&mut self, sign_in: &SignIn) {
        let job = Job::Answer { account: &self.account, request: approval(sign_in) };
        let outcome = self.phone.run(&job, &mut self.place).unwrap();
        let Outcome::Answered(answered) = outcome else { panic!("{outcome:?}") };
        assert_eq!(answered.result, AnswerResult::Approved);
    }

    fn look(&mut self) {
        let looked = self.phone.run(&Job::Check { account: &self.account }, &mut self.place).unwrap();
        assert!(matches!(looked, Outcome::Checked { .. }), "{looked:?}");
    }

    fn has_record(&mut self, request: &str) -> bool {
        let now = self.place.now();
        self.phone.core().record(&self.account, request, now).unwrap().is_some()
    }

    fn history(&mut self) -> Vec<PastRequest> {
        let now = self.place.now();
        self.phone.core().history(now).unwrap()
    }

    fn background(&self) -> Background {
        // EXPOSE: as a host gives it.
        let key = self.watch_key.expose().try_into().unwrap();
        Background::open(&self.folder.path().join("vault.db"), key, Box::new(SystemEntropy::new())).unwrap()
    }
}

#[test]
fn the_past_says_what_became_of_each_request() {
    let mut bench = Bench::new();
    let first = bench.sign_in();
    let standing = |bench: &mut Bench, place: usize| {
        let now = bench.place.now();
        let past = bench.history();
        (past[place].standing(now), past[place].entra_reason(now))
    };
    assert_eq!(standing(&mut bench, 0), (PastStanding::Waiting, None));
    bench.approve_this(&first);
    assert_eq!(standing(&mut bench, 0), (PastStanding::Answered(AnswerResult::Approved), None));

    bench.place.wait(1_000);
    let second = bench.place.realm.sign_in("alice", bench.place.clock.server());
    let decision = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let request = AnswerRequest { request: second.id.clone(), decision };
    bench.phone.run(&Job::Answer { account: &bench.account, request }, &mut bench.place).unwrap();
    let declined = (PastStanding::Answered(AnswerResult::Declined), Some("user declined the authentication"));
    assert_eq!(standing(&mut bench, 0), declined);

    bench.place.wait(1_000);
    let third = bench.sign_in();
    bench.place.wait(DAY_MS);
    let silent = Some("user didn't respond to mobile app notification");
    assert_eq!(standing(&mut bench, 0), (PastStanding::Unanswered, silent));

    let past = bench.history();
    let ids: Vec<_> = past.iter().map(|past| past.request.clone()).collect();
    assert_eq!(ids, [third.id, second.id, first.id]);
    let names = |past: &PastRequest| (past.name.clone(), past.application.clone());
    assert_eq!(names(&past[0]), names(&past[2]));
    assert_eq!(past[0].name, "alice");
    assert!(!past[0].application.is_empty() && past[1].answer.unwrap().decline == Some(DeclineReason::NotMe));

    let (account, now) = (bench.account.clone(), bench.place.now());
    bench.phone.core().remove(&account, now).unwrap();
    assert_eq!(bench.history().len(), 3);
    let _ = bench.phone.core().purge(&account, now).unwrap();
    assert!(bench.history().is_empty());
}

#[test]
fn what_a_look_lists_no_more_waits_no_more() {
    let mut bench = Bench::new();
    let ended = bench.sign_in();
    bench.place.realm.end_sign_in(&ended.id);
    bench.place.wait(1_000);
    let now = bench.place.now();
    assert_eq!(bench.history()[0].standing(now), PastStanding::Waiting, "nobody has looked");
    bench.look();
    let past = bench.history();
    assert_eq!(past[0].standing(bench.place.now()), PastStanding::Unanswered);
    assert!(past[0].expires_at.is_some_and(|end| end <= bench.place.now().wall));
}

#[test]
fn a_number_that_may_be_corrected_leaves_the_request_waiting() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let typed = |text: &str| {
        let given = Some(Given::Number(Secret::copy_of(text.as_bytes())));
        AnswerRequest { request: sign_in.id.clone(), decision: Decision::Approve { given } }
    };
    let give = |bench: &mut Bench, text: &str| {
        let job = Job::Answer { account: &bench.account, request: typed(text) };
        bench.phone.run(&job, &mut bench.place)
    };
    let past = |bench: &mut Bench| {
        let now = bench.place.now();
        let past = bench.history().remove(0);
        (past.standing(now), past.entra_reason(now), past.answer.map(|answer| answer.missed))
    };
    give(&mut bench, "two").unwrap();
    assert_eq!(past(&mut bench), (PastStanding::Waiting, None, None), "no answer at all");
    give(&mut bench, "100").unwrap();
    assert_eq!(past(&mut bench), (PastStanding::Waiting, None, Some(1)));
    let later = Now { wall: bench.place.now().wall.plus(600), ..bench.place.now() };
    let missed = bench.history().remove(0);
    assert_eq!(missed.standing(later), PastStanding::Answered(AnswerResult::WrongAnswer));
    assert_eq!(missed.entra_reason(later), Some("user entered incorrect code"));

    give(&mut bench, "101").unwrap();
    let ended = PastStanding::Answered(AnswerResult::WrongAnswer);
    assert_eq!(past(&mut bench), (ended, Some("entered incorrect code too many times"), Some(2)));
}

/// The same where the phone asks, and the person gives up after the first number.
#[test]
fn a_number_that_was_not_corrected_stands_in_the_past() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let job = Job::Answer { account: &bench.account, request: approval(&sign_in) };
    let run = bench.phone.core().begin(&job, bench.place.now()).unwrap();
    let mut turn = bench.phone.turn(&run, bench.place.now());
    while !matches!(turn.step, Step::Ask(Question::Answer { missed: true, .. })) {
        let event = match &turn.step {
            Step::Ask(Question::Answer { .. }) => Event::Answered(Answer::Typed(Secret::copy_of(b"100"))),
            step => bench.phone.perform(step, &mut bench.place).unwrap(),
        };
        turn = bench.phone.core().next(&run, turn.number, event, bench.place.now()).unwrap();
    }
    let past = bench.history().remove(0);
    let now = bench.place.now();
    let answer = past.answer.unwrap();
    assert_eq!((past.standing(now), answer.missed), (PastStanding::Waiting, 1));
    assert_eq!(answer.reason, Some(Reason::NumberNotOffered));
    drop(bench.phone.core().abandon(&run, now).unwrap());
    let later = Now { wall: now.wall.plus(600), ..now };
    let past = bench.history().remove(0);
    assert_eq!(past.entra_reason(later), Some("user entered incorrect code"));
}

#[test]
fn a_lock_out_ends_what_waits_and_stands_in_the_past() {
    let mut bench = Bench::new();
    let first = bench.sign_in();
    bench.approve_this(&first);
    bench.place.wait(1_000);
    let second = bench.sign_in();
    bench.place.wait(1_000);
    let outcome = bench.phone.run(&Job::LockOut { account: &bench.account }, &mut bench.place).unwrap();
    assert!(matches!(outcome, Outcome::LockedOut), "{outcome:?}");

    let now = bench.place.now();
    let past = bench.history();
    let standing: Vec<_> = past.iter().map(|past| (past.request.as_str(), past.standing(now))).collect();
    assert_eq!(
        standing,
        [
            ("", PastStanding::LockedOut),
            (second.id.as_str(), PastStanding::Unanswered),
            (first.id.as_str(), PastStanding::Answered(AnswerResult::Approved)),
        ]
    );
    assert_eq!(
        (past[0].name.as_str(), past[0].seen_at, past[0].entra_reason(now)),
        ("alice", now.wall, None)
    );
    assert!(bench.phone.core().last_seen(now).unwrap().is_empty());
    assert!(bench.background().last_seen(&bench.account).unwrap().is_empty());

    // Locked once more after an administrator opened it: a row for each.
    bench.place.wait(1_000);
    bench.phone.run(&Job::LockOut { account: &bench.account }, &mut bench.place).unwrap();
    assert_eq!(bench.history().len(), 4);
    let account = bench.account.clone();
    bench.phone.core().remove(&account, now).unwrap();
    let _ = bench.phone.core().purge(&account, now).unwrap();
    assert!(bench.history().is_empty());
}

#[test]
fn an_id_that_somebody_made_up_has_no_past() {
    let mut bench = Bench::new();
    let request =
        AnswerRequest { request: "nothing".to_owned(), decision: Decision::Approve { given: None } };
    bench.phone.run(&Job::Answer { account: &bench.account, request }, &mut bench.place).unwrap();
    assert!(bench.history().is_empty());
}

#[test]
fn in_the_trash_it_is_not_looked_at() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let (account, now) = (bench.account.clone(), bench.place.now());
    assert_eq!(bench.background().accounts().unwrap(), std::slice::from_ref(&account));
    assert_eq!(bench.background().last_seen(&account).unwrap().len(), 1);

    bench.phone.core().remove(&account, now).unwrap();
    assert!(bench.background().accounts().unwrap().is_empty());
    assert!(bench.background().last_seen(&account).unwrap().is_empty());
    assert!(bench.phone.core().last_seen(now).unwrap().is_empty());

    bench.phone.core().set_label(&account, Some("Work"), now).unwrap();
    assert!(bench.background().accounts().unwrap().is_empty(), "a new label does not bring it back");
    bench.phone.core().restore(&account, now).unwrap();
    assert_eq!(bench.background().accounts().unwrap(), std::slice::from_ref(&account));
    assert_eq!(bench.background().label(&account).unwrap().as_deref(), Some("Work"));
    bench.approve_this(&sign_in);
}

#[test]
fn removed_while_it_is_looked_at_it_stays_away() {
    let mut bench = Bench::new();
    bench.place.realm.sign_in("alice", bench.place.clock.server());
    let (account, now) = (bench.account.clone(), bench.place.now());
    let mut background = bench.background();
    let mut turn = background.begin(&account, now).unwrap();
    bench.phone.core().remove(&account, now).unwrap();
    while let Some(event) = bench.phone.perform(&turn.step, &mut bench.place) {
        turn = background.next(turn.number, event, bench.place.now()).unwrap();
    }
    assert!(bench.background().accounts().unwrap().is_empty());
    assert!(bench.background().last_seen(&account).unwrap().is_empty());
}

/// The same when the app itself looks.
#[test]
fn removed_while_the_app_looks_at_it_it_stays_away() {
    let mut bench = Bench::new();
    bench.place.realm.sign_in("alice", bench.place.clock.server());
    let (account, now) = (bench.account.clone(), bench.place.now());
    let run = bench.phone.core().begin(&Job::Check { account: &account }, now).unwrap();
    bench.phone.core().remove(&account, now).unwrap();
    bench.phone.finish(&run, &mut bench.place);
    assert!(bench.background().accounts().unwrap().is_empty());
    assert!(bench.background().last_seen(&account).unwrap().is_empty());
}

/// Carries out the steps of a look; the list is held back, with the turn that waits for it.
fn up_to_the_list(
    bench: &mut Bench,
    mut turn: Turn,
    mut next: impl FnMut(&mut Bench, u64, Event) -> Turn,
) -> (u64, Event) {
    loop {
        let is_list = matches!(&turn.step, Step::Send(request) if request.method == Method::Get);
        let event = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
        if is_list {
            return (turn.number, event);
        }
        turn = next(bench, turn.number, event);
    }
}

/// A look whose list was fetched before an answer and came after it: the request does not come back.
#[test]
fn an_old_look_brings_no_answered_request_back() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let mut background = bench.background();
    let begun = background.begin(&account, now).unwrap();
    let behind =
        up_to_the_list(&mut bench, begun, |_, turn, event| background.next(turn, event, now).unwrap());
    let run = bench.phone.core().begin(&Job::Check { account: &account }, now).unwrap();
    let begun = bench.phone.turn(&run, now);
    let (turn, seen) = up_to_the_list(&mut bench, begun, |bench, turn, event| {
        bench.phone.core().next(&run, turn, event, now).unwrap()
    });
    bench.approve_this(&sign_in);

    let now = bench.place.now();
    let late = bench.phone.core().next(&run, turn, seen, now).unwrap();
    let Step::Done(Outcome::Checked { requests, .. }) = late.step else { panic!("{late:?}") };
    assert!(requests.is_empty(), "{requests:?}");
    let told_again = bench.phone.turn(&run, now);
    assert!(matches!(told_again.step, Step::Done(Outcome::Checked { requests, .. }) if requests.is_empty()));
    assert!(bench.phone.core().last_seen(now).unwrap().is_empty());

    let late = background.next(behind.0, behind.1, now).unwrap();
    assert!(matches!(late.step, Step::Done(_)), "{late:?}");
    assert!(bench.phone.core().last_seen(now).unwrap().is_empty(), "a look behind the app's back");
}

/// An answer whose account went to the trash meanwhile leaves nothing under the watch key.
#[test]
fn removed_while_it_is_answered_it_stays_away() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let job = Job::Answer { account: &account, request: approval(&sign_in) };
    let run = bench.phone.core().begin(&job, now).unwrap();
    bench.phone.core().remove(&account, now).unwrap();
    bench.phone.finish(&run, &mut bench.place);
    assert_eq!(bench.phone.vault(now).ids(ValueKind::Pending, now).unwrap(), Vec::<String>::new());
}

#[test]
fn purged_it_leaves_nothing_but_its_key_to_delete() {
    let mut bench = Bench::new();
    let request = bench.approve();
    let (account, now) = (bench.account.clone(), bench.place.now());
    assert!(bench.has_record(&request));
    bench.phone.core().remove(&account, now).unwrap();
    let keys = bench.phone.core().purge(&account, now).unwrap();
    assert_eq!(bench.phone.keys(), keys);
    assert_eq!(keys.len(), 1);
    assert!(!bench.has_record(&request));
}

#[test]
fn records_are_kept_for_a_week_after_the_requests_end() {
    let mut bench = Bench::new();
    let first = bench.approve();
    bench.place.wait(6 * DAY_MS);
    let second = bench.approve();
    assert!(bench.has_record(&first) && bench.has_record(&second));
    bench.place.wait(2 * DAY_MS);
    let third = bench.approve();
    assert_eq!([&first, &second, &third].map(|request| bench.has_record(request)), [false, true, true]);
}

#[test]
fn the_label_is_all_that_a_notification_may_say() {
    let mut bench = Bench::new();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let label = |bench: &Bench| bench.background().label(&bench.account).unwrap();
    assert_eq!(label(&bench), None);
    bench.phone.core().set_label(&account, Some(" Work "), now).unwrap();
    assert_eq!(label(&bench).as_deref(), Some("Work"));
    let longer = bench.phone.core().set_label(&account, Some(&"x".repeat(MAX_NAME + 1)), now);
    assert_eq!(longer.unwrap_err().reason(), Reason::ValueTooLarge, "it is not cut in silence");
    bench.look();
    assert_eq!(label(&bench).as_deref(), Some("Work"), "a look keeps it");
    bench.phone.core().set_label(&account, None, now).unwrap();
    assert_eq!(label(&bench), None);
}

#[test]
fn a_new_watch_key_keeps_what_is_looked_at() {
    let mut bench = Bench::new();
    let (account, now) = (bench.account.clone(), bench.place.now());
    bench.phone.core().set_label(&account, Some("Work"), now).unwrap();
    bench.phone.core().renew_watch(now).unwrap();
    bench.watch_key = bench.phone.core().watch_key(now).unwrap();
    assert_eq!(bench.background().accounts().unwrap(), std::slice::from_ref(&account));
    assert_eq!(bench.background().label(&account).unwrap().as_deref(), Some("Work"));
}

/// The reply of a look that was left must not count as that of the next one.
#[test]
fn turns_of_two_looks_are_told_apart() {
    let mut bench = Bench::new();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let mut background = bench.background();
    let first = background.begin(&account, now).unwrap();
    let event = bench.phone.perform(&first.step, &mut bench.place).unwrap();
    let second = background.begin(&account, now).unwrap();
    assert!(second.number > first.number);
    assert_eq!(background.next(first.number, event, now).unwrap().number, second.number);
}

/// Whoever has the watch key can change what background checks use. Before an answer that is noticed, set right, and
/// nothing is sent.
#[test]
fn a_changed_watch_row_ends_an_answer_with_a_reason() {
    let mut bench = Bench::new();
    let sign_in = bench.sign_in();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let path = bench.folder.path().join("vault.db");
    // EXPOSE: as a host gives it.
    let mut watch = Watch::open(&path, bench.watch_key.expose().try_into().unwrap()).unwrap();
    let mut row: serde_json::Value = watch.get(ValueKind::Watch, &account).unwrap().unwrap();
    row["registration"]["key"]["id"] = "another".into();
    let forge = |change: &mut Change<'_>| change.put(ValueKind::Watch, &account, &row);
    watch.change(&mut SystemEntropy::new(), forge).unwrap();

    let job = Job::Answer { account: &account, request: approval(&sign_in) };
    let refused = bench.phone.run(&job, &mut bench.place).unwrap_err();
    assert_eq!(refused.reason(), Reason::WatchRecordDiffers);
    assert!(bench.place.realm.answers.is_empty(), "something was sent");
    bench.phone.core().accounts(Shelf::InUse, now).unwrap();
    bench.approve_this(&sign_in);
}

/// Flows act with the master key's authority: the watch key must not reach them.
#[test]
fn the_watch_key_reads_and_writes_no_flow() {
    let mut bench = Bench::new();
    let account = bench.account.clone();
    let run = bench.phone.core().begin(&Job::RotateKey { account: &account }, bench.place.now()).unwrap();
    let path = bench.folder.path().join("vault.db");
    // EXPOSE: as a host gives it.
    let mut watch = Watch::open(&path, bench.watch_key.expose().try_into().unwrap()).unwrap();
    assert_eq!(watch.ids(ValueKind::Flow), Err(VaultError::Locked));
    let forged =
        watch.change(&mut SystemEntropy::new(), |change| change.put(ValueKind::Flow, &run.0, "forged"));
    assert_eq!(forged, Err(VaultError::Locked));
}

#[test]
fn how_far_the_servers_are_ahead_is_known_from_what_they_tell() {
    for skew in [0, 90, -90] {
        let mut bench = Bench::ahead(skew);
        bench.sign_in();
        let now = bench.place.now();
        let offset = bench.phone.core().clock_offset(now).unwrap().unwrap();
        // A second or two is the way that a reply takes.
        assert!((offset.seconds + skew).abs() <= 2, "{offset:?} {skew}");
        bench.phone.core().remove(&bench.account, now).unwrap();
        assert_eq!(bench.phone.core().clock_offset(now), Ok(None));
    }
}
