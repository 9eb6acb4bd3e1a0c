//! From the errors of the crates below to the one shape that people and programs read, and to exit codes.

use std::fmt;

use counterfoil_chart::{ChartError, visible};
use counterfoil_results::ResultsError;
use counterfoil_run::PlanError;
use counterfoil_scenario::Problem;
use counterfoil_store::StoreError;

use crate::dto::{ApiError, ErrorCode};

/// Answer of a use-case.
pub(crate) type Answered<T> = Result<T, ApiError>;

impl ApiError {
    /// A failure without place and hint. What others wrote and the message repeats is shown on the message's one line.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: one_line(message), place: None, hint: None }
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(one_line(place));
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(one_line(hint));
        self
    }

    /// What a command ends with: 2 for invalid input or usage, 3 where the surroundings or the program failed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.code {
            ErrorCode::InvalidInput | ErrorCode::NotFound | ErrorCode::Store | ErrorCode::Version => 2,
            ErrorCode::Busy | ErrorCode::Environment | ErrorCode::Internal => 3,
        }
    }

    /// All problems of one or more texts as one failure.
    #[must_use]
    pub fn of_problems(problems: &[Problem]) -> Self {
        match problems {
            [one] => {
                let place = match (one.file.is_empty(), one.line) {
                    (true, _) => None,
                    (false, 0) => Some(one.file.clone()),
                    (false, line) => Some(format!("{}:{line}", one.file)),
                };
                let error = Self::new(ErrorCode::InvalidInput, one.message());
                Self { place: place.map(one_line), hint: one.hint.clone().map(one_line), ..error }
            }
            many => {
                let many: Vec<Problem> = many.iter().map(on_lines).collect();
                let message = counterfoil_scenario::report(&many);
                Self { code: ErrorCode::InvalidInput, message, place: None, hint: None }
            }
        }
    }

    /// A message that carries its hint on a second line.
    fn of_text(code: ErrorCode, text: &str) -> Self {
        match text.split_once("\n  hint: ") {
            Some((message, hint)) => Self::new(code, message).hint(hint),
            None => Self::new(code, text),
        }
    }

    /// A defect of the program, in the shape of every other failure.
    pub(crate) fn defect(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message).hint("This is a defect of the program, please report it.")
    }
}

/// What steers is written out, line ends too.
fn one_line(text: impl Into<String>) -> String {
    visible(&text.into()).into_owned()
}

/// A problem whose parts stay on their lines.
fn on_lines(problem: &Problem) -> Problem {
    Problem {
        file: one_line(&problem.file),
        key: one_line(&problem.key),
        found: one_line(&problem.found),
        allowed: one_line(&problem.allowed),
        hint: problem.hint.as_ref().map(one_line),
        ..problem.clone()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}: ", place)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NoSuchRun { .. }
            | StoreError::NoRunYet { .. }
            | StoreError::NoSuchArm { .. }
            | StoreError::NoSuchTable { .. } => ErrorCode::NotFound,
            StoreError::AmbiguousRun { .. }
            | StoreError::OtherArms { .. }
            | StoreError::ArmExists { .. }
            | StoreError::Unfinished { .. }
            | StoreError::ArmUnderway { .. }
            | StoreError::GuessExists { .. }
            | StoreError::NotAQuestion { .. }
            | StoreError::BadQuery { .. } => ErrorCode::InvalidInput,
            StoreError::Defect { .. } => ErrorCode::Internal,
            other if other.is_environment() => ErrorCode::Environment,
            _ => ErrorCode::Store,
        };
        Self::of_text(code, &error.to_string())
    }
}

impl From<Vec<Problem>> for ApiError {
    fn from(problems: Vec<Problem>) -> Self {
        Self::of_problems(&problems)
    }
}

impl From<PlanError> for ApiError {
    fn from(error: PlanError) -> Self {
        match &error {
            PlanError::Rule { policy, line, problem } => {
                let message = format!("the rule of treatment `{}`: {}", problem.treatment, problem.message);
                Self::new(ErrorCode::InvalidInput, message)
                    .at(format!("policy {policy}, line {line}, column {}", problem.column))
                    .hint(problem.hint.clone())
            }
        }
    }
}

impl From<ResultsError> for ApiError {
    fn from(error: ResultsError) -> Self {
        let said = error.to_string();
        match error {
            ResultsError::NoSuchArm { run, .. } => {
                Self::new(ErrorCode::NotFound, said).at(format!("run {run}"))
            }
            ResultsError::DoesNotAddUp { run, .. } => Self::new(ErrorCode::Store, said)
                .at(format!("run {run}"))
                .hint("The file was changed after the run; repeat the run to compare it."),
            ResultsError::Stats(_) => Self::new(ErrorCode::Store, said)
                .hint("The file was changed after the run; `counterfoil verify RUN --stored` says where."),
            ResultsError::Chart(error) => error.into(),
            ResultsError::Defect(what) => Self::defect(what),
        }
    }
}

impl From<ChartError> for ApiError {
    fn from(error: ChartError) -> Self {
        Self::of_text(ErrorCode::InvalidInput, &error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_stays_on_its_line() {
        let error = ApiError::new(ErrorCode::NotFound, "No\u{1b}.").at("a\nerror: forged").hint("b\nc");
        assert_eq!(error.to_string(), "a\\nerror: forged: No\\u{1b}.\n  hint: b\\nc");
    }
}
