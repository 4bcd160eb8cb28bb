"""Help and the privacy notice: open to everybody."""

from flask import Blueprint, render_template

pages = Blueprint("help", __name__)


@pages.get("/help")
def index() -> str:
    return render_template("help/index.html")


@pages.get("/privacy")
def privacy() -> str:
    return render_template("help/privacy.html")
