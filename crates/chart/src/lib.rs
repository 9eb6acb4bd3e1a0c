//! All charts of Counterfoil: data in, SVG out, together with everything a window needs to make the picture answer.
//!
//! Four functions draw the four figures: [`headline`], [`daily`], [`cumulative`] and [`bridge`]. Each takes plain
//! data and a [`Look`] and returns a [`Figure`]: the SVG, one sentence for screen readers, every data mark with its
//! position, the legend and the table behind the picture. The crate reads no file and no database.
//!
//! Promises:
//! - differences carry their 95 % interval; levels carry none, because overlapping level bars mislead where the
//!   same shoppers stand behind every arm;
//! - hue, dash and marker always go together, so a grey photocopy stays readable;
//! - all text is escaped, no element carries a script, a style attribute or an id;
//! - no two texts overlap and none is cut, up to eight arms with names of thirty characters.
//!
//! Start at [`figure`] for what comes out, at [`data`] for what goes in, at [`arms`] for the palette.

pub mod arms;
mod bridge;
mod canvas;
mod cumulative;
mod curves;
mod daily;
pub mod data;
mod error;
pub mod figure;
mod headline;
mod ink;
mod look;
mod panel;
mod scale;
mod svg;
mod text;
mod visible;

pub use arms::{ArmStyle, LegendEntry, arm_styles};
pub use bridge::bridge;
pub use counterfoil_core::number::{Purse, Unit};
pub use cumulative::cumulative;
pub use daily::daily;
pub use data::{
    Bridge, BridgeStep, Cumulative, Curve, Daily, DayPoint, Difference, Headline, Level, Panel, Payback,
    Secondary,
};
pub use error::ChartError;
pub use figure::{Cell, Column, Figure, LabelValue, Mark, PanelGeometry, Table};
pub use headline::headline;
pub use ink::{stylesheet, token_colour};
pub use look::{Look, Theme};
pub use visible::{is_obeyed, visible, visible_but};
