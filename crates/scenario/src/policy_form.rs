//! The rows of the field table for policy files, and the form they fill before it becomes a [`PolicySpec`].

use crate::field::{Field, field};
use crate::fields::{SHARE, days, number, whole_days};
use crate::kind::Kind;
use crate::policy::{
    ACTIVE_DAYS, Amount, BatchSpec, Budget, Cap, Guardrails, LAPSING_DAYS, ModelSpec, PolicyKind, PolicySpec,
    RealtimeSpec, SaleCalendar,
};
use crate::units::TimeUnit;
use counterfoil_core::money::Share;
use counterfoil_core::treatment::TreatmentId;

/// Words for the kinds of decision makers.
pub(crate) const KINDS: &[&str] = &["none", "blanket", "calendar-sale", "batch", "realtime"];

/// A policy as it stands in the file.
pub(crate) struct PolicyForm {
    pub description: String,
    pub kind: String,
    pub cost_per_shopper: Amount,
    pub price_of_dependency: Amount,
    pub holdout: Share,
    pub margin_floor: Share,
    pub offer_caps: Vec<Cap>,
    pub treatment_caps: Vec<Cap>,
    pub changes_per_session: u32,
    pub stacking: bool,
    pub budget: Option<Budget>,
    pub message_cap: Option<Cap>,
    pub sale: Option<TreatmentId>,
    pub sale_weekdays: Vec<u8>,
    pub sale_announce: bool,
    pub sale_every_weeks: u32,
    pub blanket: Option<TreatmentId>,
    pub batch: BatchSpec,
    pub deadline_ms: i64,
    pub exploration: Share,
    pub exploration_floor: Share,
    pub session_half_life_seconds: f64,
    pub profile_half_life_days: f64,
    pub model: ModelSpec,
}

impl PolicyKind {
    /// The word for it in files.
    fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Blanket { .. } => "blanket",
            Self::CalendarSale => "calendar-sale",
            Self::Batch(_) => "batch",
            Self::Realtime(_) => "realtime",
        }
    }
}

impl PolicyForm {
    /// What holds where the file says nothing.
    ///
    /// Priors are those of the stated model: soft effects 0 with sd 5 %, price response -2 with sd 1 (`assumption`),
    /// outcome window 14 days. The guardrails forbid nothing but stacking; money is spent only by treatments.
    pub fn unwritten() -> Self {
        let percent = |percent| Share::from_percent(percent).expect("the literal is a percentage");
        Self {
            description: String::new(),
            kind: String::new(),
            cost_per_shopper: Amount::ZERO,
            price_of_dependency: Amount::ZERO,
            holdout: Share::ZERO,
            margin_floor: Share::ZERO,
            offer_caps: Vec::new(),
            treatment_caps: Vec::new(),
            changes_per_session: 3,
            stacking: false,
            budget: None,
            message_cap: None,
            sale: None,
            sale_weekdays: Vec::new(),
            sale_announce: true,
            sale_every_weeks: 1,
            blanket: None,
            batch: BatchSpec {
                treatments: Vec::new(),
                on_site: [None; 8],
                push: [None; 8],
                active_days: ACTIVE_DAYS,
                lapsing_days: LAPSING_DAYS,
                warm_days: 14,
                high_value: percent(25.0),
            },
            deadline_ms: 100,
            exploration: percent(10.0),
            exploration_floor: percent(2.0),
            session_half_life_seconds: 600.0,
            profile_half_life_days: 60.0,
            model: ModelSpec {
                soft_sd: 0.05,
                price_response_mean: -2.0,
                price_response_sd: 1.0,
                cell_sd: 0.03,
                base_rate: 0.03,
                window_days: 14,
                drift_half_life_days: 120.0,
            },
        }
    }
}

const AMOUNT: Kind = Kind::Amount { min: 0.0, max: 1_000_000.0 };
const OFTEN: Kind = Kind::Integer { min: 0, max: 100 };

/// Rows for every kind of policy.
const COMMON: &[Field<PolicyForm>] = &[
    field!(required "description", Kind::Text, Text(description), "One sentence for people"),
    field!(required "kind", Kind::OneOf(KINDS), Text(kind), "Which decision maker it configures"),
    field!(
        "cost_per_shopper",
        AMOUNT,
        Amount(cost_per_shopper),
        "Fixed cost of the policy per shopper and horizon"
    ),
    field!(
        "price_of_dependency",
        AMOUNT,
        Amount(price_of_dependency),
        "What an order on deal is held to cost the shop later"
    ),
    field!("holdout", SHARE, Share(holdout), "Share of shoppers that are never treated"),
    field!(
        "guardrails.margin_floor",
        SHARE,
        Share(margin_floor),
        "Smallest contribution of an order before returns, as a share of net goods; an offer holds for the products that keep it"
    ),
    field!(
        "guardrails.offer_caps",
        Kind::Caps,
        Caps(offer_caps),
        "Caps on offers per shopper, sliding windows"
    ),
    field!(
        "guardrails.treatment_caps",
        Kind::Caps,
        Caps(treatment_caps),
        "Caps on all treatments per shopper"
    ),
    field!(
        "guardrails.changes_per_session",
        OFTEN,
        U32(changes_per_session),
        "Most treatments in one session"
    ),
    field!(
        "guardrails.stacking",
        Kind::Flag,
        Flag(stacking),
        "Whether an offer may be issued while another offer or a sale holds; they never add up in one order"
    ),
    field!(
        "guardrails.budget",
        Kind::BudgetOrNone,
        Budget(budget),
        "Most that rewards of offers issued in the horizon may cost in one world"
    ),
    field!("guardrails.message_cap", Kind::CapOrNone, Cap(message_cap), "Most messages per shopper"),
    field!("sale.treatment", Kind::Discount, Treatment(sale), "Percentage discount of the posted sale"),
    field!("sale.weekdays", Kind::Weekdays, Weekdays(sale_weekdays), "Weekdays on which the sale runs"),
    field!(
        "sale.announce",
        Kind::Flag,
        Flag(sale_announce),
        "Whether subscribers get a message in the morning"
    ),
    field!(
        "sale.every_weeks",
        Kind::Integer { min: 1, max: 52 },
        U32(sale_every_weeks),
        "Every how many weeks it runs, counted from the first day"
    ),
    field!(
        "blanket.treatment",
        Kind::Treatment,
        Treatment(blanket),
        "What everybody gets at every session start"
    ),
];

/// A row of the batch table: segment to treatment.
macro_rules! segment {
    ($key:literal, $table:ident[$index:literal]) => {
        field!($key, Kind::Treatment, Treatment(batch.$table[$index]), "Treatment of this segment, or none")
    };
}

/// Rows of batch policies.
const BATCH: &[Field<PolicyForm>] = &[
    field!(
        "batch.treatments",
        Kind::Treatments,
        Treatments(batch.treatments),
        "Treatments that the tables may use"
    ),
    field!(
        "batch.active",
        whole_days(1.0, 3_650.0),
        U32(batch.active_days),
        "Time without an order after which an active customer is lapsing"
    ),
    field!(
        "batch.lapsing",
        whole_days(1.0, 3_650.0),
        U32(batch.lapsing_days),
        "Time without an order after which a lapsing customer has lapsed"
    ),
    field!(
        "batch.warm",
        whole_days(1.0, 3_650.0),
        U32(batch.warm_days),
        "Time since the last visit within which a visitor without an order is warm"
    ),
    field!(
        "batch.high_value",
        SHARE,
        Share(batch.high_value),
        "Share of customers by money spent that is high value"
    ),
    segment!("batch.on_site.anonymous", on_site[0]),
    segment!("batch.on_site.prospect-cold", on_site[1]),
    segment!("batch.on_site.prospect-warm", on_site[2]),
    segment!("batch.on_site.active-low", on_site[3]),
    segment!("batch.on_site.active-high", on_site[4]),
    segment!("batch.on_site.lapsing-low", on_site[5]),
    segment!("batch.on_site.lapsing-high", on_site[6]),
    segment!("batch.on_site.lapsed", on_site[7]),
    segment!("batch.push.anonymous", push[0]),
    segment!("batch.push.prospect-cold", push[1]),
    segment!("batch.push.prospect-warm", push[2]),
    segment!("batch.push.active-low", push[3]),
    segment!("batch.push.active-high", push[4]),
    segment!("batch.push.lapsing-low", push[5]),
    segment!("batch.push.lapsing-high", push[6]),
    segment!("batch.push.lapsed", push[7]),
];

/// Rows of real-time policies.
const REALTIME: &[Field<PolicyForm>] = &[
    field!(
        "realtime.deadline",
        Kind::Duration { unit: TimeUnit::Millis, min: 1.0, max: 60_000.0, whole: true, none: false },
        I64(deadline_ms),
        "Answers later than this are not shown"
    ),
    field!("realtime.exploration", SHARE, Share(exploration), "Share of decisions in exploration traffic"),
    field!(
        "realtime.exploration_floor",
        Kind::Share { min: 0.0, max: 5.0 },
        Share(exploration_floor),
        "Smallest propensity of an eligible action in exploration traffic"
    ),
    field!(
        "realtime.session_half_life",
        Kind::Duration { unit: TimeUnit::Seconds, min: 1.0, max: 86_400.0, whole: false, none: false },
        F64(session_half_life_seconds),
        "Half-life of signals in the session profile"
    ),
    field!(
        "realtime.profile_half_life",
        days(0.1, 3_650.0),
        F64(profile_half_life_days),
        "Half-life of long-run features"
    ),
    field!(
        "realtime.model.soft_sd",
        SHARE,
        Fraction(model.soft_sd),
        "Prior sd of a soft treatment's relative effect; mean 0"
    ),
    field!(
        "realtime.model.price_response_mean",
        number(-10.0, 0.0, "d ln(odds) / d ln(price)"),
        F64(model.price_response_mean),
        "Prior mean of the price response"
    ),
    field!(
        "realtime.model.price_response_sd",
        number(0.001, 10.0, "d ln(odds) / d ln(price)"),
        F64(model.price_response_sd),
        "Prior sd of the price response"
    ),
    field!(
        "realtime.model.cell_sd",
        SHARE,
        Fraction(model.cell_sd),
        "Prior sd of effects that belong to one barrier"
    ),
    field!(
        "realtime.model.base_rate",
        Kind::Share { min: 0.01, max: 90.0 },
        Fraction(model.base_rate),
        "Probability of buying within the window before any learning"
    ),
    field!(
        "realtime.model.window",
        whole_days(1.0, 90.0),
        U32(model.window_days),
        "Time from the first decision to the end of the outcome window"
    ),
    field!(
        "realtime.model.drift_half_life",
        days(1.0, 3_650.0),
        F64(model.drift_half_life_days),
        "Half-life of evidence"
    ),
];

/// The rows that say something of this policy: those of its kind, and a sale where there is one.
pub(crate) fn rows_of(policy: &PolicySpec) -> Vec<&'static Field<PolicyForm>> {
    let kind = match policy.kind {
        PolicyKind::Batch(_) => "batch.",
        PolicyKind::Realtime(_) => "realtime.",
        PolicyKind::Blanket { .. } => "blanket.",
        PolicyKind::None | PolicyKind::CalendarSale => "",
    };
    let said = |key: &str| match key.split_once('.') {
        Some(("sale", _)) => policy.sale.is_some(),
        Some(("guardrails", _)) | None => true,
        Some(_) => !kind.is_empty() && key.starts_with(kind),
    };
    rows().into_iter().filter(|field| said(field.key)).collect()
}

/// The form that a policy was made from, defaults filled in. Every field is named, so that a new one is not forgotten.
pub(crate) fn form_of(policy: &PolicySpec) -> PolicyForm {
    let PolicySpec {
        name: _,
        description,
        kind,
        cost_per_shopper,
        price_of_dependency,
        guardrails,
        holdout,
        sale,
    } = policy;
    let mut form = PolicyForm {
        description: description.clone(),
        kind: kind.word().to_owned(),
        cost_per_shopper: *cost_per_shopper,
        price_of_dependency: *price_of_dependency,
        holdout: *holdout,
        ..PolicyForm::unwritten()
    };
    put_guardrails(&mut form, guardrails);
    if let Some(SaleCalendar { treatment, weekdays, announce, every_weeks }) = sale {
        form.sale = Some(*treatment);
        form.sale_weekdays.clone_from(weekdays);
        (form.sale_announce, form.sale_every_weeks) = (*announce, *every_weeks);
    }
    match kind {
        PolicyKind::None | PolicyKind::CalendarSale => {}
        PolicyKind::Blanket { treatment } => form.blanket = Some(*treatment),
        PolicyKind::Batch(batch) => form.batch = batch.clone(),
        PolicyKind::Realtime(spec) => put_realtime(&mut form, spec),
    }
    form
}

fn put_guardrails(form: &mut PolicyForm, guardrails: &Guardrails) {
    let Guardrails {
        margin_floor,
        offer_caps,
        treatment_caps,
        changes_per_session,
        stacking,
        budget,
        message_cap,
    } = guardrails;
    form.margin_floor = *margin_floor;
    form.offer_caps.clone_from(offer_caps);
    form.treatment_caps.clone_from(treatment_caps);
    form.changes_per_session = *changes_per_session;
    form.stacking = *stacking;
    form.budget = *budget;
    form.message_cap = *message_cap;
}

/// All but the treatments with their rules, which are no rows.
fn put_realtime(form: &mut PolicyForm, spec: &RealtimeSpec) {
    let RealtimeSpec {
        treatments: _,
        deadline_ms,
        exploration,
        exploration_floor,
        model,
        session_half_life_seconds,
        profile_half_life_days,
    } = spec;
    form.deadline_ms = i64::from(*deadline_ms);
    form.exploration = *exploration;
    form.exploration_floor = *exploration_floor;
    form.session_half_life_seconds = *session_half_life_seconds;
    form.profile_half_life_days = *profile_half_life_days;
    form.model = *model;
}

/// Every key of a policy file but the list of the engine's treatments.
pub(crate) fn rows() -> Vec<&'static Field<PolicyForm>> {
    [COMMON, BATCH, REALTIME].into_iter().flatten().collect()
}

/// Keys that are read elsewhere.
pub(crate) const ELSEWHERE: &[&str] = &["format", "written_by", "realtime.treatments"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::field::Field;
    use crate::kind::Context;
    use crate::{Currency, default_scenario, fields, tree};

    /// What a row writes it reads back and keeps: kinds and places of the table match.
    fn keeps<T>(rows: &[&Field<T>], model: &mut T, context: &Context) {
        for field in rows {
            let text = field.kind.write(&(field.place)(model).get(&field.kind), context);
            let unwritten = matches!(text.as_str(), "\"\"") || (field.kind == Kind::Weekdays && text == "[]");
            if unwritten {
                continue;
            }
            let tree = tree::parse(&format!("value = {text}"), "").unwrap();
            let node = tree.find("value").unwrap();
            let value = field.kind.read(node, context);
            let value = value.unwrap_or_else(|refusal| panic!("{} = {text}: {}", field.key, refusal.allowed));
            (field.place)(model).set(value);
            let again = field.kind.write(&(field.place)(model).get(&field.kind), context);
            assert_eq!(again, text, "{}", field.key);
        }
    }

    #[test]
    fn every_row_keeps_what_it_reads() {
        let currency = Currency::of("EUR").unwrap();
        let mut shop = default_scenario().clone();
        let treatments = shop.treatments.clone();
        let context = Context { currency: &currency, treatments: &treatments };
        keeps(&fields::scenario(), &mut shop, &context);
        let mut form = PolicyForm {
            sale: Some(TreatmentId(0)),
            sale_weekdays: vec![1, 3],
            blanket: Some(TreatmentId(1)),
            offer_caps: vec![Cap { count: 1, days: 7 }],
            message_cap: Some(Cap { count: 1, days: 2 }),
            budget: Some(Budget::PerWorld(Amount::Money(counterfoil_core::Money(5)))),
            ..PolicyForm::unwritten()
        };
        form.batch.treatments = vec![TreatmentId(1), TreatmentId(3)];
        form.batch.on_site[2] = Some(TreatmentId(3));
        keeps(&rows(), &mut form, &context);
    }
}
