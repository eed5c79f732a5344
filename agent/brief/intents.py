"""What a short message does, beside drawing: ask, accept, reject, undo, small talk, forget.

Contract. Each test reads lower-case text with the politeness gone and answers yes, no or the detail; none of them
changes anything. Patterns are anchored: a message that goes on to describe an icon is never taken for small talk.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

from agent.brief.types import Question

_ASK_MEMORY = re.compile(
    r"^(?:so |and |ok |hey )*(?!what (?:i|we)(?:'d| would)? (?:want|need|like|prefer|expect|mean)\b(?!.*\?))(?:(?:what|which)(?:'s| is| are| do| did| have| has|) .*\b(?:you|your|my|our|i|we)\b.*\b(?:remember\w*|know\w*|stor\w*|saved?|memor\w+|preferences?|rules?|styles?|settings?|told|accepted|said|brand colou?r|favou?rite\w*|stroke\w*|colou?rs?|project)\b.*|"
    r"(?:what|which) (?:is|are|'s) (?:my|our) .*|do you (?:still )?(?:remember|know) .*|(?:show|list|tell)(?: me)?(?: all)? (?:my|our|what you (?:remember|know)|the|your) ?(?:preferences|memory|memories|memor\w+|rules|statements|style rules|stored\b.*|about (?:me|us)|settings)?.*\b(?:preferences|memory|memories|rules|remember|know|about me|about us)\b.*|what have i (?:told|accepted|said).*|who am i\b.*|(?:my|our) preferences)\s*\??$"
)
_ASK_WHY = re.compile(
    r"^(?:so |and |but |hm+,? )*(?:why\b.*|how come\b.*|what made you\b.*|explain(?: (?:this|that|it|yourself|the (?:icon|choice|drawing)|why\b.*|your choice\w*))?|where (?:does|did|is) (?:this|that|it|the \w+) .*(?:from|come).*|which (?:memories|icons?|exemplars?|references?) .*(?:shaped|used|influenced|come|based).*|what (?:is|was) (?:it|this|that) based on.*|how did you (?:get|come|choose|draw|make|decide|pick)\b.*)\s*\??$"
)
_ASK_HELP = re.compile(
    r"^(?:help(?: me)?|what can you (?:do|draw|make)\b.*|how (?:do|does|can|should) (?:this|i|you|it|we)\b.*|what (?:are|is) you\b.*|who are you.*|what is this|what are the options|commands)\s*\??[.!]*$"
)
_ACCEPT = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|ok|okay|great|perfect|nice|cool|good|excellent|awesome|lovely|beautiful|wonderful|fine|sure|super|amazing|brilliant|wow|exactly|right)[,.! ]*(?:then )?)*"
    r"(?:i'?ll (?:take|use|keep|go with|have) (?:it|this|that|these|them|this one|that one|\{pick\})|i (?:really |absolutely )?(?:like|love|want|accept|choose|take|approve|prefer|pick) (?:it|this|that|this one|that one|\{pick\})|(?:keep|accept|save|take|use|ship|approve|choose|select|go with|pick|let's (?:keep|take|use|go with|ship)) (?:it|this|that|this one|that one|the icon|this icon|\{pick\})|accept(?:ed)?|approved?|keep|"
    r"(?:that'?s|this is|it'?s|it is|that is) (?:it|the one|perfect|great|good|lovely|nice|beautiful|exactly (?:it|right|what i (?:want|wanted|need))|what i (?:want|wanted|meant)|fine|just right|right)|looks? (?:good|great|perfect|nice|lovely|right|fine)(?: to me)?|well done|good job|lgtm|ship it|done|\{pick\} is (?:good|great|perfect|fine|best|the one|it)|works for me|i'm happy(?: with (?:it|this|that))?|add (?:it|this) to my (?:set|icons|collection))?"
    r"[,.! ]*(?:thanks|thank you|please|very much|a lot)?[\s.!]*$"
)
_ACCEPT_WORD = re.compile(
    r"\b(?:take|keep|accept|use|ship|save|love|like|perfect|great|good|nice|lovely|beautiful|excellent|awesome|yes|yeah|yep|yup|ok|okay|approved?|fine|wonderful|lgtm|done|best|the one|works|happy|choose|select|cool|amazing|brilliant|exactly|prefer|go with|right|wow|sure|super|add it|add this)\b"
)
_REJECT = re.compile(
    r"^(?:(?P<no>no|nope|nah|hmm+|ugh|yuck|reject(?: it| this| that)?(?:,? because)?|discard(?: it)?|bad|wrong|not (?:good|great|right|that|this|it|nice|quite(?: right)?|what i (?:want|wanted|meant|asked for|need)|my style)|i (?:really )?(?:don't|do not) (?:like|want|love) (?:it|this|that|them|any of (?:them|these)|this one|that one|the \w+ one)|i (?:hate|dislike) (?:it|this|that|them|this one)|that'?s (?:not (?:it|right|what i \w+)|wrong|bad|ugly|awful|terrible)|(?:it'?s|this is|it is|it looks|looks|this looks) (?:bad|ugly|wrong|awful|terrible|horrible|off|weird|not (?:right|good|what i \w+)|too [a-z ]+)|ugly|awful|terrible|horrible|none of (?:them|these)|neither|thumbs down|try harder|doesn't (?:look|work) .*|does not look .*|it doesn't .*))\b"
    r"(?P<rest>[\s,.;:!-]*.*)$"
)
_REASON = re.compile(
    r"^(?:because |since |it'?s |it is |this is |that'?s |they'?re |looks? |it looks |i (?:don't|do not) like (?:it|this|that)|not my style|not right|wrong|ugly|bad)?(?:it'?s |it is |it looks )?(?P<why>(?:far |way |much )?too [a-z -]+|not (?:my|our|the|what|a|an|[a-z]+ enough)\b.*|(?:looks?|it looks) .*|wrong [a-z ]+|ugly|bad|boring|unclear|busy|not .*)?$"
)
_SMALLTALK = re.compile(
    r"^(?:(?:hi|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day|night)|thanks?|thank you|thx|ty|cheers|bye|goodbye|see you|how are you|what'?s up|nice to meet you|lol|haha+|sorry|please|test|testing|ping|welcome|never ?mind|cancel|stop|you'?re welcome|no problem|hmm+|well|there|again|so much|very much|a lot|for now|everyone|friend|mnemicon)[\s,.!?]*)+$"
)
_FORGET = re.compile(
    r"\b(?:forget(?: about)?|unlearn|erase|delete|drop|remove|scratch(?= (?:the|that|my|our)\b)|stop remembering|clear|no longer (?:remember|use|want|need)|don't remember|stop using|stop with|enough of|no more)\b(?P<what>.*)$"
)
_FORGET_SLOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p), slot)
    for p, slot in (
        (r"\bbrand(?:'s)? colou?r", "brand_color"),
        (
            r"\b(?:strokes?|lines?)(?: (?:width|weight|thickness)s?)\b|\bmy (?:strokes?|lines?)\b|\bthickness\b|\b(?:my|our|the) (?:thin|thick|bold) (?:strokes?|lines?)\b",
            "style.stroke_width",
        ),
        (r"\b(?:round |square |butt )?(?:line )?caps?\b", "style.cap"),
        (r"\b(?:line )?joins?\b", "style.join"),
        (r"\b(?:corners?|radius|radii|rounding)\b", "style.corner_radius"),
        (r"\b(?:colou?rs?|palette)\b", "style.palette"),
        (r"\b(?:fill mode|mode|outlines?|filled|duotone|outline style)\b", "style.mode"),
        (r"\b(?:grid|canvas|icon size|size)\b", "style.grid"),
        (r"\b(?:padding|margins?)\b", "style.padding"),
        (r"\b(?:details?|complexity)\b", "style.detail"),
        (r"\bpixel[ -]?art\b", "style.pixel_art"),
        (r"\b(?:everything|all (?:of )?(?:it|that|my preferences|preferences|you know|about me)|all)\b", "*"),
    )
)


def question(text: str) -> tuple[Question, str | None] | None:
    """What is asked, and about which slot: ("memory", "brand_color"). None where nothing is asked."""
    for pattern, kind in ((_ASK_WHY, "why"), (_ASK_HELP, "help"), (_ASK_MEMORY, "memory")):
        if pattern.match(text):
            return kind, slot_of(text)  # type: ignore[return-value]  # the literals stand in the tuple above
    return None


def slot_of(text: str) -> str | None:
    """The memory slot that a phrase speaks of, or None."""
    found = next((slot for pattern, slot in _FORGET_SLOTS if pattern.search(text)), None)
    return found if found != "*" else None


def is_accept(text: str) -> bool:
    """``text`` has candidate references replaced by "{pick}"."""
    return bool(_ACCEPT.match(text) and _ACCEPT_WORD.search(text))


def reject(text: str) -> str | None:
    """The reason, "" where none is given; None where nothing is rejected. "no gradients" and "no entry sign" reject
    nothing."""
    m = _REJECT.match(text)
    if not m:
        return None
    head, rest = m["no"], m["rest"]
    if head in ("no", "bad", "wrong", "neither", "hmm") or head.startswith("hmm"):
        if rest.strip(" .!") and not re.match(r"^\s*[,.;:!-]|^\s+(?:it|this|that|thanks|too)\b", rest):
            return None
    reason = rest.strip(" ,.;:!-")
    reason = re.sub(
        r"^(?:because|since|it'?s|it is|this is|that'?s|i (?:don't|do not) like (?:it|this|that))\b[\s,]*", "", reason
    )
    if not reason and not re.match(r"^(?:no|nope|nah|reject|discard|hmm|ugh|yuck|none|neither)", head):
        reason = re.sub(r"^(?:it'?s|this is|it is|it looks|looks|this looks|that'?s)\s+", "", head)
        reason = "" if re.match(r"^i ", reason) else reason
    return reason


def is_smalltalk(text: str) -> bool:
    return bool(_SMALLTALK.match(text))


_SCRATCHED = re.compile(r"\b(?:my|our|things?|idea|stuff|rules?|bit|business|preferences?)\b")
""" "Scratch the duotone thing" unsays it; "scratch the outline of a car" does not."""


def forget(text: str) -> tuple[str, ...]:
    """The slots that memory shall drop, ("*",) for everything; () where nothing is to be forgotten."""
    m = re.match(r"^(?:please |ok |now |and |you can |you may |also )*" + _FORGET.pattern, text)
    if not m:
        return ()
    what, verb = m["what"], text[: m.start("what")].strip().rsplit(" ", 1)[-1]
    if verb in ("erase", "delete", "drop", "remove", "clear") and not re.search(
        r"\b(?:my|our) .*(?:preference|rule|brand|memory|memories|stroke width|colou?r preference|style)|\bpreferences?\b|\bmemor\w+",
        what,
    ):
        return ()
    if verb == "scratch" and not _SCRATCHED.search(what):
        return ()
    slots = [slot for pattern, slot in _FORGET_SLOTS if pattern.search(what)]
    if "brand_color" in slots:
        slots = [s for s in slots if s != "style.palette"]
    words = re.search(
        r"\b(?:cog|the \w+ for (?P<v>[a-z ]+)|vocabulary (?:of|for) (?P<v2>[a-z ]+)|how (?:i|we) draw (?P<v3>[a-z ]+))$",
        what,
    )
    if words and (words["v"] or words["v2"] or words["v3"]):
        slots.append(f"vocabulary:{(words['v'] or words['v2'] or words['v3']).strip()}")
    if "*" in slots:
        return ("*",) if len(slots) == 1 else tuple(s for s in slots if s != "*")
    return tuple(dict.fromkeys(slots))
