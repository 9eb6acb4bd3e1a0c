//! Eligibility rules: random ones end in words, never in a panic; those that the grammar makes compile and are evaluated.

use counterfoil_engine::rule::{FEATURE_COUNT, FEATURES, Vocabulary, compile};
use counterfoil_engine::{FeatureDoc, FeatureKind};

use crate::dice::Dice;
use crate::stock::Stock;

const PIECES: [&str; 40] = [
    "&&",
    "||",
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    ">",
    "!",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "?",
    ":",
    ".",
    "{",
    "}",
    " in ",
    "true",
    "false",
    "0",
    "1e308",
    "0.25",
    "1e",
    "0x1",
    "\"email\"",
    "'",
    "\"",
    "\\",
    "//",
    "\n",
    "\u{202e}",
    "\u{1f4a9}",
];

fn vocabulary() -> Vocabulary {
    Vocabulary::new(&["shoes".to_owned(), "dresses".to_owned()])
}

fn features(dice: &mut Dice) -> [f64; FEATURE_COUNT] {
    std::array::from_fn(|_| *dice.pick(&[0.0, 1.0, -1.0, 0.5, 60.0, 1e300, f64::NAN, f64::INFINITY]))
}

/// One random rule; a good one is evaluated.
pub(crate) fn mutated(_: &Stock, dice: &mut Dice) -> Result<(), String> {
    let mut text = if dice.once_in(2) { boolean(dice, 3) } else { String::new() };
    for _ in 0..dice.below(30) {
        let piece = if dice.once_in(3) { dice.pick(FEATURES).name } else { dice.pick(&PIECES) };
        let mut at = dice.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        if dice.once_in(6) {
            text = text.repeat(1 + dice.below(8));
            text.truncate(
                (0..=text.len().min(60_000)).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0),
            );
        } else {
            text.insert_str(at, piece);
        }
    }
    match compile(&text, &vocabulary()) {
        Ok(program) => drop(program.holds(&features(dice))),
        Err((_, message, hint)) if message.is_empty() || hint.is_empty() => {
            return Err(format!("no words for {text:?}"));
        }
        Err(_) => {}
    }
    Ok(())
}

/// One rule of the grammar, which has to compile, with a second reading of it that has to agree.
pub(crate) fn by_grammar(_: &Stock, dice: &mut Dice) -> Result<(), String> {
    let depth = 1 + dice.below(4);
    let text = boolean(dice, depth);
    let values = features(dice);
    let words = vocabulary();
    let holds = |text: &str| {
        let program =
            compile(text, &words).map_err(|(place, message, _)| format!("{text:?}: {place:?} {message}"))?;
        Ok::<_, String>(program.holds(&values))
    };
    if text.len() > 900 {
        return Ok(());
    }
    let plain = holds(&text)?;
    if holds(&format!("!(!({text}))"))? != plain || holds(&format!("({text}) || ({text})"))? != plain {
        return Err(format!("{text:?} differs from itself under {values:?}"));
    }
    Ok(())
}

fn feature(dice: &mut Dice, kind: FeatureKind) -> &'static str {
    let fitting: Vec<&FeatureDoc> = FEATURES.iter().filter(|doc| doc.kind == kind).collect();
    dice.pick(&fitting).name
}

fn boolean(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return feature(dice, FeatureKind::Bool).to_owned();
    }
    match dice.below(7) {
        0 => format!("!({})", boolean(dice, depth - 1)),
        1 => format!("{} && {}", boolean(dice, depth - 1), boolean(dice, depth - 1)),
        2 => format!("({} || {})", boolean(dice, depth - 1), boolean(dice, depth - 1)),
        3 => format!("channel in [\"email\", \"{}\"]", dice.pick(&["paid", "search", "social"])),
        4 => format!("{} in [1, 2.5, {}]", feature(dice, FeatureKind::Number), dice.below(99)),
        _ => {
            let sign = *dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
            format!("{} {sign} {}", term(dice, depth - 1), term(dice, depth - 1))
        }
    }
}

fn term(dice: &mut Dice, depth: usize) -> String {
    match dice.below(if depth == 0 { 2 } else { 4 }) {
        0 => feature(dice, FeatureKind::Number).to_owned(),
        1 => format!("{}", dice.below(10_000) as f64 / 8.0),
        2 => format!("-({})", term(dice, depth - 1)),
        _ => format!(
            "({} {} {})",
            term(dice, depth - 1),
            dice.pick(&["+", "-", "*", "/", "%"]),
            term(dice, depth - 1)
        ),
    }
}
