//! A phone, a realm and an adversary between them, on a virtual clock: set-ups, looks and answers while the network
//! delays, cuts, doubles, reorders and truncates, and servers are busy, broken or something else.
//!
//! `SEED=7 cargo test -p countersign-tests --test adversary` makes one run again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Ended, Given, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign::secret::Secret;
use countersign_practice::realm::{Standing, Verification};
use countersign_practice::{Settings, VerificationKind};
use countersign_tests::dice::Dice;
use countersign_tests::network::{Clock, Network};
use countersign_tests::phone::{Phone, World};
use countersign_tests::place::Person;
use countersign_tests::realm::{Realm, SignIn};
use countersign_tests::runs::{SignInEnd, System, Tally, count, folder, judge, on_the_virtual_clock};

#[test]
fn no_answer_but_the_persons_own_whatever_the_network_does() {
    on_the_virtual_clock(System::KeycloakPush, run);
}

/// What a person does about one sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    /// Types the right number.
    Approves,
    /// Types the right number after one that is not.
    Corrects,
    /// Types a number that is offered, or a PIN, but not the right one.
    Mistakes,
    /// Types the number of somebody else's sign-in.
    Confuses,
    /// Types the right number, but is not the right person.
    IsSomebodyElse,
    Declines,
    Nothing,
}

const INTENTS: [Intent; 9] = [
    Intent::Approves,
    Intent::Approves,
    Intent::Approves,
    Intent::Corrects,
    Intent::Mistakes,
    Intent::Confuses,
    Intent::IsSomebodyElse,
    Intent::Declines,
    Intent::Nothing,
];

/// What a person means to do about one sign-in, and what they did.
struct Task {
    account: String,
    sign_in: SignIn,
    intent: Intent,
    /// What they will type, one after another when the one before was not right.
    words: Vec<String>,
    missed: usize,
    typed: BTreeSet<String>,
    confirmed: bool,
    declined: bool,
}

impl Task {
    /// What they type now; nothing once they have nothing else to try.
    fn word(&mut self) -> Option<Secret> {
        let word = self.words.get(self.missed)?;
        self.typed.insert(word.clone());
        Some(Secret::copy_of(word.as_bytes()))
    }

    fn wants_approval(&self) -> bool {
        matches!(self.intent, Intent::Approves | Intent::Corrects)
    }

    /// Whether an approval of this sign-in is the person's own.
    fn has_approved(&self) -> bool {
        let shown = self.sign_in.shown.as_ref();
        self.confirmed && shown.is_none_or(|shown| self.typed.contains(shown))
    }
}

/// Does one thing after the other, right or wrong.
#[derive(Default)]
struct Doer {
    tasks: Vec<Task>,
}

type Place = countersign_tests::place::Place<Doer>;

impl Doer {
    fn task(&mut self, sign_in: &str) -> &mut Task {
        self.tasks.iter_mut().find(|task| task.sign_in.id == sign_in).unwrap()
    }
}

impl Person for Doer {
    const THINKS_MS: u64 = 3_000;

    fn answer(&mut self, question: &Question) -> Answer {
        match question {
            Question::Trust { .. } => Answer::Confirmed(true),
            Question::Answer { request, missed, .. } => {
                let task = self.task(&request.id);
                task.missed += usize::from(*missed);
                task.word().map_or(Answer::None, Answer::Typed)
            }
            Question::Presence { request } => {
                let task = self.task(&request.id);
                task.confirmed |= task.intent != Intent::IsSomebodyElse;
                Answer::Confirmed(task.intent != Intent::IsSomebodyElse)
            }
            Question::Client { .. } | Question::LockOut => Answer::None,
        }
    }
}

fn standing(place: &Place, sign_in: &str) -> Standing {
    place.realm.standing(sign_in, place.clock.server())
}

/// One life of a phone: set up for one or two people, then some sign-ins.
fn run(seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let faults = dice.between(5, 60);
    let settings = Settings {
        verification: *dice.pick(&[
            VerificationKind::NumberMatch,
            VerificationKind::NumberMatch,
            VerificationKind::Pin,
            VerificationKind::None,
        ]),
        request_uri: dice.one_in(2),
        challenge_seconds: *dice.pick(&[40, 120, 300, 600]),
        ..Settings::default()
    };
    let skew = *dice.pick(&[0, 0, 0, 1, -1, 20, -20, 90, -90, 250, -250]);
    let mut place = Place {
        realm: Realm::new(settings, &["alice", "bob"], dice.roll()),
        network: Network::new(faults, dice.roll()),
        clock: Clock::new(skew),
        person: Doer::default(),
    };
    let folder = folder();
    let mut phone = Phone::new(folder.path(), dice.roll(), place.now());
    let mut tally = Tally::new();

    let users: &[&str] = if dice.one_in(3) { &["alice", "bob"] } else { &["alice"] };
    let accounts: Vec<(&str, String)> =
        users.iter().map(|user| (*user, set_up(&mut phone, &mut place, user, faults, &mut tally))).collect();
    for _ in 0..dice.between(1, 2) {
        sign_in(&mut phone, &mut place, &accounts, faults, &mut dice, &mut tally);
    }

    place.network.calm();
    place.wait(120_000);
    judge_all(&place, &mut tally);
    *tally.entry("faults met".to_owned()).or_default() += place.network.met;
    tally
}

/// Sets up an account: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place, user: &str, faults: u64, tally: &mut Tally) -> String {
    for attempt in 0..4 {
        if attempt == 3 {
            place.network.calm();
        }
        let code = place.realm.show_set_up_code(user, place.clock.server());
        let (outcome, added) = phone.enrol(&code, place).unwrap();
        count(tally, "set-up", &outcome);
        if let Outcome::Enrolled(_) = outcome {
            assert!(!place.realm.phones(user).is_empty(), "the realm does not know the phone");
            place.network.set_faults(faults);
            return added.unwrap();
        }
        place.wait(5_000);
    }
    panic!("no set-up without faults")
}

/// A sign-in for each account, some at the same time, and what the people do about them.
fn sign_in(
    phone: &mut Phone,
    place: &mut Place,
    accounts: &[(&str, String)],
    faults: u64,
    dice: &mut Dice,
    tally: &mut Tally,
) {
    let first = place.person.tasks.len();
    for (user, account) in accounts {
        let sign_in = place.realm.sign_in(user, place.clock.server());
        place.person.tasks.push(Task {
            account: account.clone(),
            sign_in,
            intent: *dice.pick(&INTENTS),
            words: Vec::new(),
            missed: 0,
            typed: BTreeSet::new(),
            confirmed: false,
            declined: false,
        });
    }
    let shown: Vec<Option<String>> =
        place.person.tasks[first..].iter().map(|task| task.sign_in.shown.clone()).collect();
    for at in first..place.person.tasks.len() {
        let stranger = shown.get((at - first + 1) % shown.len()).cloned().flatten();
        place.person.tasks[at].words = words(place, &place.person.tasks[at], stranger, dice);
    }
    for at in first..place.person.tasks.len() {
        place.network.set_faults(faults);
        for _ in 0..dice.between(1, 3) {
            if act(phone, place, at, dice, tally) {
                break;
            }
            place.wait(dice.between(500, 15_000));
        }
        settle(phone, place, at, dice, tally);
    }
    for at in first..place.person.tasks.len() {
        let id = place.person.tasks[at].sign_in.id.clone();
        place.realm.end_sign_in(&id);
    }
}

/// What the person types, with the right number among it or not.
fn words(place: &Place, task: &Task, stranger: Option<String>, dice: &mut Dice) -> Vec<String> {
    let Some(shown) = task.sign_in.shown.clone() else { return Vec::new() };
    let challenge = place.realm.state().challenge(&task.sign_in.id, place.clock.server()).unwrap();
    let wrong = match &challenge.verification {
        Verification::Number { options, .. } => {
            options.iter().find(|option| **option != shown).unwrap().clone()
        }
        _ => format!("{:04}", (shown.parse::<u32>().unwrap() + 1) % 10_000),
    };
    match task.intent {
        Intent::Approves | Intent::IsSomebodyElse => vec![shown],
        Intent::Corrects if shown.len() == 2 => vec!["100".to_owned(), shown],
        Intent::Corrects => vec![wrong, shown],
        Intent::Mistakes => vec![wrong.clone(), if dice.one_in(2) { wrong } else { "0100".to_owned() }],
        Intent::Confuses => {
            let stranger = stranger.filter(|stranger| *stranger != shown).unwrap_or(wrong);
            vec![stranger.clone(), stranger]
        }
        Intent::Declines | Intent::Nothing => Vec::new(),
    }
}

/// Looks, and answers what was found as the person means to. True when it is over for this phone.
fn act(phone: &mut Phone, place: &mut Place, at: usize, dice: &mut Dice, tally: &mut Tally) -> bool {
    let account = place.person.tasks[at].account.clone();
    let checked = phone.run(&Job::Check { account: &account }, place).unwrap();
    count(tally, "look", &checked);
    let id = place.person.tasks[at].sign_in.id.clone();
    let Outcome::Checked { requests, .. } = checked else { return false };
    if !requests.iter().any(|request| request.id == id) || place.person.tasks[at].intent == Intent::Nothing {
        return false;
    }
    if dice.one_in(20) {
        place.realm.end_sign_in(&id);
    }
    matches!(
        answer(phone, place, at, dice.one_in(2), tally),
        Outcome::Answered(Answered { tries_left: None | Some(0), .. })
    )
}

fn answer(phone: &mut Phone, place: &mut Place, at: usize, beforehand: bool, tally: &mut Tally) -> Outcome {
    let task = &mut place.person.tasks[at];
    let decision = match task.intent {
        Intent::Declines => {
            task.declined = true;
            Decision::Decline { reason: None }
        }
        _ if beforehand => Decision::Approve { given: task.word().map(Given::Number) },
        _ => Decision::Approve { given: None },
    };
    let (account, id) = (task.account.clone(), task.sign_in.id.clone());
    let request = AnswerRequest { request: id.clone(), decision };
    let job = Job::Answer { account: &account, request };
    let outcome = phone.run(&job, place).unwrap();
    count(tally, "answer", &outcome);
    if let Outcome::Answered(answered) = &outcome {
        match answered.result {
            AnswerResult::Approved => {
                assert_eq!(standing(place, &id), Standing::Approved);
                phone.tap_again(&job, place.now());
            }
            AnswerResult::Declined => assert_eq!(standing(place, &id), Standing::Denied),
            AnswerResult::WrongAnswer if beforehand => place.person.tasks[at].missed += 1,
            _ => {}
        }
    }
    outcome
}

/// The network is back: a sign-in that still waits must be found, and answered as the person wants.
fn settle(phone: &mut Phone, place: &mut Place, at: usize, dice: &mut Dice, tally: &mut Tally) {
    place.network.calm();
    let (id, end) = (place.person.tasks[at].sign_in.id.clone(), place.person.tasks[at].sign_in.expires_at);
    let is_open =
        |place: &Place| standing(place, &id) == Standing::Pending && place.clock.server() + 30 < end;
    if !is_open(place) {
        return;
    }
    let account = place.person.tasks[at].account.clone();
    let checked = phone.run(&Job::Check { account: &account }, place).unwrap();
    let Outcome::Checked { requests, .. } = checked else { panic!("no look without faults: {checked:?}") };
    let is_shown = requests.iter().any(|request| request.id == id);
    let record = phone.core().record(&account, &id, place.now()).unwrap();
    // What ended here after answers that were not right is not shown and not sent any more, told or not.
    if let Some(Ended::Declined { reason: Some(_) }) = record.and_then(|record| record.ended) {
        assert!(!is_shown && wanted(&place.person.tasks[at]) == Standing::Denied);
        return;
    }
    assert!(!is_open(place) || is_shown, "a request is lost");
    *tally.entry("sign-in: found while it was valid".to_owned()).or_default() += u64::from(is_shown);
    if place.person.tasks[at].intent == Intent::Nothing || !is_open(place) {
        return;
    }
    let mut outcome = answer(phone, place, at, dice.one_in(2), tally);
    if matches!(outcome, Outcome::Answered(Answered { tries_left: Some(1), .. })) {
        outcome = answer(phone, place, at, true, tally);
    }
    let standing = standing(place, &id);
    assert!(
        standing == wanted(&place.person.tasks[at]) || !is_open(place),
        "{:?}: {standing:?}, {outcome:?}",
        place.person.tasks[at].intent
    );
}

/// How the person means the sign-in to end.
fn wanted(task: &Task) -> Standing {
    match task {
        task if task.wants_approval() => Standing::Approved,
        Task { intent: Intent::IsSomebodyElse, .. } => Standing::Pending,
        _ => Standing::Denied,
    }
}

/// What must hold at the end, whatever happened.
fn judge_all(place: &Place, tally: &mut Tally) {
    for task in &place.person.tasks {
        let settled = place.realm.settled.iter().filter(|(id, _)| *id == task.sign_in.id);
        let settled: Vec<Standing> = settled.map(|(_, standing)| *standing).collect();
        assert!(settled.len() <= 1, "settled twice");
        let end = SignInEnd {
            approvals: usize::from(settled.contains(&Standing::Approved)),
            is_declined: settled.contains(&Standing::Denied),
            has_approved: task.has_approved(),
            has_declined: !task.wants_approval() || task.missed > 1,
        };
        judge(tally, &end);
    }
    for answer in &place.realm.answers {
        let task = place.person.tasks.iter().find(|task| task.sign_in.id == answer.challenge).unwrap();
        if answer.action == "approve" {
            assert!(task.confirmed, "sent before it was known who is there");
            assert!(
                answer.number.as_ref().is_none_or(|number| task.typed.contains(number)),
                "another's number"
            );
        }
    }
}
