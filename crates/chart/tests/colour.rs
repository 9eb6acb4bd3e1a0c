//! Measures the eight arm styles: contrast on both backgrounds, and distance for three kinds of colour blindness.
#![allow(clippy::unwrap_used)]

use counterfoil_chart::arms::arm_colour;
use counterfoil_chart::{
    Headline, LegendEntry, Level, Look, Panel, Theme, Unit, arm_styles, headline, token_colour,
};

type Triple = [f64; 3];

/// Machado, Oliveira and Fernandes 2009, table 1, severity 1.0: on linear RGB.
const BLIND: [(&str, [Triple; 3]); 4] = [
    ("nobody", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    ),
    (
        "deutan",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    (
        "tritan",
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ),
];

fn linear(colour: &str) -> Triple {
    let channel = |i: usize| {
        let value = f64::from(u8::from_str_radix(&colour[1 + 2 * i..3 + 2 * i], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    [channel(0), channel(1), channel(2)]
}

fn times(matrix: &[Triple; 3], v: Triple) -> Triple {
    [0, 1, 2].map(|i| (0..3).map(|k| matrix[i][k] * v[k]).sum::<f64>())
}

/// CIELAB of linear sRGB, white point D65.
fn lab(rgb: Triple) -> Triple {
    let to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ];
    let xyz = times(&to_xyz, rgb.map(|channel| channel.clamp(0.0, 1.0)));
    let white = [0.95047, 1.0, 1.08883];
    let f = |t: f64| if t > 216.0 / 24389.0 { libm::cbrt(t) } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [0, 1, 2].map(|i| f(xyz[i] / white[i]));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIE 1976 colour difference.
fn difference(a: Triple, b: Triple) -> f64 {
    let (a, b) = (lab(a), lab(b));
    (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum::<f64>().sqrt()
}

/// WCAG 2 contrast.
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |colour: &str| {
        let [r, g, b] = linear(colour);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn legend() -> Vec<LegendEntry> {
    let names = ["control", "realtime", "batch", "status-quo", "a", "b", "c", "d"];
    let arms = arm_styles(&names.map(|name| (name.to_owned(), name.to_owned())));
    let levels = vec![Level { arm: "control".to_owned(), mean: 1.0 }];
    let (title, measure) = ("Margin".to_owned(), "contribution per shopper".to_owned());
    let panel = Panel { title, measure, unit: Unit::Plain, levels, differences: vec![], secondary: None };
    let data = Headline { arms, reference: "control".to_owned(), panels: vec![panel] };
    headline(&data, &Look::window(Theme::Light)).unwrap().legend
}

#[test]
fn the_measuring_is_right_where_the_answer_is_known() {
    assert!((contrast("#000000", "#FFFFFF") - 21.0).abs() < 1e-9);
    assert!((lab(linear("#FF0000"))[0] - 53.24).abs() < 0.01);
    for (kind, matrix) in &BLIND {
        let grey = times(matrix, [0.3, 0.3, 0.3]);
        assert!(grey.iter().all(|channel| (channel - 0.3).abs() < 1e-5), "{kind}: grey must stay grey");
    }
}

#[test]
fn lines_and_words_stand_out_from_both_backgrounds() {
    for theme in [Theme::Light, Theme::Dark] {
        let surface = token_colour("surface", theme).unwrap();
        for index in 0..8 {
            // Names at the ends of curves are set in the arm's colour: text, so 4.5 for all and not only for two.
            let found = contrast(arm_colour(index, theme), surface);
            assert!(found >= 4.5, "style {index} on {surface}: {found:.2}");
        }
        for (token, least) in [("text", 7.0), ("muted", 4.5), ("zero", 3.0)] {
            let found = contrast(token_colour(token, theme).unwrap(), surface);
            assert!(found >= least, "{token} on {surface}: {found:.2}");
        }
    }
}

#[test]
fn any_two_arms_differ_in_colour_and_in_dash_and_marker() {
    let legend = legend();
    for theme in [Theme::Light, Theme::Dark] {
        for (kind, matrix) in &BLIND {
            for a in &legend {
                for b in legend.iter().filter(|b| b.index < a.index) {
                    let seen = |entry: &LegendEntry| times(matrix, linear(arm_colour(entry.index, theme)));
                    let distance = difference(seen(a), seen(b));
                    // Control and realtime are both solid; their widths differ.
                    let shapes = a.marker != b.marker && (a.dash != b.dash || (a.index, b.index) == (1, 0));
                    let words = format!("{} and {}, {kind}, {theme:?}: {distance:.1}", a.index, b.index);
                    assert!(distance >= 10.0 && shapes, "{words}");
                }
            }
        }
    }
}

#[test]
fn the_two_main_arms_are_far_apart_for_everyone() {
    for theme in [Theme::Light, Theme::Dark] {
        for (kind, matrix) in &BLIND {
            let [a, b] = [1, 2].map(|index| times(matrix, linear(arm_colour(index, theme))));
            assert!(difference(a, b) >= 80.0, "{kind}: {}", difference(a, b));
        }
    }
}

#[test]
fn every_arm_has_a_marker_of_its_own_and_known_arms_keep_their_style() {
    let legend = legend();
    let mut markers: Vec<&str> = legend.iter().map(|entry| entry.marker.as_str()).collect();
    markers.sort_unstable();
    markers.dedup();
    assert_eq!(markers.len(), 8);
    let pair = |name: &str| (name.to_owned(), name.to_owned());
    let few = arm_styles(&[pair("mine"), pair("batch"), pair("control")]);
    assert_eq!(few.iter().map(|arm| arm.index).collect::<Vec<_>>(), [4, 2, 0]);
    let many: Vec<(String, String)> = (0..8).map(|i| pair(&format!("arm-{i}"))).collect();
    let indices: Vec<usize> = arm_styles(&many).iter().map(|arm| arm.index).collect();
    assert_eq!(indices[..7], [4, 5, 6, 7, 1, 2, 3], "only control wears the neutral line");
}
