"""The first page after sign-in."""

from flask import Blueprint, render_template

pages = Blueprint("home", __name__)


@pages.get("/")
def index() -> str:
    return render_template("home/index.html")
