//! TLS as libpq does it: which mode holds, which root certificate verifies, which client certificate is shown.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::libpq::home;
use crate::config::Parameters;

/// A host as it was written: a name, an address, or the folder of a socket.
pub(super) struct Host<'a>(pub &'a str);

impl Host<'_> {
    pub(super) fn is_socket(&self) -> bool {
        self.0.starts_with('/') || self.0.starts_with('@')
    }

    pub(super) fn is_loopback(&self) -> bool {
        let v4 = self.0.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback());
        v4 || self.0.eq_ignore_ascii_case("localhost") || self.is_socket()
    }
}

/// Off the loopback at least `require`, unless the operator wrote another mode.
pub(super) fn with_tls(
    options: PgConnectOptions,
    host: &Host<'_>,
    parameters: &Parameters,
    mistakes: &mut Vec<String>,
) -> Option<PgConnectOptions> {
    if host.is_socket() {
        return Some(options.ssl_mode(PgSslMode::Disable));
    }
    let default = if host.is_loopback() { "prefer" } else { "require" };
    let written = parameters.get("sslmode").unwrap_or(default);
    let Ok(mut mode) = PgSslMode::from_str(written) else {
        mistakes.push("`sslmode` is disable, allow, prefer, require, verify-ca or verify-full".to_owned());
        return None;
    };
    let own = |name: &str| home().map(|h| h.join(".postgresql").join(name)).filter(|p| p.exists());
    let named = parameters.get("sslrootcert");
    let root = match named {
        Some("system") => None,
        Some(file) => Some(PathBuf::from(file)),
        None => own("root.crt"),
    };
    let verifies = matches!(mode, PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    match (&root, named) {
        (None, Some("system")) if !matches!(mode, PgSslMode::VerifyFull) && parameters.get("sslmode").is_some() => {
            mistakes.push("`sslrootcert=system` needs sslmode=verify-full".to_owned());
        }
        (None, Some("system")) => mode = PgSslMode::VerifyFull,
        (None, _) if verifies => {
            mistakes.push(
                "sslmode verifies, and there is no root certificate: set `sslrootcert` to a file or to `system`".into(),
            );
        }
        // as libpq: a root certificate that is there is used
        (Some(_), _) if matches!(mode, PgSslMode::Require) => mode = PgSslMode::VerifyCa,
        _ => {}
    }
    let mut options = options.ssl_mode(mode);
    if let Some(root) = root.filter(|_| matches!(mode, PgSslMode::VerifyCa | PgSslMode::VerifyFull)) {
        options = options.ssl_root_cert(checked("sslrootcert", &root, false, mistakes)?);
    }
    let certificate = parameters.get("sslcert").map(PathBuf::from).or_else(|| own("postgresql.crt"));
    let Some(certificate) = certificate.filter(|_| !matches!(mode, PgSslMode::Disable)) else {
        return Some(options);
    };
    let key = parameters.get("sslkey").map(PathBuf::from).or_else(|| own("postgresql.key"));
    let Some(key) = key else {
        mistakes.push("`sslcert` is set and `sslkey` is not".to_owned());
        return None;
    };
    options = options.ssl_client_cert(checked("sslcert", &certificate, false, mistakes)?);
    Some(options.ssl_client_key(checked("sslkey", &key, true, mistakes)?))
}

/// A file that is there and can be read; a private key that others can read, or that is encrypted, is refused.
fn checked(name: &str, file: &Path, is_key: bool, mistakes: &mut Vec<String>) -> Option<PathBuf> {
    let shown = file.display();
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(e) => {
            mistakes.push(format!("`{name}`: file `{shown}`: {e}"));
            return None;
        }
    };
    #[cfg(unix)]
    if is_key
        && let Ok(about) = std::fs::metadata(file)
        && {
            use std::os::unix::fs::MetadataExt;
            // libpq: 0600 of one's own, 0640 of root's
            let loose = if about.uid() == 0 { 0o027 } else { 0o077 };
            about.mode() & loose != 0
        }
    {
        mistakes
            .push(format!("`{name}`: private key file `{shown}` has group or world access; it must be 0600 or less"));
        return None;
    }
    if is_key && text.windows(9).any(|w| w == b"ENCRYPTED") {
        mistakes.push(format!("`{name}`: private key file `{shown}` is encrypted, which is not supported"));
        return None;
    }
    if !text.windows(11).any(|w| w == b"-----BEGIN ") {
        mistakes.push(format!("`{name}`: file `{shown}` is not in PEM form"));
        return None;
    }
    Some(file.to_owned())
}

/// As libpq spells it.
pub(super) fn mode_word(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}
