//! Where `--out` leads: looked at, and asked about, before anything is computed.

use std::io::Write;
use std::path::Path;

use counterfoil_api::dto::{ApiError, ErrorCode};
use counterfoil_api::files::{Before, FileKind, Output, Protected};
use counterfoil_api::{Api, visible};

use crate::Outcome;
use crate::args::OutArgs;
use crate::output::{ask, remark, stream};

/// The place of an output that may be written.
pub(crate) struct Place<'a> {
    args: &'a OutArgs,
    kind: FileKind,
    /// `None` for standard output.
    output: Option<Output>,
}

impl<'a> Place<'a> {
    /// The place that was named, for a file with one of these endings; the first stands for standard output too.
    pub fn of(
        api: &Api,
        run: &str,
        args: &'a OutArgs,
        kinds: &[(&str, FileKind)],
        what: &str,
    ) -> anyhow::Result<Self> {
        Self::beside(&api.protected(run)?, args, kinds, what)
    }

    /// The same beside other files that no output may be.
    pub fn beside(
        protected: &[Protected],
        args: &'a OutArgs,
        kinds: &[(&str, FileKind)],
        what: &str,
    ) -> anyhow::Result<Self> {
        if args.out == Path::new("-") {
            return Ok(Self { args, kind: kinds[0].1, output: None });
        }
        let ending = args.out.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        let Some((_, kind)) = kinds.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)) else {
            return Err(other_ending(&args.out, kinds, what).into());
        };
        let output = Output::at(&args.out, *kind, protected)?;
        if !args.force {
            refuse_unasked(&args.out, *kind, output.before())?;
        }
        Ok(Self { args, kind: *kind, output: Some(output) })
    }

    /// What is to be written.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Writes what `content` writes, whole or not at all.
    pub fn write(
        self,
        content: impl FnOnce(&mut dyn Write) -> Result<(), ApiError>,
    ) -> anyhow::Result<Outcome> {
        let Some(output) = self.output else {
            stream(content)?;
            return Ok(Outcome::Fine);
        };
        output.write(content)?;
        remark(&format!("Wrote {}", shown(&self.args.out)));
        Ok(Outcome::Fine)
    }

    /// The same with a text.
    pub fn write_text(self, text: &str) -> anyhow::Result<Outcome> {
        let failed = |error: std::io::Error| {
            ApiError::new(ErrorCode::Environment, format!("The file cannot be written: {error}."))
                .hint("make room on the disk, or write it somewhere else")
        };
        self.write(|out| out.write_all(text.as_bytes()).map_err(failed))
    }
}

/// A path on one line.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

fn other_ending(path: &Path, kinds: &[(&str, FileKind)], what: &str) -> ApiError {
    let endings: Vec<String> = kinds.iter().map(|(ending, _)| format!(".{ending}")).collect();
    let message = format!("`--out` is {}, but {what} is written as {}", path.display(), endings.join(" or "));
    ApiError::new(ErrorCode::InvalidInput, message).hint(format!(
        "write --out {}, or --out - for standard output",
        path.with_extension(kinds[0].0).display()
    ))
}

/// Asks before a file of the same kind is replaced; one of another kind is only replaced by `--force`.
fn refuse_unasked(path: &Path, kind: FileKind, before: Before) -> Result<(), ApiError> {
    let refused = |message: String| {
        let error = ApiError::new(ErrorCode::InvalidInput, message).at(shown(path));
        Err(error.hint("--force replaces it, or name another file"))
    };
    match before {
        Before::Nothing => Ok(()),
        Before::OtherKind => refused(format!("The file is there, and it is not {}.", kind.one())),
        Before::SameKind => match ask(&format!("Replace {}?", shown(path))) {
            Some(true) => Ok(()),
            Some(false) => refused("The file stays as it is.".to_owned()),
            None => refused("The file is there, and nobody can be asked whether to replace it.".to_owned()),
        },
    }
}
