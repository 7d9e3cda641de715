//! What the command line reads: files, pipes, pictures on standard input.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod phone;

use std::path::Path;

use serde_json::json;

use phone::{Phone, assert_failure, path_text};

const TEXT: &str = "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";

#[test]
fn standard_input_may_be_a_picture() {
    let phone = Phone::new();
    let picture = countersign::qr::png(TEXT, 4).unwrap();
    let said = phone.run_with(&["recognise", "-"], picture.expose());
    assert_eq!((&said.object["kind"], &said.object["account"]), (&json!("totp"), &json!("alice")));
    let said = phone.run_with(&["add", "-"], picture.expose());
    assert_eq!((said.exit, &said.object["added"]), (0, &json!(true)), "{said:?}");
    let said = phone.run_with(&["recognise", "-"], &picture.expose()[..40]);
    assert_failure(&said, 3, "PictureDamaged");
    // Larger than any text: read to its end.
    let mut blank = std::io::Cursor::new(Vec::new());
    let noise =
        |x: u32, y: u32| image::Luma([(x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) as u8]);
    image::GrayImage::from_fn(400, 400, noise).write_to(&mut blank, image::ImageFormat::Png).unwrap();
    assert!(blank.get_ref().len() > 100_000);
    assert_failure(&phone.run_with(&["add", "-"], blank.get_ref()), 3, "NoCodeInPicture");
}

#[test]
fn what_is_too_long_is_told_so() {
    let phone = Phone::new();
    let said = phone.run_with(&["add", "-"], "a".repeat(65 * 1024));
    assert_failure(&said, 3, "InputTooLarge");
    assert_eq!(said.object["file"], "-");
    let secret = phone.file("secret");
    std::fs::write(&secret, "a".repeat(64 * 1024 + 1)).unwrap();
    let arguments = ["passwd", "--new-password-file", path_text(&secret)];
    assert_failure(&phone.run(&arguments), 3, "InputTooLarge");
    assert_failure(&phone.run(&["add", path_text(&phone.file("absent"))]), 3, "FileUnreadable");
}

#[cfg(unix)]
#[test]
fn a_pipe_without_a_writer_is_not_waited_for_in_silence() {
    use std::io::{BufRead as _, BufReader, Write as _};

    let phone = Phone::new();
    let pipe = phone.file("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = phone.start(&["--json", "add", path_text(&pipe)]);
    let mut words = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut words).unwrap();
    assert!(words.contains("Waiting") && words.contains("pipe"), "{words}");
    // Goes on when somebody writes.
    let picture = countersign::qr::png(TEXT, 4).unwrap();
    std::fs::File::options().write(true).open(&pipe).unwrap().write_all(picture.expose()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn without_a_home_the_option_is_named() {
    let phone = Phone::new();
    let (vault, password, state) = (phone.vault(), phone.file("password"), phone.file("state"));
    let named = ["--vault", path_text(&vault), "--password-file", path_text(&password)];
    let list = [&named[..], &["list"]].concat();
    for (args, environment) in [
        (&["list"][..], &[][..]),
        (&["list"], &[("HOME", Path::new("")), ("XDG_STATE_HOME", &state)]),
        (&list, &[]),
        (&list, &[("HOME", Path::new("not/absolute"))]),
    ] {
        let said = Phone::alone(args, environment);
        assert_failure(&said, 4, "HomeUnknown");
        assert!(said.object["next"].as_str().unwrap().contains("--vault FILE"), "{said:?}");
    }
    assert_eq!(Phone::alone(&list, &[("XDG_STATE_HOME", &state)]).exit, 0);
    // What needs no vault needs no home.
    let picture = phone.file("code.png");
    std::fs::write(&picture, countersign::qr::png(TEXT, 4).unwrap().expose()).unwrap();
    assert_eq!(Phone::alone(&["qr", "read", path_text(&picture)], &[]).exit, 0);
}

#[test]
fn a_state_that_cannot_be_kept_names_its_file() {
    let phone = Phone::new();
    std::fs::remove_dir_all(phone.file(".local/state")).unwrap();
    std::fs::write(phone.file(".local/state"), "no folder").unwrap();
    let said = phone.run(&["list"]);
    assert_eq!(said.exit, 0, "codes are shown all the same: {said:?}");
    assert!(said.words.contains(".local/state/countersign/heads"), "{said:?}");
}
