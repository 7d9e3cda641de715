//! Doors for the fuzz target `imports`: each parser by itself, whatever the detection would have made of a file, and
//! what lies behind ciphers, whose MACs a changed file never has.

use super::{
    Batch, Opened, Refused, aegis, andotp, authenticator_plus, bitwarden, cxf, databases, ente, free_otp,
    kdbx, lists, one_password, preferences, privacyidea, proton, proton_pass, stratum, tables, text,
    totp_authenticator, two_fas, unmarked, zipped,
};
use crate::reason::Reason;

/// What reads a file, or what is in it.
pub type Parser = fn(&[u8]) -> Result<Opened, Refused>;

/// The parsers of each folder of fixtures.
pub const PARSERS: [(&str, &[Parser]); 31] = [
    ("1password", &[|json| whole(one_password::of_data(json)), table]),
    ("2fas", &[two_fas::read]),
    ("2fauth", &[|json| whole(lists::two_fauth(json))]),
    ("aegis", &[aegis::read]),
    ("andotp", &[|json| whole(andotp::read(json, "andotp_json")), without_mark]),
    ("apple_passwords", &[table]),
    (
        "authenticator_plus",
        &[|database| whole(authenticator_plus::read(database)), zipped::read, without_mark],
    ),
    ("authy", &[of_preferences]),
    ("battle_net", &[of_preferences]),
    ("bitwarden", &[bitwarden::read, table]),
    ("cxf", &[|json| whole(cxf::read(json)), |json| whole(cxf::read_account(json))]),
    ("dashlane", &[table, zipped::read]),
    ("duo", &[|json| whole(lists::duo(json))]),
    ("ente", &[|json| ente::read(json).map(Opened::Locked), lines]),
    ("freeotp1", &[of_preferences]),
    ("freeotp2", &[|file| free_otp::locked(file).map(Opened::Locked)]),
    ("freeotp_plus", &[|json| whole(lists::free_otp_plus(json))]),
    ("google", &[lines]),
    ("google_db", &[database]),
    ("keepass", &[|file| kdbx::locked(file).map(Opened::Locked), |content| whole(kdbx::of_content(content))]),
    ("lastpass", &[|json| whole(lists::last_pass(json))]),
    ("microsoft", &[database]),
    ("otpauth", &[lines]),
    (
        "privacyidea",
        &[|json| privacyidea::locked(json).map(Opened::Locked), |json| whole(privacyidea::rows(json)), lines],
    ),
    ("proton", &[proton::read]),
    ("proton_pass", &[|json| whole(proton_pass::read(json)), zipped::read]),
    ("raivo", &[|json| whole(lists::raivo(json)), zipped::read]),
    ("steam", &[|json| whole(lists::steam(json))]),
    (
        "stratum",
        &[
            |file| stratum::locked(file).map(Opened::Locked),
            |json| whole(stratum::read(json, "stratum_json")),
            |page| whole(stratum::read_page(text_of(page)?)),
            database,
        ],
    ),
    (
        "totp_authenticator",
        &[
            |file| totp_authenticator::read(text_of(file)?).ok_or_else(|| Reason::NotAnImport.into()),
            |json| whole(totp_authenticator::of_plain(json)),
            of_preferences,
        ],
    ),
    ("winauth", &[lines, zipped::read]),
];

fn whole(batch: Result<Batch, Refused>) -> Result<Opened, Refused> {
    batch.map(Opened::Entries)
}

fn text_of(file: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(file).map_err(|_| Reason::NotAnImport.into())
}

fn table(file: &[u8]) -> Result<Opened, Refused> {
    whole(tables::read(text_of(file)?))
}

fn lines(file: &[u8]) -> Result<Opened, Refused> {
    whole(text::of_lines(text_of(file)?.lines()))
}

fn of_preferences(file: &[u8]) -> Result<Opened, Refused> {
    preferences::read(text_of(file)?)
}

fn database(file: &[u8]) -> Result<Opened, Refused> {
    whole(databases::read(file))
}

fn without_mark(file: &[u8]) -> Result<Opened, Refused> {
    unmarked::locked(file).map(Opened::Locked).ok_or_else(|| Reason::NotAnImport.into())
}
