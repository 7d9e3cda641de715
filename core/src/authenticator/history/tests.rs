use super::*;
use crate::entropy::SeededEntropy;
use crate::secret::Secret;
use crate::vault::NewWays;

fn at(wall: i64) -> Now {
    Now { wall: UnixTime(wall), steady_ms: 1 }
}

fn core_in(folder: &tempfile::TempDir) -> Authenticator {
    let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
    let entropy = Box::new(SeededEntropy::new(b"history"));
    Authenticator::create(&folder.path().join("vault.db"), &ways, entropy, at(0)).unwrap().0
}

fn answered(result: AnswerResult) -> Answered {
    Answered {
        request: "7".to_owned(),
        result,
        reason: None,
        tries_left: None,
        before_block: None,
        display_code: None,
    }
}

fn request(number: i64) -> Request {
    Request {
        id: format!("{number}"),
        application: "Mail".to_owned(),
        account: String::new(),
        question: String::new(),
        asked_at: Some(UnixTime(number)),
        seen_at: None,
        expires_at: UnixTime(number + 120),
        answer: AnswerKind::Number,
        takes_decline_reason: false,
        from: Some("Delft".to_owned()),
    }
}

#[test]
fn what_a_look_gives_more_time_waits_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    for (now, end) in [(0, 120), (119, 149), (121, 140)] {
        let request = Request { expires_at: UnixTime(end), ..request(0) };
        core.vault
            .change(&mut *core.entropy, at(now), |change| note_seen(change, "a", &request, at(now)))
            .unwrap();
    }
    let past = core.history(at(0)).unwrap();
    let standings = [148, 149].map(|now| past[0].standing(at(now)));
    assert_eq!((past.len(), standings), (1, [PastStanding::Waiting, PastStanding::Unanswered]));
}

#[test]
fn the_latest_stay_whatever_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let many = i64::try_from(KEPT).unwrap() + 10;
    core.vault
        .change(&mut *core.entropy, at(0), |change| {
            // Whenever the server says that they were asked: the last one at the beginning of time.
            (0..many).try_for_each(|number| note_seen(change, "a", &request(many - number), at(number)))
        })
        .unwrap();
    let past = core.history(at(0)).unwrap();
    let seen = |place: usize| past[place].seen_at;
    assert_eq!((past.len(), seen(0), seen(KEPT - 1)), (KEPT, UnixTime(many - 1), UnixTime(10)));
    assert_eq!(past[0].standing(at(120)), PastStanding::Waiting);
    assert_eq!(past[0].standing(at(121)), PastStanding::Unanswered);

    core.vault.change(&mut *core.entropy, at(0), |change| forget(change, "a")).unwrap();
    assert_eq!(core.history(at(0)), Ok(Vec::new()));
}

#[test]
fn an_answer_may_come_before_the_request_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let decline = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let record = RequestRecord::new("7");
    core.vault
        .change(&mut *core.entropy, at(9), |change| {
            note_answer(change, "a", &answered(AnswerResult::Declined), Some(&decline), &record, at(9))?;
            note_seen(change, "a", &request(7), at(10))?;
            // What is less certain comes later: it changes nothing.
            note_answer(change, "a", &answered(AnswerResult::Unknown), None, &record, at(11))
        })
        .unwrap();
    let [past] = &core.history(at(12)).unwrap()[..] else { panic!() };
    let answer = past.answer.unwrap();
    assert_eq!((answer.at, answer.decline), (UnixTime(9), Some(DeclineReason::NotMe)));
    assert_eq!((past.application.as_str(), past.from.as_deref()), ("Mail", Some("Delft")));
    assert_eq!(past.entra_reason(at(12)), Some("user declined the authentication"));
    assert_eq!(core.clear_history(at(12)), Ok(1));
}

#[test]
fn an_answer_that_nobody_took_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    for (number, reason, standing) in [
        (1, Reason::ServerUnreachable, PastStanding::Answered(AnswerResult::AnsweredElsewhere)),
        (2, Reason::AnswerRefusedByRule, PastStanding::Answered(AnswerResult::AnsweredElsewhere)),
        // Nobody has answered.
        (3, Reason::PresenceRefused, PastStanding::Unanswered),
        (4, Reason::DeviceKeyNotAllowed, PastStanding::Unanswered),
        // Another run is about to end it.
        (5, Reason::RequestEnded, PastStanding::Unanswered),
    ] {
        let (request, approve) = (request(number), Decision::Approve { given: None });
        core.vault
            .change(&mut *core.entropy, at(number), |change| {
                note_seen(change, "a", &request, at(number))?;
                note_not_taken(change, "a", &approve, reason, &RequestRecord::new(&request.id), at(number))
            })
            .unwrap();
        let past = &core.history(at(9)).unwrap()[0];
        let standings = [9, 200].map(|now| past.standing(at(now)));
        assert_eq!(standings, [PastStanding::Waiting, standing], "{reason:?}");
        assert_eq!(past.answered_at(at(200)), None, "{reason:?}");
    }
}

#[test]
fn not_me_stands_until_the_person_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let decline = |reason| Some(Decision::Decline { reason });
    let not_me = Some(DeclineReason::NotMe);
    for (decision, said) in [
        (decline(None), not_me),
        (None, not_me),
        (decline(Some(DeclineReason::Cancelled)), Some(DeclineReason::Cancelled)),
        (Some(Decision::Approve { given: None }), None),
    ] {
        let (first, record) = (Decision::Decline { reason: not_me }, RequestRecord::new("7"));
        core.vault
            .change(&mut *core.entropy, at(7), |change| {
                forget(change, "a")?;
                note_seen(change, "a", &request(7), at(7))?;
                note_not_taken(change, "a", &first, Reason::ServerFailed, &record, at(7))?;
                note_answer(change, "a", &answered(AnswerResult::Declined), decision.as_ref(), &record, at(8))
            })
            .unwrap();
        let past = &core.history(at(9)).unwrap()[0];
        assert_eq!(past.answer.unwrap().decline, said);
    }
}

#[test]
fn an_answer_that_was_sent_before_may_have_been_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let approve = Decision::Approve { given: None };
    let sent = RequestRecord { unsettled: Some(Secret::default()), ..RequestRecord::new("7") };
    let declining = RequestRecord { is_declining: true, ..RequestRecord::new("7") };
    for record in [sent, declining] {
        for reason in [Reason::PresenceRefused, Reason::NoNetwork] {
            core.vault
                .change(&mut *core.entropy, at(7), |change| {
                    forget(change, "a")?;
                    note_seen(change, "a", &request(7), at(7))?;
                    note_not_taken(change, "a", &approve, reason, &record, at(7))
                })
                .unwrap();
            let standing = core.history(at(8)).unwrap()[0].standing(at(8));
            assert_eq!(standing, PastStanding::Answered(AnswerResult::Unknown));
        }
    }
}

#[test]
fn what_was_taken_stands_whatever_is_refused_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let record = RequestRecord::new("7");
    let not_me = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let cancelled = Decision::Decline { reason: Some(DeclineReason::Cancelled) };
    core.vault
        .change(&mut *core.entropy, at(7), |change| {
            note_answer(change, "a", &answered(AnswerResult::Declined), Some(&not_me), &record, at(7))?;
            note_not_taken(change, "a", &cancelled, Reason::RequestEnded, &record, at(8))
        })
        .unwrap();
    let answer = core.history(at(9)).unwrap()[0].answer.unwrap();
    assert_eq!((answer.result, answer.decline), (AnswerResult::Declined, Some(DeclineReason::NotMe)));

    // What nobody took is another matter.
    core.vault
        .change(&mut *core.entropy, at(7), |change| {
            forget(change, "a")?;
            note_seen(change, "a", &request(7), at(7))?;
            note_said(change, "a", "7", &not_me, at(7))?;
            note_not_taken(change, "a", &Decision::Approve { given: None }, Reason::NoNetwork, &record, at(8))
        })
        .unwrap();
    assert_eq!(core.history(at(9)).unwrap()[0].answer.unwrap().decline, None);
}

#[test]
fn wrong_answers_in_the_words_of_entra() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    for (tries_used, reason, words) in [
        (1, Reason::WrongNumber, "user entered incorrect code"),
        (2, Reason::WrongNumber, "entered incorrect code too many times"),
        (0, Reason::ResponseRefused, "invalid authentication"),
        (0, Reason::AccountBlocked, "user is blocked"),
    ] {
        let record = RequestRecord { tries_used, ..RequestRecord::new("7") };
        let answered = Answered { reason: Some(reason), ..answered(AnswerResult::WrongAnswer) };
        let noted = |change: &mut Change<'_>| note_answer(change, "a", &answered, None, &record, at(9));
        core.vault.change(&mut *core.entropy, at(9), noted).unwrap();
        let [past] = &core.history(at(9)).unwrap()[..] else { panic!() };
        assert_eq!(past.entra_reason(at(9)), Some(words));
    }
}

/// How all that is kept stands after this change.
fn standings_after(
    core: &mut Authenticator,
    note: fn(&mut Change<'_>) -> Result<(), VaultError>,
) -> Vec<PastStanding> {
    core.vault.change(&mut *core.entropy, at(9), note).unwrap();
    core.history(at(9)).unwrap().iter().map(|past| past.standing(at(9))).collect()
}

#[test]
fn what_a_look_lists_no_more_waits_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let mut standings = |note| standings_after(&mut core, note);
    use PastStanding::{Unanswered, Waiting};
    standings(|change| note_seen(change, "a", &request(8), at(8)));
    standings(|change| note_seen(change, "a", &request(7), at(7)));
    assert_eq!(standings(|change| note_seen(change, "b", &request(7), at(6))), [Waiting; 3]);
    let listed = standings(|change| note_all_that_wait(change, "a", &[request(8)], at(9)));
    assert_eq!(listed, [Waiting, Unanswered, Waiting]);
}

#[test]
fn what_is_listed_after_a_lock_out_waits() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = core_in(&folder);
    let mut standings = |note| standings_after(&mut core, note);
    use PastStanding::{LockedOut, Unanswered, Waiting};
    assert_eq!(standings(|change| note_seen(change, "a", &request(7), at(8))), [Waiting]);
    // Of another account, whose id begins the same.
    assert_eq!(standings(|change| note_seen(change, "aa", &request(7), at(7))), [Waiting; 2]);
    assert_eq!(standings(|change| note_lock_out(change, "a", at(9))), [LockedOut, Unanswered, Waiting]);
    // A server whose own way of locking out leaves requests open.
    assert_eq!(standings(|change| note_seen(change, "a", &request(7), at(9))), [LockedOut, Waiting, Waiting]);
    assert_eq!(standings(|change| forget(change, "a")), [Waiting]);
}
