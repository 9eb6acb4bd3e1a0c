//! Every figure, read back from its SVG: what must be there, where it must stand, and what must not be there.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/svg.rs"]
mod svg;

use counterfoil_chart::{
    Cell, ChartError, Figure, Look, PanelGeometry, Purse, Theme, Unit, bridge, cumulative, daily, headline,
    stylesheet,
};
use svg::{Element, elements, texts};

fn window() -> Look {
    Look::window(Theme::Light)
}

fn of_class(figure: &Figure, name: &str, class: &str) -> Vec<Element> {
    elements(&figure.svg).into_iter().filter(|e| e.name == name && e.get("class") == class).collect()
}

fn every_figure(arms: usize, look: &Look) -> Vec<Figure> {
    vec![
        headline(&common::headline(arms), look).unwrap(),
        daily(&common::daily(arms, 84, 16, 0), look).unwrap(),
        daily(&common::daily(arms, 84, 16, 7), look).unwrap(),
        daily(&common::daily(arms, 9, 1, 0), look).unwrap(),
        cumulative(&common::cumulative(arms, 84, 16), look).unwrap(),
        cumulative(&common::cumulative(arms, 40, 1), look).unwrap(),
        bridge(&common::bridge(1_204_331.18), look).unwrap(),
        bridge(&common::bridge(61_204.18), look).unwrap(),
    ]
}

fn assert_legible(figure: &Figure) {
    let texts = texts(&figure.svg);
    assert!(texts.len() > 5, "{}", figure.name);
    for (i, one) in texts.iter().enumerate() {
        let inside =
            one.left >= 0.0 && one.right <= figure.width && one.top >= 0.0 && one.bottom <= figure.height;
        assert!(inside, "{}: cut at the edge: {one:?}", figure.name);
        for other in &texts[..i] {
            assert!(!one.overlaps(other), "{}: {one:?} lies on {other:?}", figure.name);
        }
    }
}

#[test]
fn no_text_overlaps_another_or_is_cut() {
    for arms in 1..=8 {
        for look in [window(), Look::standalone(Theme::Dark, "seed 1 · scenario 8f3a · Counterfoil 0.1.0")]
        {
            every_figure(arms.max(2), &look).iter().for_each(assert_legible);
        }
    }
}

#[test]
fn long_names_large_currencies_and_long_verdicts_stay_legible() {
    let mut data = common::headline(8);
    for (i, arm) in data.arms.iter_mut().enumerate() {
        arm.display = ["W", "Mm", "Ünïcode ", "long "][i % 4].repeat(40);
    }
    for panel in &mut data.panels {
        panel.unit = Unit::Money(Purse::new("CHF", 2));
        panel
            .differences
            .iter_mut()
            .for_each(|found| found.verdict = "no difference that matters".to_owned());
    }
    assert_legible(&headline(&data, &Look::standalone(Theme::Light, "stamp")).unwrap());
    let mut data = common::cumulative(8, 84, 16);
    data.arms.iter_mut().for_each(|arm| arm.display = "W".repeat(60));
    let figure = cumulative(&data, &Look::standalone(Theme::Light, "stamp")).unwrap();
    assert_legible(&figure);
    assert!(
        figure.svg.contains('…') && figure.marks[0].label.contains(&"W".repeat(60)),
        "full name in the mark"
    );
}

#[test]
fn ordinary_names_of_thirty_characters_are_shown_whole() {
    let figure = headline(&common::headline(8), &window()).unwrap();
    let name = "Real-time engine, careful caps";
    assert_eq!(name.chars().count(), 30);
    assert_eq!(texts(&figure.svg).iter().filter(|text| text.words == name).count(), 3 + 3 + 2);
}

#[test]
fn the_headline_has_a_mark_per_level_difference_and_second_value() {
    for arms in [3, 4, 8] {
        let figure = headline(&common::headline(arms), &window()).unwrap();
        let count = |series: &str| figure.marks.iter().filter(|mark| mark.series == series).count();
        assert_eq!(
            (count("level"), count("difference"), count("secondary")),
            (3 * arms, 3 * (arms - 1), 2 * arms)
        );
        assert_eq!((figure.panels.len(), figure.legend.len()), (3, arms));
    }
}

#[test]
fn intervals_end_where_the_scale_says_and_zero_is_drawn_beside_each() {
    let data = common::headline(8);
    let figure = headline(&data, &window()).unwrap();
    let zeros = of_class(&figure, "polyline", "chart-line-zero");
    for mark in figure.marks.iter().filter(|mark| mark.series == "difference") {
        let PanelGeometry { x0, kx, .. } = figure.panels[mark.panel as usize];
        let px = |value: f64| x0 + value * kx;
        let index = data.arms.iter().find(|arm| arm.name == mark.arm).unwrap().index;
        let lines = of_class(&figure, "polyline", &format!("chart-line-arm-{index}"));
        let drawn = lines.iter().map(Element::points).any(|points| {
            let [from, to] = points[..] else { return false };
            let ends =
                (from.0 - px(mark.low.unwrap())).abs() < 0.3 && (to.0 - px(mark.high.unwrap())).abs() < 0.3;
            ends && (from.1 - mark.y).abs() < 0.3 && (to.1 - mark.y).abs() < 0.3
        });
        assert!(drawn, "no interval for {} in panel {}", mark.arm, mark.panel);
        assert!((mark.x - px(mark.value)).abs() < 1e-9);
        let zero = zeros.iter().map(Element::points).any(|points| {
            points.iter().all(|point| (point.0 - px(0.0)).abs() < 0.3)
                && points[0].1 < mark.y
                && points[1].1 > mark.y
        });
        assert!(zero, "no zero line beside {} in panel {}", mark.arm, mark.panel);
    }
}

#[test]
fn levels_carry_no_interval_and_a_difference_without_one_is_a_point() {
    let mut data = common::headline(3);
    let with = headline(&data, &window()).unwrap();
    for panel in &mut data.panels {
        for found in &mut panel.differences {
            (found.low, found.high, found.verdict) = (None, None, "not enough worlds".to_owned());
        }
    }
    let without = headline(&data, &window()).unwrap();
    // Batch is a ring, so every line in its colour belongs to an interval: one bar and two ends per panel.
    assert_eq!(of_class(&with, "polyline", "chart-line-arm-2").len(), 9);
    assert_eq!(of_class(&without, "polyline", "chart-line-arm-2").len(), 0);
    assert!(without.svg.contains("not enough worlds") && !without.svg.contains(" to "));
}

#[test]
fn curves_stand_on_their_values_with_the_dash_of_their_arm() {
    let data = common::daily(8, 84, 16, 0);
    let figure = daily(&data, &window()).unwrap();
    let PanelGeometry { x0, kx, y0, ky, .. } = figure.panels[0];
    for (curve, entry) in data.curves.iter().zip(&figure.legend) {
        let lines = of_class(&figure, "polyline", &format!("chart-line-arm-{}", entry.index));
        let line = lines.iter().find(|line| line.points().len() == 84).unwrap();
        assert_eq!(line.get("stroke-dasharray"), entry.dash, "{}", curve.arm);
        for (point, (x, y)) in curve.points.iter().zip(line.points()) {
            assert!(
                (x - x0 - f64::from(point.day) * kx).abs() < 0.3 && (y - y0 - point.mean * ky).abs() < 0.3
            );
        }
    }
    assert_eq!(figure.marks.len(), 8 * 84);
    assert!(figure.marks.iter().all(|m| (m.y - y0 - m.value * ky).abs() < 1e-9), "marks lie on the curve");
}

#[test]
fn one_world_has_curves_without_bands_and_two_have_them() {
    let bands = |worlds, days| {
        let figure = daily(&common::daily(3, days, worlds, 0), &window()).unwrap();
        elements(&figure.svg)
            .iter()
            .filter(|e| e.name == "polygon" && e.attributes.contains_key("opacity"))
            .count()
    };
    assert_eq!((bands(1, 84), bands(2, 84), bands(1, 1)), (0, 3, 0));
}

#[test]
fn the_title_says_when_days_are_averaged() {
    let title = |days, average| daily(&common::daily(3, days, 4, average), &window()).unwrap().title;
    assert_eq!(title(84, 7), "Orders per shopper per day, 7-day centred average");
    assert_eq!(title(84, 0), "Orders per shopper per day");
    assert_eq!(title(5, 7), "Orders per shopper per day", "five days have no average of seven");
}

#[test]
fn payback_days_are_lines_on_their_day_and_words() {
    let figure = cumulative(&common::cumulative(4, 84, 16), &window()).unwrap();
    let PanelGeometry { x0, kx, top, bottom, .. } = figure.panels[0];
    let lines = of_class(&figure, "polyline", "chart-line-arm-1");
    let upright = lines.iter().map(Element::points).any(|points| {
        let x = x0 + 13.0 * kx;
        points.len() == 2
            && points.iter().all(|p| (p.0 - x).abs() < 0.3)
            && points[0].1 <= top
            && (points[1].1 - bottom).abs() < 0.3
    });
    assert!(upright, "no vertical line on day 13");
    assert!(figure.svg.contains("Real-time: pays back on day 13"));
    assert!(figure.svg.contains("No promotions: never within 84 days"));
    assert!(figure.summary.contains("pays back on day 13"), "{}", figure.summary);
    let zero = of_class(&figure, "polyline", "chart-line-zero");
    let y0 = figure.panels[0].y0;
    assert!(zero.iter().map(Element::points).any(|p| (p[0].1 - y0).abs() < 0.3 && p[1].0 - p[0].0 > 500.0));
}

#[test]
fn the_bridge_tells_gains_from_losses_without_colour_and_connects_its_steps() {
    let data = common::bridge(61_204.18);
    let figure = bridge(&data, &window()).unwrap();
    let PanelGeometry { x0, kx, .. } = figure.panels[0];
    let outlines = of_class(&figure, "polyline", "chart-line-arm-1");
    let outlines: Vec<Vec<(f64, f64)>> =
        outlines.iter().map(Element::points).filter(|p| p.len() == 5).collect();
    assert_eq!(outlines.len(), 4, "one hatched outline per loss");
    let bars = of_class(&figure, "polygon", "chart-fill-arm-1");
    let bars = bars.iter().map(Element::points).filter(|p| p.len() == 4).count();
    assert_eq!(bars, 3, "two gains and the total are solid");
    let mut running = 0.0;
    for (step, mark) in data.steps.iter().zip(&figure.marks).take(8) {
        let middle = x0 + (running + step.amount / 2.0) * kx;
        assert!((mark.x - middle).abs() < 1e-6 && mark.value == step.amount, "{}", step.step);
        running += step.amount;
    }
    let upright = |points: &Vec<(f64, f64)>| points.len() == 2 && (points[0].1 - points[1].1).abs() < 20.0;
    let zeros = of_class(&figure, "polyline", "chart-line-zero");
    assert_eq!(zeros.iter().map(Element::points).filter(upright).count(), data.steps.len() - 1);
    assert!(figure.svg.contains("−€31,662.75") && figure.svg.contains("€111,673.09"));
}

#[test]
fn a_bridge_whose_scale_does_not_start_at_zero_says_so() {
    assert!(bridge(&common::bridge(1_204_331.18), &window()).unwrap().svg.contains("the two totals are cut"));
    assert!(!bridge(&common::bridge(61_204.18), &window()).unwrap().svg.contains("the two totals are cut"));
    let loss = bridge(&common::bridge(-90_000.0), &window()).unwrap();
    assert!(!loss.svg.contains("the two totals are cut"));
    assert_legible(&loss);
}

#[test]
fn no_text_becomes_markup() {
    let evil = "</text><script>alert('1')</script>&\"\u{0}\n<";
    for look in [window(), Look::standalone(Theme::Light, evil)] {
        let mut one = common::headline(3);
        one.arms.iter_mut().for_each(|arm| arm.display = evil.to_owned());
        one.panels.iter_mut().for_each(|panel| panel.title = evil.to_owned());
        one.panels.iter_mut().for_each(|panel| panel.measure = evil.to_owned());
        let mut two = common::cumulative(3, 84, 2);
        two.arms.iter_mut().for_each(|arm| arm.display = evil.to_owned());
        let mut three = common::bridge(1e6);
        (three.arm.display, three.basis) = (evil.to_owned(), evil.to_owned());
        let figures = [headline(&one, &look), cumulative(&two, &look), bridge(&three, &look)];
        for figure in figures.map(Result::unwrap) {
            let names: Vec<String> = elements(&figure.svg).into_iter().map(|element| element.name).collect();
            let known = ["svg", "text", "rect", "polyline", "polygon", "circle", "line"];
            assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
            assert!(figure.svg.contains("&lt;script&gt;") && !figure.svg.contains('\u{0}'));
        }
    }
}

#[test]
fn the_window_gets_a_class_for_every_colour_and_the_stylesheet_knows_them_all() {
    let rules = stylesheet();
    for figure in every_figure(8, &window()) {
        for element in elements(&figure.svg) {
            let coloured = element.get("fill").starts_with('#') || element.get("stroke").starts_with('#');
            assert_eq!(coloured, element.attributes.contains_key("class"), "{element:?}");
            assert!(!coloured || rules.contains(&format!(".{} {{", element.get("class"))), "{element:?}");
            for refused in ["style", "id", "onclick", "href"] {
                assert!(!element.attributes.contains_key(refused), "{element:?}");
            }
        }
        assert!(!figure.svg.contains("#CF"), "a sentinel colour is left over");
    }
}

#[test]
fn a_standalone_picture_has_background_title_legend_and_stamp_and_no_class() {
    for theme in [Theme::Light, Theme::Dark] {
        let figure = daily(&common::daily(4, 84, 16, 0), &Look::standalone(theme, "seed 7")).unwrap();
        let all = elements(&figure.svg);
        let background = if theme == Theme::Light { "#FFFFFF" } else { "#16191D" };
        assert_eq!((all[1].name.as_str(), all[1].get("fill")), ("rect", background));
        assert!(all.iter().all(|element| !element.attributes.contains_key("class")));
        let count = |words: &str| texts(&figure.svg).iter().filter(|text| text.words == words).count();
        assert_eq!((count(&figure.title), count("seed 7"), count("Real-time")), (1, 1, 2));
        assert_eq!(all[0].get("aria-label"), figure.summary);
    }
}

#[test]
fn tables_are_unrounded_with_units_and_three_ends() {
    let csv = headline(&common::headline(3), &window()).unwrap().table.to_csv();
    let head = csv.lines().next().unwrap();
    assert!(
        head.contains("contribution per shopper low [EUR],contribution per shopper mean [EUR]"),
        "{head}"
    );
    assert!(head.contains("\"orders per session mean [share, 0 to 1]\""), "{head}");
    assert_eq!(csv.lines().count(), 1 + 3 + 2);
    for look in [window()] {
        for figure in every_figure(4, &look) {
            let width = figure.table.columns.len();
            assert!(figure.table.rows.iter().all(|row| row.len() == width), "{}", figure.name);
        }
    }
    let steps = bridge(&common::bridge(61_204.18), &window()).unwrap().table;
    assert_eq!(steps.rows[4], [Cell::Text("reward on subsidised".to_owned()), Cell::Number(-31_662.75)]);
}

#[test]
fn the_summary_is_one_sentence_with_numbers() {
    let figure = headline(&common::headline(4), &window()).unwrap();
    let expected =
        "Real-time: orders per shopper +0.024 (+0.014 to +0.034), higher, contribution per shopper +€1.21";
    assert!(figure.summary.starts_with("Compared with Today, "), "{}", figure.summary);
    assert!(figure.summary.contains(expected) && figure.summary.ends_with('.'), "{}", figure.summary);
}

/// Goal: what reaches a page is finished text; the exact values stay behind.
#[test]
fn a_figure_reaches_a_page_as_text() {
    let figure = bridge(&common::bridge(1e6), &window()).unwrap();
    let json = serde_json::to_value(&figure).unwrap();
    assert!(json["marks"][0]["value"].is_null() && json["marks"][0]["x"].is_number());
    assert_eq!(json["table"]["rows"][0][1], "1,000,000");
    assert_eq!(json["table"]["columns"][1]["numeric"], true);
    assert_eq!(json["table"]["columns"][0]["numeric"], false);
    assert_eq!(figure.table.rows[0][1], Cell::Number(1e6));
}

#[test]
fn data_that_cannot_be_drawn_are_refused_by_name() {
    let mut data = common::headline(3);
    data.panels[0].levels[0].arm = "ghost".to_owned();
    let error = headline(&data, &window()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "figure `headline` has data of arm `ghost`, which is not among its arms: control, status-quo, batch"
    );
    let empty = |result: Result<Figure, ChartError>| matches!(result, Err(ChartError::Empty { .. }));
    assert!(empty(daily(&common::daily(3, 0, 1, 0), &window())));
    assert!(empty(cumulative(&common::cumulative(3, 0, 1), &window())));
    let mut steps = common::bridge(1.0);
    steps.steps[2].amount = f64::NAN;
    assert!(empty(bridge(&steps, &window())));
    steps.steps.truncate(1);
    assert!(empty(bridge(&steps, &window())));
}
