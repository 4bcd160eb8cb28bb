"""WebKitGTK by its own driver, in the few words of W3C WebDriver that a journey needs. Debian: webkit2gtk-driver and xvfb."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

DRIVER = os.environ.get("TDTEAM_WEBKIT_DRIVER") or shutil.which("WebKitWebDriver")
SCREEN = shutil.which("Xvfb")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 90
"""Seconds to wait at most for something to be seen; a busy machine takes its time."""


class WebKit:
    """One browser. `find` waits for what a CSS selector names and holds the words."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        options = {"webkitgtk:browserOptions": {"args": ["--automation"]}}
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self.base += f"/session/{answer['sessionId']}"
        self.ask("POST", "/timeouts", {"script": 60_000, "pageLoad": 120_000})

    def ask(self, method: str, path: str, told: Any = None) -> Any:
        """One command; raises with what the driver said."""
        data = None if method in ("GET", "DELETE") else json.dumps(told or {}).encode()
        request = urllib.request.Request(  # noqa: S310
            self.base + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode('utf-8', 'replace')[:500]}") from error

    def open(self, url: str) -> None:
        self.ask("POST", "/url", {"url": url})

    def reload(self) -> None:
        self.ask("POST", "/refresh")

    def run(self, script: str, *given: Any) -> Any:
        """The value a function body returns; it may wait."""
        whole = f"const done = arguments[arguments.length - 1]; (async (...given) => {{ {script} }})(...arguments).then((value) => done([value]), (error) => done({{error: String(error)}}))"
        answer = self.ask("POST", "/execute/async", {"script": whole, "args": list(given)})
        if isinstance(answer, dict):
            raise RuntimeError(answer["error"])
        return answer[0]

    def wait(self, script: str, *given: Any) -> Any:
        """Until a function body returns something true."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(RuntimeError):  # between two pages there is none to ask
                if found := self.run(script, *given):
                    return found
            time.sleep(0.2)
        seen = self.run("return document.body.innerText")
        raise AssertionError(f"never came: {script} {given}\n{seen[:1500]}")

    def find(self, selector: str, words: str = "") -> str:
        """The id of the first element in sight."""
        look = """return [...document.querySelectorAll(given[0])].find((one) => one.offsetParent !== null
            && one.textContent.includes(given[1])) ?? null"""
        found: dict[str, str] = self.wait(look, selector, words)
        return found[ELEMENT]

    def click(self, selector: str, words: str = "") -> None:
        """Touch it as a finger does; what covers it is an error."""

        def touch(element: str) -> None:
            self.run("given[0].scrollIntoView({block: 'center', behavior: 'instant'})", {ELEMENT: element})
            self.ask("POST", f"/element/{element}/click")

        self._upon(selector, words, touch)

    def type(self, selector: str, text: str) -> None:
        self._upon(
            selector, "", lambda element: self.ask("POST", f"/element/{element}/value", {"text": text})
        )

    def _upon(self, selector: str, words: str, deed: Callable[[str], object]) -> None:
        """Do it to what is found. Drawn anew between finding and doing, it was not touched yet: it is found again."""
        for left in reversed(range(5)):
            try:
                deed(self.find(selector, words))
                return
            except RuntimeError as error:
                if not left or "stale element reference" not in str(error):
                    raise


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK on a screen that nobody sees."""
    assert DRIVER and SCREEN
    with contextlib.ExitStack() as stack:
        read, write = os.pipe()
        screen = _start(
            stack, [SCREEN, "-displayfd", str(write), "-screen", "0", "800x1000x24"], pass_fds=(write,)
        )
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        assert display, f"no screen: Xvfb ended with {screen.poll()}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        quiet = {"DISPLAY": f":{display}", "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        more = {
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
        }
        _start(stack, [DRIVER, f"--port={port}"], env={**os.environ, **quiet, **more})
        _answers(port)
        browser = WebKit(port)
        try:
            yield browser
        finally:
            with contextlib.suppress(RuntimeError, OSError):
                browser.ask("DELETE", "")


def _start(stack: contextlib.ExitStack, words: list[str], **more: Any) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)

    def end() -> None:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    stack.callback(end)
    return process


def _answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError("WebKitWebDriver does not answer")
