//! What formats leave out, and names that try something.

use super::*;

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
    assert!(text(&Target::Sheet(&words()), &with_ids([wide])).contains("No code"));
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
    let page = text(&Target::Sheet(&words()), &accounts);
    assert_eq!(page.matches("&lt;script&gt;").count(), 4, "heading, name, tag and note");
    assert_eq!((page.matches("</style>").count(), page.matches("<script").count()), (1, 0));
    assert!(!page.contains('\r') && !page.contains("<b>"));
    assert_eq!(text(&Target::Entra, &accounts).lines().count(), 1);
}
