"""A figure of the results to take along: as SVG or PNG the chart, as CSV or XLSX its table."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koers.analysis.answer_figures import workbook_shelf
from koers.analysis.figures import ALL, Shelf
from koers.analysis.measured_views import read_compare_page, read_measured_page
from koers.analysis.queries import results_of
from koers.assessment.access import opens_measurement
from koers.assessment.models import Measurement
from koers.documents.pdf.engine import picture
from koers.kit import sheets
from koers.organisations.access import Ability
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook

_PIXELS_PER_INCH = 240
_SVG, _PNG = "image/svg+xml", "image/png"


def _attached(data: bytes, content_type: str, shelf: Shelf, what: str, form: str) -> HttpResponse:
    name = f"{shelf.name[:80].strip('-')}-{slugify(what)[:60].strip('-')}.{form}".lstrip("-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)


def figure_file(shelf: Shelf, figure_id: str, form: str) -> HttpResponse:
    """A figure of a page as a file, or 404; all tables of the page as the sheets of one workbook."""
    if figure_id == ALL and form == "xlsx" and shelf.figures:
        tables = [each.sheet for each in shelf.figures.values()]
        data = sheets.to_xlsx(tables, title=f"{shelf.title} · {shelf.source}")
        return _attached(data, sheets.XLSX_TYPE, shelf, _("all tables"), form)
    figure = shelf.figures.get(figure_id)
    if figure is None:
        raise Http404
    match form:
        case "csv":
            return _attached(sheets.to_csv(figure.sheet), sheets.CSV_TYPE, shelf, figure.title, form)
        case "xlsx":
            data = sheets.to_xlsx([figure.sheet], title=f"{figure.title} · {shelf.source}")
            return _attached(data, sheets.XLSX_TYPE, shelf, figure.title, form)
        case "svg" | "png":
            drawn = str(figure.svg(shelf.source))
            if not drawn:
                raise Http404
            if form == "svg":
                return _attached(drawn.encode(), _SVG, shelf, figure.title, form)
            return _attached(picture(drawn, _PIXELS_PER_INCH), _PNG, shelf, figure.title, form)
    raise Http404


@require_safe
@opens_workbook(Ability.READ)
def workbook_figure(request: HttpRequest, workbook: Workbook, figure: str, form: str) -> HttpResponse:
    """A figure of the workbook's present answers."""
    return figure_file(workbook_shelf(workbook, results_of(workbook)), figure, form)


@require_safe
@opens_measurement(Ability.READ)
def measured_figure(request: HttpRequest, measurement: Measurement, figure: str, form: str) -> HttpResponse:
    """A figure of the results of a measurement."""
    return figure_file(read_measured_page(request, measurement).shelf, figure, form)


@require_safe
@opens_measurement(Ability.READ)
def compared_figure(request: HttpRequest, measurement: Measurement, figure: str, form: str) -> HttpResponse:
    """A figure of a measurement beside an earlier one."""
    shelf = read_compare_page(request, measurement).shelf
    if shelf is None:
        raise Http404
    return figure_file(shelf, figure, form)
