"""Labelled messages from a CSV file with the columns text and intent."""

import csv
import random
import re


def slug(label):
    """A label as the import names the intent: lower case, anything odd an underscore."""
    return re.sub(r"[^a-z0-9_-]+", "_", label.lower()).strip("_-")


def read(path, limit, seed):
    """(text, intent) pairs: a sample of the file, the same for the same seed."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [(row["text"], slug(row["intent"])) for row in csv.DictReader(file)]
    if limit < len(rows):
        rows = random.Random(seed).sample(rows, limit)
    return rows
