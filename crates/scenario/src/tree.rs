//! A TOML text as a tree whose every value knows its file and line, so that files can be laid over one another.
//!
//! # Promises
//! - Order of keys is the order of the text; an overlay keeps the order of what lies below and appends what is new.
//! - A value that was overlaid points at the line that won.
//!
//! # Where to start
//! [`parse`], then [`Node::overlay`].

use crate::problem::{Problem, Spot, shortened};
use std::collections::BTreeMap;
use std::rc::Rc;
use toml_edit::{Document, Item, TableLike, Value};

/// Longest value in a message, in characters.
const SHOWN_MAX: usize = 300;

/// One value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where the value begins.
    pub at: Spot,
    /// What it is.
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Table(Vec<Entry>),
    List(Vec<Node>),
    Text(String),
    Integer(i64),
    Number(f64),
    Flag(bool),
    Date(String),
}

/// One key of a table.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub at: Spot,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The entries, if this is a table.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.data {
            Data::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a table under `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key)
    }

    /// The value under a dotted path.
    pub fn find(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.entry(key).map(|entry| &entry.node))
    }

    /// Puts a value under a dotted path, with tables on the way; a value in the way is replaced.
    pub fn put(&mut self, path: &str, value: Node) {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        if !matches!(self.data, Data::Table(_)) {
            self.data = Data::Table(Vec::new());
        }
        let Data::Table(entries) = &mut self.data else { return };
        let place = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            let node = Node { at: value.at.clone(), data: Data::Table(Vec::new()) };
            entries.push(Entry { key: key.to_owned(), at: value.at.clone(), node });
            entries.len() - 1
        });
        match rest {
            Some(rest) => entries[place].node.put(rest, value),
            None => entries[place] = Entry { key: key.to_owned(), at: value.at.clone(), node: value },
        }
    }

    /// Lays `upper` over this tree: tables are merged key by key, everything else is replaced as a whole.
    pub fn overlay(&mut self, upper: Node) {
        let at = upper.at.clone();
        match (&mut self.data, upper.data) {
            (Data::Table(lower), Data::Table(upper)) => {
                let places: BTreeMap<String, usize> =
                    lower.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
                for entry in upper {
                    match places.get(&entry.key) {
                        Some(&place) => {
                            lower[place].at = entry.at;
                            lower[place].node.overlay(entry.node);
                        }
                        None => lower.push(entry),
                    }
                }
            }
            (lower, upper) => *lower = upper,
        }
        self.at = at;
    }

    /// The value as a person would write it, shortened where it is long.
    pub fn shown(&self) -> String {
        shortened(&self.written(), SHOWN_MAX)
    }

    fn written(&self) -> String {
        match &self.data {
            Data::Table(_) => "a table".to_owned(),
            Data::List(nodes) => {
                let shown: Vec<String> = nodes.iter().take(4).map(Node::written).collect();
                let more = if nodes.len() > 4 { ", ..." } else { "" };
                format!("[{}{more}]", shown.join(", "))
            }
            Data::Text(text) if text.chars().count() > 60 => {
                format!("\"{}...\"", text.chars().take(57).collect::<String>())
            }
            Data::Text(text) => format!("\"{text}\""),
            Data::Integer(integer) => integer.to_string(),
            Data::Number(number) => format!("{number:?}"),
            Data::Flag(flag) => flag.to_string(),
            Data::Date(date) => date.clone(),
        }
    }
}

/// Reads a text.
///
/// # Errors
/// The first fault of syntax, at its line: the rest of such a text has no meaning.
pub(crate) fn parse(text: &str, file: &str) -> Result<Node, Vec<Problem>> {
    let places = Places::of(text, file);
    let document = Document::parse(text).map_err(|error| vec![syntax_problem(&error, &places)])?;
    Ok(from_table(document.as_table(), places.start(), &places))
}

fn syntax_problem(error: &toml_edit::TomlError, places: &Places) -> Problem {
    let spot = error.span().map_or_else(|| places.start(), |span| places.spot(span.start));
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    Problem::at(
        &spot,
        "",
        format!("the text is not TOML here ({message})"),
        "a file is a list of `key = value`",
    )
    .hint("texts stand in quotes, every [section] and every list is closed, no key is set twice")
}

fn from_item(item: &Item, fallback: Spot, places: &Places) -> Node {
    match item {
        Item::Value(value) => from_value(value, fallback, places),
        Item::Table(table) => from_table(table, fallback, places),
        Item::ArrayOfTables(tables) => {
            let at = tables.span().map_or_else(|| fallback.clone(), |span| places.spot(span.start));
            let nodes = tables
                .iter()
                .map(|table| {
                    let at = table.span().map_or_else(|| fallback.clone(), |span| places.spot(span.start));
                    from_table(table, at, places)
                })
                .collect();
            Node { at, data: Data::List(nodes) }
        }
        Item::None => Node { at: fallback, data: Data::Table(Vec::new()) },
    }
}

fn from_value(value: &Value, fallback: Spot, places: &Places) -> Node {
    let at = value.span().map_or_else(|| fallback.clone(), |span| places.spot(span.start));
    let data = match value {
        Value::String(text) => Data::Text(text.value().clone()),
        Value::Integer(integer) => Data::Integer(*integer.value()),
        Value::Float(number) => Data::Number(*number.value()),
        Value::Boolean(flag) => Data::Flag(*flag.value()),
        Value::Datetime(date) => Data::Date(date.value().to_string()),
        Value::Array(values) => {
            Data::List(values.iter().map(|value| from_value(value, at.clone(), places)).collect())
        }
        Value::InlineTable(table) => return from_table(table, at, places),
    };
    Node { at, data }
}

fn from_table(table: &dyn TableLike, at: Spot, places: &Places) -> Node {
    let mut entries = Vec::new();
    for (key, item) in table.iter() {
        let spot = table
            .get_key_value(key)
            .and_then(|(key, _)| key.span())
            .map_or_else(|| at.clone(), |span| places.spot(span.start));
        let node = from_item(item, spot.clone(), places);
        entries.push(Entry { key: key.to_owned(), at: spot, node });
    }
    Node { at, data: Data::Table(entries) }
}

/// Turns byte offsets of a text into lines and columns.
struct Places<'a> {
    text: &'a str,
    file: Rc<str>,
    line_starts: Vec<usize>,
    /// Characters before every [`STEP`]-th byte, so that a long line is not counted from its beginning for each value.
    counted: Vec<usize>,
}

/// Bytes between counted places.
const STEP: usize = 256;

impl<'a> Places<'a> {
    fn of(text: &'a str, file: &str) -> Self {
        let starts =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        let mut counted = vec![0];
        for piece in text.as_bytes().chunks(STEP) {
            counted.push(counted[counted.len() - 1] + characters(piece));
        }
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { text, file: Rc::from(file), line_starts, counted }
    }

    fn start(&self) -> Spot {
        Spot { file: Rc::clone(&self.file), line: 1, column: 1 }
    }

    fn spot(&self, offset: usize) -> Spot {
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1);
        let start = self.line_starts[line - 1];
        let column = self.before(offset) - self.before(start) + 1;
        Spot { file: Rc::clone(&self.file), line, column }
    }

    /// Characters before an offset.
    fn before(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let from = offset - offset % STEP;
        self.counted[offset / STEP] + characters(&self.text.as_bytes()[from..offset])
    }
}

/// Characters that begin in a piece of UTF-8.
fn characters(piece: &[u8]) -> usize {
    piece.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
