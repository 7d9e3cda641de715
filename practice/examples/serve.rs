//! Runs the practice site until it is killed: `cargo run -p countersign-practice --example serve -- --port 8080`.

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::path::PathBuf;

use countersign_practice::{Options, VerificationKind, start};

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--port" => options.address.set_port(value()?.parse()?),
            "--database" => options.database = Some(PathBuf::from(value()?)),
            "--challenge-seconds" => options.challenge_seconds = value()?.parse()?,
            "--enrolment-seconds" => options.enrolment_seconds = value()?.parse()?,
            "--token-in-code" => options.request_uri = false,
            "--verification" => {
                options.verification = match value()?.as_str() {
                    "number" => VerificationKind::NumberMatch,
                    "pin" => VerificationKind::Pin,
                    "none" => VerificationKind::None,
                    other => return Err(format!("no such verification: {other}").into()),
                }
            }
            other => return Err(format!("no such option: {other}").into()),
        }
    }
    let site = start(options)?;
    println!("{}", site.base_url());
    loop {
        std::thread::park();
    }
}
