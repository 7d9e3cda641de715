//! What scripts rely on: objects, exit codes and rules of `docs/command-line.md`.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use phone::{Phone, assert_failure, assert_fields, path_text};
use serde_json::{Value, json};

/// RFC 6238, appendix B: the seed "12345678901234567890".
const RFC: &str =
    "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&digits=8";

#[test]
fn init_gives_the_vault_and_a_recovery_code_and_never_overwrites() {
    let phone = Phone::bare();
    let said = phone.run(&["init"]);
    assert_eq!(said.exit, 0);
    assert_fields(&said.object, &["vault", "recovery_code"]);
    assert_eq!(said.object["vault"], path_text(&phone.vault()));
    let before = std::fs::read(phone.vault()).unwrap();
    assert_failure(&phone.run(&["init"]), 4, "VaultExists");
    assert_eq!(std::fs::read(phone.vault()).unwrap(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn init_where_no_file_can_be() {
    let phone = Phone::bare();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["--json", "--vault", "/proc/no-file-can-be-here.db", "--password-file"])
        .arg(phone.file("password"))
        .arg("init")
        .output()
        .unwrap();
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["reason"]), (Some(3), &json!("FileUnwritable")));
}

#[test]
fn a_code_of_the_standard() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let said = phone.run(&["code", "example", "--at", "59"]);
    assert_eq!(
        said.object,
        json!({"id": id, "issuer": "Example", "account": "alice", "code": "94287082", "next": "37359152", "valid_until": 60, "offset": 0})
    );
    let plain = phone.output(&["code", &id, "--at", "59"], "", "C");
    assert_eq!(String::from_utf8(plain.stdout).unwrap(), "94287082\n");
}

#[test]
fn a_counter_moves_on_with_each_code() {
    let phone = Phone::new();
    let id = phone.add("otpauth://hotp/Example:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    for code in ["755224", "287082", "359152"] {
        let said = phone.run(&["code", &id]);
        assert_eq!(
            (&said.object["code"], &said.object["next"], &said.object["valid_until"]),
            (&json!(code), &Value::Null, &Value::Null)
        );
    }
    assert_eq!(phone.run(&["show", &id]).object["counter"], 3);
}

#[test]
fn the_same_code_is_not_added_twice_and_any_difference_is_another_account() {
    let phone = Phone::new();
    let first = phone.run_with(&["add", "-"], RFC);
    assert_fields(&first.object, &["id", "added", "issuer", "account", "can", "odd"]);
    assert_eq!((&first.object["added"], &first.object["can"]), (&json!(true), &json!(["code"])));
    let again = phone.run_with(&["add", "-"], RFC);
    assert_eq!(
        (again.exit, &again.object["added"], &again.object["id"]),
        (0, &json!(false), &first.object["id"])
    );
    for different in
        [RFC.replace("digits=8", "digits=6"), RFC.replace("GEZD", "GEZE"), RFC.replace("alice", "Alice")]
    {
        assert_eq!(phone.run_with(&["add", "-"], &different).object["added"], true, "{different}");
    }
    assert_eq!(phone.run(&["list"]).object["accounts"].as_array().unwrap().len(), 4);
    let ambiguous = phone.run(&["code", "example"]);
    assert_failure(&ambiguous, 3, "Ambiguous");
    assert_eq!(ambiguous.object["matches"].as_array().unwrap().len(), 4);
    assert_failure(&phone.run(&["code", "nobody"]), 3, "AccountNotFound");
}

#[test]
fn a_name_as_it_is_listed_means_its_account_alone() {
    let phone = Phone::new();
    let ids = ["u1", "u10"].map(|name| phone.add(&RFC.replace("alice", name)));
    assert_eq!(phone.run(&["code", "Example: u1"]).object["id"], ids[0]);
    assert_failure(&phone.run(&["code", "u1"]), 3, "Ambiguous");
}

#[test]
fn commands_at_the_same_time_add_the_same_code_once() {
    let phone = Phone::new();
    for name in ["ann", "bob", "eve"] {
        let code = RFC.replace("alice", name);
        let said: Vec<_> = std::thread::scope(|scope| {
            let adding: Vec<_> =
                (0..4).map(|_| scope.spawn(|| phone.run_with(&["add", "-"], &code).object)).collect();
            adding.into_iter().map(|adding| adding.join().unwrap()).collect()
        });
        assert_eq!(said.iter().filter(|object| object["added"] == true).count(), 1, "{said:?}");
        assert!(said.iter().all(|object| object["id"] == said[0]["id"]), "{said:?}");
    }
}

#[test]
fn names_of_a_set_up_text() {
    let phone = Phone::new();
    let said = phone.run_with(
        &["add", "-"],
        "otpauth://totp/Label:%E4%BC%9A%3Aa%40b?secret=GEZDGNBVGY3TQOJQ&issuer=Parameter",
    );
    assert_eq!((&said.object["issuer"], &said.object["account"]), (&json!("Parameter"), &json!("会:a@b")));
    assert!(said.object["odd"].as_array().unwrap().contains(&json!("IssuersDiffer")), "{said:?}");
}

#[test]
fn list_rename_trash_and_back() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let listed = phone.run(&["list"]);
    assert_fields(
        &listed.object["accounts"][0],
        &["id", "issuer", "account", "can", "origin", "favourite", "tags", "needs_backup"],
    );
    assert_eq!(listed.object["accounts"][0]["needs_backup"], true);
    assert_eq!(
        phone.run(&["rename", &id, "--issuer", "Other", "--account", "a"]).object,
        json!({"id": id, "result": "renamed"})
    );
    assert_eq!(phone.run(&["list", "--search", "OTHER"]).object["accounts"][0]["id"], json!(id));
    assert_eq!(phone.run(&["remove", &id]).object, json!({"id": id, "result": "removed"}));
    assert_eq!(phone.run(&["list"]).object["accounts"], json!([]));
    assert_eq!(phone.run(&["list", "--trash"]).object["accounts"][0]["id"], json!(id));
    assert_eq!(phone.run(&["restore", &id]).object, json!({"id": id, "result": "restored"}));
    assert_eq!(phone.run(&["code", &id, "--at", "59"]).object["code"], "94287082");
}

#[test]
fn a_name_over_its_limit_is_refused_and_not_cut() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let (most, longer) = ("é".repeat(256), "é".repeat(257));
    for option in ["--issuer", "--account"] {
        assert_failure(&phone.run(&["rename", &id, option, &longer]), 3, "ValueTooLarge");
    }
    assert_eq!(phone.run(&["show", &id]).object["account"], "alice");
    assert_eq!(phone.run(&["rename", &id, "--account", &most]).exit, 0);
    assert_eq!(phone.run(&["show", &id]).object["account"], json!(most));
}

#[test]
fn purge_deletes_for_good_what_is_in_the_trash() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    assert_failure(&phone.run(&["purge", &id, "--yes"]), 3, "AccountNotFound");
    phone.run(&["remove", &id]);
    assert!(phone.run(&["list", "--trash"]).words.contains("countersign purge"));
    assert_failure(&phone.run(&["purge", &id]), 3, "YesNeeded");
    assert_eq!(phone.run(&["list", "--trash"]).object["accounts"][0]["id"], json!(id));
    assert_eq!(phone.run(&["purge", "alice", "--yes"]).object, json!({"id": id, "result": "purged"}));
    let left = phone.run(&["list", "--trash"]);
    assert_eq!(left.object["accounts"], json!([]));
    assert!(!left.words.contains("countersign purge"));
    assert_failure(&phone.run(&["restore", &id]), 3, "AccountNotFound");
}

#[test]
fn a_query_without_a_word_is_not_the_only_account() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let picture = phone.file("code.svg");
    for args in [
        &["show", ""][..],
        &["code", " "],
        &["rename", "", "--account", "b"],
        &["remove", ""],
        &["remove", "\u{3000}\n"],
        &["pending", ""],
        &["self-test", ""],
        &["clock", "--use-for-codes", ""],
        &["rotate-key", ""],
        &["lock-out", "", "--yes"],
        &["decline", "1", "--account", ""],
        &["qr", "show", "", "-o", path_text(&picture)],
    ] {
        assert_failure(&phone.run(args), 3, "AccountNotFound");
    }
    assert_eq!(phone.run(&["list"]).object["accounts"][0]["account"], "alice");
    phone.run(&["remove", &id]);
    for args in [&["purge", "", "--yes"][..], &["restore", ""]] {
        assert_failure(&phone.run(args), 3, "AccountNotFound");
    }
    assert_eq!(phone.run(&["list", "--trash"]).object["accounts"][0]["id"], json!(id));
}

#[test]
fn show_has_words_for_people_and_fields_for_scripts() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let object = phone.run(&["show", &id]).object;
    assert!(object["added_at"].is_i64() && object["kind"] == "totp", "{object}");
    let words =
        |language: &str| String::from_utf8(phone.output(&["show", &id], "", language).stdout).unwrap();
    let (english, japanese) = (words("C"), words("ja_JP.UTF-8"));
    assert!(english.starts_with("Example: alice\n"), "{english}");
    assert!(
        english.contains("\nOne-time codes: by time, 8 digits, a new one every 30 seconds (SHA1)\n"),
        "{english}"
    );
    assert!(japanese.contains("\nワンタイム コード: 時刻ごと、8 桁、30 秒で更新 (SHA1)\n"), "{japanese}");
    assert!(english.contains("\nAdded: ") && japanese.contains("\n追加日時: 20"));
    for said in [&english, &japanese] {
        for name in object.as_object().unwrap().keys().filter(|name| name.contains('_')) {
            assert!(!said.contains(name.as_str()), "{name}: {said}");
        }
        assert!(!said.contains(&object["added_at"].to_string()), "{said}");
    }
}

#[test]
fn a_changed_password_and_the_recovery_code() {
    let phone = Phone::new();
    phone.add(RFC);
    std::fs::write(phone.file("new"), "battery staple").unwrap();
    let new = phone.file("new");
    assert_eq!(
        phone.run(&["passwd", "--new-password-file", path_text(&new)]).object,
        json!({"result": "changed"})
    );
    assert_failure(&phone.run(&["list"]), 4, "WrongPassword");
    std::fs::rename(phone.file("new"), phone.file("password")).unwrap();
    assert_eq!(phone.run(&["list"]).object["accounts"].as_array().unwrap().len(), 1);
    let made = phone.run(&["recovery", "new"]);
    assert_fields(&made.object, &["recovery_code"]);
    let code = made.object["recovery_code"].as_str().unwrap();
    assert_eq!(phone.run_with(&["recovery", "check"], code.to_lowercase().replace('-', " ")).exit, 0);
    assert_failure(&phone.run_with(&["recovery", "check"], "0000"), 4, "WrongRecoveryCode");
}

#[test]
fn an_older_copy_of_the_vault_is_noticed() {
    let phone = Phone::new();
    let older = std::fs::read(phone.vault()).unwrap();
    phone.add(RFC);
    std::fs::write(phone.vault(), older).unwrap();
    assert_failure(&phone.run(&["list"]), 4, "RolledBack");
    assert_eq!(phone.run(&["--accept-older", "list"]).object["accounts"], json!([]));
    assert_eq!(phone.run(&["list"]).exit, 0);
}

#[test]
fn a_lost_memory_of_the_vault_is_told() {
    let phone = Phone::new();
    let heads = phone.file(".local/state/countersign/heads");
    let names = || std::fs::read_dir(&heads).unwrap().map(|file| file.unwrap().file_name());
    let kept = heads.join(names().find(|name| name.len() == 32).unwrap());
    std::fs::write(&kept, "no head").unwrap();
    let warned = phone.run(&["list"]);
    assert_eq!(warned.exit, 0);
    assert!(warned.words.contains(path_text(&kept)), "{warned:?}");
    assert!(!phone.run(&["list"]).words.contains(path_text(&kept)), "it is known again");
}

#[test]
fn the_vault_file_by_name() {
    let phone = Phone::bare();
    assert_failure(&phone.run(&["list"]), 4, "VaultNotFound");
    std::fs::write(phone.vault(), "not a vault at all").unwrap();
    assert_failure(&phone.run(&["list"]), 4, "NotAVault");
    assert_eq!(std::fs::read(phone.vault()).unwrap(), b"not a vault at all");
}

#[test]
fn set_up_codes_as_pictures() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let picture = phone.file("code.png");
    assert_eq!(
        phone.run(&["qr", "show", &id, "-o", path_text(&picture)]).object,
        json!({"file": path_text(&picture)})
    );
    let text = phone.file("text.png");
    std::fs::write(&text, "not a picture").unwrap();
    let said = phone.run(&["qr", "read", path_text(&picture), path_text(&text)]);
    assert_eq!(said.exit, 0);
    let files = said.object["files"].as_array().unwrap();
    assert!(files[0]["texts"][0].as_str().unwrap().starts_with("otpauth://totp/Example:alice?"), "{files:?}");
    assert_eq!(
        (&files[0]["reason"], &files[1]["reason"], &files[1]["texts"]),
        (&Value::Null, &json!("NotAPicture"), &json!([]))
    );
    let other = Phone::new();
    let added = other.run(&["add", path_text(&picture)]);
    assert_eq!((added.exit, &added.object["account"]), (0, &json!("alice")));
    assert_eq!(other.run(&["code", "alice", "--at", "59"]).object["code"], "94287082");
}

#[test]
fn a_picture_takes_no_files_place_in_silence() {
    let phone = Phone::new();
    let id = phone.add(RFC);
    let theirs = phone.file("theirs.svg");
    std::fs::write(&theirs, "theirs").unwrap();
    let show = ["qr", "show", &id, "-o", path_text(&theirs)];
    let said = phone.run(&show);
    assert_failure(&said, 3, "FileExists");
    assert_eq!(said.object["file"], path_text(&theirs));
    assert_eq!(std::fs::read(&theirs).unwrap(), b"theirs");
    assert_eq!(phone.run(&[&show[..], &["--replace"]].concat()).exit, 0);
    assert!(std::fs::read(&theirs).unwrap().starts_with(b"<svg"));
}

/// Two set-up codes in one picture, beside each other.
fn picture_of_two(phone: &Phone) -> String {
    let of = |name: &str| {
        let id = phone.add(&RFC.replace("alice", name));
        let file = phone.file(&format!("{name}.png"));
        phone.run(&["qr", "show", &id, "-o", path_text(&file)]);
        image::open(&file).unwrap().to_luma8()
    };
    let (left, right) = (of("ann"), of("bob"));
    let size = (left.width() + right.width(), left.height().max(right.height()));
    let mut both = image::GrayImage::from_pixel(size.0, size.1, image::Luma([255]));
    image::imageops::replace(&mut both, &left, 0, 0);
    image::imageops::replace(&mut both, &right, left.width().into(), 0);
    let file = phone.file("both.png");
    both.save(&file).unwrap();
    path_text(&file).to_owned()
}

#[test]
fn of_several_codes_in_a_picture_none_is_left_out_in_silence() {
    let maker = Phone::new();
    let picture = picture_of_two(&maker);
    let phone = Phone::new();
    let said = phone.run(&["add", &picture]);
    assert_failure(&said, 3, "SeveralCodes");
    let names: Vec<_> = said.object["codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code["account"].as_str().unwrap())
        .collect();
    assert_eq!(phone.run(&["list"]).object["accounts"], json!([]));
    for (number, name) in ["1", "2"].into_iter().zip(&names) {
        assert_eq!(phone.run(&["add", &picture, "--code", number]).object["account"], *name);
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["ann", "bob"]);
    for none in ["0", "3"] {
        assert_failure(&phone.run(&["add", &picture, "--code", none]), 3, "NoSuchCode");
    }
    assert_failure(&phone.run_with(&["add", "-", "--code", "2"], RFC), 3, "NoSuchCode");
}

#[test]
fn a_list_that_may_not_be_whole_is_no_success() {
    let phone = Phone::new();
    for name in ["ann", "bob"] {
        phone.add(&RFC.replace("alice", name));
    }
    let db = rusqlite::Connection::open(phone.vault()).unwrap();
    // The pages of the index under the master key.
    assert!(db.execute("DELETE FROM page WHERE number < 256", []).unwrap() > 0);
    drop(db);
    let said = phone.run(&["list"]);
    assert_failure(&said, 4, "VaultDamaged");
    assert_fields(&said.object, &["accounts", "damaged", "reason", "text", "next"]);
    let damaged = said.object["damaged"].as_array().unwrap();
    assert!(
        !damaged.is_empty() && damaged.iter().all(|part| part.as_str().unwrap().starts_with("index page"))
    );
    assert_failure(&phone.run(&["code", "ann"]), 4, "VaultDamaged");
    let plain = phone.output(&["list"], "", "C");
    assert_eq!(plain.status.code(), Some(4));
    assert!(String::from_utf8(plain.stderr).unwrap().contains("index page"));
}

#[test]
fn a_damaged_account_is_told_and_can_be_removed() {
    let phone = Phone::new();
    for name in ["ann", "bob", "eve"] {
        phone.add(&RFC.replace("alice", name));
    }
    let db = rusqlite::Connection::open(phone.vault()).unwrap();
    db.execute(
        "UPDATE row SET sealed = zeroblob(200) WHERE book = 0 AND locator = (SELECT min(locator) FROM row)",
        [],
    )
    .unwrap();
    drop(db);
    let said = phone.run(&["list"]);
    assert_failure(&said, 4, "VaultDamaged");
    assert_eq!(said.object["accounts"].as_array().unwrap().len(), 3);
    let [damaged] = said.object["damaged"].as_array().unwrap().as_slice() else { unreachable!() };
    let (part, id) = damaged.as_str().unwrap().split_once(" (").unwrap();
    assert_eq!(part, "account changed");
    let id = id.trim_end_matches(')');
    assert_failure(&phone.run(&["code", id]), 4, "VaultDamaged");
    std::fs::write(phone.file("new"), "another horse").unwrap();
    let file = phone.file("new");
    let new = ["passwd", "--new-password-file", path_text(&file)];
    let refused = phone.run(&new);
    assert_failure(&refused, 4, "VaultDamaged");
    assert_eq!(refused.object["damaged"], said.object["damaged"]);
    // The way out.
    assert_eq!(phone.run(&["remove", id]).exit, 0);
    assert_eq!(phone.run(&["purge", id, "--yes"]).exit, 0);
    assert_eq!(phone.run(&["list"]).exit, 0);
    assert_eq!(phone.run(&new).exit, 0);
}

#[test]
fn a_phone_that_saw_no_sign_in_has_no_history() {
    let phone = Phone::new();
    phone.add("otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQ");
    for args in [&["history"][..], &["history", "alice"]] {
        assert_eq!(phone.run(args).object, json!({"requests": []}));
    }
    assert_eq!(phone.run(&["history", "--clear"]).object, json!({"result": "forgotten", "forgotten": 0}));
    assert_failure(&phone.run(&["history", "nobody"]), 3, "AccountNotFound");
    assert_failure(&phone.run(&["history", "alice", "--clear"]), 2, "Usage");
}

#[test]
fn what_a_text_is() {
    let phone = Phone::bare();
    let said = phone
        .run_with(&["recognise", "-"], "phonefactor://activate_account?code=1&url=https%3A%2F%2Fa.example");
    assert_eq!(said.exit, 0);
    assert_fields(&said.object, &["kind", "origin", "issuer", "account", "reason", "text", "next", "odd"]);
    assert_eq!(said.object["reason"], "MicrosoftPush");
    assert!(said.object["next"].as_str().unwrap().contains("I want to use a different authenticator app"));
    let codes = phone.run_with(&["recognise", "-"], RFC);
    assert_eq!(
        (&codes.object["kind"], &codes.object["issuer"], &codes.object["reason"]),
        (&json!("totp"), &json!("Example"), &Value::Null)
    );
    assert!(!codes.object.to_string().contains("GEZD"), "the secret is not told");
    let guardian = format!("{RFC}&enrollment_tx_id=x&base_url=https%3A%2F%2Ft.example");
    let said = phone.run_with(&["recognise", "-"], &guardian);
    assert_eq!((&said.object["kind"], &said.object["reason"]), (&json!("totp"), &Value::Null));
    assert_eq!(said.object["odd"], json!(["Auth0Guardian"]));
    assert!(said.object["text"].as_str().unwrap().contains("Auth0 Guardian"));
    assert!(said.object["next"].as_str().unwrap().contains("one-time code"));
}

#[test]
fn trust_and_credentials_come_before_the_first_byte() {
    let phone = Phone::new();
    // Nothing listens on port 9 of this machine: a byte sent there would end in another reason.
    let link = "otpauth://pipush/PIPU0001?url=http%3A//127.0.0.1%3A9/ttype/push&ttl=10&issuer=privacyIDEA&enrollment_credential=585a9fcd976deb1c18322e5186b3ac254a62e746&v=1&serial=PIPU0001&sslverify=1&poll_only=True";
    let said = phone.run_with(&["add", "-"], link);
    assert_failure(&said, 3, "TrustNeeded");
    assert_eq!(said.object["origin"], "http://127.0.0.1:9/ttype/push");
    for language in ["C", "ja_JP.UTF-8"] {
        let shown = String::from_utf8(phone.output(&["add", "-"], link, language).stderr).unwrap();
        assert!(shown.contains("http://127.0.0.1:9/ttype/push\n"), "what is to be compared: {shown}");
    }
    assert_failure(&phone.run_with(&["add", "-", "--trust-host", "127.0.0.1"], link), 3, "TrustRefused");
    assert_eq!(phone.run_with(&["add", "-", "--trust-host", "127.0.0.1:9"], link).exit, 5);
    assert_eq!(phone.run(&["list"]).object["accounts"], json!([]));
}

#[test]
fn organisations_are_never_replaced_in_silence() {
    let phone = Phone::new();
    let link = |secret: &str| {
        format!(
            "countersign://organisation?issuer=https%3A%2F%2Flogin.example%2Frealms%2Fstaff&client_id=phones&client_secret={secret}&name=Example+Ltd"
        )
    };
    let store = |secret: &str, more: &[&str]| {
        let mut args = vec!["organisation", "-", "--trust-host", "login.example"];
        args.extend(more);
        phone.run_with(&args, link(secret))
    };
    assert_failure(&phone.run_with(&["organisation", "-"], link("one")), 3, "TrustNeeded");
    let issuer = "https://login.example/realms/staff";
    assert_eq!(store("one", &[]).object, json!({"issuer": issuer, "name": "Example Ltd", "replaced": false}));
    assert_failure(&store("two", &[]), 3, "OrganisationExists");
    assert_eq!(store("two", &["--replace"]).object["replaced"], true);
}

#[test]
fn mistakes_on_the_command_line() {
    let phone = Phone::bare();
    let said = phone.run(&["cod", "example"]);
    assert_failure(&said, 2, "Usage");
    let plain = phone.output(&["cod", "example"], "", "C");
    assert_eq!(plain.status.code(), Some(2));
    assert!(String::from_utf8(plain.stderr).unwrap().contains("code"), "the right word is suggested");
}

#[test]
fn words_in_japanese_names_in_english() {
    let phone = Phone::new();
    let output = phone.output(&["--json", "code", "nobody"], "", "ja_JP.UTF-8");
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["reason"], "AccountNotFound");
    assert!(!object["text"].as_str().unwrap().is_ascii());
    let help = phone.output(&["approve", "--help"], "", "ja_JP.UTF-8");
    assert!(String::from_utf8(help.stdout).unwrap().contains("承認する"));
}

/// A full disk in the place of standard output.
#[cfg(target_os = "linux")]
fn full() -> std::fs::File {
    std::fs::File::options().write(true).open("/dev/full").unwrap()
}

/// Standard output that nobody reads any more.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_could_not_be_written_is_a_failure_with_words() {
    let phone = Phone::bare();
    let said = |args: &[&str]| {
        let output = phone.output_to(args, full());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (exit, words) = said(&["init", "--json"]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(words.contains("countersign recovery new"), "{words}");
    let id = phone.add("otpauth://hotp/Example:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    for args in [&["code", &id, "--json"][..], &["code", &id], &["list"], &["man"], &["completions", "bash"]]
    {
        let (exit, words) = said(args);
        assert_eq!(exit, Some(1), "{args:?}: {words}");
        assert!(words.contains("could not be written"), "{args:?}: {words}");
    }
    // A failure keeps its exit code, and its words go where they can.
    let (exit, words) = said(&["code", "nobody", "--json"]);
    assert_eq!(exit, Some(3));
    assert!(words.contains("No account matches."), "{words}");
}

#[test]
fn whoever_closed_the_output_wanted_no_more() {
    let phone = Phone::new();
    phone.add(RFC);
    for args in [&["list"][..], &["code", "alice", "--json"], &["completions", "bash"], &["man"]] {
        let output = phone.output_to(args, closed());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn completions_and_the_manual() {
    let phone = Phone::bare();
    let completions = phone.output(&["completions", "bash"], "", "C");
    assert!(String::from_utf8(completions.stdout).unwrap().contains("_countersign"));
    let manual = String::from_utf8(phone.output(&["man"], "", "C").stdout).unwrap();
    assert!(manual.contains(".TH countersign") && manual.contains("countersign qr show"), "{manual}");
    for args in [&["man"][..], &["completions", "zsh"]] {
        let japanese = phone.output(args, "", "ja_JP.UTF-8").stdout;
        assert!(String::from_utf8(japanese).unwrap().contains("アカウントの一覧"), "{args:?}");
    }
}
