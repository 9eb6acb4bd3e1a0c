//! Reads the SVG of a figure back: elements with their attributes, and the boxes of its texts.

#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;

/// One element with its attributes and its text.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

impl Element {
    pub fn get(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }

    pub fn number(&self, key: &str) -> f64 {
        self.get(key).parse().unwrap_or_else(|_| panic!("{} has no number `{key}`", self.name))
    }

    pub fn points(&self) -> Vec<(f64, f64)> {
        self.get("points")
            .split(' ')
            .map(|pair| pair.split_once(',').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect()
    }
}

/// All elements in order; panics where tags do not close or a text holds markup.
pub fn elements(svg: &str) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        if let (Some(element), Some(_)) = (found.last_mut(), open.last()) {
            element.text.push_str(rest[..start].trim());
        }
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "tags close in order");
            continue;
        }
        let (body, closed) = tag.strip_suffix('/').map_or((tag, false), |body| (body, true));
        let name = body.split(' ').next().unwrap().to_owned();
        let mut attributes = BTreeMap::new();
        let mut pieces = body[name.len()..].split('"');
        while let (Some(key), Some(value)) = (pieces.next(), pieces.next()) {
            let key = key.trim().trim_end_matches('=').to_owned();
            assert!(!value.contains('<'), "markup in an attribute of <{tag}>");
            assert!(attributes.insert(key, value.to_owned()).is_none(), "an attribute twice in <{tag}>");
        }
        if !closed {
            open.push(name.clone());
        }
        found.push(Element { name, attributes, text: String::new() });
    }
    assert!(open.is_empty(), "left open: {open:?}");
    found
}

/// A text's box, from the widths of DejaVu Sans.
#[derive(Debug, Clone)]
pub struct TextBox {
    pub words: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl TextBox {
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

pub fn texts(svg: &str) -> Vec<TextBox> {
    let text = |element: &Element| {
        let size = element.number("font-size");
        let words = unescaped(&element.text);
        let bold = if element.attributes.contains_key("font-weight") { 1.1 } else { 1.0 };
        let width = words.chars().map(em).sum::<f64>() * size * bold;
        let (x, y) = (element.number("x"), element.number("y"));
        let left = match element.get("text-anchor") {
            "start" => x,
            "middle" => x - width / 2.0,
            "end" => x - width,
            other => panic!("anchor {other}"),
        };
        TextBox { words, left, right: left + width, top: y - 0.75 * size, bottom: y + 0.2 * size }
    };
    elements(svg).iter().filter(|element| element.name == "text").map(text).collect()
}

fn unescaped(words: &str) -> String {
    let plain =
        words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&amp;", "&")
}

/// Advance widths of DejaVu Sans in ems, by class of letters.
fn em(letter: char) -> f64 {
    match letter {
        ' ' | '\u{a0}' | '.' | ',' => 0.32,
        'i' | 'j' | 'l' | 'I' => 0.29,
        'f' | 't' | 'r' | '(' | ')' | '-' => 0.395,
        '+' | '\u{2212}' => 0.838,
        'm' | 'w' | 'W' | '%' | '…' => 0.98,
        'A'..='Z' => 0.7,
        '0'..='9' | '€' => 0.636,
        _ => 0.61,
    }
}
