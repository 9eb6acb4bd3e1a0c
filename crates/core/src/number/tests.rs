//! What the formatter promises, by examples and for any number.

use super::*;
use proptest::prelude::*;

fn euro() -> Unit {
    Unit::Money(Purse::new("EUR", 2))
}

#[test]
fn halves_go_away_from_zero_on_the_decimal_that_is_exported() {
    for (value, decimals, wanted) in [
        (0.125, 2, "0.13"),
        (-0.125, 2, "−0.13"),
        (2.5, 0, "3"),
        (1.005, 2, "1.01"),
        (0.95, 1, "1.0"),
        (999.995, 2, "1,000.00"),
        (0.004_9, 2, "0.00"),
        (-0.004_9, 2, "0.00"),
        (1_250.0, -2, "1,300"),
        (49.0, -2, "0"),
        (50.0, -2, "100"),
        (5.0, -2, "0"),
        (1e21, 0, "1,000,000,000,000,000,000,000"),
        (1e-7, 6, "0.000000"),
    ] {
        assert_eq!(fixed(value, decimals), wanted, "{value} to {decimals}");
    }
    // 0.005_45 × 100 is a hair below 0.545 in binary.
    assert_eq!(Unit::Share.level(0.005_45, Grain(2)), "0.55\u{a0}%");
    assert_eq!(fixed(f64::NAN, 2), NOTHING);
}

#[test]
fn digits_are_cut_to_the_size_of_the_interval() {
    let said = |unit: &Unit, mean: f64, bounds: (f64, f64)| {
        let grain = unit.grain(mean, Some(bounds));
        format!("{} ({})", unit.signed(mean, grain), unit.range(bounds, grain, true))
    };
    assert_eq!(said(&euro(), 1.8373, (1.2011, 2.4799)), "+€1.84 (+€1.20 to +€2.48)");
    assert_eq!(said(&euro(), 0.2, (-0.6, 1.0)), "+€0.20 (−€0.60 to +€1.00)");
    assert_eq!(said(&euro(), 0.0, (-0.0012, 0.0034)), "€0.0000 (−€0.0012 to +€0.0034)");
    assert_eq!(said(&euro(), 12_345.6, (11_000.0, 13_700.0)), "+€12,300 (+€11,000 to +€13,700)");
    assert_eq!(said(&Unit::Share, 0.004_32, (0.0011, 0.0073)), "+0.43\u{a0}pp (+0.11 to +0.73)");
    assert_eq!(said(&Unit::Percent, -14.2, (-31.0, 2.2)), "−14\u{a0}pp (−31 to +2)");
    assert_eq!(said(&Unit::In("ms"), 1.0, (0.5, 1.5)), "+1.00\u{a0}ms (+0.50 to +1.50)");
    let yen = Unit::Money(Purse::new("JPY", 0));
    assert_eq!(yen.level(-12.6, yen.grain(0.0, Some((-40.0, 40.0)))), "−¥13");
    let franc = Unit::Money(Purse::new("CHF", 2));
    assert_eq!(franc.signed(-3.5, Grain(2)), "−CHF\u{a0}3.50");
    assert_eq!(euro().level(1.0, euro().grain(1.0, None)), "€1.00");
    assert_eq!(Purse::new("EUR", 2).exact_signed(0.004), "€0.00");
}

#[test]
fn plain_numbers_have_no_needless_zeros() {
    assert_eq!(significant(3.0, 2), "3");
    assert_eq!(significant(2.345, 2), "2.3");
    assert_eq!(significant(-0.04, 2), "−0.04");
    assert_eq!(significant(12_345.6, 3), "12,300");
    assert_eq!(significant(100.0, 15), "100");
    assert_eq!(decimal("-1203.40"), "−1,203.40");
    assert_eq!(
        (count(1_000), counted(1, "world"), counted(0, "world")),
        ("1,000".into(), "1 world".into(), "0 worlds".into())
    );
}

#[test]
fn levels_of_tables_keep_to_their_column() {
    let said = |unit: &Unit, mean: f64, low: f64, high: f64| unit.plus_minus(mean, Some((low, high)), 14);
    assert_eq!(said(&Unit::Plain, 0.021_34, 0.020_1, 0.022_5), "0.0213 ±0.0012");
    assert_eq!(said(&Unit::Plain, 12_345.678, 12_300.0, 12_391.0), "12,346 ±46");
    assert_eq!(said(&Unit::Plain, 12_345.678, 11_300.0, 13_391.0), "12,300 ±1,000");
    assert_eq!(said(&Unit::Share, 0.55, 0.55, 0.55), "55.0 ±0.0");
    assert_eq!(said(&Unit::Plain, 0.0, 0.0, 0.0), "0 ±0");
    assert_eq!(said(&Unit::Plain, 99.997_0, 99.995_2, 99.998_8), "99.997 ±0.002");
}

#[test]
fn times_and_sizes_have_a_unit() {
    let times: Vec<String> = [0.2, 4.0, 41.4, 200.0, 7_500.0].map(seconds).into();
    assert_eq!(times, ["0.20 s", "4.0 s", "41 s", "3 min 20 s", "2 h 05 min"]);
    assert_eq!([0, 999, 12_345, u64::MAX].map(bytes), ["0 bytes", "999 bytes", "12 kB", "18,447 PB"]);
    let sizes: Vec<String> = [950, 9_949, 2_500_000, 270_000_000, 999_600].map(bytes).into();
    assert_eq!(sizes, ["950 bytes", "9.9 kB", "2.5 MB", "270 MB", "1.0 MB"]);
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![-1e9..1e9_f64, -1.0..1.0_f64, (-1_000_000_i64..1_000_000).prop_map(|n| n as f64 / 1_000.0)]
}

#[test]
fn levels_that_differ_read_differently() {
    let levels = [0.0214, 0.021_42];
    let grain = Unit::Share.grain_of_levels(&levels);
    assert_eq!(Unit::Share.level(levels[0], grain), "2.140\u{a0}%");
    assert_ne!(Unit::Share.level(levels[0], grain), Unit::Share.level(levels[1], grain));
    assert_eq!((euro().grain_of_step(0.5), euro().grain_of_step(50.0)), (Grain(2), Grain(0)));
    assert_eq!(Unit::Plain.grain_of_step(0.25), Grain(2));
    assert_eq!(euro().difference(1.0, None).full(), "+€1.00");
    assert_eq!(euro().difference(0.0, Some((0.0, 0.0))).full(), "€0.00 (€0.00 to €0.00)");
}

/// Read back: commas out, true minus in.
fn read(text: &str) -> f64 {
    text.replace(',', "").replace(MINUS, "-").parse().expect("a number is written as a number")
}

proptest! {
    /// Never further off than half of the last place.
    #[test]
    fn rounding_is_to_the_nearest(value in value(), decimals in -3_i32..7) {
        let written = read(&fixed(value, decimals));
        let place: f64 = format!("1e{}", -decimals).parse().expect("a power of ten");
        prop_assert!((written - value).abs() <= place / 2.0 * (1.0 + 1e-6) + value.abs() * 1e-12, "{value} {written}");
    }

    /// The sign is a mirror: what is gained here is lost there, digit by digit.
    #[test]
    fn a_minus_changes_nothing_but_the_sign(value in value(), decimals in 0_i32..7) {
        let said = |value: f64| Unit::Plain.bare_signed(value, Grain(decimals));
        let (plus, minus) = (said(value.abs()), said(-value.abs()));
        prop_assert_eq!(plus.trim_start_matches('+'), minus.trim_start_matches(MINUS));
        prop_assert_eq!(plus.starts_with('+'), minus.starts_with(MINUS));
        prop_assert_eq!(plus.starts_with('+'), has_digit(&plus));
    }

    /// An exact tie goes away from zero, never to the even neighbour.
    #[test]
    fn ties_go_away_from_zero(whole in 0_i64..1_000_000, decimals in 0_i32..3) {
        let tie = format!("{}.{}5", whole, "3".repeat(decimals as usize)).parse::<f64>().expect("a number");
        let up = read(&fixed(tie, decimals));
        prop_assert!(up > tie, "{} {}", tie, up);
    }

    /// Thousands stand in threes, and money has no decimals or all of its currency's.
    #[test]
    fn groups_and_cents(value in value(), half in 0.0..1e6_f64, decimals in 0_u32..4) {
        let unit = Unit::Money(Purse::new("ABC", decimals));
        let text = unit.level(value, unit.grain(value, Some((value - half, value + half))));
        let digits = text.trim_start_matches(MINUS).trim_start_matches("ABC\u{a0}");
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        prop_assert!(whole.split(',').skip(1).all(|three| three.len() == 3), "{}", text);
        prop_assert!((1..=3).contains(&whole.split(',').next().map_or(0, str::len)), "{}", text);
        prop_assert!(fraction.is_empty() || fraction.len() >= decimals as usize, "{}", text);
    }

    /// Percent is the share with its point moved: the same digits, whatever binary makes of a hundredfold.
    #[test]
    fn percent_moves_the_point(share in 0.0..1.0_f64) {
        let percent = Unit::Share.bare(share, Grain(6));
        let digits = |text: &str| text.replace('.', "").trim_start_matches('0').to_owned();
        prop_assert_eq!(digits(&percent), digits(&fixed(share, 8)));
    }
}
