use countersign::vault::{ValueKind, VaultError};
use proptest::prelude::*;

use crate::kit::{NOW, Place};

const KINDS: [ValueKind; 7] = [
    ValueKind::Organisation,
    ValueKind::Request,
    ValueKind::Setting,
    ValueKind::Host,
    ValueKind::Watch,
    ValueKind::Flow,
    ValueKind::Pending,
];

#[test]
fn rows_of_every_kind_come_back_after_reopening() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let values: Vec<_> = KINDS.iter().map(|kind| (*kind, format!("value of {kind:?}"))).collect();
    vault
        .change(&mut place.entropy, NOW, |change| {
            for (kind, value) in &values {
                change.put(*kind, "same id", value)?;
                assert_eq!(change.get::<String>(*kind, "same id")?.as_ref(), Some(value));
                assert_eq!(change.ids(*kind)?, ["same id"]);
            }
            Ok::<_, VaultError>(())
        })
        .unwrap();
    drop(vault);
    let mut vault = place.open();
    for (kind, value) in &values {
        assert_eq!(vault.get::<String>(*kind, "same id", NOW).unwrap().as_ref(), Some(value));
        assert_eq!(vault.get::<String>(*kind, "other id", NOW).unwrap(), None);
        assert_eq!(vault.ids(*kind, NOW).unwrap(), ["same id"]);
    }
    assert_eq!(vault.verify(NOW).unwrap(), []);
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", "old")).unwrap();
    let head = vault.head().unwrap();
    let failed: Result<(), VaultError> = vault.change(&mut place.entropy, NOW, |change| {
        change.put(ValueKind::Setting, "a", "new")?;
        change.put(ValueKind::Setting, "b", "new")?;
        change.put(ValueKind::Flow, "c", "new")?;
        assert!(change.remove(ValueKind::Setting, "a")?);
        Err(VaultError::TooLarge)
    });
    assert_eq!(failed, Err(VaultError::TooLarge));
    assert_eq!(vault.head().unwrap(), head);
    for mut vault in [vault, place.open()] {
        assert_eq!(vault.get::<String>(ValueKind::Setting, "a", NOW).unwrap().as_deref(), Some("old"));
        assert_eq!(vault.ids(ValueKind::Setting, NOW).unwrap(), ["a"]);
        assert_eq!(vault.ids(ValueKind::Flow, NOW).unwrap(), [""; 0]);
        assert_eq!(vault.verify(NOW).unwrap(), []);
    }
}

#[test]
fn the_head_follows_the_master_keys_rows_only() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let first = vault.head().unwrap();
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Pending, "a", &1)).unwrap();
    vault.change(&mut place.entropy, NOW, |change| change.ids(ValueKind::Setting)).unwrap();
    assert_eq!(vault.head().unwrap(), first);
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Request, "a", &1)).unwrap();
    let second = vault.head().unwrap();
    assert_eq!(second.generation, first.generation + 1);
    assert_ne!(second.tag, first.tag);
    drop(vault);
    assert_eq!(place.open().head().unwrap(), second);
}

#[test]
fn limits_are_told_and_nothing_is_written() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let mut put = |id: &str, value: &str| {
        vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Host, id, value))
    };
    assert_eq!(put("a", &"x".repeat(64 * 1024 - 2)), Ok(()));
    assert_eq!(put("a", &"x".repeat(64 * 1024 - 1)), Err(VaultError::TooLarge));
    assert_eq!(put("", "x"), Err(VaultError::TooLarge));
    assert_eq!(put(&"i".repeat(257), "x"), Err(VaultError::TooLarge));
    assert_eq!(put(&"i".repeat(256), "x"), Ok(()));
    assert_eq!(vault.get::<String>(ValueKind::Host, "a", NOW).unwrap().unwrap().len(), 64 * 1024 - 2);
}

#[test]
fn a_value_of_another_shape_is_named() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", &1)).unwrap();
    assert!(matches!(vault.get::<String>(ValueKind::Setting, "a", NOW), Err(VaultError::Damaged(_))));
}

#[test]
fn the_file_shows_no_name_kind_or_value() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    crate::kit::add(&mut vault, &crate::kit::account("Examplebank", "alice@example.com"));
    vault
        .change(&mut place.entropy, NOW, |change| {
            change.put(ValueKind::Organisation, "https://login.example.com", "clientsecret")
        })
        .unwrap();
    drop(vault);
    let bytes = std::fs::read(place.path()).unwrap();
    for word in ["Examplebank", "examplebank", "alice", "login.example", "clientsecret", "seed", "issuer"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(usize, u8, u16),
    Remove(usize, u8),
    Fail(usize, u8),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..KINDS.len(), 0..6_u8, any::<u16>()).prop_map(|(kind, id, value)| Step::Put(kind, id, value)),
        2 => (0..KINDS.len(), 0..6_u8).prop_map(|(kind, id)| Step::Remove(kind, id)),
        1 => (0..KINDS.len(), 0..6_u8).prop_map(|(kind, id)| Step::Fail(kind, id)),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_run_of_changes_leaves_what_a_map_would_hold(steps in prop::collection::vec(step(), 1..40)) {
        let mut place = Place::new();
        let (mut vault, _) = place.create();
        let mut model = std::collections::BTreeMap::new();
        for step in steps {
            match step {
                Step::Put(kind, id, value) => {
                    vault.change(&mut place.entropy, NOW, |change| change.put(KINDS[kind], &id.to_string(), &value)).unwrap();
                    model.insert((KINDS[kind], id.to_string()), value);
                },
                Step::Remove(kind, id) => {
                    let removed = vault.change(&mut place.entropy, NOW, |change| change.remove(KINDS[kind], &id.to_string())).unwrap();
                    prop_assert_eq!(removed, model.remove(&(KINDS[kind], id.to_string())).is_some());
                },
                Step::Fail(kind, id) => {
                    let failed: Result<(), VaultError> = vault.change(&mut place.entropy, NOW, |change| {
                        change.put(KINDS[kind], &id.to_string(), &0)?;
                        Err(VaultError::System)
                    });
                    prop_assert!(failed.is_err());
                },
                Step::Reopen => vault = place.open(),
            }
        }
        prop_assert_eq!(vault.verify(NOW).unwrap(), []);
        for kind in KINDS {
            let expected: Vec<_> = model.iter().filter(|((of, _), _)| *of == kind).map(|((_, id), value)| (id.clone(), *value)).collect();
            let found: Vec<_> = vault.ids(kind, NOW).unwrap().into_iter().map(|id| {
                let value = vault.get::<u16>(kind, &id, NOW).unwrap().unwrap();
                (id, value)
            }).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
