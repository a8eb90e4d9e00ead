"""`CSQLiteWrites` on a disk that is full in the middle of a transaction, and with large statements.

Everything else that it must keep stands in `CombinedWritesTests.swift`, and in every fault that
the disk commits.
"""

import subprocess
from pathlib import Path

import pytest
from peers import ROOT

TARGET = ROOT / "Sources/CSQLiteWrites"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("combined") / "combined_writes"
    subprocess.run(
        ["cc", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{TARGET / 'include'}",
         Path(__file__).with_name("combined_writes.c"), TARGET / "CSQLiteWrites.c", "-o", path,
         "-lsqlite3", "-lpthread"], check=True)
    return path


def come_of(program, deed, folder):
    ran = subprocess.run([program, deed, folder / "test.sqlite"], check=True, text=True,
                         stdout=subprocess.PIPE)
    return dict(line.split(" ", 1) for line in ran.stdout.splitlines())


def test_nothing_is_committed_behind_pages_that_could_not_be_written(program, tmp_path):
    came = come_of(program, "full", tmp_path)
    # What it is about: SQLite takes the statement back and would go on with the transaction.
    assert came["statement"] == "database or disk is full" and came["transaction"] == "open", came
    assert came["commit"] != "not an error", came
    assert came["integrity"] == "ok" and came["old"] == "100", came


def test_a_statement_is_taken_back_that_is_larger_than_what_its_journal_keeps_in_memory(
        program, tmp_path):
    came = come_of(program, "large", tmp_path)
    assert came["statement"] == "constraint failed" and came["transaction"] == "open", came
    assert came["commit"] == "not an error", came
    assert came["integrity"] == "ok" and came["old"] == "3000", came


def test_what_a_failed_sync_may_have_lost_of_the_database_is_copied_again(program, tmp_path):
    came = come_of(program, "part", tmp_path)
    # What it is about: SQLite syncs nothing of a part, and never copies it again.
    assert came["part"] == "not complete, most pages, 0 syncs", came
    assert came["rest"] == "complete, few pages, 1 syncs", came
    assert came["unsynced"] == came["part"], came
    assert came["sync"] == "disk I/O error" and came["copies"] == "not an error", came
    assert came["again"] == "complete, most pages, 1 syncs", came
    assert came["integrity"] == "ok" and came["old"] == "100", came
