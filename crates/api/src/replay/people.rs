//! Who a shopper is, in words: her hidden traits against the middle of the population.

use counterfoil_scenario::Scenario;
use counterfoil_scenario::model::Spread;
use counterfoil_world::Shopper;

use crate::dto::LabelValue;
use counterfoil_core::number::significant;

/// Factors of the median from which a trait is called low, high or very high. Assumption: about one spread.
const LOW: f64 = 0.7;
const HIGH: f64 = 1.4;
const VERY_HIGH: f64 = 2.5;

pub(super) fn traits(scenario: &Scenario, shopper: &Shopper) -> Vec<LabelValue> {
    let (own, all) = (&shopper.traits, &scenario.shoppers);
    let weeks = |rate: f64| if rate > 0.0 { 1.0 / rate } else { f64::INFINITY };
    let every = |label: &str, rate: f64| {
        let weeks = weeks(rate);
        let value = if weeks < 200.0 {
            format!("every {} weeks", significant(weeks, 2))
        } else {
            "hardly ever".to_owned()
        };
        line(label, value)
    };
    vec![
        every("Needs something", own.need_rate),
        every("Just looks around", own.browsing),
        compared("Price sensitivity", own.price_sensitivity, all.price_sensitivity),
        compared("Love of deals", own.deal_proneness, all.deal_proneness),
        compared("Impatience", own.waiting_cost, all.waiting_cost),
        compared("Doubts", own.doubt_proneness, all.doubt_proneness),
        compared("Dislike of delivery fees", own.shipping_aversion, all.shipping_aversion),
        compared("Easily annoyed", own.annoyance, all.annoyance),
        line("Consents to personalisation", yes(shopper.consents)),
        line("Gets mails", yes(shopper.subscribed)),
        line("Second device", yes(shopper.second_device)),
    ]
}

fn compared(label: &str, value: f64, spread: Spread) -> LabelValue {
    if spread.median <= 0.0 {
        return line(label, "none".to_owned());
    }
    let factor = value / spread.median;
    let words = match factor {
        factor if factor < LOW => "low",
        factor if factor < HIGH => "average",
        factor if factor < VERY_HIGH => "high",
        _ => "very high",
    };
    line(label, format!("{words} ({} × the median)", significant(factor, 2)))
}

fn line(label: &str, value: String) -> LabelValue {
    LabelValue { label: label.to_owned(), value }
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
