"""Numbers, money and dates as each language writes them; in Dutch the Belgian way: 1.234,5 and € 12.500."""

from datetime import date

from django.utils.formats import date_format

NBSP = "\u00a0"


def number(value: float, language: str) -> str:
    """At most two decimals, thousands apart."""
    written = f"{value:,.2f}".rstrip("0").rstrip(".")
    if language == "nl":
        return written.translate(str.maketrans(",.", ".,"))
    return written


def money(value: float, language: str) -> str:
    written = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    if language == "nl":
        return f"€{NBSP}{written.translate(str.maketrans(',.', '.,'))}"
    return f"€{written}"


def percent(value: float, language: str) -> str:
    return f"{number(value, language)}{NBSP if language == 'nl' else ''}%"


def day(value: date, language: str) -> str:
    """23 november 2026 in Dutch, 23 November 2026 in English. Call it while the language is active."""
    return date_format(value, "j F Y")
