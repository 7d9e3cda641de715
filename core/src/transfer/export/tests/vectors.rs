//! What is written, to the letter.

use super::*;

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
fn a_sheet_needs_nothing_from_elsewhere() {
    let page = text(&Target::Sheet(&words()), &one_of_each());
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
