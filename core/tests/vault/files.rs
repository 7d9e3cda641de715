//! Files that are no vault, files that can't be written, and files that are there already.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use countersign::vault::{Shelf, ValueKind, Vault, VaultError, WayIn};

use crate::kit::{NOW, PLATFORM, Place, account, add, open, raw};

fn create(place: &mut Place) -> Result<(), VaultError> {
    let ways =
        countersign::vault::NewWays { recovery: true, platform: Some(&PLATFORM), ..Default::default() };
    Vault::create(&place.path(), &ways, &mut place.entropy, NOW).map(drop)
}

#[test]
fn a_vault_is_one_file_that_its_owner_alone_reads() {
    let mut place = Place::new();
    create(&mut place).unwrap();
    assert_eq!(place.names(), ["vault.db"]);
    let (mut vault, log) = (place.open(), place.folder.path().join("vault.db-wal"));
    add(&mut vault, &account("", "a"));
    for path in [place.path(), log] {
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(vault);
    assert_eq!(place.names(), ["vault.db"]);
}

#[test]
fn creating_never_takes_the_place_of_anything() {
    let mut place = Place::new();
    let path = place.path();
    std::fs::write(&path, "a letter").unwrap();
    assert_eq!(create(&mut place), Err(VaultError::Exists));
    assert_eq!(std::fs::read(&path).unwrap(), b"a letter");
    std::fs::remove_file(&path).unwrap();

    symlink("nowhere", &path).unwrap();
    assert_eq!(create(&mut place), Err(VaultError::Exists));
    std::fs::remove_file(&path).unwrap();

    std::fs::create_dir(&path).unwrap();
    assert_eq!(create(&mut place), Err(VaultError::Exists));
    std::fs::remove_dir(&path).unwrap();

    // The log of a vault that is gone would be replayed into the new one.
    std::fs::write(place.folder.path().join("vault.db-wal"), "old log").unwrap();
    assert_eq!(create(&mut place), Err(VaultError::Exists));
    std::fs::remove_file(place.folder.path().join("vault.db-wal")).unwrap();

    assert_eq!(create(&mut place), Ok(()));
    assert_eq!(create(&mut place), Err(VaultError::Exists));
    assert!(place.open().accounts(Shelf::InUse, NOW).unwrap().is_empty());
}

#[test]
fn what_is_no_vault_is_told_and_left_alone() {
    let place = Place::new();
    let path = place.path();
    assert_eq!(Vault::open(&path).err(), Some(VaultError::NotFound));
    assert_eq!(Vault::open(&path.join("below")).err(), Some(VaultError::NotFound));
    assert_eq!(Vault::open(place.folder.path()).err(), Some(VaultError::NotAVault));
    let foreign = place.folder.path().join("foreign.db");
    raw(&foreign)
        .execute_batch("PRAGMA journal_mode=DELETE; CREATE TABLE a (b); INSERT INTO a VALUES (1)")
        .unwrap();
    let foreign = std::fs::read(foreign).unwrap();
    for content in [&b""[..], b"text", &[0; 4096], b"SQLite format 3\0", &foreign] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(Vault::open(&path).err(), Some(VaultError::NotAVault));
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
    assert_eq!(place.names(), ["foreign.db", "vault.db"]);
}

#[test]
fn a_newer_format_is_told_with_its_number_and_left_alone() {
    let mut place = Place::new();
    create(&mut place).unwrap();
    raw(&place.path()).pragma_update(None, "user_version", 7).unwrap();
    let before = std::fs::read(place.path()).unwrap();
    assert_eq!(Vault::open(&place.path()).err(), Some(VaultError::NewerVersion(7)));
    assert_eq!(std::fs::read(place.path()).unwrap(), before);
}

#[test]
fn a_link_to_a_vault_is_that_vault() {
    let mut place = Place::new();
    create(&mut place).unwrap();
    let link = place.folder.path().join("link.db");
    symlink("vault.db", &link).unwrap();
    let mut by_link = open(&link).unwrap();
    add(&mut by_link, &account("", "a"));
    // The same log, so both see the same.
    assert_eq!(place.open().accounts(Shelf::InUse, NOW).unwrap().len(), 1);
}

#[test]
fn creating_in_no_folder_is_told() {
    let mut place = Place::new();
    let path = place.folder.path().join("no/vault.db");
    let ways = countersign::vault::NewWays { recovery: true, ..Default::default() };
    let made = Vault::create(&path, &ways, &mut place.entropy, NOW);
    assert_eq!(made.err(), Some(VaultError::NotFound));
}

#[test]
fn the_vault_of_version_1_opens() {
    // Made by the first release with `core/examples/keep_a_vault.rs`; the bytes of its platform's key are 01 02 … 20.
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/vault/v1.db");
    let place = Place::new();
    std::fs::copy(kept, place.path()).unwrap();
    let mut vault = Vault::open(&place.path()).unwrap();
    let key = std::array::from_fn(|index| u8::try_from(index).unwrap() + 1);
    let opened = vault.derivation(WayIn::Platform(&key)).unwrap().run().unwrap();
    assert_eq!(vault.unlock(&opened, None, NOW), Ok(countersign::vault::Finding::Clean));
    assert_eq!(vault.verify(NOW).unwrap(), []);
    let listed = vault.accounts(Shelf::InUse, NOW).unwrap();
    let listed: Vec<_> =
        listed.iter().map(|account| (account.issuer.as_str(), account.name.as_str())).collect();
    assert_eq!(
        listed,
        [("Example", "bob@example.com"), ("Example", "alice@example.com"), ("日本商店", "花子")]
    );
    let id = vault.accounts(Shelf::InUse, NOW).unwrap()[0].id.clone();
    let code =
        vault.account(&id, NOW).unwrap().unwrap().otp.unwrap().codes_at(countersign::clock::UnixTime(59));
    assert_eq!(code.unwrap().current.as_str(), "287082");
    assert_eq!(vault.accounts(Shelf::Trash, NOW).unwrap().len(), 1);
    assert_eq!(vault.get::<String>(ValueKind::Setting, "language", NOW).unwrap().as_deref(), Some("ja"));
    assert_eq!(vault.ids(ValueKind::Watch, NOW).unwrap(), ["hint"]);
    let opened = vault.derivation(WayIn::Password("correct horse".as_bytes())).unwrap().run();
    assert!(opened.is_ok());
}

/// Runs the test of that name, which is made for it, in a process of its own.
fn in_a_child(place: &Place, name: &str, prepare: impl FnOnce(&mut Command)) {
    // A copy in the folder: another user may not reach the place of this program.
    let program = place.folder.path().join("program");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut command = Command::new("sh");
    command.env("VAULT_TEST_CHILD", place.path()).arg("-c");
    command.arg(format!(
        "trap '' XFSZ; ulimit -f ${{LIMIT:-unlimited}}; exec \"$0\" --exact files::{name} --nocapture"
    ));
    command.arg(&program);
    prepare(&mut command);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("child done"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn child_path() -> Option<std::path::PathBuf> {
    std::env::var_os("VAULT_TEST_CHILD").map(Into::into)
}

/// As the child: nothing can be written. By itself: where something can, the same calls do not fail.
#[test]
fn child_of_read_only() {
    let mut place = Place::new();
    let (path, expected) = match child_path() {
        Some(path) => (path, Some(VaultError::ReadOnly)),
        None => {
            create(&mut place).unwrap();
            (place.path(), None)
        }
    };
    assert_eq!(Vault::open(&path).err(), expected);
    let beside = path.with_file_name("another.db");
    let ways = countersign::vault::NewWays { recovery: true, ..Default::default() };
    let made = Vault::create(&beside, &ways, &mut countersign::entropy::SystemEntropy::new(), NOW);
    assert_eq!(made.err(), expected);
    println!("child done");
}

#[test]
fn a_file_or_folder_that_cannot_be_written_is_told() {
    // Root writes everywhere, so somebody else looks.
    let mut place = Place::new();
    create(&mut place).unwrap();
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (file, folder) in [(0o444, 0o555), (0o666, 0o555)] {
        mode(&place.path(), file);
        mode(place.folder.path(), 0o755);
        let before = std::fs::read(place.path()).unwrap();
        in_a_child(&place, "child_of_read_only", |command| {
            mode(place.folder.path(), folder);
            if std::fs::write(place.folder.path().join("probe"), "").is_ok() {
                std::os::unix::process::CommandExt::uid(command, 65534);
            }
        });
        mode(place.folder.path(), 0o755);
        assert_eq!(std::fs::read(place.path()).unwrap(), before);
    }
}

/// As the child: the file may not grow. By itself: where it may, nothing fails.
#[test]
fn child_of_file_size_limit() {
    let mut place = Place::new();
    let path = child_path().unwrap_or_else(|| {
        create(&mut place).unwrap();
        place.path()
    });
    let mut vault = open(&path).unwrap();
    let mut entropy = countersign::entropy::SystemEntropy::new();
    let value = "x".repeat(60_000);
    let written = (0..100).find_map(|number| {
        let put = vault
            .change(&mut entropy, NOW, |change| change.put(ValueKind::Host, &number.to_string(), &value));
        put.err().map(|error| (number, error))
    });
    if child_path().is_none() {
        assert_eq!((written, vault.ids(ValueKind::Host, NOW).unwrap().len()), (None, 100));
        return;
    }
    let (number, error) = written.unwrap();
    assert!(matches!(error, VaultError::System | VaultError::DiskFull), "{error:?}");
    assert_eq!(vault.ids(ValueKind::Host, NOW).unwrap().len(), number);
    println!("child done");
}

#[test]
fn a_file_that_may_not_grow_fails_whole_changes_only() {
    let mut place = Place::new();
    create(&mut place).unwrap();
    in_a_child(&place, "child_of_file_size_limit", |command| {
        command.env("LIMIT", "1000");
    });
    let mut vault = place.open();
    assert_eq!(vault.verify(NOW).unwrap(), []);
    add(&mut vault, &account("", "a"));
}
