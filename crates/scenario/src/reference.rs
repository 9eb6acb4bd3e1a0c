//! The reference of scenario and policy files, made from the field table: every key with form, range, default, source.
//!
//! # Promises
//! - A default is the value of the shipped default scenario; its source is the comment behind that value.
//! - Every key that the reader accepts is here.
//! - The features of eligibility rules are the engine's; whoever prints the page appends them.
//!
//! # Where to start
//! [`scenario_file`], [`policy_file`], [`markdown`].

use crate::field::Field;
use crate::fields::{self, TreatmentForm};
use crate::kind::CAPS_MAX;
use crate::kind::Context;
use crate::limits::{ARMS_MAX, EVENTS_MAX, PER_SHOPPER_AND_DAY_MAX};
use crate::policy_form::{self, PolicyForm};
use crate::reading::TEXT_BYTES_MAX;
use crate::scenario::EXTENDS_MAX;
use crate::tree::{self, Node};
use crate::units::Currency;
use crate::{default_scenario, shipped};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// One key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Key below the section.
    pub key: String,
    /// Form and range in words.
    pub form: String,
    /// Default as TOML; `None` where there is none.
    pub default: Option<String>,
    /// Source of the default: a data set, a paper, or `assumption`.
    pub source: Option<String>,
    /// What it means.
    pub doc: String,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// One section of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Header as it is written: `[shoppers]`; empty for the top.
    pub header: String,
    /// What stands there.
    pub entries: Vec<Entry>,
}

/// The source of a default: the comment behind the value in the default scenario.
pub(crate) fn source_of(key: &str) -> Option<String> {
    static SOURCES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    SOURCES.get_or_init(sources).get(key).cloned()
}

/// Comments of the default scenario by dotted key of the value before them.
fn sources() -> BTreeMap<String, String> {
    let text = shipped::default_scenario_text();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = BTreeMap::new();
    if let Ok(tree) = tree::parse(text, "") {
        collect_sources(&tree, "", &lines, &mut found);
    }
    found
}

fn collect_sources(table: &Node, path: &str, lines: &[&str], found: &mut BTreeMap<String, String>) {
    for entry in table.entries().unwrap_or_default() {
        let key = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        let comment = lines[entry.node.at.line - 1].rsplit_once(" # ").map(|(_, comment)| comment.trim());
        if let (None, Some(comment)) = (entry.node.entries(), comment) {
            found.insert(key.clone(), comment.to_owned());
        }
        collect_sources(&entry.node, &key, lines, found);
    }
}

fn entry<T>(field: &Field<T>, key: &str, model: Option<&mut T>, context: &Context) -> Entry {
    let default = model.filter(|_| !field.required).map(|model| {
        let value = (field.place)(model).get(&field.kind);
        field.kind.write(&value, context)
    });
    Entry {
        key: key.to_owned(),
        form: field.kind.describe(),
        default: default.filter(|text| !matches!(text.as_str(), "\"\"" | "[]")),
        source: None,
        doc: field.doc.to_owned(),
        required: field.required,
    }
}

fn custom(key: &str, form: &str, doc: &str, required: bool) -> Entry {
    let (key, form, doc) = (key.to_owned(), form.to_owned(), doc.to_owned());
    Entry { key, form, default: None, source: None, doc, required }
}

/// Rows grouped by the first part of their key, in the order of the table.
fn sections<T>(rows: &[&Field<T>], model: &mut T, context: &Context) -> Vec<Section> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for field in rows {
        let (section, key) = field.key.split_once('.').unwrap_or(("", field.key));
        let header = if section.is_empty() { String::new() } else { format!("[{section}]") };
        if !order.contains(&header) {
            order.push(header.clone());
        }
        let mut row = entry(field, key, Some(model), context);
        row.source = source_of(field.key).filter(|_| row.default.is_some());
        groups.entry(header).or_default().push(row);
    }
    order
        .into_iter()
        .map(|header| Section { entries: groups.remove(&header).unwrap_or_default(), header })
        .collect()
}

fn section_of<T>(header: &str, rows: &[Field<T>], mut model: Option<T>, context: &Context) -> Section {
    let entries = rows.iter().map(|field| entry(field, field.key, model.as_mut(), context)).collect();
    Section { header: header.to_owned(), entries }
}

/// Every key of a scenario file.
#[must_use]
pub fn scenario_file() -> Vec<Section> {
    let mut default = default_scenario().clone();
    let currency = Currency { code: default.currency.clone(), decimals: default.currency_decimals };
    let context = Context { currency: &currency, treatments: &[] };
    let mut all = sections(&fields::scenario(), &mut default, &context);
    let top = [
        custom("format", "the number 1", "Version of the file format", true),
        custom("written_by", "text", "Version that wrote the file; for people", false),
        custom(
            "extends",
            "name of a scenario (beside this file, in the library, or shipped), or path relative to this file",
            "What this file changes",
            false,
        ),
    ];
    all[0].entries.splice(0..0, top);
    all.push(Section {
        header: "[shoppers.correlations]".to_owned(),
        entries: vec![custom(
            "\"TRAIT/TRAIT\"",
            "number, -0.99 to 0.99",
            "Correlation of two traits of shoppers (of the underlying normals); pairs that are not named are 0",
            false,
        )],
    });
    all.push(section_of("[[catalogue.categories]]", fields::CATEGORY, Some(Default::default()), &context));
    all.push(section_of("[treatments]", fields::RELIEFS, Some(default), &context));
    all.push(section_of("[treatments.ID]", fields::TREATMENT, Some(TreatmentForm::unwritten()), &context));
    all.push(section_of("[[arms]]", fields::ARM, None, &context));
    all
}

/// Every key of a policy file.
#[must_use]
pub fn policy_file() -> Vec<Section> {
    let currency = Currency { code: "EUR".to_owned(), decimals: 2 };
    let context = Context { currency: &currency, treatments: &[] };
    let mut all = sections(&policy_form::rows(), &mut PolicyForm::unwritten(), &context);
    for row in all.iter_mut().flat_map(|section| &mut section.entries) {
        row.source = None;
    }
    let top = [
        custom("format", "the number 1", "Version of the file format", true),
        custom("written_by", "text", "Version that wrote the file; for people", false),
    ];
    all[0].entries.splice(0..0, top);
    all.push(Section {
        header: "[realtime.treatments]".to_owned(),
        entries: vec![custom(
            "ID",
            "`{ rule = \"...\" }`, or `{}` for always",
            "A treatment that the engine may use, and the CEL rule that makes it eligible",
            false,
        )],
    });
    all
}

/// What holds of a file as a whole.
fn limits() -> String {
    format!(
        "\n## Limits\n\n\
         - A file is a regular file of at most {} MiB; pipes, devices and folders are refused.\n\
         - At most {EXTENDS_MAX} files extend one another.\n\
         - On average a shopper makes at most {PER_SHOPPER_AND_DAY_MAX} visits a day and has at most as many potential needs; \
         the mean of `{{ median, log_sd }}` is median x exp(log_sd^2 / 2).\n\
         - One arm of one world has at most {EVENTS_MAX} events.\n\
         - A run has at most {ARMS_MAX} arms, `control` and `status-quo` among them.\n\
         - A list of caps has at most {CAPS_MAX}.\n",
        TEXT_BYTES_MAX >> 20
    )
}

/// The reference as a Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# Scenario and policy files\n\n\
         Made from the field table of the reader: what is not listed here is not accepted.\n\
         Quantities carry their unit. Defaults are the values of the shipped scenario `fashion-web-shop`.\n",
    );
    page.push_str(&limits());
    for (title, sections) in [("Scenario files", scenario_file()), ("Policy files", policy_file())] {
        let _ = write!(page, "\n## {title}\n");
        for section in sections {
            let header = if section.header.is_empty() { "Top of the file" } else { &section.header };
            let _ = write!(
                page,
                "\n### {}\n\n| key | meaning | form and range | default | source |\n",
                code(header)
            );
            page.push_str("|---|---|---|---|---|\n");
            for row in section.entries {
                let default = row.default.as_deref().map_or_else(String::new, code);
                let default = if row.required { "required".to_owned() } else { default };
                let cells = [code(&row.key), row.doc, row.form, default, row.source.unwrap_or_default()];
                let _ = writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
            }
        }
    }
    page
}

fn code(text: &str) -> String {
    if text == "Top of the file" { text.to_owned() } else { format!("`{text}`") }
}
