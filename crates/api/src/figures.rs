//! Figures: from the comparison to the charts, and from the charts to what the window shows.
//!
//! An arm wears the same style in every figure of a run, whichever arms are shown. The reference arm is always shown.

mod data;

use counterfoil_chart::{self as chart, Look};

use crate::api::Api;
use crate::compare::Facts;
use crate::dto::{
    ApiError, Cell, ExportFormat, Figure, FigureName, FigureRequest, LabelValue, LegendEntry, LiveCurve,
    Mark, Table, TableColumn, Theme,
};
use crate::error::Answered;
use crate::words::count;

pub(crate) use data::Chosen;

impl Api {
    /// A figure for the window.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run or an arm that does not exist;
    /// [`crate::dto::ErrorCode::InvalidInput`] where there is nothing to draw.
    pub fn figure(&self, request: &FigureRequest) -> Result<Figure, ApiError> {
        Ok(dto(self.drawn(request, &Look::window(look_theme(request.theme)))?))
    }

    /// A figure as a text that leaves: its table as CSV, or a picture that is readable on its own.
    ///
    /// # Errors
    /// As [`Api::figure`].
    pub fn export_figure(&self, request: &FigureRequest, format: ExportFormat) -> Result<String, ApiError> {
        let facts = Facts::load(self, &request.run)?;
        let look = Look::standalone(look_theme(request.theme), &facts.stamp());
        let figure = facts.draw(request, &look)?;
        Ok(match format {
            ExportFormat::Csv => figure.table.to_csv(),
            ExportFormat::Svg => figure.svg,
        })
    }

    fn drawn(&self, request: &FigureRequest, look: &Look) -> Answered<chart::Figure> {
        Facts::load(self, &request.run)?.draw(request, look)
    }

    /// The first world's daily curves so far; without a band, because one world has none.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::InvalidInput`] while there is no day to draw.
    pub fn progress_figure(
        &self,
        curves: &[LiveCurve],
        currency: &str,
        theme: Theme,
    ) -> Result<Figure, ApiError> {
        let data = data::growing(curves, currency);
        Ok(dto(chart::daily(&data, &Look::window(look_theme(theme)))?))
    }
}

impl Facts {
    /// Draws what was asked for.
    pub(crate) fn draw(&self, request: &FigureRequest, look: &Look) -> Answered<chart::Figure> {
        let chosen = Chosen::of(self, request)?;
        Ok(match request.name {
            FigureName::Headline => chart::headline(&self.headline_data(&chosen)?, look)?,
            FigureName::Daily => chart::daily(&self.daily_data(&chosen)?, look)?,
            FigureName::Cumulative => chart::cumulative(&self.cumulative_data(&chosen)?, look)?,
            FigureName::Bridge => chart::bridge(&self.bridge_data(&chosen)?, look)?,
        })
    }

    /// What has to stand on everything that leaves the program.
    pub(crate) fn stamp(&self) -> String {
        let run = &self.record.run;
        format!(
            "Counterfoil {} · {} {} · seed {} · {} worlds of {} shoppers · {} days",
            run.engine_version,
            run.scenario,
            run.scenario_hash.get(..8).unwrap_or_default(),
            run.seed,
            self.units.len(),
            count(u64::from(run.shoppers)),
            run.days
        )
    }
}

pub(crate) fn look_theme(theme: Theme) -> chart::Theme {
    match theme {
        Theme::Light => chart::Theme::Light,
        Theme::Dark => chart::Theme::Dark,
    }
}

fn dto(figure: chart::Figure) -> Figure {
    let label = |line: chart::LabelValue| LabelValue { label: line.label, value: line.value };
    Figure {
        name: figure.name,
        title: figure.title,
        svg: figure.svg,
        width: figure.width,
        height: figure.height,
        summary: figure.summary,
        marks: figure
            .marks
            .into_iter()
            .map(|mark| Mark {
                panel: mark.panel,
                series: mark.series,
                arm: mark.arm,
                x: mark.x,
                y: mark.y,
                label: mark.label,
                lines: mark.lines.into_iter().map(label).collect(),
            })
            .collect(),
        table: Table {
            columns: figure
                .table
                .columns
                .into_iter()
                .map(|column| TableColumn { name: column.name, unit: column.unit })
                .collect(),
            rows: figure.table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
        },
        legend: figure
            .legend
            .into_iter()
            .map(|entry| LegendEntry {
                arm: entry.arm,
                display: entry.display,
                index: entry.index as u32,
                dash: entry.dash,
                marker: entry.marker,
            })
            .collect(),
    }
}

fn cell(cell: chart::Cell) -> Cell {
    match cell {
        chart::Cell::Empty => Cell::Empty,
        chart::Cell::Number(number) => Cell::Number(number),
        chart::Cell::Text(text) => Cell::Text(text),
    }
}
