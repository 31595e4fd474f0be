"""The manifest says what a report was made from, and not where on the machine it lay."""

from __future__ import annotations

import subprocess

from helpers.reports import manifest


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
