"""The list of what the server consists of is complete, and each part has version and licence."""

import hashlib
import json
import re
import subprocess

import pytest
from peers import ROOT
from peers.server import binary


@pytest.fixture(scope="module")
def parts():
    done = subprocess.run(
        [ROOT / "scripts/sbom", binary()], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return json.loads(done.stdout)["components"]


def loaded(program):
    """The libraries that a program loads, as the loader says; the kernel's own is none."""
    told = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0].rpartition("/")[2] for line in told.splitlines()}
    return {name for name in names if not name.startswith("linux-vdso")}


def test_every_library_that_is_loaded_is_in_it(parts):
    listed = {item["value"] for part in parts for item in part.get("properties", [])
              if item["name"] == "maitred:library"}
    host = binary().with_name("maitred-plugin-host")
    libraries = loaded(binary()) | loaded(host)
    assert {"libswiftCore.so", "libFoundation.so", "libsqlite3.so.0"} <= libraries
    assert libraries - listed == set()


def test_every_swift_package_is_in_it(parts):
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    wanted = {(pin["identity"], pin["state"]["version"]) for pin in pins}
    assert wanted and wanted <= {(part["name"], part["version"]) for part in parts}
    # What the manifest asks for has been resolved.
    manifest = (ROOT / "Package.swift").read_text()
    asked = {name.lower() for name in re.findall(r'https://github\.com/[^/"]+/([^/"]+?)(?:\.git)?"',
                                                 manifest)}
    assert asked and asked <= {name for name, _ in wanted}


def test_the_embeddings_in_the_program_are_in_it(parts):
    table = ROOT / "Sources/Triage/Resources/static-embeddings/table.bin"
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert [part["name"] for part in parts
            if {"alg": "SHA-256", "content": digest} in part.get("hashes", [])] == [
        "static-embeddings"]


def test_everything_in_it_has_a_version_and_a_licence(parts):
    lacking = [part["name"] for part in parts
               if not part["version"] or not part.get("licenses")]
    assert lacking == []
