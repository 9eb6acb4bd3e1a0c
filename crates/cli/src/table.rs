//! Tables in plain text: columns as wide as their widest cell, numbers to the right, readable without colour.
//!
//! What stands in cells and lines may be anybody's text, so it is laid out as it is shown: on one line, with control
//! characters written out.

use counterfoil_api::visible;

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Rows of text under a head.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    sides: Vec<Side>,
    head: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
enum Row {
    Cells(Vec<String>),
    /// A line across all columns.
    Title(String),
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&str, Side)]) -> Self {
        let head = columns.iter().map(|(name, _)| visible(name).into_owned()).collect();
        Self { sides: columns.iter().map(|(_, side)| *side).collect(), head, rows: Vec::new() }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(Row::Cells(cells.iter().map(|cell| visible(cell).into_owned()).collect()));
    }

    /// Adds a line across all columns.
    pub fn title(&mut self, text: &str) {
        self.rows.push(Row::Title(visible(text).into_owned()));
    }

    /// The text, two blanks between columns.
    pub fn text(&self) -> String {
        let mut widths: Vec<usize> = self.head.iter().map(|cell| width(cell)).collect();
        for row in &self.rows {
            let Row::Cells(cells) = row else { continue };
            for (column, cell) in cells.iter().enumerate().take(widths.len()) {
                widths[column] = widths[column].max(width(cell));
            }
        }
        let mut text = String::new();
        if self.head.iter().any(|cell| !cell.is_empty()) {
            self.line(&mut text, &self.head, &widths);
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => self.line(&mut text, cells, &widths),
                Row::Title(title) => {
                    text.push_str(title);
                    text.push('\n');
                }
            }
        }
        text
    }

    fn line(&self, text: &mut String, cells: &[String], widths: &[usize]) {
        let mut line = String::new();
        for (column, &wide) in widths.iter().enumerate() {
            let cell = cells.get(column).map_or("", String::as_str);
            let blanks = " ".repeat(wide - width(cell));
            if column > 0 {
                line.push_str("  ");
            }
            match self.sides[column] {
                Side::Left => line.extend([cell, blanks.as_str()]),
                Side::Right => line.extend([blanks.as_str(), cell]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Columns that a text takes: one per character, which holds for all that is printed here.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Breaks a text at blanks into lines of at most `wide` columns; a longer word is broken where it must be.
pub(crate) fn wrapped(text: &str, wide: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut rest: Vec<char> = visible(word).chars().collect();
        while !rest.is_empty() {
            let last = lines.last_mut().expect("there is always a line");
            let used = width(last);
            let gap = usize::from(used > 0);
            if used + gap + rest.len() <= wide {
                last.push_str(&" ".repeat(gap));
                last.extend(rest.drain(..));
            } else if used > 0 {
                lines.push(String::new());
            } else {
                last.extend(rest.drain(..wide.min(rest.len())));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&[("metric", Side::Left), ("batch", Side::Right)]);
        table.row(vec!["orders".into(), "0.02 ±0.01".into()]);
        table.title("habit");
        table.row(vec!["trust".into()]);
        assert_eq!(table.text(), "metric       batch\norders  0.02 ±0.01\nhabit\ntrust\n");
    }

    #[test]
    fn a_cell_stays_in_its_line_and_its_column() {
        let mut table = Table::new(&[("a", Side::Left), ("b", Side::Left)]);
        table.row(vec!["x\ny\u{1b}[2J".into(), "z".into()]);
        assert_eq!(table.text(), "a              b\nx\\ny\\u{1b}[2J  z\n");
        assert_eq!(wrapped("a\u{1b}b\u{202e} c\nd", 40), ["a\\u{1b}b\\u{202e} c d"]);
    }

    #[test]
    fn lines_break_at_blanks_and_words_where_they_must() {
        assert_eq!(wrapped("shows free returns", 11), ["shows free", "returns"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
