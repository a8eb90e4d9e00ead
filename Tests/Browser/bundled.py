"""A customer of a product whose chat is served from the copy that `scripts/bundle-web` writes."""

import shutil
import subprocess
import sys

import pytest

import server as servers
from conftest import Windows
from embedding import Host, Product

BUNDLE = servers.ROOT / "scripts/bundle-web"


@pytest.fixture(scope="module")
def bundle():
    """The copy, and what was printed of it."""
    folder = servers.temporary_folder()
    done = subprocess.run([sys.executable, BUNDLE, folder / "web"], capture_output=True, text=True,
                          check=False)
    yield folder / "web", done
    shutil.rmtree(folder)


@pytest.fixture
def bundled(bundle, workspace, chromium, monkeypatch):
    """A customer on none of the product's pages yet."""
    monkeypatch.setenv("MAITRED_WEB_STATIC", str(bundle[0]))
    folder = servers.temporary_folder()
    running = workspace.copy(folder / "data").start()
    product = Product(running)
    windows = Windows(chromium, running)
    yield Host(windows.page(), product)
    windows.close()
    product.close()
    running.kill()
    shutil.rmtree(folder)
    assert windows.problems == []
