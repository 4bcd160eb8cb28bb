"""The forms of where places lie: a GeoJSON file, and a point typed by hand."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField

from tdteam.web.forms.base import Form


class ShapeFileForm(Form):
    """A GeoJSON file."""

    file = FileField(
        _l("GeoJSON file"), [FileRequired(_l("Choose a file first."))], render_kw={"accept": ".geojson,.json"}
    )


class PointForm(Form):
    """A place's point as a map application copies it."""

    at = StringField(_l("Latitude, longitude"))
