"""Rosters: lists of team members and of households, as communes keep them in workbooks, into checked rows.

The road: `Sheet` (a grid) -> `layout_of` (which column means what; a person may correct it) -> `read_rosters` (good
rows and bad cells) -> `plan` (what an import would add, change and leave). Nothing here touches a file or a database.
"""
