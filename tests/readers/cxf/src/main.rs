//! Prints each item of a file of the FIDO Credential Exchange Format as a line of JSON, as the types that Bitwarden has
//! published (`credential-exchange-format`) understand it. A credential that they don't know ends it.

#![forbid(unsafe_code)]

use std::error::Error;

use credential_exchange_format::{Credential, Header};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("which file?")?;
    let header: Header = serde_json::from_slice(&std::fs::read(file)?)?;
    for item in header.accounts.iter().flat_map(|account| &account.items) {
        let credentials = item.credentials.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
        println!(
            "{}",
            json!({"title": item.title, "favorite": item.favorite, "tags": item.tags, "credentials": credentials})
        );
    }
    Ok(())
}

fn shown(credential: &Credential) -> Result<Value, Box<dyn Error>> {
    match credential {
        Credential::Totp(totp) => Ok(json!({"totp": serde_json::to_value(totp)?})),
        Credential::Note(note) => Ok(json!({"note": serde_json::to_value(note)?})),
        _ => Err("neither a code nor a note".into()),
    }
}
