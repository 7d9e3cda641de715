//! Times as people read them: by the clock on their wall.

use std::fmt::Display;

use chrono::{Local, Offset, TimeZone};
use countersign::clock::UnixTime;

use super::Language;

/// A time in this machine's time zone (`TZ`, else what the system is set to).
pub fn local_time(time: UnixTime, language: Language) -> String {
    time_in(&Local, time, language)
}

fn time_in<Z: TimeZone<Offset: Offset + Display>>(zone: &Z, time: UnixTime, language: Language) -> String {
    let format = match language {
        Language::English => "%-d %B %Y, %H:%M (UTC%:z)",
        Language::Japanese => "%Y年%-m月%-d日 %H:%M (UTC%:z)",
    };
    // A time that no calendar has, as in a vault that was made by something else.
    zone.timestamp_opt(time.0, 0)
        .single()
        .map_or_else(|| time.0.to_string(), |time| time.format(format).to_string())
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    #[test]
    fn a_time_by_the_clock_on_the_wall() {
        let tokyo = FixedOffset::east_opt(9 * 3600).unwrap();
        let time = UnixTime(1_700_000_000);
        assert_eq!(time_in(&tokyo, time, Language::English), "15 November 2023, 07:13 (UTC+09:00)");
        assert_eq!(time_in(&tokyo, time, Language::Japanese), "2023年11月15日 07:13 (UTC+09:00)");
        assert_eq!(time_in(&tokyo, UnixTime(i64::MAX), Language::English), i64::MAX.to_string());
    }
}
