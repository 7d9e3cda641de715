//! Round trips through the importers, and what the other tests share.

mod limits;
mod vectors;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::entropy::SeededEntropy;
use crate::link::clean_name;
use crate::otp::{Algorithm, Kind, Otp};
use crate::qr;
use crate::transfer::import::{Batch, Entry, Limits, Locked, Opened, Progress, open};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SEED: &[u8] = b"12345678901234567890";

fn words() -> SheetWords {
    SheetWords {
        language: "en".to_owned(),
        title: "Accounts".to_owned(),
        made: "today".to_owned(),
        paragraphs: vec!["Print it.".to_owned(), "Keep it.".to_owned()],
        secret: "Secret".to_owned(),
        pin: "PIN".to_owned(),
        digits: "Digits".to_owned(),
        period: "Period".to_owned(),
        counter: "Counter".to_owned(),
        algorithm: "Kind".to_owned(),
        tags: "Tags".to_owned(),
        note: "Note".to_owned(),
        favourite: "Favourite".to_owned(),
        no_code: "No code".to_owned(),
    }
}

/// What somebody may have put into a name.
const HOSTILE: [&str; 9] = [
    "\"><script>alert(1)</script>",
    "'; DROP TABLE accounts; --",
    "=HYPERLINK(\"http://a.example\")",
    "a\r\nb,c\n\"d\"",
    "\u{202e}elpmaxe\u{2066}",
    "%3Cb%3E&amp;&lt;</bdi></style>",
    "otpauth://totp/x?secret=AAAA&issuer=y",
    "a:b:c@d.example",
    "会社 & Söhne \u{1f511}",
];

fn otp(kind: Kind, algorithm: Algorithm, digits: u8) -> Otp {
    let (seed, pin) = (Secret::copy_of(SEED), Secret::copy_of(b"1234"));
    match kind {
        Kind::Motp => Otp::with_pin(kind, digits, Secret::copy_of(b"7ac61d4736f51a2b"), pin),
        Kind::Yandex => Otp::with_pin(kind, digits, Secret::copy_of(b"sixteen bytes ok"), pin),
        _ => Otp::new(kind, algorithm, digits, seed),
    }
    .unwrap()
}

fn totp() -> Otp {
    otp(Kind::Totp { period: 30 }, Algorithm::Sha1, 6)
}

fn account(issuer: &str, name: &str, otp: Otp) -> Account {
    Account { otp: Some(otp), ..Account::new(issuer, name, NOW) }
}

fn with_ids(accounts: impl IntoIterator<Item = Account>) -> Vec<(String, Account)> {
    let with_id = |(place, account)| (format!("id{place}"), account);
    accounts.into_iter().enumerate().map(with_id).collect()
}

fn written(target: &Target<'_>, accounts: &[(String, Account)]) -> Vec<Secret> {
    match write(target, accounts, &mut SeededEntropy::new(b"export"), NOW).unwrap() {
        Written::File(file) => vec![file],
        Written::Codes(codes) => codes,
    }
}

fn text(target: &Target<'_>, accounts: &[(String, Account)]) -> String {
    let texts = written(target, accounts);
    texts.iter().map(|text| text.expose_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn json_of(target: &Target<'_>, accounts: &[(String, Account)]) -> Value {
    serde_json::from_str(&text(target, accounts)).unwrap()
}

fn opened(locked: &Locked, password: &[u8]) -> Result<Batch, Reason> {
    let mut unlocking = locked.unlock(password, Limits::default()).map_err(|refused| refused.reason)?;
    loop {
        if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
            return Ok(batch);
        }
    }
}

fn read(file: &str, password: Option<&[u8]>) -> Batch {
    match (open(file.as_bytes()).unwrap(), password) {
        (Opened::Entries(batch), None) => batch,
        (Opened::Locked(locked), Some(password)) => {
            assert_eq!(opened(&locked, b"wrong").unwrap_err(), Reason::ImportWrongPassword);
            opened(&locked, password).unwrap()
        }
        (opened, _) => panic!("{opened:?}"),
    }
}

/// What comes back of an account that is not left out: all but what `judge` says.
fn expected(format: Format, account: &Account) -> Account {
    let mut account = account.clone();
    let Carried::Without(lost) = judge(format, &account) else { return account };
    for lost in lost {
        match lost {
            Lost::Note => account.note.clear(),
            Lost::Tags => account.tags.clear(),
            Lost::MoreTags => account.tags.truncate(1),
            Lost::Favourite => account.favourite = false,
            Lost::Approvals | Lost::QrCode => {}
        }
    }
    account
}

fn assert_same(format: Format, accounts: &[(String, Account)], entries: &[Entry]) {
    let carried = accounts.iter().filter(|(_, it)| !matches!(judge(format, it), Carried::LeftOut(_)));
    let carried: Vec<_> = carried.map(|(_, account)| expected(format, account)).collect();
    assert_eq!(carried.len(), entries.len());
    for (account, entry) in carried.iter().zip(entries) {
        assert_eq!((&entry.issuer, &entry.name), (&account.issuer, &account.name));
        assert_eq!(entry.otp.as_ref().ok(), account.otp.as_ref());
        assert_eq!((&entry.note, &entry.tags), (&account.note, &account.tags));
        assert_eq!(entry.favourite, account.favourite);
    }
}

fn any_name() -> impl Strategy<Value = String> {
    // As the vault keeps them.
    prop_oneof![
        2 => "\\PC{0,24}".prop_map(|name| clean_name(&name).text),
        1 => prop::sample::select(&HOSTILE[..]).prop_map(|name| clean_name(name).text),
        1 => Just(String::new()),
    ]
}

fn any_otp() -> impl Strategy<Value = Otp> {
    use Algorithm::{Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
    let algorithm = prop::sample::select(&[Sha1, Sha1, Sha256, Sha512, Sha224, Sha384, Md5][..]);
    let seed = prop::collection::vec(any::<u8>(), 1..70).prop_map(Secret::from);
    let digits = prop_oneof![Just(6_u8), Just(8), 1_u8..=9];
    let period = prop_oneof![Just(30_u32), Just(60), 1_u32..];
    let counter = prop_oneof![0_u64..1_000, any::<u64>()];
    let pin = "[0-9]{4,16}".prop_map(Secret::from);
    let totp = (period, algorithm.clone(), digits.clone(), seed.clone()).prop_map(
        |(period, algorithm, digits, seed)| Otp::new(Kind::Totp { period }, algorithm, digits, seed).unwrap(),
    );
    let hotp =
        (counter, algorithm, digits.clone(), seed.clone()).prop_map(|(counter, algorithm, digits, seed)| {
            Otp::new(Kind::Hotp { counter }, algorithm, digits, seed).unwrap()
        });
    let steam = seed.prop_map(|seed| Otp::new(Kind::Steam, Algorithm::Sha1, 5, seed).unwrap());
    let motp = (digits, "[0-9a-f]{8,40}", pin.clone())
        .prop_map(|(digits, text, pin)| Otp::with_pin(Kind::Motp, digits, Secret::from(text), pin).unwrap());
    let yandex = (prop::collection::vec(any::<u8>(), 16), pin)
        .prop_map(|(seed, pin)| Otp::with_pin(Kind::Yandex, 8, Secret::from(seed), pin).unwrap());
    prop_oneof![4 => totp, 2 => hotp, 1 => steam, 1 => motp, 1 => yandex]
}

prop_compose! {
    fn any_account()(
        issuer in any_name(), name in any_name(), otp in any_otp(), note in "\\PC{0,30}",
        tags in prop::collection::btree_set("[a-zäあ<\"]{1,8}", 0..4), favourite in any::<bool>(),
    ) -> Account {
        Account { note, tags: tags.into_iter().collect(), favourite, ..account(&issuer, &name, otp) }
    }
}

fn some_accounts() -> impl Strategy<Value = Vec<(String, Account)>> {
    prop::collection::vec(any_account(), 1..25).prop_map(with_ids)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_written_is_read_again(accounts in some_accounts()) {
        for (target, format) in [
            (Target::Otpauth, Format::Otpauth),
            (Target::Aegis(None), Format::Aegis),
            (Target::TwoFas(None), Format::TwoFas),
            (Target::Google, Format::Google),
            (Target::Cxf, Format::Cxf),
        ] {
            let file = text(&target, &accounts);
            // A list of nothing is no list.
            if !file.is_empty() {
                let batch = read(&file, None);
                prop_assert_eq!(batch.missing(), Vec::<u32>::new());
                assert_same(format, &accounts, &batch.entries);
            }
        }
    }

    #[test]
    fn each_account_is_a_row_of_a_csv_without_quotes(accounts in some_accounts()) {
        let file = text(&Target::Entra, &accounts);
        let rows: Vec<_> = file.split_terminator("\r\n").collect();
        let carried = accounts.iter().filter(|(_, it)| judge(Format::Entra, it) == Carried::Whole
            || matches!(judge(Format::Entra, it), Carried::Without(_)));
        prop_assert_eq!(rows.len(), 1 + carried.count());
        for row in rows {
            prop_assert_eq!(row.split(',').count(), 6);
            prop_assert!(!row.contains(['"', '\n', '\r']) && !row.starts_with(['=', '+', '-', '@']));
        }
    }

    #[test]
    fn a_sheet_has_no_element_but_its_own(accounts in some_accounts()) {
        let page = text(&Target::Sheet(&words()), &accounts);
        let count = accounts.iter().filter(|(_, account)| account.otp.is_some()).count();
        prop_assert_eq!(page.matches("<section>").count(), count);
        prop_assert_eq!(page.matches("<svg ").count(), count);
        prop_assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
        prop_assert_eq!(page.matches("<bdi>").count(), page.matches("</bdi>").count());
    }
}

/// One account of each kind, with everything beside it.
fn one_of_each() -> Vec<(String, Account)> {
    let beside = |account: Account| Account {
        note: "line 1\nline \"2\"".to_owned(),
        tags: vec!["bank".to_owned(), "work".to_owned()],
        favourite: true,
        ..account
    };
    with_ids(
        [
            account("Example", "alice@example.com", totp()),
            account("Bank", "bob", otp(Kind::Hotp { counter: 7 }, Algorithm::Sha256, 8)),
            account("Steam", "carol", otp(Kind::Steam, Algorithm::Sha1, 5)),
            account("Old", "dave", otp(Kind::Motp, Algorithm::Md5, 6)),
            account("Yandex", "erin", otp(Kind::Yandex, Algorithm::Sha256, 8)),
        ]
        .map(beside),
    )
}

#[test]
fn under_a_password() {
    let accounts = one_of_each();
    let (password, entropy) = ("correct horse ü".as_bytes(), &mut SeededEntropy::new(b"keys"));
    let aegis = AegisKey::derive(password, entropy).unwrap();
    let two_fas = TwoFasKey::derive(password, entropy).unwrap();
    for target in [Target::Aegis(Some(&aegis)), Target::TwoFas(Some(&two_fas))] {
        let file = text(&target, &accounts);
        assert!(!file.contains("alice") && !file.contains("GEZDGNBV") && !target.is_plain());
        assert_same(target.format(), &accounts, &read(&file, Some(password)).entries);
    }
    let file = json_of(&Target::Aegis(Some(&aegis)), &accounts);
    let slot = &file["header"]["slots"][0];
    assert_eq!(
        (&slot["type"], &slot["n"], &slot["r"], &slot["p"]),
        (&json!(1), &json!(32768), &json!(8), &json!(1))
    );
    // Two files with one key have a nonce and a master key of their own.
    let mut other = SeededEntropy::new(b"another");
    let Written::File(again) = write(&Target::Aegis(Some(&aegis)), &accounts, &mut other, NOW).unwrap()
    else {
        panic!()
    };
    let again: Value = serde_json::from_slice(again.expose()).unwrap();
    assert_ne!(again["header"]["slots"][0]["key"], slot["key"]);
    assert_ne!(again["header"]["params"]["nonce"], file["header"]["params"]["nonce"]);
}

#[test]
fn codes_of_ten_accounts_each() {
    let accounts = with_ids((0..25).map(|n| account("Example", &format!("account {n}"), totp())));
    let codes = written(&Target::Google, &accounts);
    assert_eq!(codes.len(), 3);
    let pictures: Vec<_> =
        codes.iter().rev().map(|code| qr::png(code.expose_str().unwrap(), 3).unwrap()).collect();
    let batches: Vec<_> = pictures
        .iter()
        .map(|picture| match open(picture.expose()).unwrap() {
            Opened::Entries(batch) => batch,
            Opened::Locked(_) => panic!(),
        })
        .collect();
    assert_eq!(batches.iter().map(|batch| batch.entries.len()).collect::<Vec<_>>(), [5, 10, 10]);
    let parts: Vec<_> = batches.iter().map(|batch| (batch.parts[0].index, batch.parts[0].of)).collect();
    assert_eq!(parts, [(2, 3), (1, 3), (0, 3)]);
    assert!(batches.iter().all(|batch| batch.parts[0].batch == batches[0].parts[0].batch));
    assert!(batches[0].parts[0].batch.unwrap() >= 0);
    assert_eq!(batches[1].missing(), [1, 3]);
}
