//! Rows for the shop: catalogue, store, season, traffic, traces, messages, pipe; categories and arms.

use super::{SHARE, number};
use crate::field::{Field, field};
use crate::kind::Kind;
use crate::model::{Arm, Category, Scenario};
use crate::units::TimeUnit;

const fn money(min: f64) -> Kind {
    Kind::Money { min, max: 1_000_000.0 }
}

const LOG_SD: Kind = number(0.0, 5.0, "of the natural logarithm");

/// Rows of the catalogue without its categories.
pub(super) const CATALOGUE: &[Field<Scenario>] = &[
    field!(
        "catalogue.products_per_category",
        Kind::Integer { min: 1, max: 10_000 },
        U32(catalogue.products_per_category),
        "Products in each category"
    ),
    field!(
        "catalogue.popularity_exponent",
        number(0.0, 5.0, ""),
        F64(catalogue.popularity_exponent),
        "Exponent of popularity over ranks (Zipf)"
    ),
    field!(
        "catalogue.price_log_sd",
        number(0.0, 2.0, "of the natural logarithm"),
        F64(catalogue.price_log_sd),
        "Standard deviation of ln(list price) within a category"
    ),
    field!(
        "catalogue.price_level",
        number(0.05, 20.0, ""),
        F64(catalogue.price_level),
        "Factor on all posted prices; costs and willingness to pay stay"
    ),
    field!("catalogue.gross_margin", SHARE, Share(catalogue.gross_margin), "Gross margin at list price"),
    field!(
        "catalogue.gross_margin_spread",
        SHARE,
        Share(catalogue.gross_margin_spread),
        "Half-width of gross margins over products, in share points"
    ),
];

/// Rows of shipping, payment and returns.
pub(super) const STORE: &[Field<Scenario>] = &[
    field!("store.shipping_fee", money(0.0), Money(store.shipping_fee), "Fee below the threshold"),
    field!(
        "store.free_shipping_from",
        money(0.0),
        Money(store.free_shipping_from),
        "Goods value after discount from which delivery is free"
    ),
    field!("store.shipping_cost", money(0.0), Money(store.shipping_cost), "What a delivery costs the shop"),
    field!("store.payment_fee", SHARE, Share(store.payment_fee), "Payment fee, share of what is paid"),
    field!(
        "store.payment_failure",
        SHARE,
        Share(store.payment_failure),
        "Share of payment attempts that fail"
    ),
    field!(
        "store.return_handling",
        money(0.0),
        Money(store.return_handling),
        "Handling cost of a returned line"
    ),
    field!(
        "store.return_value_lost",
        SHARE,
        Share(store.return_value_lost),
        "Share of the unit cost lost on a returned line"
    ),
];

const fn time(unit: TimeUnit, min: f64, max: f64, whole: bool) -> Kind {
    Kind::Duration { unit, min, max, whole, none: false }
}

/// Rows of visits, traces, messages and the information pipe.
pub(super) const VISITS: &[Field<Scenario>] = &[
    field!(
        "season.weekdays",
        Kind::Weights(7),
        Weights(season.weekdays),
        "Weight of visits by weekday, Monday first"
    ),
    field!(
        "season.months",
        Kind::Weights(12),
        Weights(season.months),
        "Weight of needs by month, January first"
    ),
    field!("traffic.mobile", SHARE, Share(traffic.mobile), "Share of visits on mobile devices"),
    field!("traffic.paid", SHARE, Share(traffic.paid), "Share of visits from paid advertising"),
    field!("traffic.search", SHARE, Share(traffic.search), "Share of visits from unpaid search"),
    field!(
        "traffic.land_on_product",
        SHARE,
        Share(traffic.land_on_product),
        "Share of visits that land on a product page at once"
    ),
    field!(
        "traffic.dwell.median",
        time(TimeUnit::Seconds, 0.1, 3_600.0, false),
        F64(traffic.dwell_seconds.median),
        "Time on a page"
    ),
    field!(
        "traffic.dwell.log_sd",
        LOG_SD,
        F64(traffic.dwell_seconds.log_sd),
        "Standard deviation of its logarithm"
    ),
    field!(
        "traces.informativeness",
        number(0.0, 10.0, ""),
        F64(traces.informativeness),
        "How readable barriers are in what she does; 0 leaves no trace"
    ),
    field!(
        "traces.base",
        number(0.0, 1.0, "probability"),
        F64(traces.base),
        "Probability of an information page, a comparison and so on without any barrier"
    ),
    field!(
        "traces.exit_seen",
        SHARE,
        Share(traces.exit_seen),
        "Share of departures that an exit gesture or a stall announces"
    ),
    field!("messages.open", SHARE, Share(messages.open), "Share of messages that a subscriber opens"),
    field!(
        "messages.click",
        SHARE,
        Share(messages.click),
        "Share of opened messages that lead to a visit, with a need"
    ),
    field!(
        "messages.click_without_need",
        SHARE,
        Share(messages.click_without_need),
        "The same without an open need"
    ),
    field!(
        "pipe.loss",
        SHARE,
        Share(pipe.loss),
        "Share of what browsers tell that is lost; orders, returns and messages sent are late at most"
    ),
    field!(
        "pipe.delay",
        time(TimeUnit::Millis, 0.0, 604_800_000.0, true),
        I64(pipe.delay_ms),
        "Delay of events"
    ),
    field!(
        "pipe.latency.median",
        time(TimeUnit::Millis, 0.0, 600_000.0, false),
        F64(pipe.latency_ms.median),
        "Answering time of the real-time engine"
    ),
    field!("pipe.latency.log_sd", LOG_SD, F64(pipe.latency_ms.log_sd), "Standard deviation of its logarithm"),
];

/// Rows of one `[[catalogue.categories]]`.
pub(crate) const CATEGORY: &[Field<Category>] = &[
    field!(required "name", Kind::Name, Text(name), "Name of the category"),
    field!(required "share", SHARE, Share(share), "Share of needs; the shares of all categories add up to 100 %"),
    field!(required "price", money(0.01), Money(price), "Median list price"),
    field!(required "return_rate", SHARE, Share(return_rate), "Share of lines that come back"),
    field!("storable", Kind::Flag, Flag(storable), "Whether it can be kept at home for later needs"),
];

/// Rows of one `[[arms]]`.
pub(crate) const ARM: &[Field<Arm>] = &[
    field!(required "name", Kind::Name, Text(name), "Name of the arm"),
    field!(required "policy", Kind::Text, Text(policy), "Name of a policy (beside the file in `policies`, in the library, or shipped), or a path relative to the file"),
];
