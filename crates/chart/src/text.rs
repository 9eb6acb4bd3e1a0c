//! Text without a font library: an estimate of widths on the wide side, shortening, and cleaning.
//!
//! Widths are those of DejaVu Sans, one of the widest interface fonts, rounded up; a narrower font leaves more
//! air, never less.

use crate::visible::{is_obeyed, visible};

/// Characters of an arm's name that are always shown where the letters are of ordinary width.
pub(crate) const NAME_CHARACTERS_MAX: usize = 30;

/// Estimated width of `words` set in `size`, in the unit of `size`.
pub(crate) fn width(words: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = words.chars().map(em).sum();
    ems * size * if bold { 1.12 } else { 1.0 }
}

fn em(letter: char) -> f64 {
    match letter {
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' => 0.34,
        'i' | 'j' | 'l' | 'I' | 'J' => 0.3,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' | '·' => 0.42,
        '+' | '\u{2212}' => 0.84,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 1.0,
        'A'..='Z' | '&' => 0.75,
        '0'..='9' | '€' | '$' | '£' | '¥' => 0.64,
        letter if u32::from(letter) >= 0x1100 => 1.05,
        letter if u32::from(letter) >= 0x250 => 0.8,
        _ => 0.63,
    }
}

/// The name of an arm, shortened with an ellipsis to [`NAME_CHARACTERS_MAX`] and to a width of `most`.
pub(crate) fn fitted(name: &str, size: f64, bold: bool, most: f64) -> String {
    shortened(name, NAME_CHARACTERS_MAX, |words| width(words, size, bold) <= most)
}

/// `words` shortened with an ellipsis to a width of `most`.
pub(crate) fn clipped(words: &str, size: f64, bold: bool, most: f64) -> String {
    shortened(words, usize::MAX, |words| width(words, size, bold) <= most)
}

fn shortened(words: &str, characters_max: usize, fits: impl Fn(&str) -> bool) -> String {
    let clean = cleaned(words);
    if clean.chars().count() <= characters_max && fits(&clean) {
        return clean;
    }
    let mut kept: Vec<char> = clean.chars().take(characters_max - 1).collect();
    loop {
        let candidate = format!("{}…", kept.iter().collect::<String>().trim_end());
        if kept.is_empty() || fits(&candidate) {
            return candidate;
        }
        kept.pop();
    }
}

/// `words` on one line: blanks for line ends and tabs, and whatever else would be obeyed written out, as no XML document
/// may hold it.
pub(crate) fn cleaned(words: &str) -> String {
    let blank = |c: char| if c.is_whitespace() && is_obeyed(c) { ' ' } else { c };
    visible(&words.chars().map(blank).collect::<String>()).into_owned()
}

/// `words` with a capital at the front.
pub(crate) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Escaped for an XML attribute or text.
pub(crate) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{cleaned, fitted, width};

    #[test]
    fn ordinary_names_of_thirty_letters_stay_whole_and_longer_ones_end_in_an_ellipsis() {
        let thirty = "Real-time engine, careful caps";
        assert_eq!(thirty.chars().count(), 30);
        assert_eq!(fitted(thirty, 12.0, true, 300.0), thirty);
        let cut = fitted(&format!("{thirty} and more"), 12.0, true, 300.0);
        assert!(cut.ends_with('…') && cut.chars().count() <= 30, "{cut}");
    }

    #[test]
    fn wide_letters_are_cut_to_the_room_there_is() {
        let cut = fitted(&"W".repeat(30), 12.0, true, 120.0);
        assert!(width(&cut, 12.0, true) <= 120.0 && cut.ends_with('…'), "{cut}");
    }

    #[test]
    fn line_ends_become_spaces_and_what_steers_is_written_out() {
        assert_eq!(cleaned("a\u{0}b\nc\u{2028}d\u{202e}e"), "a\\u{0}b c d\\u{202e}e");
    }
}
