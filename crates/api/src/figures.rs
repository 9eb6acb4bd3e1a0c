//! Figures for the window, and as texts that leave.

use counterfoil_chart::Look;
use counterfoil_results::growing;

use crate::api::Api;
use crate::dto::{ApiError, ExportFormat, Figure, FigureRequest, LiveCurve, Theme};

impl Api {
    /// A figure for the window.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run or an arm that does not exist;
    /// [`crate::dto::ErrorCode::InvalidInput`] where there is nothing to draw.
    pub fn figure(&self, request: &FigureRequest) -> Result<Figure, ApiError> {
        Ok(self.facts(&request.run)?.draw(request, &Look::window(request.theme))?)
    }

    /// A figure as a text that leaves: its table as CSV, or a picture that is readable on its own.
    ///
    /// # Errors
    /// As [`Api::figure`].
    pub fn export_figure(&self, request: &FigureRequest, format: ExportFormat) -> Result<String, ApiError> {
        let facts = self.facts(&request.run)?;
        let look = Look::standalone(request.theme, &facts.stamp());
        let figure = facts.draw(request, &look)?;
        Ok(match format {
            ExportFormat::Csv => figure.table.to_csv(),
            ExportFormat::Svg => figure.svg,
        })
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
        Ok(counterfoil_chart::daily(&growing(curves, currency), &Look::window(theme))?)
    }
}
