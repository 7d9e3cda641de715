//! A vault that is changed step by step, in a way that tells afterwards how far it came.
//!
//! Each step is one commit. Most write the number of the step under both keys and now and then an account;
//! every tenth gives the vault another platform key, which makes new keys and seals every row again.

use std::path::Path;

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{Finding, Head, NewWays, Shelf, ValueKind, Vault, VaultError, Watch, WayIn};

/// Any time will do.
pub const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

/// What is written in `Setting` and `Watch`: the number of the step.
const ROW: &str = "step";

/// Makes the vault as it is before the first step.
///
/// # Errors
/// Those of the vault.
pub fn create(file: &Path) -> Result<(), VaultError> {
    let ways = NewWays { platform: Some(&key_after(0)), recovery: true, ..NewWays::default() };
    Vault::create(file, &ways, &mut SystemEntropy::new(), NOW).map(drop)
}

/// Opens and unlocks the vault as `steps` left it.
///
/// # Errors
/// Those of the vault.
pub fn open(file: &Path, steps: u32, known: Option<&Head>) -> Result<(Vault, Finding), VaultError> {
    let mut vault = Vault::open(file)?;
    let opened = vault.derivation(WayIn::Platform(&key_after(steps)))?.run()?;
    let finding = vault.unlock(&opened, known, NOW)?;
    Ok((vault, finding))
}

/// Does step `number`, from 1.
///
/// # Errors
/// Those of the vault.
pub fn step(vault: &mut Vault, number: u32) -> Result<(), VaultError> {
    let mut entropy = SystemEntropy::new();
    if changes_keys(number) {
        return vault.set_platform(&key_after(number), &mut entropy, NOW);
    }
    vault.change(&mut entropy, NOW, |change| {
        change.put(ValueKind::Setting, ROW, &number)?;
        change.put(ValueKind::Watch, ROW, &number)?;
        if adds_account(number) {
            change.add_account(&account(number))?;
        }
        Ok(())
    })
}

/// How many steps a vault has behind it that has at least `at_least`, and at most one more; it is looked at whole.
///
/// # Errors
/// What is not as it should be.
pub fn steps_done(file: &Path, at_least: u32, known: Option<&Head>) -> Result<u32, String> {
    let done = [at_least + 1, at_least].into_iter().find_map(|steps| {
        let (vault, finding) = open(file, steps, known).ok()?;
        Some((vault, finding, steps))
    });
    let Some((mut vault, finding, steps)) = done else {
        return Err(format!("does not open: {:?}", open(file, at_least, known).err()));
    };
    if finding != Finding::Clean {
        return Err(format!("{finding:?}"));
    }
    let damaged = vault.verify(NOW).map_err(|error| error.to_string())?;
    if !damaged.is_empty() {
        return Err(format!("damaged: {damaged:?}"));
    }
    look(&mut vault, file, steps, at_least).map_err(|error| error.to_string())?
}

/// The number of the step from the rows, held against everything else that is in the vault.
fn look(
    vault: &mut Vault,
    file: &Path,
    key_of: u32,
    at_least: u32,
) -> Result<Result<u32, String>, VaultError> {
    let written: u32 = vault.get(ValueKind::Setting, ROW, NOW)?.unwrap_or(0);
    // A step that changed the keys has written no number.
    let steps = if changes_keys(written + 1) && key_after(key_of) == key_after(written + 1) {
        written + 1
    } else {
        written
    };
    let accounts = vault.accounts(Shelf::InUse, NOW)?.len();
    let expected = (1..=steps).filter(|&step| adds_account(step)).count();
    let key = vault.watch_key(NOW)?;
    // EXPOSE: to open the other half of the vault with it.
    let key = key.expose().try_into().map_err(|_| VaultError::TooLarge)?;
    let watched: u32 = Watch::open(file, key)?.get(ValueKind::Watch, ROW)?.unwrap_or(0);
    Ok(if steps != at_least && steps != at_least + 1 {
        Err(format!("{steps} steps, {at_least} were reported"))
    } else if accounts != expected {
        Err(format!("{accounts} accounts after {steps} steps, not {expected}"))
    } else if watched != written {
        Err(format!("step {watched} under the watch key, {written} under the master key"))
    } else {
        Ok(steps)
    })
}

/// The platform key of a vault that has `steps` behind it.
fn key_after(steps: u32) -> [u8; 32] {
    let changes = (1..=steps).filter(|&step| changes_keys(step)).count();
    [u8::try_from(changes).unwrap_or(u8::MAX); 32]
}

const fn changes_keys(step: u32) -> bool {
    step % 10 == 9
}

const fn adds_account(step: u32) -> bool {
    step % 3 == 1 && !changes_keys(step)
}

fn account(number: u32) -> Account {
    let seed = Secret::copy_of(b"12345678901234567890");
    let otp = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed);
    Account {
        otp: otp.ok(),
        note: "n".repeat(number as usize % 40 * 100),
        ..Account::new("Example", format!("account {number}"), NOW.wall)
    }
}
