"""Signing in and out."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_login import logout_user

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
def form() -> Any:
    return render_template("sign_in/form.html")


@pages.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Any:
    return redirect(url_for("sign_in.form"))


@pages.post("/sign-out")
def leave() -> Any:
    logout_user()
    return redirect(url_for("sign_in.form"))
