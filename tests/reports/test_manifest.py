"""The manifest says what a report was made from, and not where on the machine it lay."""

from __future__ import annotations

import hashlib
import json
import subprocess
from importlib import metadata

from helpers.reports import manifest


def test_inputs_are_named_from_their_shared_folder_and_hashed_by_content(tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "2025.csv").write_bytes(b"id\n1\n")
    (tmp_path / "dataset.toml").write_bytes(b"")
    found = manifest.inputs([tmp_path / "orders" / "2025.csv", tmp_path / "dataset.toml"])
    assert found == [
        {"file": "dataset.toml", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()},
        {"file": "orders/2025.csv", "bytes": 5, "sha256": hashlib.sha256(b"id\n1\n").hexdigest()},
    ]
    assert str(tmp_path) not in json.dumps(found)


def test_no_inputs_are_an_empty_list():
    assert manifest.inputs([]) == []


def test_versions_cover_the_project_and_what_it_asks_for():
    versions = manifest.versions()
    assert versions["pandas"] == metadata.version("pandas")
    assert versions["ibis-framework"] == metadata.version("ibis-framework")
    assert "kehu" in versions


def test_the_commit_is_marked_when_files_differ_from_it(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "SOURCE", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert manifest.commit() is None

    def git(*words):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True, text=True)

    git("init")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "-m", "one")
    head = git("rev-parse", "HEAD").stdout.strip()
    assert manifest.commit() == head
    (tmp_path / "file").write_text("two")
    assert manifest.commit() == f"{head}+changes"
