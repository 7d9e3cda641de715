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

const WORDS: SheetWords<'_> = SheetWords {
    language: "en",
    title: "Accounts",
    made: "today",
    paragraphs: &["Print it.", "Keep it."],
    secret: "Secret",
    pin: "PIN",
    digits: "Digits",
    period: "Period",
    counter: "Counter",
    algorithm: "Kind",
    tags: "Tags",
    note: "Note",
    favourite: "Favourite",
    no_code: "No code",
};

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
        // 2FAS shows no service without a name, so the account's stands there as well.
        let has_no_issuer = format == Format::TwoFas && account.issuer.is_empty();
        let issuer = if has_no_issuer { &account.name } else { &account.issuer };
        assert_eq!((&entry.issuer, &entry.name), (issuer, &account.name));
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
        let page = text(&Target::Sheet(&WORDS), &accounts);
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
fn links_to_the_letter() {
    assert_eq!(
        text(&Target::Otpauth, &one_of_each()),
        "otpauth://totp/Example:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&algorithm=SHA1&digits=6&period=30\n\
         otpauth://hotp/Bank:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Bank&algorithm=SHA256&digits=8&counter=7\n\
         otpauth://steam/Steam:carol?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Steam&algorithm=SHA1&digits=5&period=30\n\
         motp://Old:dave?secret=7ac61d4736f51a2b&issuer=Old&algorithm=MD5&digits=6&period=10&pin=1234\n\
         otpauth://yaotp/Yandex:erin?secret=ONUXQ5DFMVXCAYTZORSXGIDPNM&issuer=Yandex&algorithm=SHA256&digits=8&period=30&pin=GEZDGNA\n"
    );
}

#[test]
fn aegis_as_its_own_exports_are() {
    let file = json_of(&Target::Aegis(None), &one_of_each());
    assert_eq!((&file["version"], &file["db"]["version"]), (&json!(1), &json!(3)));
    assert_eq!(file["header"], json!({"slots": null, "params": null}));
    let groups: Vec<_> =
        file["db"]["groups"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert_eq!(groups, ["bank", "work"]);
    let [alice, bob, _, dave, erin] = file["db"]["entries"].as_array().unwrap().as_slice() else { panic!() };
    let in_groups = [&file["db"]["groups"][0]["uuid"], &file["db"]["groups"][1]["uuid"]];
    assert_eq!(
        alice,
        &json!({
            "type": "totp", "uuid": alice["uuid"], "name": "alice@example.com", "issuer": "Example",
            "note": "line 1\nline \"2\"", "favorite": true, "icon": null, "groups": in_groups,
            "info": {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "algo": "SHA1", "digits": 6, "period": 30},
        })
    );
    assert_eq!(bob["info"]["counter"], 7);
    // The bytes of 7ac61d4736f51a2b.
    let of_motp = json!({"secret": "PLDB2RZW6UNCW", "algo": "MD5", "digits": 6, "period": 10, "pin": "1234"});
    assert_eq!(dave["info"], of_motp);
    assert_eq!((&erin["type"], &erin["info"]["pin"]), (&json!("yandex"), &json!("1234")));
    let uuid = alice["uuid"].as_str().unwrap();
    assert!(uuid.len() == 36 && uuid.as_bytes()[14] == b'4' && "89ab".contains(&uuid[19..20]), "{uuid}");
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

#[test]
fn long_accounts_get_codes_of_their_own_or_none() {
    let long = |length: usize| account(&"i".repeat(length), &"n".repeat(length), totp());
    let accounts = with_ids([long(250), long(250), long(250), long(10)]);
    let codes = written(&Target::Google, &accounts);
    assert_eq!(codes.len(), 3);
    assert!(codes.iter().all(|code| code.len() < 1400 && qr::svg(code.expose_str().unwrap()).is_ok()));
    let wide = account(&"\u{1f511}".repeat(256), &"\u{1f511}".repeat(256), totp());
    assert_eq!(judge(Format::Google, &wide), Carried::LeftOut(LeftOut::TooLong));
    assert_eq!(judge(Format::Sheet, &wide), Carried::Without(vec![Lost::QrCode]));
    assert!(text(&Target::Sheet(&WORDS), &with_ids([wide])).contains("No code"));
}

#[test]
fn credential_exchange_to_the_letter() {
    let mut accounts = one_of_each();
    accounts
        .push(("id5".to_owned(), account("", "frank", otp(Kind::Totp { period: 60 }, Algorithm::Sha512, 8))));
    let file = json_of(&Target::Cxf, &accounts);
    let id = &file["accounts"][0]["id"];
    assert_eq!(
        file,
        json!({
            "version": {"major": 1, "minor": 0},
            "exporterRpId": "countersign.org",
            "exporterDisplayName": "Countersign",
            "timestamp": 1_800_000_000,
            "accounts": [{
                "id": id, "username": "", "email": "", "collections": [],
                "items": [
                    {
                        "id": "aWQw", "creationAt": 1_800_000_000, "modifiedAt": 1_800_000_000,
                        "title": "Example", "subtitle": "alice@example.com", "favorite": true,
                        "tags": ["bank", "work"],
                        "credentials": [
                            {
                                "type": "totp", "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "period": 30,
                                "digits": 6, "username": "alice@example.com", "algorithm": "sha1",
                                "issuer": "Example",
                            },
                            {"type": "note", "content": {"fieldType": "string", "value": "line 1\nline \"2\""}},
                        ],
                    },
                    {
                        "id": "aWQ1", "creationAt": 1_800_000_000, "modifiedAt": 1_800_000_000,
                        "title": "frank", "favorite": false,
                        "credentials": [{
                            "type": "totp", "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "period": 60,
                            "digits": 8, "username": "frank", "algorithm": "sha512",
                        }],
                    },
                ],
            }],
        })
    );
}

#[test]
fn entra_to_the_letter() {
    assert_eq!(
        text(&Target::Entra, &one_of_each()),
        "upn,serial number,secret key,time interval,manufacturer,model\r\n\
         alice@example.com,id0,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,30,Countersign,Countersign\r\n"
    );
    for (name, fits) in [
        ("o'neil_1@sub.example.com", true),
        ("7@a.example", true),
        ("alice", false),
        ("=1+1@a.example", false),
        ("-a@a.example", false),
        ("a,b@a.example", false),
        ("a\"b@a.example", false),
        ("a@b@a.example", false),
        ("a@localhost", false),
        ("ä@a.example", false),
        ("a b@a.example", false),
    ] {
        let judged = judge(Format::Entra, &account("", name, totp()));
        assert_eq!(judged == Carried::Whole, fits, "{name}: {judged:?}");
    }
}

#[test]
fn what_each_format_leaves_out() {
    use Format::{Aegis, Cxf, Entra, Google, Otpauth, Sheet, TwoFas};
    let of = |kind, algorithm, digits| account("Example", "alice@example.com", otp(kind, algorithm, digits));
    let by_time = |period| of(Kind::Totp { period }, Algorithm::Sha1, 6);
    let cases = [
        (by_time(30), vec![]),
        (of(Kind::Totp { period: 30 }, Algorithm::Sha256, 8), vec![(Entra, LeftOut::Algorithm)]),
        (
            of(Kind::Totp { period: 30 }, Algorithm::Sha384, 6),
            vec![
                (Aegis, LeftOut::Algorithm),
                (Google, LeftOut::Algorithm),
                (Cxf, LeftOut::Algorithm),
                (Entra, LeftOut::Algorithm),
            ],
        ),
        (
            of(Kind::Totp { period: 30 }, Algorithm::Md5, 6),
            vec![
                (Aegis, LeftOut::Algorithm),
                (TwoFas, LeftOut::Algorithm),
                (Cxf, LeftOut::Algorithm),
                (Entra, LeftOut::Algorithm),
            ],
        ),
        (
            of(Kind::Totp { period: 30 }, Algorithm::Sha1, 9),
            vec![(TwoFas, LeftOut::Digits), (Google, LeftOut::Digits), (Entra, LeftOut::Digits)],
        ),
        (by_time(60), vec![(Google, LeftOut::Period)]),
        (
            by_time(256),
            vec![
                (TwoFas, LeftOut::Period),
                (Google, LeftOut::Period),
                (Cxf, LeftOut::Period),
                (Entra, LeftOut::Period),
            ],
        ),
        (
            by_time(1 << 31),
            vec![
                (Aegis, LeftOut::Period),
                (TwoFas, LeftOut::Period),
                (Google, LeftOut::Period),
                (Cxf, LeftOut::Period),
                (Entra, LeftOut::Period),
            ],
        ),
        (
            of(Kind::Hotp { counter: 1 << 31 }, Algorithm::Sha1, 6),
            vec![(TwoFas, LeftOut::Counter), (Cxf, LeftOut::Kind), (Entra, LeftOut::Kind)],
        ),
        (
            of(Kind::Hotp { counter: 1 << 63 }, Algorithm::Sha1, 6),
            vec![
                (Aegis, LeftOut::Counter),
                (TwoFas, LeftOut::Counter),
                (Google, LeftOut::Counter),
                (Cxf, LeftOut::Kind),
                (Entra, LeftOut::Kind),
            ],
        ),
        (
            of(Kind::Steam, Algorithm::Sha1, 5),
            vec![(Google, LeftOut::Kind), (Cxf, LeftOut::Kind), (Entra, LeftOut::Kind)],
        ),
        (
            of(Kind::Motp, Algorithm::Md5, 8),
            vec![
                (Aegis, LeftOut::Digits),
                (TwoFas, LeftOut::Kind),
                (Google, LeftOut::Kind),
                (Cxf, LeftOut::Kind),
                (Entra, LeftOut::Kind),
            ],
        ),
    ];
    for (account, expected) in cases {
        for format in [Otpauth, Aegis, TwoFas, Google, Cxf, Sheet, Entra] {
            let why = expected.iter().find(|(of, _)| *of == format).map(|(_, why)| *why);
            let carried = why.map_or(Carried::Whole, Carried::LeftOut);
            assert_eq!(judge(format, &account), carried, "{format:?} {:?}", account.otp);
        }
    }
    let without_codes = Account::new("Example", "alice", NOW);
    for format in Format::ALL {
        assert_eq!(judge(format, &without_codes), Carried::LeftOut(LeftOut::NoCodes));
    }
    let long = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, Secret::from(vec![1; 81])).unwrap();
    assert_eq!(judge(Entra, &account("", "a@a.example", long)), Carried::LeftOut(LeftOut::Secret));
    let odd_text = Otp::with_pin(Kind::Motp, 6, Secret::copy_of(b"7AC61D"), Secret::copy_of(b"1")).unwrap();
    assert_eq!(judge(Aegis, &account("", "a", odd_text)), Carried::LeftOut(LeftOut::Secret));
}

#[test]
fn what_is_lost_beside_the_codes() {
    let (_, alice) = one_of_each().swap_remove(0);
    let all = vec![Lost::Note, Lost::Tags, Lost::Favourite];
    for (format, lost) in [
        (Format::Otpauth, all.clone()),
        (Format::Google, all.clone()),
        (Format::Entra, all),
        (Format::TwoFas, vec![Lost::Note, Lost::MoreTags, Lost::Favourite]),
    ] {
        assert_eq!(judge(format, &alice), Carried::Without(lost), "{format:?}");
    }
    for format in [Format::Aegis, Format::Cxf, Format::Sheet] {
        assert_eq!(judge(format, &alice), Carried::Whole, "{format:?}");
    }
}

#[test]
fn names_that_try_something_do_nothing() {
    // As no vault keeps them: the writers do not rely on it.
    let accounts = with_ids(HOSTILE.map(|name| Account {
        note: name.to_owned(),
        tags: vec![name.to_owned()],
        ..account(name, name, totp())
    }));
    let links = text(&Target::Otpauth, &accounts);
    assert_eq!(links.lines().count(), HOSTILE.len());
    assert!(links.lines().all(|line| line.starts_with("otpauth://totp/") && line.is_ascii()));
    assert!(links.lines().all(|line| !line.contains(['"', '<', '>', '\'', ' '])));

    for target in [Target::Aegis(None), Target::TwoFas(None), Target::Cxf] {
        assert!(text(&target, &accounts).lines().count() == 1);
        let file = json_of(&target, &accounts).to_string();
        assert!(file.contains("script"), "as text");
    }
    let page = text(&Target::Sheet(&WORDS), &accounts);
    assert_eq!(page.matches("&lt;script&gt;").count(), 4, "heading, name, tag and note");
    assert_eq!((page.matches("</style>").count(), page.matches("<script").count()), (1, 0));
    assert!(!page.contains('\r') && !page.contains("<b>"));
    assert_eq!(text(&Target::Entra, &accounts).lines().count(), 1);
}

#[test]
fn a_sheet_needs_nothing_from_elsewhere() {
    let page = text(&Target::Sheet(&WORDS), &one_of_each());
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && page.contains("@page{size:A4"));
    assert!(page.contains("default-src 'none'") && page.contains("break-inside:avoid"));
    // The name of SVG is no address that is fetched.
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    for outside in ["http:", "https:", "url(", "@import", "src=", "href="] {
        assert!(!addresses.contains(outside), "{outside}");
    }
    for shown in [
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
        "7ac61d4736f51a2b",
        "TOTP, SHA1",
        "★ Favourite",
        "bank, work",
        "<p>Print it.</p>",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
}
