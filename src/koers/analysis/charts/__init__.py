"""Charts as SVG, drawn on the server in the active language, each with a title and a description.

``palette="page"`` for a page (colours by ``frontend/src/css/charts.css``), ``"print"`` for a document.
"""

from koers.analysis.charts.adoption import adoption_matrix, share_text, total_text
from koers.analysis.charts.draw import WIDTH, Palette, decimal, percentage
from koers.analysis.charts.radar import radar
from koers.analysis.charts.rows import estimate_rows, index_bars, index_text, leadership_rows, perceived_rows
from koers.analysis.charts.strips import (
    answer_profile,
    cells_of,
    coverage_text,
    legend_entries,
    legend_sample,
    profile_strip,
)

__all__ = [
    "WIDTH",
    "Palette",
    "adoption_matrix",
    "answer_profile",
    "cells_of",
    "coverage_text",
    "decimal",
    "estimate_rows",
    "index_bars",
    "index_text",
    "leadership_rows",
    "legend_entries",
    "legend_sample",
    "perceived_rows",
    "percentage",
    "profile_strip",
    "radar",
    "share_text",
    "total_text",
]
