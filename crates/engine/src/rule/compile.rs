//! From text to [`Program`]: parse with `cel`, refuse what is outside the subset, check types, lay out steps.
//!
//! Start at [`compile`]; [`Compiler::expression`] is the recursive part.

use super::bytecode::{Binary, Op, Program, STACK};
use super::features::{FEATURES, Feature, FeatureKind, Vocabulary};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};

/// What is wrong, where (number of the node), and what to do.
pub(super) struct Fault {
    node: u64,
    message: String,
    hint: String,
}

type Checked<T> = Result<T, Fault>;

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
    let (tree, source) = cel::parser::Parser::new().parse_with_source_info(text).map_err(syntax)?;
    let mut compiler = Compiler { words, ops: Vec::new(), constants: Vec::new(), depth: 0 };
    compiler
        .expect(&tree, Type::Bool, "a rule has to be true or false")
        .map_err(|fault| (place_of(&source, fault.node), fault.message, fault.hint))?;
    Ok(Program { ops: compiler.ops, constants: compiler.constants })
}

fn syntax(errors: cel::ParseErrors) -> (Place, String, String) {
    let hint = "write comparisons joined by && and ||, for example `cart_value >= 60 && !sale_on`".to_owned();
    errors.errors.into_iter().next().map_or(((1, 1), "it cannot be read".to_owned(), hint.clone()), |error| {
        let place = (error.pos.0.max(1) as usize, error.pos.1.max(1) as usize);
        let first_line = error.msg.lines().next().unwrap_or_default().to_owned();
        (place, format!("it cannot be read: {first_line}"), hint)
    })
}

fn place_of(source: &SourceInfo, node: u64) -> Place {
    let start = source.offset_for(node).map_or(0, |(start, _)| start as usize);
    let before: Vec<char> = source.source.chars().take(start).collect();
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

fn fault<T>(node: u64, message: impl Into<String>, hint: impl Into<String>) -> Checked<T> {
    Err(Fault { node, message: message.into(), hint: hint.into() })
}

const SUBSET: &str =
    "allowed are comparisons, && || !, `in [..]`, + - * / %, parentheses, literals and feature names";

impl Compiler<'_> {
    fn expect(&mut self, tree: &IdedExpr, wanted: Type, why: &str) -> Checked<()> {
        let found = self.expression(tree)?;
        if found == wanted {
            return Ok(());
        }
        fault(
            tree.id,
            format!("{why}, but this is {}", found.name()),
            "compare it, as in `views_in_session >= 3`",
        )
    }

    fn expression(&mut self, tree: &IdedExpr) -> Checked<Type> {
        match &tree.expr {
            Expr::Literal(literal) => self.literal(tree.id, literal),
            Expr::Ident(name) => self.feature(tree.id, name),
            Expr::Call(call) => self.call(tree, call),
            Expr::List(_) => fault(tree.id, "a list stands only to the right of `in`", SUBSET),
            Expr::Select(select) => {
                fault(tree.id, format!("features have no fields, found `.{}`", select.field), SUBSET)
            }
            Expr::Comprehension(_) => {
                fault(tree.id, "macros such as all() and exists() are not supported", SUBSET)
            }
            Expr::Map(_) | Expr::Struct(_) => fault(tree.id, "maps and messages are not supported", SUBSET),
            Expr::Unspecified => fault(tree.id, "something is missing here", SUBSET),
        }
    }

    fn literal(&mut self, node: u64, literal: &LiteralValue) -> Checked<Type> {
        if let Some(number) = number_of(literal) {
            self.push_constant(node, number)?;
            return Ok(Type::Number);
        }
        match literal {
            LiteralValue::Boolean(truth) => {
                self.push_constant(node, f64::from(u8::from(*truth.inner())))?;
                Ok(Type::Bool)
            }
            LiteralValue::String(_) => fault(
                node,
                "a text can only be compared with a text feature",
                "write for example `channel == \"email\"`",
            ),
            _ => fault(node, "this kind of literal is not supported", SUBSET),
        }
    }

    fn feature(&mut self, node: u64, name: &str) -> Checked<Type> {
        let Some(feature) = Feature::named(name) else {
            let names: Vec<&str> = FEATURES.iter().map(|doc| doc.name).collect();
            return fault(node, format!("there is no feature `{name}`"), suggest(name, &names));
        };
        self.push(node, Op::Slot(feature.slot() as u8))?;
        Ok(match feature.doc().kind {
            FeatureKind::Number => Type::Number,
            FeatureKind::Bool => Type::Bool,
            FeatureKind::Text => Type::Text(feature),
        })
    }

    fn call(&mut self, tree: &IdedExpr, call: &CallExpr) -> Checked<Type> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, args) => self.junction(tree.id, args, true),
            (operators::LOGICAL_OR, args) => self.junction(tree.id, args, false),
            (operators::LOGICAL_NOT, [of]) => {
                self.expect(of, Type::Bool, "`!` needs something true or false")?;
                self.ops.push(Op::Not);
                Ok(Type::Bool)
            }
            (operators::NEGATE, [of]) => {
                self.expect(of, Type::Number, "`-` needs a number")?;
                self.ops.push(Op::Negate);
                Ok(Type::Number)
            }
            (operators::IN, [what, list]) => self.membership(what, list),
            (name, [left, right]) => match binary_of(name) {
                Some(binary) => self.binary(tree.id, binary, left, right),
                None => self.refuse_call(tree.id, name),
            },
            (name, _) => self.refuse_call(tree.id, name),
        }
    }

    fn refuse_call(&self, node: u64, name: &str) -> Checked<Type> {
        let what = match name {
            operators::CONDITIONAL => "the conditional `? :` is not supported".to_owned(),
            operators::INDEX => "indexing with `[ ]` is not supported".to_owned(),
            _ => format!("functions are not supported, found `{name}()`"),
        };
        fault(node, what, SUBSET)
    }

    /// `&&` and `||` of two or more terms, with the jump that leaves out what no longer matters.
    fn junction(&mut self, node: u64, terms: &[IdedExpr], all: bool) -> Checked<Type> {
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
            return fault(node, "the rule is too long", "split it over two treatments or shorten it");
        };
        for jump in jumps {
            self.ops[jump] = if all { Op::JumpIfFalse(end) } else { Op::JumpIfTrue(end) };
        }
        Ok(Type::Bool)
    }

    fn binary(&mut self, node: u64, binary: Binary, left: &IdedExpr, right: &IdedExpr) -> Checked<Type> {
        let equality = matches!(binary, Binary::Equal | Binary::NotEqual);
        if equality {
            return match text_beside(left, right) {
                (Some(literal), other) => self.text_comparison(binary, literal, other),
                (None, _) => self.same_types(node, binary, left, right),
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

    fn same_types(&mut self, node: u64, binary: Binary, left: &IdedExpr, right: &IdedExpr) -> Checked<Type> {
        let (first, second) = (self.expression(left)?, self.expression(right)?);
        if first != second {
            let message = format!("{} cannot be compared with {}", first.name(), second.name());
            return fault(node, message, "compare like with like");
        }
        self.two(binary);
        Ok(Type::Bool)
    }

    fn text_comparison(&mut self, binary: Binary, literal: &IdedExpr, other: &IdedExpr) -> Checked<Type> {
        let found = self.expression(other)?;
        let Type::Text(feature) = found else {
            return fault(
                literal.id,
                format!("a text is compared with {}", found.name()),
                "compare like with like",
            );
        };
        let number = self.word(literal, feature)?;
        self.push_constant(literal.id, number)?;
        self.two(binary);
        Ok(Type::Bool)
    }

    fn membership(&mut self, what: &IdedExpr, list: &IdedExpr) -> Checked<Type> {
        let kind = self.expression(what)?;
        let Expr::List(list_of) = &list.expr else {
            return fault(list.id, "`in` needs a list of literals", "write for example `weekday in [5, 6]`");
        };
        let mut members = Vec::with_capacity(list_of.elements.len());
        for element in &list_of.elements {
            members.push(match kind {
                Type::Text(feature) => self.word(element, feature)?,
                Type::Number => self.member_number(element)?,
                Type::Bool => {
                    return fault(what.id, "`in` needs a number or a text", "write `known` or `!known`");
                }
            });
        }
        let (start, len) = (self.constants.len(), members.len());
        self.constants.extend(members);
        let (Ok(start), Ok(len)) = (u16::try_from(start), u16::try_from(len)) else {
            return fault(list.id, "the list is too long", "at most 65,535 literals in one rule");
        };
        self.ops.push(Op::In { start, len });
        Ok(Type::Bool)
    }

    fn member_number(&self, element: &IdedExpr) -> Checked<f64> {
        let (sign, inner) = match &element.expr {
            Expr::Call(call) if call.func_name == operators::NEGATE && call.args.len() == 1 => {
                (-1.0, &call.args[0])
            }
            _ => (1.0, element),
        };
        match &inner.expr {
            Expr::Literal(literal) if number_of(literal).is_some() => {
                Ok(sign * number_of(literal).unwrap_or_default())
            }
            _ => fault(
                element.id,
                "this list may hold number literals only",
                "write for example `hour in [9, 10]`",
            ),
        }
    }

    /// The number of a word in the closed list of a text feature.
    fn word(&self, literal: &IdedExpr, feature: Feature) -> Checked<f64> {
        let Expr::Literal(LiteralValue::String(text)) = &literal.expr else {
            return fault(literal.id, "a text literal is needed here", "put it in quotes");
        };
        let words = self.words.words(feature);
        match words.iter().position(|&word| word == text.inner()) {
            Some(place) => Ok(place as f64),
            None => {
                let message = format!("`{}` is never \"{}\"", feature.doc().name, text.inner());
                fault(literal.id, message, suggest(text.inner(), &words))
            }
        }
    }

    fn push_constant(&mut self, node: u64, value: f64) -> Checked<()> {
        let Ok(place) = u16::try_from(self.constants.len()) else {
            return fault(node, "the rule is too long", "at most 65,535 literals in one rule");
        };
        self.constants.push(value);
        self.push(node, Op::Constant(place))
    }

    fn push(&mut self, node: u64, op: Op) -> Checked<()> {
        self.depth += 1;
        if self.depth > STACK {
            return fault(node, "the rule is nested too deeply", format!("at most {STACK} open operands"));
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
fn text_beside<'t>(left: &'t IdedExpr, right: &'t IdedExpr) -> (Option<&'t IdedExpr>, &'t IdedExpr) {
    let is_text = |tree: &IdedExpr| matches!(&tree.expr, Expr::Literal(LiteralValue::String(_)));
    if is_text(right) {
        (Some(right), left)
    } else if is_text(left) {
        (Some(left), right)
    } else {
        (None, left)
    }
}

fn number_of(literal: &LiteralValue) -> Option<f64> {
    match literal {
        LiteralValue::Int(number) => Some(*number.inner() as f64),
        LiteralValue::UInt(number) => Some(*number.inner() as f64),
        LiteralValue::Double(number) => Some(*number.inner()),
        _ => None,
    }
}

fn binary_of(name: &str) -> Option<Binary> {
    Some(match name {
        operators::ADD => Binary::Add,
        operators::SUBSTRACT => Binary::Subtract,
        operators::MULTIPLY => Binary::Multiply,
        operators::DIVIDE => Binary::Divide,
        operators::MODULO => Binary::Remainder,
        operators::LESS => Binary::Less,
        operators::LESS_EQUALS => Binary::LessOrEqual,
        operators::GREATER => Binary::Greater,
        operators::GREATER_EQUALS => Binary::GreaterOrEqual,
        operators::EQUALS => Binary::Equal,
        operators::NOT_EQUALS => Binary::NotEqual,
        _ => return None,
    })
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
