"""The errors of agent, split by who must act.

    AgentError
    ├── BriefError        the caller: nothing to draw in this (empty, binary, another language), or a number out of
    │                     range
    ├── LlmError          the operator: the configured language model cannot be opened, does not answer in time, or
    │                     answers nothing that can be used (the rules go on without it)
    ├── ReplayError       a recording that cannot be made, read or played again
    │   ├── BundleError     the caller: a bundle that is missing, half-written, altered, damaged or from a newer version
    │   └── ReplayMismatch  the caller: what is asked or drawn now is not what was recorded (the message shows how)
    ├── SessionBusy       the caller: another message of the same session is being answered
    ├── SessionError      the operator: the thread of a session cannot be read or written
    └── UiError           the operator: the page cannot be served as asked (what is wrong, what to do)

Errors of the packages below pass through: TenantError (a user name that is not allowed), StyleError (a style value),
UnsafeSvgError and InvalidSvgError (an SVG to edit). ``settings.SettingsError`` is for whoever wrote a setting.
"""

from __future__ import annotations

__all__ = [
    "AgentError",
    "BriefError",
    "BundleError",
    "LlmError",
    "ReplayError",
    "ReplayMismatch",
    "SessionBusy",
    "SessionError",
    "UiError",
]


class AgentError(Exception):
    """Base of every error that agent raises on purpose."""


class BriefError(AgentError, ValueError):
    """The request cannot be drawn as it is; the message says why in one line."""


class LlmError(AgentError):
    """The configured language model gave no usable answer; the message says why in one line."""


class ReplayError(AgentError):
    """A recording cannot be made, read or played again; the message says why and what to do."""


class BundleError(ReplayError):
    """The bundle is missing, half-written, altered, damaged or from a newer version."""


class ReplayMismatch(ReplayError):
    """What is asked or drawn now is not what was recorded; the message shows the difference, a line each."""


class SessionBusy(AgentError):
    """Another message of the same session is being answered; the message says since when."""


class SessionError(AgentError):
    """The thread of a session cannot be read or written."""


class UiError(AgentError):
    """The web page cannot be served as asked; the message says what is wrong and what to do."""
