use std::collections::BTreeSet;
use std::str::FromStr;

use countersign::reason::Reason;
use countersign::transfer::import::{Batch, Row, Standing};

use crate::args::Choice;
use crate::failure::Failure;

/// Numbers of rows as they are typed: `1,3-5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers(Vec<(usize, usize)>);

impl FromStr for Numbers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| match text.trim().parse::<usize>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err("rows are numbers from 1, such as 1,3-5"),
        };
        let ranges = text.split(',').map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if first <= last {
                Ok((first, last))
            } else {
                Err("the first row of a range is not before its last")
            }
        });
        ranges.collect::<Result<_, _>>().map(Self)
    }
}

impl Numbers {
    fn has(&self, row: usize) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&row))
    }

    fn last(&self) -> usize {
        self.0.iter().map(|(_, last)| *last).max().unwrap_or(0)
    }
}

/// The places of the entries that are taken: those that were named, or else what the preview proposes.
pub fn chosen(batch: &Batch, rows: &[Row], args: &Choice) -> Result<Vec<usize>, Failure> {
    for numbers in [&args.only, &args.without].into_iter().flatten() {
        if numbers.last() > rows.len() {
            return Err(Failure::from(Reason::NoSuchEntry).with("row", numbers.last()));
        }
    }
    let mut places = BTreeSet::new();
    for (row, number) in rows.iter().zip(1..) {
        let wanted = match &args.only {
            Some(only) if only.has(number) => match batch.entries.get(row.entry).map(|entry| &entry.otp) {
                Some(Err(reason)) => return Err(Failure::from(*reason).with("row", number)),
                _ => true,
            },
            Some(_) => false,
            None if args.all => !matches!(row.standing, Standing::Refused { .. }),
            None => row.chosen,
        };
        if wanted && !args.without.as_ref().is_some_and(|without| without.has(number)) {
            places.insert(row.entry);
        }
    }
    Ok(places.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let typed: Numbers = "1, 3-5,9".parse().unwrap();
        let has: Vec<_> = (0..12).filter(|row| typed.has(*row)).collect();
        assert_eq!((has, typed.last()), (vec![1, 3, 4, 5, 9], 9));
        for wrong in ["", "0", "a", "5-3", "1-", "-1", "1;2", "99999999999999999999999"] {
            assert!(wrong.parse::<Numbers>().is_err(), "{wrong}");
        }
    }
}
