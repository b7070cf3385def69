"""Charts as SVG, drawn on the server in the active language, each with a title and a description.

``palette="page"`` for a page (colours by ``frontend/src/css/charts.css``), ``"print"`` for a document.
"""

from koers.analysis.charts.adoption import adoption_matrix, share_text, total_text
from koers.analysis.charts.compared import Course, Move, Pair, arrows, change_text, dumbbells, progress
from koers.analysis.charts.draw import WIDTH, Palette, decimal, percentage, standalone
from koers.analysis.charts.heat import HeatCell, HeatRow, heat_map, hidden_text
from koers.analysis.charts.levels import Stairs, next_text, staircases
from koers.analysis.charts.radar import radar
from koers.analysis.charts.rows import estimate_rows, index_bars, index_text, leadership_rows, perceived_rows
from koers.analysis.charts.spread import Distribution, Option, answer_bars, answer_strips, answered_text
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
    "Course",
    "Distribution",
    "HeatCell",
    "HeatRow",
    "Move",
    "Option",
    "Pair",
    "Palette",
    "Stairs",
    "adoption_matrix",
    "answer_bars",
    "answer_profile",
    "answer_strips",
    "answered_text",
    "arrows",
    "cells_of",
    "change_text",
    "coverage_text",
    "decimal",
    "dumbbells",
    "estimate_rows",
    "heat_map",
    "hidden_text",
    "index_bars",
    "index_text",
    "leadership_rows",
    "legend_entries",
    "legend_sample",
    "next_text",
    "perceived_rows",
    "percentage",
    "profile_strip",
    "progress",
    "radar",
    "share_text",
    "staircases",
    "standalone",
    "total_text",
]
