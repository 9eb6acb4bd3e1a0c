//! Writes every figure in both themes into the folder named by `COUNTERFOIL_GALLERY`, for people who change charts
//! and want to look at them; without the variable it only checks that all of them can be drawn.
#![allow(clippy::unwrap_used)]

mod common;

use counterfoil_chart::{Figure, Look, Theme, bridge, cumulative, daily, headline};

fn all(look: &Look) -> Vec<(String, Figure)> {
    let mut figures = Vec::new();
    for arms in [3, 4, 8] {
        figures.push((format!("headline-{arms}"), headline(&common::headline(arms), look).unwrap()));
        figures.push((format!("daily-{arms}"), daily(&common::daily(arms, 84, 16, 0), look).unwrap()));
        figures.push((
            format!("cumulative-{arms}"),
            cumulative(&common::cumulative(arms, 84, 16), look).unwrap(),
        ));
    }
    figures.push(("daily-averaged".to_owned(), daily(&common::daily(4, 84, 16, 7), look).unwrap()));
    figures.push(("daily-growing".to_owned(), daily(&common::daily(4, 23, 1, 0), look).unwrap()));
    figures.push(("bridge-broken".to_owned(), bridge(&common::bridge(1_204_331.18), look).unwrap()));
    figures.push(("bridge-whole".to_owned(), bridge(&common::bridge(61_204.18), look).unwrap()));
    figures
}

#[test]
fn every_figure_can_be_drawn_in_every_look() {
    let folder = std::env::var_os("COUNTERFOIL_GALLERY").map(std::path::PathBuf::from);
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let stamp = "seed 20260401 · scenario 8f3a · Counterfoil 0.1.0 · 16 worlds of 20,000 shoppers";
        for (look, kind) in [(Look::window(theme), "window"), (Look::standalone(theme, stamp), "standalone")]
        {
            for (figure, drawn) in all(&look) {
                assert!(drawn.svg.ends_with("</svg>\n") && !drawn.marks.is_empty(), "{figure}");
                if let Some(folder) = &folder {
                    std::fs::write(folder.join(format!("{figure}-{name}-{kind}.svg")), &drawn.svg).unwrap();
                }
            }
        }
    }
}
