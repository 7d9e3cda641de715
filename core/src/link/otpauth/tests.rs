use proptest::prelude::*;

use super::super::{otpauth_uri, recognise};
use super::*;
use crate::clock::UnixTime;
use crate::secret::Secret;

const S: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn codes(text: &str) -> CodesLink {
    match recognise(text) {
        Recognised::Codes(link) => link,
        other => panic!("{text}: {other:?}"),
    }
}

/// `S` stands for a secret of 20 bytes.
fn read(text: &str) -> CodesLink {
    codes(&text.replace("S&", &format!("{S}&")).replace("?S", &format!("?{S}")))
}

fn refused(text: &str, expected: Reason) {
    match recognise(&text.replace("?S", &format!("?{S}"))) {
        Recognised::Foreign { reason, .. } => assert_eq!(reason, expected, "{text}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn microsoft_365_with_a_label_written_as_a_form() {
    let link = codes(
        "otpauth://totp/Test+Und%2BFirma%3Atest%40firma.onmicrosoft.com?secret=frjlnxsknymgykjx&issuer=Microsoft",
    );
    assert_eq!((link.issuer.as_str(), link.account.as_str()), ("Microsoft", "test@firma.onmicrosoft.com"));
    assert_eq!(link.label_issuer.as_deref(), Some("Test Und+Firma"));
    assert_eq!(link.odd, [Odd::PlusReadAsSpace, Odd::IssuersDiffer, Odd::SecretShort]);
    assert_eq!((link.otp.kind(), link.otp.digits()), (Kind::Totp { period: 30 }, 6));
    assert_eq!(link.otp.seed().len(), 10);
}

#[test]
fn names() {
    for (text, issuer, account, odd) in [
        ("otpauth://totp/alice?S", "", "alice", &[Odd::IssuerMissing][..]),
        ("otpauth://totp/Example:alice?S", "Example", "alice", &[]),
        ("otpauth:totp/Example:alice?S", "Example", "alice", &[Odd::SlashesMissing]),
        ("otpauth://totp/Example:?S", "Example", "", &[Odd::AccountMissing]),
        ("otpauth://totp/Example:%20?S&issuer=Example", "Example", "", &[Odd::AccountMissing]),
        ("otpauth://totp/Example%3aalice?S&issuer=Example", "Example", "alice", &[]),
        ("otpauth://totp/Example%3A%20alice?S&issuer=Example", "Example", "alice", &[]),
        ("otpauth://totp/%20Example%20:alice?S&issuer=Example", "Example", "alice", &[]),
        ("otpauth://totp/a:b%3Ac:d?S", "a", "b:c:d", &[]),
        ("otpauth://totp/:alice?S&issuer=Example", "Example", "alice", &[]),
        ("otpauth://totp/:alice?S&issuer", "", "alice", &[Odd::IssuerMissing]),
        ("otpauth://totp/Other:alice?S&issuer=", "Other", "alice", &[]),
        ("otpauth://totp/Other:alice?S&issuer=Example", "Example", "alice", &[Odd::IssuersDiffer]),
        ("otpauth://totp/?S", "", "", &[Odd::IssuerMissing, Odd::AccountMissing]),
        ("otpauth://totp?S", "", "", &[Odd::IssuerMissing, Odd::AccountMissing]),
        ("OTPAUTH://TOTP/alice?S", "", "alice", &[Odd::IssuerMissing]),
        ("apple-otpauth://totp/Example:alice?S&issuer=Example", "Example", "alice", &[]),
        // A plus in an e-mail address is a plus.
        ("otpauth://totp/Example:a+b@example.com?S&issuer=Example", "Example", "a+b@example.com", &[]),
        ("otpauth://totp/Microsoft:a+b@example.com?S&issuer=Microsoft", "Microsoft", "a+b@example.com", &[]),
        ("otpauth://totp/a.b%2Bc%40example.com?S&issuer=Microsoft", "Microsoft", "a.b+c@example.com", &[]),
        ("otpauth://totp/a/b:c/d?S", "a/b", "c/d", &[]),
        // A plus in the issuer is what the label says; else a space.
        (
            "otpauth://hotp/Air%20Canada:Bob?S&issuer=Air+Canada&counter=5",
            "Air Canada",
            "Bob",
            &[Odd::PlusReadAsSpace],
        ),
        ("otpauth://totp/Fit+:Bob?S&issuer=Fit+", "Fit+", "Bob", &[]),
        ("otpauth://totp/Bob?S&issuer=Air+Canada", "Air Canada", "Bob", &[Odd::PlusReadAsSpace]),
        ("otpauth://totp/Bob?S&issuer=Canal%2B", "Canal+", "Bob", &[]),
        ("otpauth://totp/Team #1:bob?S&issuer=Team%20%231", "Team #1", "bob", &[Odd::HashInLabel]),
        ("otpauth://totp/A&amp;B:bob?S&amp;issuer=A%26B&amp;digits=6", "A&B", "bob", &[Odd::HtmlEscaped]),
        ("otpauth://totp/A&B:bob?S&issuer=A%26B", "A&B", "bob", &[]),
        ("otpauth://totp/100%:bob?S&issuer=100%25", "100%", "bob", &[Odd::PercentAlone]),
        ("otpauth://totp/bob?S&issuer=100%", "100%", "bob", &[Odd::PercentAlone]),
        ("otpauth://totp/bob?S&issuer=Team%20#1", "Team #1", "bob", &[Odd::HashInLabel]),
        // Keycloak, with display names of all sorts.
        (
            "otpauth://totp/Example%20%26%20Sons%20%20Ltd:alice?S&digits=6&algorithm=SHA1&issuer=Example%20%26%20Sons%20%20Ltd&period=30",
            "Example & Sons  Ltd",
            "alice",
            &[],
        ),
        ("otpauth://totp/%E4%BC%9A%E7%A4%BE:alice?S&issuer=%E4%BC%9A%E7%A4%BE", "会社", "alice", &[]),
        (
            "otpauth://totp/%3Cb%3EBold%3C%2Fb%3E%20Realm:a.b%2Bc@example.com?S&issuer=%3Cb%3EBold%3C%2Fb%3E%20Realm",
            "<b>Bold</b> Realm",
            "a.b+c@example.com",
            &[],
        ),
        ("otpauth://totp/Ex%E2%80%AEample:al%00ice?S", "Example", "alice", &[Odd::NameCleaned]),
        ("otpauth://totp/x:%ff%fe?S", "x", "\u{fffd}\u{fffd}", &[Odd::NameCleaned]),
    ] {
        let link = read(text);
        assert_eq!((link.issuer.as_str(), link.account.as_str()), (issuer, account), "{text}");
        assert_eq!(link.odd, odd, "{text}");
        assert_eq!(link.label_issuer.is_some(), odd.contains(&Odd::IssuersDiffer), "{text}");
    }
    let long = read(&format!("otpauth://totp/A:{}?S", "x".repeat(2000)));
    assert_eq!((long.account.len(), long.odd), (256, vec![Odd::NameShortened]));
}

#[test]
fn parameters() {
    let totp = |period| Kind::Totp { period };
    for (query, kind, algorithm, digits, odd) in [
        ("", totp(30), Algorithm::Sha1, 6, &[][..]),
        ("algorithm=SHA256&period=60&digits=8", totp(60), Algorithm::Sha256, 8, &[]),
        ("algorithm=sha512&period=1&digits=1", totp(1), Algorithm::Sha512, 1, &[]),
        ("algorithm=HmacSHA256&digits=9", totp(30), Algorithm::Sha256, 9, &[Odd::UnusualSpelling]),
        ("algorithm=SHA-1", totp(30), Algorithm::Sha1, 6, &[Odd::UnusualSpelling]),
        ("algorithm=Algorithm.sha256", totp(30), Algorithm::Sha256, 6, &[Odd::UnusualSpelling]),
        ("algorithm=HMAC-SHA-512", totp(30), Algorithm::Sha512, 6, &[Odd::UnusualSpelling]),
        ("algorithm=SHA224", totp(30), Algorithm::Sha224, 6, &[]),
        ("algorithm=SHA384", totp(30), Algorithm::Sha384, 6, &[]),
        ("algorithm=md5", totp(30), Algorithm::Md5, 6, &[]),
        ("period=4294967295", totp(u32::MAX), Algorithm::Sha1, 6, &[]),
        ("digits=%206", totp(30), Algorithm::Sha1, 6, &[Odd::UnusualSpelling]),
        ("digits=+7", totp(30), Algorithm::Sha1, 7, &[Odd::UnusualSpelling]),
        ("digits=08&period=+60", totp(60), Algorithm::Sha1, 8, &[Odd::UnusualSpelling]),
        ("algorithm=+sha256", totp(30), Algorithm::Sha256, 6, &[Odd::UnusualSpelling]),
        ("digits=+null", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
        ("counter=5", totp(30), Algorithm::Sha1, 6, &[Odd::ParameterIgnored]),
        ("counter=", totp(30), Algorithm::Sha1, 6, &[]),
        ("algorithm=null", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
        ("digits=&period=", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
        ("digits=null&period=NULL", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
        ("digits=7&digits=8", totp(30), Algorithm::Sha1, 7, &[Odd::ParameterRepeated]),
        (
            "image=https://a.example/i.png&creator=privacyidea&serial=TOTP1&color=red",
            totp(30),
            Algorithm::Sha1,
            6,
            &[],
        ),
        (
            "enrollment_tx_id=x&id=y&base_url=https://t.example",
            totp(30),
            Algorithm::Sha1,
            6,
            &[Odd::Auth0Guardian],
        ),
    ] {
        let link = read(&format!("otpauth://totp/A:b?S&{query}"));
        let found = (link.otp.kind(), link.otp.algorithm(), link.otp.digits());
        assert_eq!((found, &link.odd[..]), ((kind, algorithm, digits), odd), "{query}");
    }
    for (query, counter, odd) in [
        ("counter=0", 0, &[][..]),
        ("counter=18446744073709551615&digits=6", u64::MAX, &[]),
        ("counter=+7", 7, &[Odd::UnusualSpelling]),
        ("counter=7&period=30", 7, &[Odd::ParameterIgnored]),
        ("", 0, &[Odd::CounterMissing]),
        ("counter=", 0, &[Odd::CounterMissing]),
        ("counter=null", 0, &[Odd::CounterMissing]),
    ] {
        let link = read(&format!("otpauth://hotp/A:b?S&{query}"));
        assert_eq!((link.otp.kind(), &link.odd[..]), (Kind::Hotp { counter }, odd), "{query}");
    }
}

#[test]
fn refused_by_name() {
    for (text, reason) in [
        ("otpauth://totp/a", Reason::SecretMissing),
        ("otpauth://totp/a?secret=", Reason::SecretMissing),
        ("otpauth://totp/a?secret=%20", Reason::SecretMissing),
        ("otpauth://totp/a?secret=PIUD1IS!EQYA=", Reason::SecretNotBase32),
        ("otpauth://totp/a?secret=%ff%fe", Reason::SecretNotBase32),
        ("otpauth://totp/a?secret=ABC%00", Reason::SecretNotBase32),
        ("otpauth://totp/a?S&digits=0", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=10", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=-6", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=%2B6", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=6.0", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=99999999999999999999999999", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&digits=６", Reason::DigitsUnsupported),
        ("otpauth://totp/a?S&period=0", Reason::PeriodUnsupported),
        ("otpauth://totp/a?S&period=-30", Reason::PeriodUnsupported),
        ("otpauth://totp/a?S&period=4294967296", Reason::PeriodUnsupported),
        ("otpauth://totp/a?S&period=30s", Reason::PeriodUnsupported),
        ("otpauth://hotp/a?S&counter=-1", Reason::CounterUnreadable),
        ("otpauth://hotp/a?S&counter=x", Reason::CounterUnreadable),
        ("otpauth://hotp/a?S&counter=18446744073709551616", Reason::CounterUnreadable),
        ("otpauth://totp/a?S&algorithm=RIPEMD160", Reason::AlgorithmUnsupported),
        ("otpauth://totp/a?S&algorithm=SHA512/256", Reason::AlgorithmUnsupported),
        ("otpauth://totp/a?S&algorithm=0", Reason::AlgorithmUnsupported),
        ("otpauth://totp/a?S&2step_salt=8&2step_output=20&2step_difficulty=10000", Reason::TwoStepEnrolment),
        ("otpauth://other/a?S", Reason::CodeKindUnsupported),
        ("otpauth://?S", Reason::LinkDamaged),
        ("otpauth:", Reason::LinkDamaged),
        ("steam://not!base32", Reason::SecretNotBase32),
        ("steam://", Reason::SecretMissing),
    ] {
        refused(text, reason);
    }
}

#[test]
fn steam_by_its_markers() {
    let marked = &[Odd::SteamMarker][..];
    let ignored = &[Odd::SteamMarker, Odd::ParameterIgnored][..];
    for (text, odd) in [
        ("otpauth://steam/Boeing:Sophia?S&issuer=Boeing&algorithm=SHA1&digits=5&period=30", marked),
        // Keycloak, with a policy that it does not check.
        ("otpauth://steam/totp:alice?S&digits=6&algorithm=SHA1&issuer=totp", ignored),
        ("otpauth://totp/Example:alice?S&issuer=Example&steam", marked),
        ("otpauth://totp/Example:alice?S&encoder=steam", marked),
        ("otpauth://totp/Example:alice?S&encoder=steam&counter=1", ignored),
        ("otpauth://totp/Steam:alice?S&issuer=Steam", marked),
        ("otpauth://totp/Steam:alice?S&digits=5&period=30", marked),
    ] {
        let link = read(text);
        assert_eq!((link.otp.kind(), &link.odd[..]), (Kind::Steam, odd), "{text}");
        assert_eq!(link.otp.digits(), STEAM_DIGITS);
    }
    for text in [
        "otpauth://totp/Steam:alice?S&issuer=Steam&digits=6",
        "otpauth://totp/Steam:alice?S&issuer=Steam&period=60",
        "otpauth://totp/Steam:alice?S&issuer=Steam&algorithm=SHA256",
        "otpauth://hotp/Steam:alice?S&issuer=Steam&counter=1",
        "otpauth://totp/steam:alice?S&issuer=steam",
    ] {
        assert_ne!(read(text).otp.kind(), Kind::Steam, "{text}");
    }
    let bare = codes("steam://GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!((bare.issuer.as_str(), bare.otp.kind()), ("Steam", Kind::Steam));
}

#[test]
fn a_lenient_secret_gives_the_same_codes_and_is_told() {
    let plain = read("otpauth://totp/a?S&digits=8");
    let at = |link: &CodesLink| link.otp.codes_at(UnixTime(59)).unwrap().current.as_str().to_owned();
    assert_eq!(at(&plain), "94287082");
    for secret in ["gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "GEZD-GNBV-GY3T-QOJQ-GEZD+GNBV%20GY3T_QOJQ"] {
        let link = codes(&format!("otpauth://totp/A:b?digits=8&secret={secret}"));
        assert_eq!((at(&link), link.odd), ("94287082".to_owned(), vec![Odd::SecretSpaced]));
    }
    let odd = codes(&format!("otpauth://totp/A:b?digits=8&{S}A"));
    assert_eq!((at(&odd), odd.odd), ("94287082".to_owned(), vec![Odd::SecretOddLength]));
}

fn otp() -> impl Strategy<Value = Otp> {
    let kind = prop_oneof![
        (1_u32..).prop_map(|period| Kind::Totp { period }),
        any::<u64>().prop_map(|counter| Kind::Hotp { counter }),
        Just(Kind::Steam),
    ];
    let algorithm = prop::sample::select(vec![
        Algorithm::Sha1,
        Algorithm::Sha256,
        Algorithm::Sha512,
        Algorithm::Sha224,
        Algorithm::Sha384,
        Algorithm::Md5,
    ]);
    (kind, algorithm, 1_u8..=9, prop::collection::vec(any::<u8>(), 16..100)).prop_map(
        |(kind, algorithm, digits, seed)| Otp::new(kind, algorithm, digits, Secret::from(seed)).unwrap(),
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read(issuer in "\\PC{0,40}", account in "\\PC{0,40}", otp in otp()) {
        let clean = |name: &str| crate::link::clean_name(name).text;
        let (issuer, account) = (clean(&issuer), clean(&account));
        let uri = otpauth_uri(&issuer, &account, &otp);
        let link = codes(uri.expose_str().unwrap());
        let odd = [
            (issuer.is_empty(), Odd::IssuerMissing),
            (account.is_empty(), Odd::AccountMissing),
            (otp.kind() == Kind::Steam, Odd::SteamMarker),
        ];
        let odd: Vec<_> = odd.into_iter().filter_map(|(is_so, odd)| is_so.then_some(odd)).collect();
        prop_assert_eq!((link.issuer, link.account), (issuer, account));
        prop_assert_eq!(link.odd, odd);
        prop_assert_eq!(link.otp, otp);
    }
}

#[test]
fn names_with_colons_come_back() {
    let otp = read("otpauth://totp/a?S").otp;
    for (issuer, account) in [("a:b", "c"), ("", "a:b"), ("a", "b:c"), ("a:b", ""), ("a+b", "c+d"), ("", "")]
    {
        let link = codes(otpauth_uri(issuer, account, &otp).expose_str().unwrap());
        assert_eq!((link.issuer.as_str(), link.account.as_str()), (issuer, account));
        let is_told = |odd| link.odd.contains(&odd);
        assert_eq!(is_told(Odd::IssuerMissing), issuer.is_empty());
        assert_eq!(is_told(Odd::AccountMissing), account.is_empty());
        assert_eq!(link.otp, otp);
    }
}
