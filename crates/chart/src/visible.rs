//! Texts of others are shown and not obeyed: characters that steer a terminal, turn the direction of reading or are
//! forbidden in HTML and XML are written out as `\u{1b}`.
//!
//! # Promises
//! - One list of such characters, [`is_obeyed`], for terminals, reports, charts and JSON alike.
//! - What is written out holds none of them, so writing out twice changes nothing.
//!
//! # Where to start
//! [`visible`] for a text on one line, [`visible_but`] where some of the characters are our own.

use std::borrow::Cow;

/// Whether a character is obeyed instead of shown: control characters, marks, overrides and isolates of direction,
/// separators of lines, marks of byte order, invisible tags and annotations, and what is no character at all.
///
/// Source: the control codes of ISO 6429, the bidirectional formatting characters of Unicode's annex 9, and the
/// characters that the HTML standard and XML 1.0 exclude.
#[must_use]
pub fn is_obeyed(letter: char) -> bool {
    match letter {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        other => u32::from(other) & 0xfffe == 0xfffe,
    }
}

/// `words` on one line: whatever would be obeyed, line ends and tabs too, is written out.
#[must_use]
pub fn visible(words: &str) -> Cow<'_, str> {
    visible_but(words, |_| false)
}

/// The same, with the characters that `ours` names left as they are: the line ends of a page, for example.
#[must_use]
pub fn visible_but(words: &str, ours: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |letter: char| is_obeyed(letter) && !ours(letter);
    if !words.contains(hidden) {
        return Cow::Borrowed(words);
    }
    let mut out = String::with_capacity(words.len() + 16);
    for letter in words.chars() {
        if hidden(letter) {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{is_obeyed, visible, visible_but};

    #[test]
    fn what_steers_is_written_out_and_all_else_stays() {
        let hostile =
            "a\u{1b}[2J\u{7}\u{9b}b\u{202e}c\u{2066}d\u{200f}e\u{2028}f\u{fffe}g\u{7f}h\r\n\ti\u{feff}";
        let shown = visible(hostile);
        assert_eq!(
            shown,
            r"a\u{1b}[2J\u{7}\u{9b}b\u{202e}c\u{2066}d\u{200f}e\u{2028}f\u{fffe}g\u{7f}h\r\n\ti\u{feff}"
        );
        assert!(!shown.contains(is_obeyed));
        assert_eq!(visible(&shown), shown, "twice is once");
        for plain in ["Größe 12,00 €", "עברית", "日本語", "1\u{a0}000", "\u{1f469}\u{200d}\u{1f4bb}", "−3"]
        {
            assert_eq!(visible(plain), plain);
        }
    }

    #[test]
    fn what_is_ours_stays() {
        assert_eq!(visible_but("a\nb\r", |letter| letter == '\n'), "a\nb\\r");
    }
}
