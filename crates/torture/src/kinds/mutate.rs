//! Random changes of a text: flipped bytes, lost and doubled lines, swapped words, huge numbers, deep nesting, odd letters.

use crate::dice::Dice;

/// Words that stand where others do not expect them.
const ODD: [&str; 46] = [
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "-1e308",
    "1e-308",
    "nan",
    "inf",
    "-inf",
    "0x7fffffff",
    "1e400",
    "99999999999999999999999",
    "true",
    "\"\"",
    "\"none\"",
    "\"100 %\"",
    "\"1e9 %\"",
    "\"-0 %\"",
    "\"4 weeks\"",
    "\"999999999 weeks\"",
    "\"1e300 days\"",
    "\"0.0000001 days\"",
    "[]",
    "[[[[]]]]",
    "{}",
    "{ median = 20, log_sd = 5 }",
    "{ median = 1e9, log_sd = 0 }",
    "{ median = 0, log_sd = 50 }",
    "\"fashion-web-shop\"",
    "\"/dev/zero\"",
    "\"./scenario.toml\"",
    "\"../policies\"",
    "\"/dev/null.toml\"",
    "\"no-such-thing\"",
    "2020-01-01",
    "9999-12-31",
    "1970-01-01T00:00:00Z",
    "\"\u{202e}abc\"",
    "\"\u{0}\"",
    "\"\\u0000\"",
    "\"\u{1f469}\u{200d}\u{1f680}\"",
    "\"\u{feff}\"",
    "'''\n'''",
    "\"1.000,00 EUR\"",
];
const LETTERS: [&str; 14] = [
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{feff}",
    "\u{1f4a9}",
    "é",
    "\r",
    "\t",
    "\"",
    "'",
    "[",
    "]",
    "=",
    "\n",
];

/// One to eight changes.
pub(crate) fn mutated(text: &str, others: &[(String, String)], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let most = if dice.once_in(3) { 8 } else { 2 };
    let times = 1 + dice.below(most);
    for _ in 0..times {
        bytes = once(bytes, others, dice);
    }
    bytes
}

fn once(mut bytes: Vec<u8>, others: &[(String, String)], dice: &mut Dice) -> Vec<u8> {
    match dice.below(12) {
        0 => {
            let at = dice.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
            bytes
        }
        1 => {
            let at = dice.below(bytes.len() + 1);
            bytes.splice(at..at, dice.pick(&LETTERS).bytes());
            bytes
        }
        2 => {
            bytes.truncate(dice.below(bytes.len() + 1));
            bytes
        }
        3..=5 => value(&bytes, dice),
        6 => number(&bytes, dice),
        7 => nested(bytes, dice),
        _ => lines(&bytes, others, dice),
    }
}

/// Replaces what stands behind a `=`.
fn value(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let places: Vec<usize> = text.match_indices("= ").map(|(at, _)| at + 2).collect();
    if places.is_empty() {
        return bytes.to_vec();
    }
    let at = *dice.pick(&places);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    format!("{}{}{}", &text[..at], dice.pick(&ODD), &text[end..]).into_bytes()
}

/// Turns one number into another, near or far.
fn number(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|&at| bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit()))
        .collect();
    if starts.is_empty() {
        return bytes.to_vec();
    }
    let at = *dice.pick(&starts);
    let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let other = match dice.below(5) {
        0 => "0".to_owned(),
        1 => (dice.any() >> dice.below(64)).to_string(),
        2 => "9".repeat(1 + dice.below(30)),
        3 => format!("{}e{}", dice.below(10), dice.below(20)),
        _ => dice.below(100).to_string(),
    };
    [&bytes[..at], other.as_bytes(), &bytes[at + length..]].concat()
}

/// Opens many brackets.
fn nested(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let depth = 1 << dice.below(15);
    let (open, close) = *dice.pick(&[("[", "]"), ("{a=", "}"), ("(", ")"), ("a.", "b=1")]);
    let deep = format!(
        "\nx = {}{}\n",
        open.repeat(depth),
        if dice.once_in(2) { close.repeat(depth) } else { String::new() }
    );
    let at = dice.below(bytes.len() + 1);
    bytes.splice(at..at, deep.bytes());
    bytes
}

/// Loses, doubles, moves or borrows a line.
fn lines(bytes: &[u8], others: &[(String, String)], dice: &mut Dice) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let (from, to) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(5) {
        0 => drop(lines.remove(from)),
        1 => lines.insert(to, lines[from]),
        2 => lines.swap(from, to),
        3 => {
            let many = 1 << dice.below(10);
            let line = lines[from];
            lines.splice(to..to, std::iter::repeat_n(line, many));
        }
        _ => {
            let other = &dice.pick(others).1;
            let theirs: Vec<&str> = other.split('\n').collect();
            lines.insert(to, theirs[dice.below(theirs.len())]);
        }
    }
    lines.join("\n").into_bytes()
}
