use proptest::prelude::*;

use super::*;

const NOBODY: fn(&str) -> bool = |_| false;

fn of(accounts: &[&str]) -> Schedule {
    let mut schedule = Schedule::default();
    for account in accounts {
        schedule.take_up(
            account,
            Origin::of(&format!("https://{}.example/realms/{account}", &account[..1])).ok(),
            false,
            Vec::new(),
        );
    }
    schedule
}

fn seen() -> End {
    End::Seen { requests: Vec::new() }
}

fn failed(retry_after_ms: Option<u64>) -> End {
    End::Failed { retry_after_ms }
}

/// Looks at an account from `from` on, until it is due again by asking as a host does; when that is.
fn due_after(schedule: &Schedule, from: u64) -> u64 {
    let mut now = from;
    loop {
        let looks = schedule.next(NOBODY, now);
        if !looks.due.is_empty() {
            return now;
        }
        assert!((1..=LONGEST_WAIT_MS).contains(&looks.wait_ms));
        now += looks.wait_ms;
    }
}

fn look(schedule: &mut Schedule, account: &str, chance: u8, end: End, now: u64) {
    schedule.begun(account, chance);
    schedule.ended(account, end, now);
}

#[test]
fn each_account_is_looked_at_at_once_and_then_every_fifteen_seconds() {
    let mut schedule = of(&["a", "b"]);
    assert_eq!(schedule.next(NOBODY, 7), Looks { due: vec!["a".into(), "b".into()], wait_ms: 15_000 });
    look(&mut schedule, "a", 0, seen(), 1_000);
    assert_eq!(schedule.next(|account| account == "b", 1_100), Looks { due: vec![], wait_ms: 14_900 });
    look(&mut schedule, "b", 255, seen(), 4_000);
    assert_eq!(schedule.next(NOBODY, 15_999).wait_ms, 1);
    assert_eq!(schedule.next(NOBODY, 16_000).due, ["a"]);
    assert_eq!(schedule.next(NOBODY, 22_000).due, ["a", "b"], "three seconds more by chance");
    assert_eq!(schedule.next(NOBODY, 50_000).due, ["a", "b"], "who has waited longest is the first");
}

#[test]
fn where_every_account_is_lost_nothing_is_expected() {
    let mut schedule = of(&["a", "b"]);
    schedule.take_up("c", None, true, Vec::new());
    schedule.expect(0);
    look(&mut schedule, "a", 0, End::Lost, 100);
    look(&mut schedule, "b", 0, failed(None), 100);
    assert!(schedule.expecting_ms(100).is_some(), "b may come back");
    look(&mut schedule, "b", 0, End::Lost, 3_000);
    assert_eq!(schedule.expecting_ms(3_000), None);
    schedule.expect(4_000);
    look(&mut schedule, "a", 0, seen(), 5_000);
    look(&mut schedule, "b", 0, End::Lost, 5_000);
    assert!(schedule.expecting_ms(5_000).is_some(), "a was set right");
}

#[test]
fn without_accounts_a_host_waits_a_minute() {
    assert_eq!(Schedule::default().next(NOBODY, 0), Looks { due: vec![], wait_ms: 60_000 });
    let mut schedule = of(&[]);
    schedule.take_up("tiqr", None, true, Vec::new());
    schedule.look_now();
    assert_eq!(schedule.next(NOBODY, 0), Looks { due: vec![], wait_ms: 60_000 });
}

#[test]
fn an_expected_sign_in_is_looked_for_every_two_seconds_for_two_minutes() {
    let mut schedule = of(&["a"]);
    look(&mut schedule, "a", 0, seen(), 1_000);
    schedule.expect(10_000);
    assert_eq!(schedule.expecting_ms(10_000), Some(120_000));
    let (mut now, mut looks) = (10_000, 0);
    loop {
        now = due_after(&schedule, now);
        if schedule.expecting_ms(now).is_none() {
            break;
        }
        look(&mut schedule, "a", 0, seen(), now);
        looks += 1;
    }
    assert_eq!((looks, schedule.expecting_ms(130_000)), (60, None));
    assert_eq!(schedule.expecting_ms(129_999), Some(1));
    assert_eq!(schedule.expecting_ms(9_999), None, "another start of the device");

    schedule.expect(200_000);
    schedule.stop_expecting();
    assert_eq!(schedule.expecting_ms(200_000), None);
}

#[test]
fn a_request_that_was_not_there_before_is_the_expected_one() {
    let mut schedule = of(&["a", "b"]);
    let waiting = |ids: &[&str]| End::Seen { requests: ids.iter().map(|id| (*id).to_owned()).collect() };
    look(&mut schedule, "a", 0, waiting(&["old"]), 0);
    schedule.expect(1_000);
    look(&mut schedule, "a", 0, waiting(&["old"]), 2_000);
    look(&mut schedule, "b", 0, waiting(&[]), 2_000);
    assert!(schedule.expecting_ms(2_000).is_some());
    look(&mut schedule, "a", 0, waiting(&["new", "old"]), 4_000);
    assert_eq!(schedule.expecting_ms(4_000), None);

    // What is listed once more after a pause was there before.
    look(&mut schedule, "a", 0, waiting(&[]), 6_000);
    schedule.expect(7_000);
    look(&mut schedule, "a", 0, waiting(&["new", "old"]), 8_000);
    assert!(schedule.expecting_ms(8_000).is_some());
    let many: Vec<_> = (0..MAX_SEEN).map(|number| number.to_string()).collect();
    look(&mut schedule, "a", 0, End::Seen { requests: many }, 10_000);
    schedule.expect(11_000);
    look(&mut schedule, "a", 0, waiting(&["0", "old"]), 12_000);
    assert_eq!(schedule.expecting_ms(12_000), None, "what was seen that long ago is forgotten");
}

#[test]
fn failures_double_the_pause_up_to_the_most_and_a_success_ends_that() {
    for (is_expected, pauses) in [
        (false, [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]),
        (true, [4_000, 8_000, 16_000, 30_000, 30_000, 30_000]),
    ] {
        let mut schedule = of(&["a"]);
        let mut now = 0;
        for pause in pauses {
            look(&mut schedule, "a", 0, failed(None), now);
            if is_expected {
                schedule.expect(now);
            }
            assert_eq!(due_after(&schedule, now), now + pause);
            now += pause;
        }
        look(&mut schedule, "a", 0, End::Neither, now);
        assert!(due_after(&schedule, now) > now + 20_000, "no network says nothing of the server");
        look(&mut schedule, "a", 0, seen(), now);
        schedule.stop_expecting();
        assert_eq!(due_after(&schedule, now), now + 15_000);
    }
}

#[test]
fn without_a_network_the_pause_does_not_grow() {
    let mut schedule = of(&["a"]);
    for now in [0, 15_000, 30_000, 45_000] {
        look(&mut schedule, "a", 0, End::Neither, now);
        assert_eq!(due_after(&schedule, now), now + 15_000);
    }
}

#[test]
fn a_busy_server_is_left_alone_by_all_of_its_accounts() {
    let mut schedule = of(&["a1", "a2", "b"]);
    for account in ["a2", "b"] {
        look(&mut schedule, account, 0, seen(), 0);
    }
    schedule.expect(0);
    look(&mut schedule, "a1", 0, failed(Some(100_000)), 0);
    assert_eq!(schedule.next(NOBODY, 2_000).due, ["b"]);
    look(&mut schedule, "b", 0, seen(), 99_999);
    assert_eq!(schedule.next(NOBODY, 99_999).due, Vec::<String>::new());
    assert_eq!(schedule.next(NOBODY, 100_000).due, ["a2", "a1"]);
}

#[test]
fn asking_for_a_look_ends_the_waiting_once() {
    let mut schedule = of(&["a"]);
    for now in [0, 1_000] {
        look(&mut schedule, "a", 0, failed(Some(200_000)), now);
    }
    schedule.look_now();
    assert_eq!(schedule.next(NOBODY, 1_001).due, ["a"]);
    // It comes while a look is under way: that one may have been answered before.
    schedule.begun("a", 0);
    schedule.look_now();
    assert_eq!(schedule.next(|_| true, 1_500).due, Vec::<String>::new());
    schedule.ended("a", failed(None), 2_000);
    assert_eq!(schedule.next(NOBODY, 2_000).due, ["a"]);
    look(&mut schedule, "a", 0, failed(None), 2_000);
    assert_eq!(due_after(&schedule, 2_000), 242_000, "four failures: what was before still counts");
}

#[test]
fn a_steady_clock_that_went_back_holds_nobody() {
    let mut schedule = of(&["a"]);
    look(&mut schedule, "a", 0, failed(Some(3_600_000)), 1_000_000);
    assert_eq!(schedule.next(NOBODY, 5).due, ["a"]);
}

#[test]
fn accounts_that_are_gone_are_forgotten() {
    let mut schedule = of(&["a", "b"]);
    schedule.keep_to(&["b".to_owned()]);
    assert_eq!(schedule.next(NOBODY, 0).due, ["b"]);
    assert!(!schedule.knows("a") && schedule.knows("b"));
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Expect,
    Stop,
    Look(End),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_u64..400_000).prop_map(Step::Wait),
        Just(Step::Expect),
        Just(Step::Stop),
        Just(Step::Look(seen())),
        Just(Step::Look(End::Neither)),
        Just(Step::Look(End::Lost)),
        proptest::option::of(0..LONGEST_LEFT_ALONE_MS).prop_map(|ms| Step::Look(failed(ms))),
    ]
}

proptest! {
    /// Whatever came before: never sooner than the pause since the last look's end or than its server said, and never
    /// later than the pause, a fifth of it, and what the server said.
    #[test]
    fn never_sooner_and_never_later(steps in prop::collection::vec((step(), any::<u8>()), 0..40)) {
        let mut schedule = of(&["a"]);
        let (mut now, mut ended, mut failures, mut left_alone) = (0_u64, None, 0_u32, 0);
        for (step, chance) in steps {
            match step {
                Step::Wait(ms) => now += ms,
                Step::Expect => schedule.expect(now),
                Step::Stop => schedule.stop_expecting(),
                Step::Look(end) => {
                    look(&mut schedule, "a", chance, end.clone(), now);
                    ended = Some(now);
                    match end {
                        End::Seen { .. } => (failures, left_alone) = (0, 0),
                        End::Failed { retry_after_ms } => {
                            failures += 1;
                            left_alone = retry_after_ms.map_or(left_alone, |ms| now + ms);
                        }
                        End::Lost => failures += 1,
                        End::Neither => {}
                    }
                }
            }
            let is_due = !schedule.next(NOBODY, now).due.is_empty();
            let Some(ended) = ended else { prop_assert!(is_due); continue };
            let (every, most) =
                if schedule.expecting_ms(now).is_some() { (2_000, 30_000) } else { (15_000, 300_000) };
            let pause = (every << failures.min(20)).min(most);
            prop_assert!(!is_due || now >= (ended + pause).max(left_alone));
            prop_assert!(is_due || now < (ended + pause + pause / 5).max(left_alone));
        }
    }

    #[test]
    fn a_pause_never_overflows(failures: u32, chance: u8, pace in 0_usize..3) {
        let pace = [EXPECTED, OPEN, BACKGROUND][pace];
        let pause = pace.pause_ms(failures, chance);
        prop_assert!((pace.every_ms..=pace.most_ms + pace.most_ms / 5).contains(&pause));
        prop_assert!(pause >= pace.pause_ms(failures.saturating_sub(1), 0));
    }
}
