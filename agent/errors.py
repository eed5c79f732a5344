"""The errors of agent, split by who must act.

    AgentError
    └── BriefError        the caller: nothing to draw in this (empty, binary, another language), or a number out of
    range

Errors of the packages below pass through: TenantError (a user name that is not allowed), StyleError (a style value),
UnsafeSvgError and InvalidSvgError (an SVG to edit). ``settings.SettingsError`` is for whoever wrote a setting.
"""

from __future__ import annotations

__all__ = ["AgentError", "BriefError"]


class AgentError(Exception):
    """Base of every error that agent raises on purpose."""


class BriefError(AgentError, ValueError):
    """The request cannot be drawn as it is; the message says why in one line."""
