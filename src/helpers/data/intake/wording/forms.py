"""A table of settings whose keys are known: what all of them share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict, model_validator
from pydantic.dataclasses import dataclass

from helpers import parameters
from helpers.language import _

WORDS = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)


@dataclass(frozen=True, config=WORDS)
class Words:
    """A table of settings, whose keys are those with a description."""

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """What was `given`; ValueError where it is a table of TOML with a key that is no setting."""
        for key in given if isinstance(given, dict) else ():
            known(key, described(cls))
        return given


def described(kind: type) -> dict[str, str]:
    """The settings of a class by their names in TOML, each with its description."""
    found = kind.__pydantic_fields__.items()  # type: ignore[attr-defined]  # pydantic adds it to its dataclasses
    return {field.alias or name: field.description for name, field in found if field.description}


def known(key: str, settings: Iterable[str]) -> None:
    """ValueError, with the nearest one, where `key` is none of the `settings`."""
    if key not in settings:
        hint = parameters.hint(key, settings)
        raise ValueError(_("{key!r} is not a setting.{hint}").format(key=key, hint=hint))
