"""Write docs/perintah.md from the commands themselves; ``tests/test_docs.py`` holds it current."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli import COMMANDS, cli

PATH = Path(__file__).with_name("perintah.md")
_HEAD = """# Commands

Written by `make docs` from the commands; do not edit. Exit codes: 0 done, 1 fault of ours, 2 bad input or options.
"""


def reference() -> str:
    """Return the page's text."""
    parent = click.Context(cli, info_name="disposisi", max_content_width=110, terminal_width=110)
    parts = [_HEAD]
    for name in COMMANDS:
        command = cli.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent, max_content_width=110, terminal_width=110)
        parts.append(f"## disposisi {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
