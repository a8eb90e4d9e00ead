#!/usr/bin/env python3
"""Writes everything that follows from the message definitions in Sources/Gateway/Wire.

    tools/generate-messages.py           write what changed
    tools/generate-messages.py --check   change nothing; exit 1 if anything would change

Needs Python 3.9 and nothing else.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from messages import definitions, javascript, markdown, swift_codes, swift_messages, swift_types

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "Sources/Gateway/Wire"
SWIFT = SOURCE / "Generated"


def outputs(protocol):
    """Every generated file: path and text."""
    files = {}
    for generate in (swift_types.files, swift_messages.files, swift_codes.files):
        for name, text in generate(protocol).items():
            files[SWIFT / name] = text
    for name, text in javascript.files(protocol).items():
        files[ROOT / "web-static/shared" / name] = text
    introduction = (SOURCE / "introduction.md").read_text()
    files[ROOT / "Documentation/protocol.md"] = markdown.page(protocol, introduction)
    return files


def main(arguments):
    if any(argument != "--check" for argument in arguments):
        sys.exit(__doc__)
    try:
        files = outputs(definitions.load(SOURCE))
    except definitions.Mistake as mistake:
        sys.exit(f"generate-messages: {mistake}")
    stale = [path for path, text in files.items()
             if not path.exists() or path.read_text() != text]
    orphans = [path for path in sorted(SWIFT.glob("*.swift")) if path not in files]
    if "--check" in arguments:
        for path in stale + orphans:
            print(f"out of date: {path.relative_to(ROOT)}", file=sys.stderr)
        if stale or orphans:
            sys.exit("generate-messages: run tools/generate-messages.py")
        return
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path])
        print(path.relative_to(ROOT))
    for path in orphans:
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
