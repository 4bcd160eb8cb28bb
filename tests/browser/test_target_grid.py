"""The grid of targets is worked like a sheet: arrow keys, a block from Excel, saved whole."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.screens import Visitors

# What Excel puts on the clipboard.
PASTE = """([id, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.getElementById(id).dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
CELLS = "table[data-cells] tbody tr"


def grid(page: Page) -> list[list[str]]:
    """Ids of the inputs, row by row."""
    found: list[list[str]] = page.locator(CELLS).evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('input')].map(input => input.id))"
    )
    return found


def test_a_block_copied_in_excel_fills_the_cells_and_is_saved(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.goto("/targets/?span=2028")  # a year nobody else speaks of
    ids = grid(page)
    first, below, beside = ids[0][0], ids[1][0], ids[0][1]
    page.evaluate(PASTE, [first, '82,5\t95\r\n"83"\t\r\n120\t'])
    assert page.input_value(f"#{first}") == "82,5" and page.input_value(f"#{beside}") == "95"
    assert page.input_value(f"#{below}") == "83" and page.input_value(f"#{ids[1][1]}") == ""
    page.get_by_role("button", name="Lưu chỉ tiêu giao").click()
    error = page.locator(f"#{ids[2][0]}-error")
    expect(error).to_be_visible()  # 120 % of the third row; the rest is still there
    assert page.input_value(f"#{first}") == "82,5"
    page.fill(f"#{ids[2][0]}", "")
    page.get_by_role("button", name="Lưu chỉ tiêu giao").click()
    expect(page.locator("body")).to_contain_text("Đã lưu chỉ tiêu giao")
    assert page.input_value(f"#{below}") == "83"
    assert page.get_attribute(f"#{ids[2][0]}", "placeholder") == "82,5"  # the village takes the commune's


def test_arrow_keys_go_from_cell_to_cell(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.goto("/targets/?span=2027")
    ids = grid(page)

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id"))

    page.focus(f"#{ids[0][0]}")
    for key, wanted in (
        ("ArrowDown", ids[1][0]),
        ("ArrowRight", ids[1][1]),
        ("Enter", ids[2][1]),
        ("ArrowUp", ids[1][1]),
        ("ArrowLeft", ids[1][0]),
        ("Shift+Enter", ids[0][0]),
        ("ArrowUp", ids[0][0]),
    ):
        page.keyboard.press(key)
        assert focused() == wanted, key
    page.keyboard.type("82")
    page.keyboard.press("ArrowLeft")  # inside what is typed
    assert focused() == ids[0][0]
    page.keyboard.press("Control+a")
    page.keyboard.press("ArrowRight")
    assert focused() == ids[0][1]
