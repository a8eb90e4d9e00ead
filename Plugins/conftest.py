"""What the plugins' tests share: the bench and the played servers of tools/plugin_bench.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
