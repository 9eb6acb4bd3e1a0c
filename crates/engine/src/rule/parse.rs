//! From text to a tree: tokens, then a parser by precedence.
//!
//! # Why not the `cel` crate's parser
//! It was the first choice and stays the oracle in the tests (`tests/rules.rs`), but it cannot be given text that a person
//! types: built for development, `((((((((1))))))))` overflows the 2 MB stack of an ordinary thread and ends the process, and
//! its messages name grammar rules, not what to write. It would also bring thirty crates into the product for a language of
//! which six operators are supported. This one uses little stack, limits depth, and knows the place of every fault.
//!
//! # Promises
//! What is accepted here means in CEL what it means here (numbers are one type, see [`super`]); the rest is refused.

use super::bytecode::Binary;

/// Deepest nesting of brackets and signs.
const DEEPEST: usize = 40;
/// Most characters of a rule.
const LONGEST: usize = 2_000;

/// What the tests of allowed things say when something else is found.
pub(super) const SUBSET: &str =
    "allowed are comparisons, && || !, `in [..]`, + - * / %, brackets, literals and feature names";

/// What is wrong, at which character (from 0), and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: String,
}

pub(super) type Checked<T> = Result<T, Fault>;

pub(super) fn fault<T>(at: usize, message: impl Into<String>, hint: impl Into<String>) -> Checked<T> {
    Err(Fault { at, message: message.into(), hint: hint.into() })
}

/// One node and where its decisive character stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    pub(super) at: usize,
    pub(super) node: Node,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Text(String),
    Bool(bool),
    Name(String),
    List(Vec<Tree>),
    Not(Box<Tree>),
    Negate(Box<Tree>),
    Two(Binary, Box<Tree>, Box<Tree>),
    In(Box<Tree>, Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
    End,
}

/// Signs, longer ones first; those after `%` are recognised only to say that they are not supported.
const SIGNS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", "+", "-", "*", "/", "%", "?",
    ":", ".", "{", "}",
];

/// Parses a whole rule.
pub(super) fn parse(text: &str) -> Checked<Tree> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST {
        return fault(LONGEST, "the rule is too long", format!("at most {LONGEST} characters"));
    }
    let mut parser = Parser { tokens: tokens(&characters)?, next: 0, depth: 0 };
    let tree = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(tree),
        _ => parser.unexpected("an operator or the end of the rule"),
    }
}

fn tokens(characters: &[char]) -> Checked<Vec<(usize, Token)>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let rest = &characters[at..];
        let (length, token) = match rest[0] {
            c if c.is_whitespace() => (1, None),
            '/' if rest.get(1) == Some(&'/') => (rest.iter().take_while(|&&c| c != '\n').count(), None),
            c if c.is_ascii_alphabetic() || c == '_' => name(rest),
            c if c.is_ascii_digit() => number(rest, at)?,
            '.' if rest.get(1).is_some_and(char::is_ascii_digit) => number(rest, at)?,
            '"' | '\'' => quoted(rest, at)?,
            _ => sign(rest, at)?,
        };
        found.extend(token.map(|token| (at, token)));
        at += length;
    }
    found.push((characters.len(), Token::End));
    Ok(found)
}

type Found = (usize, Option<Token>);

fn name(rest: &[char]) -> Found {
    let word: String = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
    (word.len(), Some(Token::Name(word)))
}

fn number(rest: &[char], at: usize) -> Checked<Found> {
    let mut length = 0;
    while let Some(&c) = rest.get(length) {
        let after_exponent = length > 0 && matches!(rest[length - 1], 'e' | 'E');
        if !(c.is_ascii_alphanumeric() || c == '.' || (after_exponent && matches!(c, '+' | '-'))) {
            break;
        }
        length += 1;
    }
    let text: String = rest[..length].iter().collect();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((length, Some(Token::Number(value)))),
        _ => fault(at, format!("`{text}` is not a number"), "write for example 60, 0.25 or 1.5e3"),
    }
}

fn quoted(rest: &[char], at: usize) -> Checked<Found> {
    let mut text = String::new();
    let mut place = 1;
    while let Some(&c) = rest.get(place) {
        match c {
            c if c == rest[0] => return Ok((place + 1, Some(Token::Text(text)))),
            '\n' => break,
            '\\' => match rest.get(place + 1) {
                Some(&escaped @ ('\\' | '"' | '\'')) => {
                    text.push(escaped);
                    place += 1;
                }
                _ => {
                    return fault(
                        at + place,
                        "this escape is not supported",
                        "escapes are \\\\, \\\" and \\'",
                    );
                }
            },
            c => text.push(c),
        }
        place += 1;
    }
    fault(at, "the text is not closed", "end it with the quote it began with")
}

fn sign(rest: &[char], at: usize) -> Checked<Found> {
    let starts = |sign: &&&str| sign.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c));
    match SIGNS.iter().find(starts) {
        Some(sign) => Ok((sign.len(), Some(Token::Sign(sign)))),
        None if rest[0] == '=' => fault(at, "a single `=` compares nothing", "write `==`"),
        None if matches!(rest[0], '&' | '|') => {
            fault(at, format!("a single `{}`", rest[0]), "write it twice")
        }
        None => fault(at, format!("`{}` has no meaning here", rest[0]), SUBSET),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

/// How tightly the operators with two operands bind; `in` binds like a comparison.
fn strength(token: &Token) -> Option<u8> {
    Some(match token {
        Token::Sign("||") => 1,
        Token::Sign("&&") => 2,
        Token::Sign("==" | "!=" | "<" | "<=" | ">" | ">=") => 3,
        Token::Name(name) if name == "in" => 3,
        Token::Sign("+" | "-") => 4,
        Token::Sign("*" | "/" | "%") => 5,
        _ => return None,
    })
}

fn binary(token: &Token) -> Option<Binary> {
    Some(match token {
        Token::Sign("+") => Binary::Add,
        Token::Sign("-") => Binary::Subtract,
        Token::Sign("*") => Binary::Multiply,
        Token::Sign("/") => Binary::Divide,
        Token::Sign("%") => Binary::Remainder,
        Token::Sign("<") => Binary::Less,
        Token::Sign("<=") => Binary::LessOrEqual,
        Token::Sign(">") => Binary::Greater,
        Token::Sign(">=") => Binary::GreaterOrEqual,
        Token::Sign("==") => Binary::Equal,
        Token::Sign("!=") => Binary::NotEqual,
        _ => return None,
    })
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }
    fn at(&self) -> usize {
        self.tokens[self.next].0
    }
    fn take(&mut self) -> (usize, Token) {
        let token = self.tokens[self.next].clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }
    fn accept(&mut self, sign: &'static str) -> bool {
        let there = *self.peek() == Token::Sign(sign);
        if there {
            self.take();
        }
        there
    }

    /// An expression of operators that bind more tightly than `above`.
    fn expression(&mut self, above: u8) -> Checked<Tree> {
        let mut left = self.operand()?;
        while let Some(strength) = strength(self.peek()).filter(|&strength| strength > above) {
            let (at, token) = self.take();
            let right = self.expression(strength)?;
            left = joined(at, &token, left, right);
        }
        Ok(left)
    }

    fn operand(&mut self) -> Checked<Tree> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return fault(self.at(), "the rule is nested too deeply", format!("at most {DEEPEST} levels"));
        }
        let at = self.at();
        let tree = if self.accept("!") {
            Tree { at, node: Node::Not(Box::new(self.operand()?)) }
        } else if self.accept("-") {
            Tree { at, node: Node::Negate(Box::new(self.operand()?)) }
        } else {
            self.primary()?
        };
        self.depth -= 1;
        self.refuse_suffix(&tree)?;
        Ok(tree)
    }

    fn primary(&mut self) -> Checked<Tree> {
        let at = self.at();
        let node = match self.peek().clone() {
            Token::Number(value) => Node::Number(value),
            Token::Text(text) => Node::Text(text),
            Token::Name(name) if name == "true" || name == "false" => Node::Bool(name == "true"),
            Token::Name(name) if name != "in" => Node::Name(name),
            Token::Sign("(") => {
                self.take();
                let inner = self.expression(0)?;
                return if self.accept(")") { Ok(inner) } else { self.unexpected("`)`") };
            }
            Token::Sign("[") => {
                self.take();
                return Ok(Tree { at, node: Node::List(self.members()?) });
            }
            Token::Sign("{") => return fault(at, "maps and messages are not supported", SUBSET),
            _ => return self.unexpected("a feature, a literal or `(`"),
        };
        self.take();
        Ok(Tree { at, node })
    }

    fn members(&mut self) -> Checked<Vec<Tree>> {
        let mut members = Vec::new();
        while !self.accept("]") {
            if !members.is_empty() && !self.accept(",") {
                return self.unexpected("`,` or `]`");
            }
            if !members.is_empty() && self.accept("]") {
                break;
            }
            members.push(self.expression(0)?);
        }
        Ok(members)
    }

    /// Says what is not supported when something of CEL outside the subset follows an operand.
    fn refuse_suffix(&self, operand: &Tree) -> Checked<()> {
        match (self.peek(), &operand.node) {
            (Token::Sign("("), Node::Name(name)) => {
                fault(operand.at, format!("functions are not supported, found `{name}()`"), SUBSET)
            }
            (Token::Sign("."), _) => fault(self.at(), "features have no fields and no functions", SUBSET),
            (Token::Sign("["), _) => fault(self.at(), "indexing with `[ ]` is not supported", SUBSET),
            (Token::Sign("?"), _) => fault(self.at(), "the conditional `? :` is not supported", SUBSET),
            (Token::Sign("{"), _) => fault(self.at(), "maps and messages are not supported", SUBSET),
            _ => Ok(()),
        }
    }

    fn unexpected<T>(&self, wanted: &str) -> Checked<T> {
        let found = match self.peek() {
            Token::Number(value) => format!("`{value}`"),
            Token::Text(text) => format!("\"{text}\""),
            Token::Name(name) => format!("`{name}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        };
        fault(self.at(), format!("{wanted} is expected here, found {found}"), SUBSET)
    }
}

fn joined(at: usize, token: &Token, left: Tree, right: Tree) -> Tree {
    let node = match (token, left.node) {
        (Token::Sign("&&"), Node::All(mut terms)) => {
            terms.push(right);
            Node::All(terms)
        }
        (Token::Sign("||"), Node::Any(mut terms)) => {
            terms.push(right);
            Node::Any(terms)
        }
        (Token::Sign("&&"), node) => Node::All(vec![Tree { at: left.at, node }, right]),
        (Token::Sign("||"), node) => Node::Any(vec![Tree { at: left.at, node }, right]),
        (token, node) => {
            let left = Box::new(Tree { at: left.at, node });
            match binary(token) {
                Some(binary) => Node::Two(binary, left, Box::new(right)),
                None => Node::In(left, Box::new(right)),
            }
        }
    };
    Tree { at, node }
}
