//! `validate` and `schema`: files that users write.

use std::path::Path;

use counterfoil_api::dto::{ApiError, SourceText, TextError, TextKind};
use counterfoil_api::library::Library;
use counterfoil_api::schema;
use counterfoil_api::{Places, visible};
use serde_json::json;

use crate::Outcome;
use crate::args::{SchemaArgs, ValidateArgs};
use crate::input::{is_input, text};
use crate::output::{print, print_json};

/// Says what is wrong with each file, also with one that cannot be read. Needs the folder of the library, not the store.
pub(crate) fn validate(args: &ValidateArgs, store: Option<&Path>) -> anyhow::Result<Outcome> {
    let library = Library::new(Places::find(store)?.scenarios);
    let texts: Vec<Examined> = args.files.iter().map(|file| examined(&library, file)).collect();
    if args.json.json {
        let files: Vec<_> = args.files.iter().zip(&texts).map(|(file, text)| document(file, text)).collect();
        print_json(&json!({ "format": 1, "files": files }))?;
    } else {
        for (file, text) in args.files.iter().zip(&texts) {
            print(&text.as_ref().map_or_else(|error| unread(file, error), |text| described(file, text)))?;
        }
    }
    let sound = texts.iter().all(|text| text.as_ref().is_ok_and(|text| text.errors.is_empty()));
    Ok(if sound { Outcome::Fine } else { Outcome::Invalid })
}

/// A text with its faults, or why there is none.
type Examined = Result<SourceText, ApiError>;

fn examined(library: &Library, file: &str) -> Examined {
    if is_input(file) { Ok(library.examine_text(&text()?)) } else { library.examine(file) }
}

fn document(file: &str, text: &Examined) -> serde_json::Value {
    match text {
        Ok(text) => {
            json!({ "file": file, "kind": text.kind, "errors": text.errors, "remarks": text.remarks })
        }
        Err(error) => {
            let fault = TextError {
                line: 1,
                column: None,
                key: None,
                message: error.message.clone(),
                hint: error.hint.clone(),
            };
            json!({ "file": file, "kind": null, "errors": [fault], "remarks": [] })
        }
    }
}

fn unread(file: &str, error: &ApiError) -> String {
    let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("  hint: {hint}\n"));
    format!("{}: {}\n{hint}", visible(file), error.message)
}

fn described(file: &str, text: &SourceText) -> String {
    let kind = match text.kind {
        TextKind::Scenario => "scenario",
        TextKind::Policy => "policy",
    };
    if text.errors.is_empty() {
        let remarks: String =
            text.remarks.iter().map(|remark| format!("  remark: {}", fault(file, remark))).collect();
        return format!("{}: fine ({kind})\n{remarks}", visible(file));
    }
    text.errors.iter().map(|error| fault(file, error)).collect()
}

fn fault(file: &str, error: &TextError) -> String {
    let column = error.column.map_or_else(String::new, |column| format!(":{column}"));
    let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("  hint: {}\n", visible(hint)));
    format!("{}:{}{column}: {}\n{hint}", visible(file), error.line, visible(&error.message))
}

/// Prints a schema.
pub(crate) fn schema(args: &SchemaArgs) -> anyhow::Result<Outcome> {
    print_json(&schema::schema(&args.name)?)?;
    Ok(Outcome::Fine)
}
