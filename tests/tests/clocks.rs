//! How far servers are ahead: told for each, and used for the codes of the same names where the person agrees.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use countersign::approval::{Outcome, Step};
use countersign::authenticator::{Authenticator, Background, Error, Job, Scanned, ServerClock};
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::Codes;
use countersign::reason::Reason;
use countersign::vault::{ValueKind, Watch, WayIn};
use countersign_practice::Settings;
use countersign_tests::network::Clock;
use countersign_tests::phone::{PLATFORM, Phone, World as _};
use countersign_tests::place::Place;
use rusqlite::Connection;
use serde_json::Value;

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A phone with an account that approves sign-ins, and three with codes: of the same names, of another account there, of
/// the same account name elsewhere.
struct Bench {
    place: Place,
    phone: Phone,
    folder: tempfile::TempDir,
    account: String,
    own: String,
    others: [String; 2],
}

impl Bench {
    /// With a server that is so many seconds ahead.
    fn new(ahead: i64) -> Self {
        let mut place = Place { clock: Clock::new(-ahead), ..Place::new(Settings::default()) };
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        let now = place.now();
        let issuer = phone.core().summary(&account, now).unwrap().issuer.clone();
        let mut add = |issuer: &str, name: &str| {
            let text = format!("otpauth://totp/{name}?secret={SECRET}&issuer={}", issuer.replace(' ', "%20"));
            phone.core().add(&Scanned::read(text.as_bytes()), now).unwrap().id
        };
        let (own, others) = (add(&issuer, "alice"), [add(&issuer, "bob"), add("Elsewhere", "alice")]);
        Self { place, phone, folder, account, own, others }
    }

    fn look(&mut self) {
        let looked = self.phone.run(&Job::Check { account: &self.account }, &mut self.place).unwrap();
        assert!(matches!(looked, Outcome::Checked { .. }), "{looked:?}");
    }

    fn clocks(&mut self) -> Vec<ServerClock> {
        let now = self.place.now();
        self.phone.core().clocks(now).unwrap()
    }

    fn offset(&mut self) -> i64 {
        self.clocks()[0].offset
    }

    fn use_for_codes(&mut self, account: &str, used: bool) -> Result<(), Error> {
        let now = self.place.now();
        self.phone.core().use_for_codes(account, used, now)
    }

    /// The codes of an account, alone and in the list, which are the same.
    fn codes(&mut self, id: &str) -> Codes {
        let (now, mut ids) = (self.place.now(), self.others.to_vec());
        ids.push(self.own.clone());
        let place = ids.iter().position(|other| other == id).unwrap();
        let listed = self.phone.core().codes(&ids, now).unwrap()[place].unwrap();
        assert_eq!(self.phone.core().codes_of(id, now).unwrap(), listed);
        listed
    }

    /// What this account's secret makes at a time.
    fn made_at(&mut self, id: &str, time: UnixTime) -> Codes {
        let now = self.place.now();
        self.phone.core().account(id, now).unwrap().otp.unwrap().codes_at(time).unwrap()
    }

    /// The codes of an account are those of a clock that is so many seconds ahead, with their times by the device's.
    #[track_caller]
    fn assert_ahead(&mut self, id: &str, ahead: i64) {
        let now = self.place.now().wall;
        let (shown, made) = (self.codes(id), self.made_at(id, now.plus(ahead)));
        assert_eq!((shown.current, shown.next), (made.current, made.next));
        assert_eq!(
            (shown.valid_from.plus(ahead), shown.valid_until.plus(ahead)),
            (made.valid_from, made.valid_until)
        );
        assert!(shown.valid_from <= now && now < shown.valid_until);
    }

    /// What stands in a row that background checks read.
    fn watch_row(&mut self) -> (Watch, Value) {
        let now = self.place.now();
        let key = self.phone.core().watch_key(now).unwrap();
        // EXPOSE: as a host gives it.
        let mut watch = Watch::open(&self.vault(), key.expose().try_into().unwrap()).unwrap();
        let row = watch.get(ValueKind::Watch, &self.account).unwrap().unwrap();
        (watch, row)
    }

    /// Has the server be so many seconds ahead, as that row says.
    fn tell(&mut self, seconds: i64) {
        let (mut watch, mut row) = self.watch_row();
        row["context"]["offset"]["seconds"] = seconds.into();
        watch
            .change(&mut SystemEntropy::new(), |change| change.put(ValueKind::Watch, &self.account, &row))
            .unwrap();
    }

    fn vault(&self) -> std::path::PathBuf {
        self.folder.path().join("vault.db")
    }
}

fn reason<T: std::fmt::Debug>(done: Result<T, Error>) -> Reason {
    done.unwrap_err().reason()
}

#[test]
fn each_server_is_listed_with_what_it_told() {
    for ahead in [0, 95, -95] {
        let mut bench = Bench::new(ahead);
        let now = bench.place.now().wall;
        let [clock] = &bench.clocks()[..] else { panic!() };
        assert!((clock.offset - ahead).abs() <= 2, "{clock:?}");
        assert!(clock.origin.starts_with("http://127.0.0.1:8080/realms/"), "{clock:?}");
        assert!((0..5).contains(&now.since(clock.measured_at)), "{clock:?}");
        assert_eq!((&clock.account, clock.used_for_codes), (&bench.account, false));
        assert_eq!(clock.codes, [bench.own.clone()]);
        let most = bench.phone.core().clock_offset(bench.place.now()).unwrap().unwrap();
        assert_eq!(most.seconds, bench.offset());
    }
}

#[test]
fn codes_are_the_servers_once_the_person_agrees() {
    for ahead in [95, -95, 7] {
        let mut bench = Bench::new(ahead);
        let (account, own, others) = (bench.account.clone(), bench.own.clone(), bench.others.clone());
        let offset = bench.offset();
        bench.assert_ahead(&own, 0);

        bench.use_for_codes(&account, true).unwrap();
        assert!(bench.clocks()[0].used_for_codes);
        // Over more than a period, so that codes are moved on as well as made.
        for _ in 0..40 {
            bench.assert_ahead(&own, offset);
            others.iter().for_each(|other| bench.assert_ahead(other, 0));
            bench.place.wait(1_000);
        }
        // It is in the vault, and what a backup holds has not changed by it.
        let now = bench.place.now();
        bench.phone.start_again(now);
        bench.assert_ahead(&own, offset);
        let kept = bench.phone.core().account(&account, now).unwrap();
        assert_eq!(kept.changed_at, kept.added_at);

        bench.use_for_codes(&account, false).unwrap();
        bench.assert_ahead(&own, 0);
    }
}

#[test]
fn a_clock_that_was_set_right_ends_what_was_agreed_for_the_wrong_one() {
    let mut bench = Bench::new(95);
    let (account, own) = (bench.account.clone(), bench.own.clone());
    bench.use_for_codes(&account, true).unwrap();
    let before = bench.offset();
    bench.assert_ahead(&own, before);
    // Somebody sets this device's clock right.
    let set_right = |bench: &mut Bench| {
        let mut clock = Clock::new(0);
        clock.pass((bench.place.clock.server() - clock.server()) * 1_000);
        // Past the time for which the access token is good, that a look asks for the time.
        clock.pass(3_600_000);
        bench.place.clock = clock;
    };
    set_right(&mut bench);
    bench.assert_ahead(&own, before);
    // A look in the background tells, which is another process to the list of codes.
    let now = bench.place.now();
    let key = bench.phone.core().watch_key(now).unwrap();
    // EXPOSE: as a host gives it.
    let key = key.expose().try_into().unwrap();
    let mut background = Background::open(&bench.vault(), key, Box::new(SystemEntropy::new())).unwrap();
    let mut turn = background.begin(&account, now).unwrap();
    while !matches!(turn.step, Step::Done(_)) {
        let event = bench.phone.perform(&turn.step, &mut bench.place).unwrap();
        turn = background.next(turn.number, event, bench.place.now()).unwrap();
    }
    let after = bench.offset();
    assert!(after.abs() <= 2 && !bench.clocks()[0].used_for_codes, "{after}");
    bench.assert_ahead(&own, 0);
}

/// Of two accounts at one server only the second is looked at again: what the first was told is of a time to come.
#[test]
fn what_was_told_to_a_clock_that_was_set_back_counts_no_more() {
    let mut bench = Bench::new(-3_600);
    let (first, own) = (bench.account.clone(), bench.own.clone());
    let code = bench.place.realm.show_set_up_code("alice", bench.place.clock.server());
    let second = bench.phone.enrol(&code, &mut bench.place).unwrap().1.unwrap();
    bench.use_for_codes(&first, true).unwrap();
    let before = bench.offset();
    bench.assert_ahead(&own, before);

    let mut clock = Clock::new(0);
    clock.pass((bench.place.clock.server() - clock.server() + 600) * 1_000);
    bench.place.clock = clock;
    assert_eq!(bench.clocks(), []);
    bench.assert_ahead(&own, 0);
    bench.account = second;
    bench.look();
    let clocks = bench.clocks();
    assert!(clocks.len() == 1 && clocks[0].offset.abs() <= 2 && !clocks[0].used_for_codes, "{clocks:?}");
}

#[test]
fn when_it_was_told_is_kept_to_the_hour() {
    let mut bench = Bench::new(12);
    let first = bench.clocks()[0].clone();
    bench.place.wait(20_000);
    // A new access token tells the time anew.
    let (mut watch, mut row) = bench.watch_row();
    row["context"]["token"] = Value::Null;
    let account = bench.account.clone();
    watch.change(&mut SystemEntropy::new(), |change| change.put(ValueKind::Watch, &account, &row)).unwrap();
    bench.look();
    assert!(!bench.watch_row().1["context"]["token"].is_null());
    assert_eq!(bench.clocks()[0], first, "so that a look that learns nothing writes nothing");
    bench.place.wait(3_700_000);
    bench.look();
    let later = bench.clocks()[0].clone();
    assert!(later.measured_at.since(first.measured_at) >= 3_600, "{first:?} {later:?}");
    assert_eq!(later.offset, first.offset);
}

#[test]
fn what_can_not_be_used_is_refused_by_name() {
    let mut bench = Bench::new(95);
    let (account, own) = (bench.account.clone(), bench.own.clone());
    assert_eq!(reason(bench.use_for_codes(&own, true)), Reason::NoApprovals);
    assert_eq!(reason(bench.use_for_codes("nobody", true)), Reason::NoSuchAccount);

    // A row of before the time was kept reads, and waits for the next look.
    let (mut watch, mut row) = bench.watch_row();
    let context = row["context"].as_object_mut().unwrap();
    assert!(context.remove("measured_at").is_some() && context.remove("locked_out").is_some());
    context.insert("token".to_owned(), Value::Null);
    watch.change(&mut SystemEntropy::new(), |change| change.put(ValueKind::Watch, &account, &row)).unwrap();
    assert_eq!(bench.clocks(), []);
    assert_eq!(reason(bench.use_for_codes(&account, true)), Reason::ClockNotMeasured);
    bench.use_for_codes(&account, false).unwrap();
    bench.look();
    bench.use_for_codes(&account, true).unwrap();
    let offset = bench.offset();
    bench.assert_ahead(&own, offset);
}

/// The watch key opens the row: it must not choose the time that codes are of.
#[test]
fn a_clock_that_is_not_the_one_agreed_to_makes_no_codes() {
    let mut bench = Bench::new(95);
    let (account, own) = (bench.account.clone(), bench.own.clone());
    bench.use_for_codes(&account, true).unwrap();
    let agreed = bench.offset();
    for (off, is_used) in [(60, true), (-60, true), (61, false), (-61, false), (86_400, false), (0, true)] {
        bench.tell(agreed + off);
        assert_eq!(bench.clocks()[0].used_for_codes, is_used, "{off}");
        bench.assert_ahead(&own, if is_used { agreed + off } else { 0 });
    }
    for (seconds, refused) in [(86_400, None), (86_401, Some(())), (-86_401, Some(())), (i64::MIN, Some(()))]
    {
        bench.tell(seconds);
        let used = bench.use_for_codes(&account, true);
        match refused {
            None => bench.assert_ahead(&own, seconds),
            Some(()) => assert_eq!(reason(used), Reason::ClockDiffers),
        }
    }
}

#[test]
fn codes_stay_when_what_the_server_told_is_lost() {
    let mut bench = Bench::new(95);
    let (account, own, now) = (bench.account.clone(), bench.own.clone(), bench.place.now());
    bench.use_for_codes(&account, true).unwrap();
    let made = bench.made_at(&own, now.wall);
    let db = Connection::open(bench.vault()).unwrap();
    // First the account's row, then all that background checks read.
    for table in ["row", "root"] {
        db.execute(&format!("UPDATE {table} SET sealed = zeroblob(length(sealed)) WHERE book = 1"), ())
            .unwrap();
        let mut core = Authenticator::open(&bench.vault(), Box::new(SystemEntropy::new())).unwrap();
        let opened = core.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
        core.unlock(&opened, None, now).unwrap();
        assert_eq!(core.clocks(now), Ok(Vec::new()), "{table}");
        assert_eq!(core.codes(std::slice::from_ref(&own), now).unwrap(), [Some(made)]);
        assert_eq!(core.codes_of(&own, now).unwrap(), made);
    }
}

#[test]
fn an_account_in_the_trash_makes_no_codes_and_no_clock() {
    let mut bench = Bench::new(95);
    let (account, own, now) = (bench.account.clone(), bench.own.clone(), bench.place.now());
    bench.use_for_codes(&account, true).unwrap();
    bench.phone.core().remove(&account, now).unwrap();
    assert_eq!(bench.clocks(), []);
    bench.assert_ahead(&own, 0);
}

#[test]
fn other_names_are_other_accounts() {
    let mut bench = Bench::new(95);
    let (account, own, now) = (bench.account.clone(), bench.own.clone(), bench.place.now());
    bench.use_for_codes(&account, true).unwrap();
    bench.phone.core().rename(&own, "Another", "alice", now).unwrap();
    assert_eq!(bench.clocks()[0].codes, [""; 0]);
    bench.assert_ahead(&own, 0);
}
