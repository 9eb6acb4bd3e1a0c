//! From text to [`Program`]: resolve names and words, check types, lay out steps.
//!
//! Start at [`compile`]; [`Compiler::expression`] is the recursive part.

use super::bytecode::{Binary, Op, Program, STACK};
use super::features::{FEATURES, Feature, FeatureKind, Vocabulary};
use super::parse::{Checked, Node, SUBSET, Tree, fault, parse};

/// A place in the text: line and column, both from 1.
pub type Place = (usize, usize);

/// Compiles one rule; an empty text always holds.
///
/// # Errors
/// The place, what was found and a hint, when the text is not in the subset or its types do not fit.
pub fn compile(text: &str, words: &Vocabulary) -> Result<Program, (Place, String, String)> {
    if text.trim().is_empty() {
        return Ok(Program::always());
    }
    let mut compiler = Compiler { words, ops: Vec::new(), constants: Vec::new(), depth: 0 };
    parse(text)
        .and_then(|tree| compiler.expect(&tree, Type::Bool, "a rule has to be true or false"))
        .map_err(|fault| (place_of(text, fault.at), fault.message, fault.hint))?;
    Ok(Program { ops: compiler.ops, constants: compiler.constants })
}

fn place_of(text: &str, at: usize) -> Place {
    let before: Vec<char> = text.chars().take(at).collect();
    let line = before.iter().filter(|&&c| c == '\n').count() + 1;
    let column = before.iter().rev().take_while(|&&c| c != '\n').count() + 1;
    (line, column)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Number,
    Bool,
    Text(Feature),
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Text(_) => "a text",
        }
    }
}

struct Compiler<'a> {
    words: &'a Vocabulary,
    ops: Vec<Op>,
    constants: Vec<f64>,
    depth: usize,
}

impl Compiler<'_> {
    fn expect(&mut self, tree: &Tree, wanted: Type, why: &str) -> Checked<()> {
        let found = self.expression(tree)?;
        if found == wanted {
            return Ok(());
        }
        fault(
            tree.at,
            format!("{why}, but this is {}", found.name()),
            "compare it, as in `views_in_session >= 3`",
        )
    }

    fn expression(&mut self, tree: &Tree) -> Checked<Type> {
        let at = tree.at;
        match &tree.node {
            Node::Number(value) => self.constant(at, *value, Type::Number),
            Node::Bool(truth) => self.constant(at, f64::from(u8::from(*truth)), Type::Bool),
            Node::Text(_) => fault(
                at,
                "a text can only be compared with a text feature",
                "write for example `channel == \"email\"`",
            ),
            Node::Name(name) => self.feature(at, name),
            Node::List(_) => fault(at, "a list stands only to the right of `in`", SUBSET),
            Node::Not(of) => {
                self.expect(of, Type::Bool, "`!` needs something true or false")?;
                self.ops.push(Op::Not);
                Ok(Type::Bool)
            }
            Node::Negate(of) => {
                self.expect(of, Type::Number, "`-` needs a number")?;
                self.ops.push(Op::Negate);
                Ok(Type::Number)
            }
            Node::Two(binary, left, right) => self.binary(at, *binary, left, right),
            Node::In(what, list) => self.membership(what, list),
            Node::All(terms) => self.junction(at, terms, true),
            Node::Any(terms) => self.junction(at, terms, false),
        }
    }

    fn constant(&mut self, at: usize, value: f64, kind: Type) -> Checked<Type> {
        self.push_constant(at, value)?;
        Ok(kind)
    }

    fn feature(&mut self, at: usize, name: &str) -> Checked<Type> {
        let Some(feature) = Feature::named(name) else {
            let names: Vec<&str> = FEATURES.iter().map(|doc| doc.name).collect();
            return fault(at, format!("there is no feature `{name}`"), suggest(name, &names));
        };
        self.push(at, Op::Slot(feature.slot() as u8))?;
        Ok(match feature.doc().kind {
            FeatureKind::Number => Type::Number,
            FeatureKind::Bool => Type::Bool,
            FeatureKind::Text => Type::Text(feature),
        })
    }

    /// `&&` and `||` of two or more terms, with the jump that leaves out what no longer matters.
    fn junction(&mut self, at: usize, terms: &[Tree], all: bool) -> Checked<Type> {
        let mut jumps = Vec::new();
        for (place, term) in terms.iter().enumerate() {
            if place > 0 {
                jumps.push(self.ops.len());
                self.ops.push(if all { Op::JumpIfFalse(0) } else { Op::JumpIfTrue(0) });
                self.depth -= 1;
            }
            let why = if all { "`&&` joins things true or false" } else { "`||` joins things true or false" };
            self.expect(term, Type::Bool, why)?;
        }
        let Ok(end) = u16::try_from(self.ops.len()) else {
            return fault(at, "the rule is too long", "split it over two treatments or shorten it");
        };
        for jump in jumps {
            self.ops[jump] = if all { Op::JumpIfFalse(end) } else { Op::JumpIfTrue(end) };
        }
        Ok(Type::Bool)
    }

    fn binary(&mut self, at: usize, binary: Binary, left: &Tree, right: &Tree) -> Checked<Type> {
        let equality = matches!(binary, Binary::Equal | Binary::NotEqual);
        if equality {
            return match text_beside(left, right) {
                (Some(literal), other) => self.text_comparison(binary, literal, other),
                (None, _) => self.same_types(at, binary, left, right),
            };
        }
        let sign = "this operator needs numbers on both sides";
        self.expect(left, Type::Number, sign)?;
        self.expect(right, Type::Number, sign)?;
        self.two(binary);
        let arithmetic = matches!(
            binary,
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder
        );
        Ok(if arithmetic { Type::Number } else { Type::Bool })
    }

    fn same_types(&mut self, at: usize, binary: Binary, left: &Tree, right: &Tree) -> Checked<Type> {
        let (first, second) = (self.expression(left)?, self.expression(right)?);
        if first != second {
            let message = format!("{} cannot be compared with {}", first.name(), second.name());
            return fault(at, message, "compare like with like");
        }
        self.two(binary);
        Ok(Type::Bool)
    }

    fn text_comparison(&mut self, binary: Binary, literal: &Tree, other: &Tree) -> Checked<Type> {
        let found = self.expression(other)?;
        let Type::Text(feature) = found else {
            return fault(
                literal.at,
                format!("a text is compared with {}", found.name()),
                "compare like with like",
            );
        };
        let number = self.word(literal, feature)?;
        self.push_constant(literal.at, number)?;
        self.two(binary);
        Ok(Type::Bool)
    }

    fn membership(&mut self, what: &Tree, list: &Tree) -> Checked<Type> {
        let kind = self.expression(what)?;
        let Node::List(elements) = &list.node else {
            return fault(list.at, "`in` needs a list of literals", "write for example `weekday in [5, 6]`");
        };
        let mut members = Vec::with_capacity(elements.len());
        for element in elements {
            members.push(match kind {
                Type::Text(feature) => self.word(element, feature)?,
                Type::Number => self.member_number(element)?,
                Type::Bool => {
                    return fault(what.at, "`in` needs a number or a text", "write `known` or `!known`");
                }
            });
        }
        let (start, len) = (self.constants.len(), members.len());
        self.constants.extend(members);
        let (Ok(start), Ok(len)) = (u16::try_from(start), u16::try_from(len)) else {
            return fault(list.at, "the list is too long", "at most 65,535 literals in one rule");
        };
        self.ops.push(Op::In { start, len });
        Ok(Type::Bool)
    }

    fn member_number(&self, element: &Tree) -> Checked<f64> {
        match &element.node {
            Node::Number(value) => Ok(*value),
            Node::Negate(of) if matches!(of.node, Node::Number(_)) => Ok(-self.member_number(of)?),
            _ => fault(
                element.at,
                "this list may hold number literals only",
                "write for example `hour in [9, 10]`",
            ),
        }
    }

    /// The number of a word in the closed list of a text feature.
    fn word(&self, literal: &Tree, feature: Feature) -> Checked<f64> {
        let Node::Text(text) = &literal.node else {
            return fault(literal.at, "a text literal is needed here", "put it in quotes");
        };
        let words = self.words.words(feature);
        match words.iter().position(|&word| word == text) {
            Some(place) => Ok(place as f64),
            None => {
                let message = format!("`{}` is never \"{text}\"", feature.doc().name);
                fault(literal.at, message, suggest(text, &words))
            }
        }
    }

    fn push_constant(&mut self, at: usize, value: f64) -> Checked<()> {
        let Ok(place) = u16::try_from(self.constants.len()) else {
            return fault(at, "the rule is too long", "at most 65,535 literals in one rule");
        };
        self.constants.push(value);
        self.push(at, Op::Constant(place))
    }

    fn push(&mut self, at: usize, op: Op) -> Checked<()> {
        self.depth += 1;
        if self.depth > STACK {
            return fault(at, "the rule is nested too deeply", format!("at most {STACK} open operands"));
        }
        self.ops.push(op);
        Ok(())
    }

    fn two(&mut self, binary: Binary) {
        self.depth -= 1;
        self.ops.push(Op::Two(binary));
    }
}

/// The text literal among two operands, if any, and the other operand.
fn text_beside<'t>(left: &'t Tree, right: &'t Tree) -> (Option<&'t Tree>, &'t Tree) {
    let is_text = |tree: &Tree| matches!(tree.node, Node::Text(_));
    if is_text(right) {
        (Some(right), left)
    } else if is_text(left) {
        (Some(left), right)
    } else {
        (None, left)
    }
}

/// "did you mean" for a word that is near one of the allowed ones, else all of them.
fn suggest(found: &str, allowed: &[&str]) -> String {
    let nearest = allowed.iter().map(|&word| (distance(found, word), word)).min();
    match nearest {
        Some((steps, word)) if steps <= 1 + found.chars().count() / 3 => format!("did you mean `{word}`?"),
        _ => format!("allowed are {}", allowed.join(", ")),
    }
}

/// Levenshtein distance: insertions, deletions and substitutions of characters.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in to.iter().enumerate() {
            let substitute = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: words are interned when a policy is loaded; what runs per decision is numbers only.
    #[test]
    fn a_program_holds_numbers_and_no_text() {
        let words = Vocabulary::new(&["shoes".to_owned(), "dresses".to_owned()]);
        let rule = "channel == 'email' || category in ['dresses', 'shoes']";
        let program = compile(rule, &words).map_err(|(_, message, _)| message);
        let expected = Program {
            ops: vec![
                Op::Slot(Feature::Channel.slot() as u8),
                Op::Constant(0),
                Op::Two(Binary::Equal),
                Op::JumpIfTrue(6),
                Op::Slot(Feature::Category.slot() as u8),
                Op::In { start: 1, len: 2 },
            ],
            constants: vec![3.0, 1.0, 0.0],
        };
        assert_eq!(program, Ok(expected));
        assert!(size_of::<Op>() <= 8, "a step is a word");
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_listed() {
        assert_eq!(suggest("emial", &["direct", "email"]), "did you mean `email`?");
        assert_eq!(suggest("telegraph", &["direct", "email"]), "allowed are direct, email");
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
