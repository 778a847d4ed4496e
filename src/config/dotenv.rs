//! The file `.env`: its lines as variables, every line that cannot be read named by its number.

/// What the text of a `.env` holds.
#[derive(Debug, Default)]
pub struct DotEnv {
    pub pairs: Vec<(String, super::Secret)>,
    /// One sentence for each line that cannot be read; nothing of its content is in it.
    pub mistakes: Vec<String>,
}

impl DotEnv {
    /// A line is `NAME=value`, `export NAME=value`, a comment or blank. A value in single quotes is taken as it is; in
    /// double quotes `\n`, `\"`, `\\` and `\$` are read; bare, it ends at ` #`. Nothing is expanded, and no value goes
    /// beyond its line, so that one slip cannot swallow the lines below it.
    pub fn read(text: &str) -> DotEnv {
        let mut out = DotEnv::default();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match pair(line) {
                Ok((name, value)) => out.pairs.push((name.to_owned(), super::Secret::new(value))),
                Err(why) => out.mistakes.push(format!("line {}: {why}", number + 1)),
            }
        }
        out
    }
}

fn pair(line: &str) -> Result<(&str, String), &'static str> {
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once('=').ok_or("it has no `=`")?;
    let name = name.trim_end();
    let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(named) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("what stands before `=` is not the name of a variable");
    }
    let value = value.trim_start();
    if value.contains('\0') {
        return Err("it holds a NUL");
    }
    Ok((
        name,
        match value.chars().next() {
            Some(quote @ ('\'' | '"')) => quoted(&value[1..], quote)?,
            _ => bare(value)?,
        },
    ))
}

/// Up to the closing quote, behind which only a comment may follow.
fn quoted(rest: &str, quote: char) -> Result<String, &'static str> {
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => {
                let after = rest[at + 1..].trim_start();
                return if after.is_empty() || after.starts_with('#') {
                    Ok(out)
                } else {
                    Err("text follows the closing quote")
                };
            }
            '\\' if quote == '"' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, c @ ('"' | '\\' | '$'))) => out.push(c),
                _ => return Err("a backslash is not followed by `n`, `\"`, `\\` or `$`"),
            },
            c => out.push(c),
        }
    }
    Err("a quote is not closed")
}

/// One word: blanks, quotes and `$` mean different things to different readers, and want quotes.
fn bare(value: &str) -> Result<String, &'static str> {
    let value = value.split_once(" #").map_or(value, |(value, _)| value).trim_end();
    if value.contains(char::is_whitespace) {
        return Err("a value with blanks needs quotes");
    }
    if value.contains(['\'', '"', '`']) || value.contains("${") || value.contains("$(") {
        return Err("a value with quotes or `${…}` needs single quotes");
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_variables() {
        let read = DotEnv::read(
            "\u{feff}# c\r\nA=1\r\nexport B = 'x # y' # z\nC=\"a\\n\\\"b\\\"\"\n\nD=\nE=postgres://u:p%24@h/d?a=b#c\nF=w # c\n",
        );
        let shown: Vec<String> = read.pairs.iter().map(|(n, v)| format!("{n}={}", v.reveal())).collect();
        assert_eq!(shown, ["A=1", "B=x # y", "C=a\n\"b\"", "D=", "E=postgres://u:p%24@h/d?a=b#c", "F=w"]);
        assert!(read.mistakes.is_empty());
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named_and_swallows_nothing() {
        let read = DotEnv::read(
            "DRY_RUN=true (be careful)\nS=it's\nP= production  yes\nsecretline\n1A=x\nQ='open\nLAST=1\nT='a'b\n",
        );
        let numbers: Vec<&str> = read.mistakes.iter().filter_map(|m| m.split(':').next()).collect();
        assert_eq!(numbers, ["line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "line 8"]);
        assert_eq!(read.pairs.len(), 1);
        assert!(!read.mistakes.join(" ").contains("secretline"));
    }
}
