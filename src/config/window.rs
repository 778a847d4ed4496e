//! A maintenance window: on which days, from when to when, in which zone.

use std::time::Duration;

const DAY: u32 = 86_400;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// It begins on each of the days; one that ends at an earlier time of day ends on the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// 1 is Monday.
    days: Vec<u32>,
    /// Seconds of the day.
    from: u32,
    to: u32,
    pub timezone: String,
}

impl Window {
    /// `{ days = ["sat"], from = "22:00", to = "04:00", timezone = "Europe/Berlin" }`; without days every day, without zone UTC.
    pub fn parse(value: &toml::Value) -> Result<Window, String> {
        let table = value.as_table().ok_or("write `{ days = [\"sat\"], from = \"22:00\", to = \"04:00\" }`")?;
        if let Some(key) = table.keys().find(|k| !["days", "from", "to", "timezone"].contains(&k.as_str())) {
            return Err(format!("a window has no `{}`; known: days, from, to, timezone", crate::text::inert(key)));
        }
        let time = |key: &str| {
            let text =
                table.get(key).and_then(toml::Value::as_str).ok_or(format!("a window needs `{key} = \"HH:MM\"`"))?;
            let parsed = text.split_once(':').and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
            match parsed {
                Some((h, m)) if h < 24 && m < 60 => Ok(h * 3600 + m * 60),
                _ => Err(format!("`{key} = \"{}\"` is no time of day", crate::text::inert(text))),
            }
        };
        let days = match table.get("days") {
            None => (1..=7).collect(),
            Some(days) => {
                let days = days.as_array().ok_or("`days` is a list: [\"sat\", \"sun\"]")?;
                let day = |d: &toml::Value| {
                    let place = d.as_str().and_then(|d| DAYS.iter().position(|name| d.eq_ignore_ascii_case(name)));
                    place.map(|p| p as u32 + 1).ok_or(format!(
                        "`{}` is no day; write {}",
                        super::settings::shown(d),
                        DAYS.join(", ")
                    ))
                };
                days.iter().map(day).collect::<Result<Vec<u32>, String>>()?
            }
        };
        if days.is_empty() {
            return Err("a window on no day never opens".to_owned());
        }
        let timezone = match table.get("timezone") {
            None => "UTC".to_owned(),
            Some(zone) => zone.as_str().ok_or("`timezone` is a name such as \"Europe/Berlin\"")?.to_owned(),
        };
        Ok(Window { days, from: time("from")?, to: time("to")?, timezone })
    }

    /// From its beginning to its end.
    pub fn length(&self) -> Duration {
        Duration::from_secs(u64::from((self.to + DAY - self.from - 1) % DAY + 1))
    }

    /// How long it stays open, if it is: `day` 1 is Monday, `second` of the day, both in the window's zone.
    pub fn remaining(&self, day: u32, second: u32) -> Option<Duration> {
        let length = (self.to + DAY - self.from - 1) % DAY + 1;
        let now = (day - 1) * DAY + second;
        let since = |d: &u32| (now + 7 * DAY - ((d - 1) * DAY + self.from)) % (7 * DAY);
        let left = self.days.iter().map(since).filter(|since| *since < length).map(|since| length - since).max();
        left.map(|s| Duration::from_secs(s.into()))
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let days: Vec<&str> = self.days.iter().map(|d| DAYS[*d as usize - 1]).collect();
        let days = if days.len() == 7 { "daily".to_owned() } else { days.join(", ") };
        let at = |s: u32| format!("{:02}:{:02}", s / 3600, s % 3600 / 60);
        write!(f, "{days} {} to {} {}", at(self.from), at(self.to), self.timezone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Result<Window, String> {
        let table: toml::Table = format!("w = {text}").parse().unwrap();
        Window::parse(&table["w"])
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_it_begins_on() {
        let w = window("{ days = [\"sat\"], from = \"22:00\", to = \"04:00\" }").unwrap();
        let hours = |h: u64| Some(Duration::from_secs(h * 3600));
        assert_eq!(w.remaining(6, 21 * 3600), None);
        assert_eq!(w.remaining(6, 22 * 3600), hours(6));
        assert_eq!(w.remaining(7, 3 * 3600), hours(1));
        assert_eq!(w.remaining(7, 4 * 3600), None);
        assert_eq!(w.remaining(6, 3 * 3600), None);
        let sunday = window("{ days = [\"sun\"], from = \"23:00\", to = \"01:00\" }").unwrap();
        assert_eq!(sunday.remaining(1, 0), hours(1));
        assert_eq!(w.to_string(), "sat 22:00 to 04:00 UTC");
    }

    #[test]
    fn a_wrong_window_says_what_is_wrong() {
        for (text, why) in [
            ("\"at night\"", "days"),
            ("{ from = \"25:00\", to = \"04:00\" }", "no time of day"),
            ("{ to = \"04:00\" }", "needs `from"),
            ("{ days = [\"someday\"], from = \"22:00\", to = \"04:00\" }", "no day"),
            ("{ days = [], from = \"22:00\", to = \"04:00\" }", "never opens"),
            ("{ until = \"04:00\" }", "has no `until`"),
        ] {
            assert!(window(text).unwrap_err().contains(why), "{text}");
        }
    }
}
