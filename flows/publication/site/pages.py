"""Every file of the site; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.publication.reader_notes import DECIMAL_MARK, version_line, warnings
from flows.publication.site.bloc_figures import BlocFigures, bloc_figures
from flows.publication.site.data import data
from flows.publication.site.dcat import data_files
from flows.publication.site.fields import field_pages, heat_map
from flows.publication.site.method import method
from flows.publication.site.ranking import ranking
from flows.publication.site.survey_sheet import LEAST, SurveySheet
from flows.publication.site.templating import environment, static_files
from flows.publication.site.units import unit_pages
from flows.publication.site.versions import MOST, versions
from flows.publication.site_input import SiteInput

MENU = (
    ("index.html", "Kết quả", "Results"),
    ("fields.html", "Theo lĩnh vực", "By field"),
    ("method.html", "Phương pháp", "Method"),
    ("survey.html", "Điều tra", "Survey"),
    ("data.html", "Dữ liệu", "Data"),
    ("versions.html", "Phiên bản", "Versions"),
    ("verify.html", "Kiểm chứng", "Verify"),
)
Told = Mapping[str, object]


def site_pages(given: SiteInput) -> Iterator[tuple[str, bytes]]:
    """Relative path and bytes of every file of the site, each made when it is asked for."""
    common = {
        "given": given,
        "version": version_line(given),
        "warnings": list(warnings(given)),
        "decimal_mark": DECIMAL_MARK,
        "menu": MENU,
    }
    blocs = list(bloc_figures(given))
    yield from (static_files() | data_files(given)).items()
    for page, told in _shared(given, blocs):
        yield page, environment().get_template(page).render(**common, **told, root="", page=page).encode()
    field = environment().get_template("field.html")
    for path, told in field_pages(given, blocs):
        yield path, field.render(**common | dict(told), root="../", page="fields.html").encode()
    for path, text in unit_pages(given, blocs, common):
        yield path, text.encode()


def _shared(given: SiteInput, blocs: Sequence[BlocFigures]) -> Iterator[tuple[str, Told]]:
    """(page, what it is rendered from) of the pages there is one of."""
    yield "index.html", ranking(given)
    yield "fields.html", heat_map(given, blocs)
    yield "method.html", method(given)
    yield "survey.html", {"blocs": list(SurveySheet(given).blocs()), "least": LEAST}
    yield "data.html", data(given)
    yield "versions.html", versions(given) | {"most": MOST}
    yield "verify.html", {}
