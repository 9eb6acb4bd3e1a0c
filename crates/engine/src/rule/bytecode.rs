//! What a rule becomes: a short program over feature slots. Running it allocates nothing and sees no string.
//!
//! All values are `f64` (booleans 0 and 1, words their number). Division by zero gives "not a number", and every
//! comparison with that is false, `!=` too: a rule that cannot be computed makes nothing eligible by itself.

use super::features::FeatureValues;

/// The deepest stack that a rule may need; the compiler refuses deeper ones.
pub(crate) const STACK: usize = 24;

/// One step of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    /// Push a constant of the pool.
    Constant(u16),
    /// Push a feature.
    Slot(u8),
    /// Replace the top by its negation as a truth value.
    Not,
    /// Replace the top by its negative.
    Negate,
    /// Combine the two topmost values.
    Two(Binary),
    /// Replace the top by whether it is among `len` constants of the pool.
    In { start: u16, len: u16 },
    /// Leave the top and jump if it is false; drop it otherwise.
    JumpIfFalse(u16),
    /// Leave the top and jump if it is true; drop it otherwise.
    JumpIfTrue(u16),
}

/// Steps with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Binary {
    #[inline]
    fn of(self, left: f64, right: f64) -> f64 {
        let truth = |holds: bool| f64::from(u8::from(holds));
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => f64::NAN,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Less => truth(left < right),
            Self::LessOrEqual => truth(left <= right),
            Self::Greater => truth(left > right),
            Self::GreaterOrEqual => truth(left >= right),
            Self::Equal => truth(left == right),
            Self::NotEqual => truth(left != right && !left.is_nan() && !right.is_nan()),
        }
    }
}

/// A compiled rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(crate) ops: Vec<Op>,
    pub(crate) constants: Vec<f64>,
}

impl Program {
    /// The rule that always holds.
    #[must_use]
    pub fn always() -> Self {
        Self { ops: vec![Op::Constant(0)], constants: vec![1.0] }
    }

    /// Whether the rule holds for these features.
    #[must_use]
    pub fn holds(&self, features: &FeatureValues) -> bool {
        let mut stack = [0.0_f64; STACK];
        let mut top = 0; // number of values on the stack
        let mut next = 0;
        while let Some(&op) = self.ops.get(next) {
            next += 1;
            match op {
                Op::Constant(place) => {
                    stack[top] = self.constants[usize::from(place)];
                    top += 1;
                }
                Op::Slot(slot) => {
                    stack[top] = features[usize::from(slot)];
                    top += 1;
                }
                Op::Not => stack[top - 1] = 1.0 - stack[top - 1],
                Op::Negate => stack[top - 1] = -stack[top - 1],
                Op::Two(binary) => {
                    top -= 1;
                    stack[top - 1] = binary.of(stack[top - 1], stack[top]);
                }
                Op::In { start, len } => {
                    let pool = &self.constants[usize::from(start)..usize::from(start) + usize::from(len)];
                    stack[top - 1] = f64::from(u8::from(pool.contains(&stack[top - 1])));
                }
                Op::JumpIfFalse(to) if stack[top - 1] == 0.0 => next = usize::from(to),
                Op::JumpIfTrue(to) if stack[top - 1] != 0.0 => next = usize::from(to),
                Op::JumpIfFalse(_) | Op::JumpIfTrue(_) => top -= 1,
            }
        }
        stack[0] != 0.0
    }
}
