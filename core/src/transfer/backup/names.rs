//! Names of backups where several of them lie: `countersign-VAULT-TIME.backup`, by the vault's id and the time in UTC.

use crate::clock::UnixTime;

/// Digits of the vault's id that a name shows.
const VAULT: usize = 8;

/// The names of one vault's backups.
#[derive(Clone, Debug)]
pub struct Names {
    start: String,
}

impl Names {
    /// Those of the vault with this id.
    #[must_use]
    pub fn of(vault_id: &str) -> Self {
        Self { start: format!("countersign-{}-", vault_id.get(..VAULT).unwrap_or(vault_id)) }
    }

    /// The name of a backup of this moment; `number` counts, from 1, those of the same second.
    #[must_use]
    pub fn name(&self, at: UnixTime, number: u32) -> String {
        let [year, month, day, hour, minute, second] = at.civil();
        let time = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
        match number {
            0 | 1 => format!("{}{time}.backup", self.start),
            _ => format!("{}{time}-{number}.backup", self.start),
        }
    }

    /// Which of these names are those of backups of this vault beyond the `keep` latest, the latest of them first.
    /// `new` counts as the latest whatever it says: a clock may have been set back.
    #[must_use]
    pub fn superseded(&self, there: Vec<String>, new: &str, keep: u32) -> Vec<String> {
        let mut others: Vec<_> =
            there.into_iter().filter(|name| name != new && self.age(name).is_some()).collect();
        others.sort_unstable_by(|one, other| self.age(other).cmp(&self.age(one)));
        let stay = usize::try_from(keep.saturating_sub(1)).unwrap_or(usize::MAX);
        others.split_off(stay.min(others.len()))
    }

    /// When a backup was made by its name, which sorts as time does, and its number where there are several of that
    /// second.
    fn age<'n>(&self, name: &'n str) -> Option<(&'n str, u32)> {
        let name = name.strip_prefix(&self.start)?.strip_suffix(".backup")?;
        let (time, number) = match name.split_once('-') {
            Some((time, number)) => (time, number.parse().ok()?),
            None => (name, 1),
        };
        let (day, second) = time.strip_suffix('Z')?.split_once('T')?;
        let is_digits =
            |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        (is_digits(day, 8) && is_digits(second, 6)).then_some((time, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn only_old_backups_of_this_vault_are_superseded() {
        let names = Names::of(VAULT);
        let days = [4, 1, 3, 2].map(|day| format!("countersign-01234567-2027010{day}T080000Z.backup"));
        let second = "countersign-01234567-20270104T080000Z-2.backup".to_owned();
        let others = [
            "countersign-76543210-20260101T080000Z.backup",
            "countersign-01234567-20260101T080000Z.backup.old",
            "countersign-01234567-20260101T080000Z-x.backup",
            "countersign-01234567-2026.backup",
            "letter.txt",
            "20260101.backup",
        ];
        // Its name is the oldest: the clock was set back.
        let new = names.name(UnixTime(1_700_000_000), 1);
        assert_eq!(new, "countersign-01234567-20231114T221320Z.backup");
        assert_eq!(names.name(UnixTime(1_700_000_000), 2), "countersign-01234567-20231114T221320Z-2.backup");
        let there = || {
            let others = others.iter().map(|name| (*name).to_owned());
            days.iter().cloned().chain([second.clone(), new.clone()]).chain(others).collect::<Vec<_>>()
        };
        assert_eq!(names.superseded(there(), &new, 6), Vec::<String>::new());
        assert_eq!(names.superseded(there(), &new, 10), Vec::<String>::new());
        let [fourth, first, third, two] = days.clone();
        assert_eq!(names.superseded(there(), &new, 3), [third.clone(), two.clone(), first.clone()]);
        for least in [0, 1] {
            let all = [second.clone(), fourth.clone(), third.clone(), two.clone(), first.clone()];
            assert_eq!(names.superseded(there(), &new, least), all);
        }
    }
}
