//! A page under construction: constant markup and escaped text, and no third way in.

use sha2::{Digest, Sha256};

use crate::text;

const STYLE: &str = include_str!("style.css");

/// Markup comes only from constants; everything else is escaped on its way in.
#[derive(Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// A constant piece of markup.
    pub fn raw(&mut self, markup: &'static str) -> &mut Page {
        self.text.push_str(markup);
        self
    }

    /// Text from anywhere: control and direction marks are spelt out, markup is escaped.
    pub fn say(&mut self, anything: &str) -> &mut Page {
        for c in text::inert(anything).chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                c => self.text.push(c),
            }
        }
        self
    }

    /// A number with at most two decimals.
    pub fn number(&mut self, n: f64) -> &mut Page {
        let written = if n.is_finite() { format!("{:.2}", n) } else { "0".to_owned() };
        self.text.push_str(written.trim_end_matches('0').trim_end_matches('.'));
        self
    }

    /// `<tag class="…">text</tag>`; `class` may be empty.
    pub fn tag(&mut self, tag: &'static str, class: &'static str, anything: &str) -> &mut Page {
        self.raw("<").raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(">").say(anything).raw("</").raw(tag).raw(">")
    }

    /// A table with its header; a column whose title begins with `#` holds numbers.
    pub fn table(&mut self, header: &[&'static str], rows: impl IntoIterator<Item = Vec<String>>) -> &mut Page {
        self.raw("<div class=\"wide\"><table><thead><tr>");
        for title in header {
            match title.strip_prefix('#') {
                Some(title) => self.tag("th", "n", title),
                None => self.tag("th", "", title),
            };
        }
        self.raw("</tr></thead><tbody>");
        for row in rows {
            self.raw("<tr>");
            for (title, cell) in header.iter().zip(&row) {
                self.tag("td", if title.starts_with('#') { "n" } else { "" }, cell);
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody></table></div>\n")
    }

    pub fn section(&mut self, title: &str, body: impl FnOnce(&mut Page)) -> &mut Page {
        self.raw("<section>").tag("h2", "", title).raw("\n");
        body(self);
        self.raw("</section>\n")
    }

    /// A whole document: no scripts, nothing from elsewhere, and only this style.
    pub fn document(title: &str, body: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::default();
        page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
        page.text.push_str(&base64(&Sha256::digest(STYLE.as_bytes())));
        page.raw("'; base-uri 'none'; form-action 'none'\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.raw(
            "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">\n",
        );
        page.tag("title", "", title).raw("\n<style>").raw(STYLE).raw("</style></head>\n<body><main>\n");
        body(&mut page);
        page.raw("</main></body></html>\n");
        page.text
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_one_of_rfc_4648() {
        let all: Vec<String> = ["f", "fo", "foo", "foobar"].iter().map(|t| base64(t.as_bytes())).collect();
        assert_eq!(all, ["Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
    }

    #[test]
    fn nothing_that_was_said_becomes_markup() {
        let page = Page::document("</title><script>", |p| {
            p.say("</style><img src=x onerror='a()'>\u{202e}\u{0}\"&");
        });
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'), "{page}");
    }
}
