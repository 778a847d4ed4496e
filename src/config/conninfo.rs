//! Connection parameters as libpq names them: read from a URI, from `keyword=value` text, from `PG*` variables and from
//! a service file, each with where it came from. Pure: whoever acts reads the files.

use std::collections::BTreeMap;

use super::Secret;
use crate::text;

/// One parameter that libpq knows.
struct Keyword {
    name: &'static str,
    /// The environment variable that sets it; empty where there is none.
    variable: &'static str,
    /// Values that ask for nothing that this program does not do anyway.
    means: Means,
}

/// What this program does with a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Carried out as libpq does.
    Honoured,
    /// Concerns something that this program never does (GSS, requests of old protocols), so that no value matters.
    Irrelevant,
    /// Only these values; any other is refused, because it would promise something that is not kept.
    Only(&'static [&'static str]),
}

const fn keyword(name: &'static str, variable: &'static str, means: Means) -> Keyword {
    Keyword { name, variable, means }
}

use Means::{Honoured, Irrelevant, Only};

const KEYWORDS: &[Keyword] = &[
    keyword("service", "PGSERVICE", Honoured),
    keyword("servicefile", "PGSERVICEFILE", Honoured),
    keyword("host", "PGHOST", Honoured),
    keyword("hostaddr", "PGHOSTADDR", Honoured),
    keyword("port", "PGPORT", Honoured),
    keyword("dbname", "PGDATABASE", Honoured),
    keyword("user", "PGUSER", Honoured),
    keyword("password", "PGPASSWORD", Honoured),
    keyword("passfile", "PGPASSFILE", Honoured),
    keyword("connect_timeout", "PGCONNECT_TIMEOUT", Honoured),
    keyword("application_name", "PGAPPNAME", Honoured),
    keyword("fallback_application_name", "", Irrelevant),
    keyword("options", "PGOPTIONS", Honoured),
    keyword("client_encoding", "PGCLIENTENCODING", Only(&["auto", "utf8", "utf-8", "unicode"])),
    keyword("sslmode", "PGSSLMODE", Honoured),
    keyword("sslrootcert", "PGSSLROOTCERT", Honoured),
    keyword("sslcert", "PGSSLCERT", Honoured),
    keyword("sslkey", "PGSSLKEY", Honoured),
    keyword("target_session_attrs", "PGTARGETSESSIONATTRS", Honoured),
    keyword("load_balance_hosts", "PGLOADBALANCEHOSTS", Only(&["disable"])),
    keyword("channel_binding", "PGCHANNELBINDING", Only(&["disable", "prefer"])),
    keyword("require_auth", "PGREQUIREAUTH", Only(&[])),
    keyword("gssencmode", "PGGSSENCMODE", Only(&["disable", "prefer"])),
    keyword("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", Only(&["TLSv1", "TLSv1.1", "TLSv1.2"])),
    keyword("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", Only(&["TLSv1.3"])),
    keyword("min_protocol_version", "PGMINPROTOCOLVERSION", Only(&["3.0"])),
    keyword("max_protocol_version", "PGMAXPROTOCOLVERSION", Only(&["3.0", "latest"])),
    keyword("sslnegotiation", "PGSSLNEGOTIATION", Only(&["postgres"])),
    keyword("sslcompression", "PGSSLCOMPRESSION", Only(&["0"])),
    keyword("sslsni", "PGSSLSNI", Only(&["1"])),
    keyword("sslcertmode", "PGSSLCERTMODE", Only(&["allow"])),
    keyword("sslpassword", "", Only(&[])),
    keyword("sslcrl", "PGSSLCRL", Only(&[])),
    keyword("sslcrldir", "PGSSLCRLDIR", Only(&[])),
    keyword("requiressl", "PGREQUIRESSL", Only(&["0"])),
    keyword("requirepeer", "PGREQUIREPEER", Only(&[])),
    keyword("krbsrvname", "PGKRBSRVNAME", Irrelevant),
    keyword("gsslib", "PGGSSLIB", Irrelevant),
    keyword("gssdelegation", "PGGSSDELEGATION", Only(&["0"])),
    keyword("keepalives", "", Only(&["1"])),
    keyword("keepalives_idle", "", Irrelevant),
    keyword("keepalives_interval", "", Irrelevant),
    keyword("keepalives_count", "", Irrelevant),
    keyword("tcp_user_timeout", "", Irrelevant),
    keyword("replication", "", Only(&["false", "off", "no", "0"])),
];

/// Libpq's variables, with the parameter that each sets.
pub fn variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYWORDS.iter().filter(|k| !k.variable.is_empty()).map(|k| (k.variable, k.name))
}

/// The variable that sets a parameter, for the programs of PostgreSQL that this one starts.
pub fn variable_of(name: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|k| k.name == name).map(|k| k.variable).filter(|v| !v.is_empty())
}

/// A value and what it was written in: a variable's name, `the service file …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: Secret,
    pub origin: String,
}

/// What is known of a connection, by libpq's parameter name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    values: BTreeMap<&'static str, Value>,
}

impl Parameters {
    /// The value, unless it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|v| v.text.reveal()).filter(|v| !v.is_empty())
    }

    /// What a parameter was written in.
    pub fn origin(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|v| v.origin.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }

    /// Sets a parameter in place of what was there; a name that libpq does not know is a mistake.
    pub fn set(&mut self, name: &str, text: &str, origin: &str) -> Result<(), String> {
        let Some(known) = KEYWORDS.iter().find(|k| k.name == name) else {
            let near = text::nearest(name, KEYWORDS.iter().map(|k| k.name));
            let hint = near.first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(format!("`{}` in {origin} is not a connection parameter{hint}", text::inert(name)));
        };
        self.values.insert(known.name, Value { text: Secret::new(text), origin: origin.to_owned() });
        Ok(())
    }

    /// Fills what is missing here.
    pub fn fill(&mut self, below: &Parameters) {
        for (name, value) in below.iter() {
            if self.get(name).is_none() {
                self.values.insert(name, value.clone());
            }
        }
    }

    /// Every parameter whose value asks for something that is not done here: refused, never ignored.
    pub fn not_honoured(&self) -> Vec<String> {
        let mut found = Vec::new();
        for k in KEYWORDS {
            let (Only(known), Some(value)) = (k.means, self.get(k.name)) else { continue };
            if known.iter().any(|v| v.eq_ignore_ascii_case(value)) {
                continue;
            }
            let origin = self.origin(k.name).unwrap_or_default();
            found.push(match known {
                [] => format!("`{}` ({origin}) is not supported", k.name),
                some => format!("`{}` ({origin}) is supported only as {}", k.name, text::quoted_list(some)),
            });
        }
        found
    }
}

/// A URI or `keyword=value` text, as libpq takes it where a database's name is asked for.
pub fn parse(written: &str, origin: &str) -> Result<Parameters, Vec<String>> {
    for scheme in ["postgres://", "postgresql://"] {
        if let Some(rest) = written.strip_prefix(scheme) {
            return uri(rest, origin);
        }
    }
    if written.contains("://") || !written.contains('=') {
        return Err(vec![format!("{origin} is neither a `postgres://` address nor `keyword=value` text")]);
    }
    keyword_values(written, origin)
}

fn uri(rest: &str, origin: &str) -> Result<Parameters, Vec<String>> {
    let mut out = Parameters::default();
    let mut mistakes = Vec::new();
    let (front, query) = rest.split_once('?').map_or((rest, ""), |(f, q)| (f, q));
    let (authority, path) = front.split_once('/').map_or((front, ""), |(a, p)| (a, p));
    let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(u, h)| (u, h));
    let (user, password) = user.split_once(':').map_or((user, ""), |(u, p)| (u, p));
    let mut set = |name: &str, text: &str, mistakes: &mut Vec<String>| match decoded(text) {
        Some(text) if text.is_empty() => {}
        Some(text) => mistakes.extend(out.set(name, &text, origin).err()),
        None => mistakes.push(format!("{origin}: `{}` is not percent-encoded text", text::inert(name))),
    };
    set("user", user, &mut mistakes);
    set("password", password, &mut mistakes);
    set("dbname", path, &mut mistakes);
    if path.contains('@') {
        mistakes.push(format!("{origin}: write `/` as %2F and `@` as %40 in user and password"));
    }
    match host_list(hosts) {
        Ok((hosts, ports)) => {
            set("host", &hosts, &mut mistakes);
            set("port", &ports, &mut mistakes);
        }
        Err(why) => mistakes.push(format!("{origin}: {why}")),
    }
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            mistakes.push(format!("{origin}: a parameter without `=`"));
            continue;
        };
        match (name, decoded(name).as_deref()) {
            (_, None) => mistakes.push(format!("{origin}: a parameter's name is not percent-encoded text")),
            // libpq's own old spelling
            ("ssl", _) if value == "true" => set("sslmode", "require", &mut mistakes),
            (_, Some(name)) => set(name, value, &mut mistakes),
        }
    }
    if mistakes.is_empty() { Ok(out) } else { Err(mistakes) }
}

/// `a:1,[::1]:2,c` as the lists of hosts and ports; an empty list of ports means the default for all.
fn host_list(written: &str) -> Result<(String, String), String> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for one in written.split(',') {
        let (host, port) = match one.strip_prefix('[') {
            Some(v6) => {
                let (host, after) = v6.split_once(']').ok_or("an IPv6 address lacks its `]`")?;
                (host, after.strip_prefix(':').unwrap_or(after))
            }
            None => one.split_once(':').map_or((one, ""), |(h, p)| (h, p)),
        };
        if !port.chars().all(|c| c.is_ascii_digit()) {
            return Err("a port is not a number".to_owned());
        }
        hosts.push(host);
        ports.push(port);
    }
    let ports = if ports.iter().all(|p| p.is_empty()) { String::new() } else { ports.join(",") };
    Ok((hosts.join(","), ports))
}

fn keyword_values(written: &str, origin: &str) -> Result<Parameters, Vec<String>> {
    let mut out = Parameters::default();
    let mut mistakes = Vec::new();
    let mut rest = written.trim_start();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            mistakes.push(format!("{origin}: text without `=` after the last parameter"));
            break;
        };
        let Some((value, left)) = one_value(after.trim_start()) else {
            mistakes.push(format!("{origin}: a quote is not closed in the value of `{}`", text::inert(name.trim())));
            break;
        };
        mistakes.extend(out.set(name.trim(), &value, origin).err());
        rest = left.trim_start();
    }
    if mistakes.is_empty() { Ok(out) } else { Err(mistakes) }
}

/// A value up to the next blank, or in single quotes; a backslash takes the next character as it is.
fn one_value(written: &str) -> Option<(String, &str)> {
    let quoted = written.starts_with('\'');
    let mut out = String::new();
    let mut chars = written.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().map(|(_, c)| c)),
            '\'' if quoted => return Some((out, &written[at + 1..])),
            c if !quoted && c.is_whitespace() => return Some((out, &written[at..])),
            c => out.push(c),
        }
    }
    (!quoted).then_some((out, ""))
}

/// Percent-decoded; `None` where a `%` is not followed by two hex digits, or the bytes are no UTF-8 or hold a NUL.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let hex = text.get(at + 1..at + 3)?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok().filter(|t| !t.contains('\0'))
}

/// The section `[name]` of a service file; `None` when there is none.
pub fn service(file: &str, name: &str, origin: &str) -> Result<Option<Parameters>, Vec<String>> {
    let mut found: Option<Parameters> = None;
    let mut mistakes = Vec::new();
    let mut inside = false;
    for (number, line) in file.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            inside = found.is_none() && section.strip_suffix(']') == Some(name);
            if inside {
                found = Some(Parameters::default());
            }
            continue;
        }
        let (true, Some(parameters)) = (inside, found.as_mut()) else { continue };
        let place = format!("{origin} line {}", number + 1);
        match line.split_once('=') {
            _ if line.starts_with("ldap") => mistakes.push(format!("{place}: LDAP is not supported")),
            Some(("service" | "servicefile", _)) => {
                mistakes.push(format!("{place}: a service cannot name another"));
            }
            // the first line of a parameter wins, as in libpq
            Some((keyword, _)) if parameters.get(keyword).is_some() => {}
            Some((keyword, value)) => mistakes.extend(parameters.set(keyword, value, &place).err()),
            None => mistakes.push(format!("{place}: a line without `=`")),
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(mistakes) }
}

/// The password of the first line of a password file that fits: `host:port:database:user:password`, `*` fits all.
pub fn password(file: &str, host: &str, port: u16, database: &str, user: &str) -> Option<Secret> {
    let port = port.to_string();
    let wanted = [host, port.as_str(), database, user];
    for line in file.lines().filter(|l| !l.starts_with('#')) {
        let fields = pass_fields(line);
        if let Some((password, four)) = fields.split_last()
            && four.len() == 4
            && four.iter().zip(wanted).all(|(f, w)| f.0 == "*" && !f.1 || f.0 == w)
        {
            return Some(Secret::new(password.0.clone()));
        }
    }
    None
}

/// The fields of a line, each with whether it held an escape; the fifth is all that is left.
fn pass_fields(line: &str) -> Vec<(String, bool)> {
    let mut fields = vec![(String::new(), false)];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = fields.len() - 1;
        match c {
            ':' if fields.len() < 5 => fields.push((String::new(), false)),
            '\\' => {
                fields[last].0.extend(chars.next());
                fields[last].1 = true;
            }
            c => fields[last].0.push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(p: &Parameters) -> String {
        p.iter().map(|(n, v)| format!("{n}={}", v.text.reveal())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn addresses_are_read_as_libpq_reads_them() {
        let cases = [
            (
                "postgres://me:p%40ss%3A:w@host:5/db?sslmode=require",
                "dbname=db host=host password=p@ss::w port=5 sslmode=require user=me",
            ),
            ("postgres://u@[::1]:5432/db", "dbname=db host=::1 port=5432 user=u"),
            ("postgres://u:p@/db?host=/var/run/x", "dbname=db host=/var/run/x password=p user=u"),
            ("postgresql://u@%2Fvar%2Frun/db", "dbname=db host=/var/run user=u"),
            ("postgres://a:1,b,c:3/db", "dbname=db host=a,b,c port=1,,3"),
            ("postgres://", ""),
            ("postgres:///db?service=s&connect_timeout=3", "connect_timeout=3 dbname=db service=s"),
            ("host=h  port = 5 password='a b\\'c' user=me", "host=h password=a b'c port=5 user=me"),
        ];
        for (written, expected) in cases {
            assert_eq!(shown(&parse(written, "DATABASE_URL").unwrap()), expected, "{written}");
        }
    }

    #[test]
    fn what_libpq_does_not_know_is_a_mistake_and_no_value_is_shown() {
        for (written, part) in [
            ("postgres://h/d?ssl-mode=require", "did you mean `sslmode`"),
            ("postgres://u:secret@h:x/d", "a port is not a number"),
            ("host=h password='secret", "a quote is not closed in the value of `password`"),
            ("mysql://u:secret@h/d", "neither"),
            ("secret", "neither"),
            ("postgres://u:12/secret@h/d", "write `/` as %2F"),
            ("postgres://u:secr%zz@h/d", "`password` is not percent-encoded text"),
        ] {
            let mistakes = parse(written, "DATABASE_URL").unwrap_err().join("; ");
            assert!(mistakes.contains(part) && !mistakes.contains("secr"), "{written}: {mistakes}");
        }
    }

    #[test]
    fn a_security_parameter_that_is_not_honoured_is_named() {
        for (written, part) in [
            (
                "postgres://h/d?channel_binding=require",
                "`channel_binding` (DATABASE_URL) is supported only as `disable`",
            ),
            ("postgres://h/d?require_auth=scram-sha-256", "`require_auth` (DATABASE_URL) is not supported"),
            ("postgres://h/d?gssencmode=require", "gssencmode"),
            ("postgres://h/d?ssl_min_protocol_version=TLSv1.3", "ssl_min_protocol_version"),
            ("postgres://h/d?sslcrl=x", "sslcrl"),
        ] {
            let found = parse(written, "DATABASE_URL").unwrap().not_honoured().join("; ");
            assert!(found.contains(part), "{written}: {found}");
        }
        assert!(parse("postgres://h/d?channel_binding=prefer", "x").unwrap().not_honoured().is_empty());
    }

    #[test]
    fn a_service_is_read_from_its_section() {
        let file = "# all\n[one]\nhost=a\nport=1\nhost=late\n\n[two]\nhost=b\n";
        assert_eq!(shown(&service(file, "one", "f").unwrap().unwrap()), "host=a port=1");
        assert_eq!(shown(&service(file, "two", "f").unwrap().unwrap()), "host=b");
        assert!(service(file, "three", "f").unwrap().is_none());
        assert_eq!(service("[a]\nldap://x\nnonsense=1\n", "a", "f").unwrap_err().len(), 2);
    }

    #[test]
    fn a_password_file_is_matched_as_libpq_does() {
        let file = "# c\nh:5432:db:other:no\nh:*:db:u:a\\:b\\\\c:d\n*:*:*:*:last\n";
        assert_eq!(password(file, "h", 5432, "db", "u").unwrap().reveal(), "a:b\\c:d");
        assert_eq!(password(file, "x", 1, "y", "z").unwrap().reveal(), "last");
        assert!(password("h:1:d:u", "h", 1, "d", "u").is_none());
    }
}
