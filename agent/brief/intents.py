"""What a short message does, beside drawing: ask, accept, reject, undo, small talk, forget.

Contract. Each test reads lower-case text with the politeness gone and answers yes, no or the detail; none of them
changes anything. Patterns are anchored: a message that goes on to describe an icon is never taken for small talk.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

from agent.brief import styles
from agent.brief.types import Question

_ASK_MEMORY = re.compile(
    r"^(?:so |and |ok |hey )*(?!what (?:i|we)(?:'d| would)? (?:want|need|like|prefer|expect|mean)\b(?!.*\?))(?:(?:what|which)(?:'s| is| are| do| did| have| has|) .*\b(?:you|your|my|our|i|we)\b.*\b(?:remember\w*|know\w*|stor\w*|saved?|memor\w+|preferences?|rules?|styles?|settings?|told|accepted|said|brand colou?r|favou?rite\w*|stroke\w*|colou?rs?|project)\b.*|"
    r"(?:what|which)(?: is| are|'s) (?:my|our) .*|which (?:colou?rs?|strokes?|lines?|stroke widths?|styles?|caps|corners|brand colou?rs?|rules?|icons) (?:do|did|have|am|are) (?:i|we|you) .*|do you (?:still )?(?:remember|know) .*|(?:show|list|tell)(?: me)?(?: all)? (?:my|our|what you (?:remember|know)|the|your) ?(?:preferences|memory|memories|memor\w+|rules|statements|style rules|stored\b.*|about (?:me|us)|settings)?.*\b(?:preferences|memory|memories|rules|remember|know|about me|about us)\b.*|remind me (?:what|which|of|about) .*|(?:show|list|tell)(?: me)? what(?:ever)? (?:do )?you(?:'ve| have)? (?:remember|know|learn(?:ed|t)|stored?|saved?|noted).*|what have (?:i|you) (?:told|accepted|said|learn(?:ed|t)|remembered|stored|saved|noted).*|(?:have|did) (?:you|i) (?:learn(?:ed|t)?|remember(?:ed)?|saved?|stored?|tell|told|mention(?:ed)?) (?:you )?(?:about )?(?:anything|something|my|our|me|what)\b.*|who am i\b.*|(?:my|our) preferences)\s*\??$"
)
_ASK_WHY = re.compile(
    r"^(?:so |and |but |hm+,? )*(?:why\b.*|how come\b.*|what made you\b.*|explain(?: (?:this|that|it|yourself|the (?:icon|choice|drawing)|why\b.*|your choice\w*))?|where (?:does|did|is) (?:this|that|it|the \w+) .*(?:from|come).*|which (?:memories|icons?|exemplars?|references?) .*(?:shaped|used|influenced|come|based).*|what (?:is|was) (?:it|this|that) based on.*|(?:is|was|did) (?:that|this|it|you) (?:taken?|copied|copy|based|borrowed?|adapted|stolen|steal|made) .*|what(?:'s| is) the (?:reason|idea|thinking) .*|based on what|how did you (?:get|come|choose|draw|make|decide|pick)\b.*)\s*\??$"
)
_ASK_HELP = re.compile(
    r"^(?:help(?: me)?|is there (?:a|any|some) way to .*|can i (?:undo|save|export|go back|download|edit|change)\b.*\?|what (?:can|else can) (?:you|i|we) (?:do|draw|make|say|ask|type|change)\b.*|how (?:do|does|can|should) (?:this|i|you|it|we)\b.*|what (?:are|is) you\b.*|who are you.*|what is this|what are the options|what (?:commands|options|features|functions) (?:are there|do you have|exist|can i use)|which commands .*|commands|can (?:you|i|it|we) (?:also )?(?:export|save|download|import|animate|share|print|publish)\b.*)\s*\??[.!]*$"
)
_THAT = r"(?:it|this|that|these|those|them|this one|that one|the icon|this icon|\{pick\})"
_ACCEPT = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|ok|okay|great|perfect|nice|cool|good|excellent|awesome|lovely|beautiful|wonderful|fine|sure|super|amazing|brilliant|wow|exactly|right|gorgeous|sweet|neat|fantastic|alright|o+h+|ah|aw+|mm+|omg|hell|haha|thanks|thank you|much better|better|and|so|i think)[,.! ]*(?:then )?)*"
    rf"(?:i'?ll (?:take|use|keep|go with|have|save) {_THAT}|(?:i |i'm |we )?(?:really |absolutely |also |still |just )?(?:like|love|loving|liking|want|accept|choose|take|approve|prefer|pick) {_THAT}(?: (?:a lot|so much|best|most|more|better))?|(?:(?:i'?m|i am|we're|i will|we'll) )?(?:keep|keeping|accept|save|saving|take|taking|use|using|ship|approve|choose|select|go with|going with|pick|do|let's (?:keep|take|use|go with|ship|do|have)) {_THAT}|i(?:'d| would) (?:go with|take|pick|choose|keep|use) {_THAT}|accept(?:ed)?|approved?|keep|save|"
    rf"{_THAT} (?:works?|will do|'ll do|is it|it is|wins|is my favou?rite|is a winner|would be (?:perfect|great|good|fine)|looks? (?:\w+ )?(?:good|great|perfect|nice|lovely|right|fine|best|better|cool|amazing))|that'?ll do|works|sold|deal|lock it in|nailed it|you nailed it|spot on|thumbs up|(?:excellent|great|nice|good|amazing|awesome|fantastic|brilliant|superb) (?:work|job|stuff|one)(?: today)?|(?:keep|leave) it (?:like|as) (?:this|that|is|it is)|(?:keep|leave) it that way|we have a winner|(?:that'?s|this is|it'?s|that is) an? (?:keeper|winner|yes)|what i (?:want|wanted|meant|had in mind|was looking for)|(?:good|close) enough|the one|"
    r"(?:that'?s|this is|it'?s|it is|that is) (?:it|the one|perfect|great|good|lovely|nice|beautiful|exactly (?:it|right|what i (?:want|wanted|need))|what i (?:want|wanted|meant)|fine|just right|right)|looks? (?:good|great|perfect|nice|lovely|right|fine)(?: to me)?|well done|good job|lgtm|ship it|done|\{pick\},? i (?:like|love|prefer|want|choose|take)|\{pick\} (?:is|are|was) (?:(?:really|very|so|quite|the|just|pretty|my) )*(?:good|great|perfect|fine|best|nice|nicest|better|closest|prettiest|lovely|cool|beautiful|awesome|amazing|the one|one|it|favou?rite|winner|right|what i (?:want|wanted|meant))|works for me|(?:i'm|i am|we're) (?:happy|fine|good|ok|okay|pleased|satisfied)(?: with (?:it|this|that|\{pick\}))?|(?:add|put) (?:it|this|that|this one|that one|\{pick\}) (?:to|in|into) (?:my|our|the) (?:set|icons|icon set|collection|library|family))?"
    r"(?:,? (?:and )?(?:drop|forget|skip|lose|discard|not|leave|remove) the (?:rest|others?|other ones?))?[,.! ]*(?:thanks|thank you|please|very much|a lot|then|for now|now)?[\s.!]*$"
)
_ACCEPT_WORD = re.compile(
    r"\b(?:go with|choose|pick|take|keep|accept|use|ship|save|love|like|perfect|great|good|nice|lovely|beautiful|excellent|awesome|yes|yeah|yep|yup|ok|okay|approved?|fine|wonderful|lgtm|done|best|the one|works|happy|choose|select|cool|amazing|brilliant|exactly|prefer|go with|right|wow|sure|super|add it|add this|add that|put it|works?|sold|deal|lock it in|nailed|work|job|stuff|leave|spot on|thumbs up|winner|enough|loving|keeping|saving|going with|taking|using|gorgeous|fantastic|neat|sweet|better|do|favou?rite|cool|wins|it is|keeper|closest|nicest|prettiest|right)\b"
)
_REJECT = re.compile(
    r"^(?:(?P<no>no good|no way|no chance|no|nope|nah|hmm+|meh|bleh|eww*|yikes|ugh|yuck|reject(?: it| this| that)?(?:,? because)?|discard(?: it)?|bad|wrong(?: (?:thing|one|icon|shape|idea|animal|way))?|(?:way|far|totally|completely) off|not even close|nowhere near|(?:i'm |i am )?not (?:convinced|sold|happy|feeling it|impressed|there yet|sure about (?:it|this|that))|not my (?:taste|thing|vibe|cup of tea|kind of thing)|not (?:good|great|right|that one|this one|that|this|it|nice|quite(?: right)?|what i (?:want|wanted|meant|asked for|need|had in mind|was looking for|expected)|my style)|i (?:really )?(?:don't|do not) (?:like|want|love) (?:it|this|that|them|any of (?:them|these)|this one|that one|the \w+ one)|i (?:hate|dislike) (?:it|this|that|them|this one|all of (?:them|these))|\{pick\} (?:is|are|looks?|was) (?:(?:really|very|so|quite|just|pretty|kind of|a bit) )*(?:terrible|awful|ugly|bad|horrible|wrong|weird|off|boring|hideous|not (?:good|great|right|it|nice|my style))|(?:i )?(?:don't|do not) (?:really )?(?:like|want|love) (?:\{pick\}|it|this|that|them|any)|that'?s (?:not (?:it|right|what i \w+)|wrong|bad|ugly|awful|terrible)|(?:it'?s|this is|it is|it looks|looks|this looks) (?:bad|ugly|wrong|awful|terrible|horrible|off|weird|not (?:right|good|what i \w+)|too [a-z ]+)|ugly|awful|terrible|horrible|(?:this|that|it) (?:isn't|is not|wasn't) (?:it|right|good|great|nice|what i \w+)|(?:all|most) of (?:them|these) (?:are|look) (?:bad|ugly|wrong|awful|terrible|boring)|(?:it looks |looks |is )?(?:(?:a bit|way|far|much|just|kind of) )?too (?!much|many)[a-z-]{3,16}(?: for me)?|none of (?:them|these)|neither|thumbs down|try harder|doesn't (?:look|work) .*|does not look .*|it doesn't .*))(?!\w)"
    r"(?P<rest>[\s,.;:!-]*.*)$"
)
_REASON = re.compile(
    r"^(?:because |since |it'?s |it is |this is |that'?s |they'?re |looks? |it looks |i (?:don't|do not) like (?:it|this|that)|not my style|not right|wrong|ugly|bad)?(?:it'?s |it is |it looks )?(?P<why>(?:far |way |much )?too [a-z -]+|not (?:my|our|the|what|a|an|[a-z]+ enough)\b.*|(?:looks?|it looks) .*|wrong [a-z ]+|ugly|bad|boring|unclear|busy|not .*)?$"
)
_SMALLTALK = re.compile(
    r"^(?:(?>(?:hi|hello|hey|hiya|yo|howdy|greetings|good ?(?:morning|afternoon|evening|day|night)|morning|thank(?:s| you)|thx|ty|cheers|bye(?: bye)?|goodbye|ciao|cya|how(?:'s it going| are (?:you|things))(?: doing)?(?: today)?|(?:what'?s|wha?t is) (?:up|new)|nice to meet you|lol|lmao|rofl|ha(?:ha)+h?|hehe+|sorry|please|test(?:ing)?|ping|welcome|never ?mind|cancel|stop|"
    r"you'?re welcome|no (?:problem|worries|rush|hurry)|all good|hmm+|uh+|um+|oh|ah|aha|wow|omg|ok(?:ay)?|alright|well|there|again|so much|very much|a lot|for now|everyone|(?:my )?friend|man|dude|mate|buddy|guys|mnemicon|it's me|nice|cool|cute|fun|funny|interesting|impressive|i see|(?:much )?appreciated|appreciate it|got it|makes sense|fair enough|"
    r"(?:see|talk to|catch) (?:you|ya|u)(?: (?:later|tomorrow|soon|then|around|next week|on monday|again))?|(?:talk|speak) (?:later|soon|tomorrow)|later|tomorrow|have a (?:nice|good|great|lovely) \w+|(?:you(?:'re| are)|that(?:'s| is| was)) (?:(?:really|so|very|the|a|pretty|quite|too) )*(?:best|great|awesome|amazing|good|funny|kind|helpful|star|genius|fun|sweet|quick|fast|clever|legend|impressive|interesting)|"
    r"brb|afk|bbl|gtg|ttyl|(?:(?:just )?(?:a|one|1|give me a|gimme a|just a) )(?:sec(?:ond)?|moment|min(?:ute)?)|(?:hold|hang) on|wait(?: (?:a|one) (?:sec(?:ond)?|minute|min|moment|bit))?|(?:let me|i need to|i have to|i'll) (?:think|see|check|sleep on it|go|run|have a (?:look|think))(?: (?:about|on|over) (?:it|that|this))?(?: first)?|"
    r"(?:i'm|i am) (?:back|here|thinking|not sure|off|leaving|done|tired|bored|hungry)(?: (?:again|now|yet|for (?:today|now)))?|not sure(?: yet)?|i don't know(?: yet)?|that(?:'s| is| will be|'ll be) (?:all|it)(?: for (?:today|now|the day))|that(?:'s| is| will be|'ll be) all|(?:are|r) you (?:there|still there|a bot|a robot|human|real|an ai|ok|okay)|(?:i )?(?:love|like) your (?:style|work|icons?|drawings?|designs?)|you too|same to you|who made you|tell me a joke|and (?:how are )?you|so|and|but)(?![\w']))[\s,.!?:)(-]*+)++$"
)
"""The groups are atomic: words that several phrases share must not be tried in every combination."""
_FORGET = re.compile(
    r"\b(?:forget(?: about)?|unlearn|erase|delete|drop|remove|scratch(?= (?:the|that|my|our)\b)|stop remembering|clear|no longer (?:remember|use|want|need)|don't remember|stop using|stop with|enough of|no more|(?:don't|do not|no) (?:(?:have|need) to|need to) (?:remember|save|store|keep))\b(?P<what>.*)$"
)
_FORGET_LAST = re.compile(
    r"^(?:please |ok |no,? |and |but |oh |actually,? |wait,? )*(?:(?:don't|do not|no need to|never|you (?:don't|do not) (?:have|need) to|please don't) (?:remember|save|store|memori[sz]e|note|keep)(?: down)? (?:that|this|it|the last (?:one|thing|bit|rule))|(?:forget|unlearn|erase|delete|drop|scratch) (?:(?:about )?what i (?:just |last )?(?:said|told you)|the last (?:thing|rule|preference|one you (?:remembered|saved|learned))|(?:that|this|the last) (?:rule|preference|memory)))(?: (?:please|though|again|after all|as a rule))*[\s.!]*$"
)
_FORGET_SLOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p), slot)
    for p, slot in (
        (r"\bbrand(?:'s)? colou?r", "brand_color"),
        (
            r"\b(?:strokes?|lines?)(?: (?:width|weight|thickness)s?)\b|\bmy (?:strokes?|lines?)\b|\bthickness\b|\b(?:default|usual|standard) (?:strokes?|lines?)\b|\bstrokes?$|\b(?:my|our|the) (?:thin|thick|bold) (?:strokes?|lines?)\b",
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
        (
            r"\b(?:everything|all (?:of )?(?:it|that|my preferences|preferences|you know|about me)|all|(?:my|our|the) (?:preferences|rules|settings|memories))\b",
            "*",
        ),
    )
)


def question(text: str) -> tuple[Question, str | None] | None:
    """What is asked, and about which slot: ("memory", "brand_color"). None where nothing is asked."""
    text = re.sub(
        r"^(?:(?:can|could|would) you |please |just |ok |so |and |hey )+(?=(?:show|tell|list|explain|remind)\b)",
        "",
        text,
    )
    for pattern, kind in ((_ASK_WHY, "why"), (_ASK_HELP, "help"), (_ASK_MEMORY, "memory")):
        if pattern.match(text):
            return kind, None if kind == "help" else slot_of(text)  # type: ignore[return-value]  # the literals stand in the tuple above
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
    if re.search(r"\b(?:doesn't|does not|don't|do not) (?:really )?(?:need|have to)\b", head):
        return None  # "it doesn't need the shadow": a part to be taken away
    if head in ("no", "bad", "wrong", "neither", "hmm") or head.startswith("hmm"):
        if rest.strip(" .!") and not re.match(r"^\s*[,.;:!-]|^\s+(?:it|this|that|thanks|too)\b", rest):
            return None
    reason = re.sub(r"^(?:thanks|thank you)\b", "", rest.strip(" ,.;:!-")).strip(" ,.;:!-")
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
    if _FORGET_LAST.match(text):
        return ("last",)
    m = re.match(r"^(?:please |ok |now |and |you can |you may |you |also )*" + _FORGET.pattern, text)
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
    slots = [slot for pattern, slot in _FORGET_SLOTS if pattern.search(what)] or _styled(verb, what)
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


def _styled(verb: str, what: str) -> list[str]:
    """ "Forget the teal thing", "you don't have to remember the thin lines": the slots of the style words. Other verbs
    ("drop the round corners") change the icon."""
    if verb not in ("forget", "about", "unlearn", "remember", "remembering", "save", "store", "keep"):
        return []
    out: list[str] = []
    for found in styles.find(what, things=True):
        hated = found.negated or not found.fields or re.search(r"\b(?:hate|dislike|never|no|don't)\b", what)
        out += [f"avoid:{found.avoid}"] if hated else [f"style.{name}" for name in found.fields]
    return out


def remember_lead(text: str) -> bool:
    """ "Save that as my default", "and remember that": what the message wishes shall last."""
    return bool(_LASTING.match(text))


_LASTING = re.compile(
    r"^(?:and |also |please |then |now |you can )*(?:(?:save|store|keep|remember|note|make|set|use) (?:that|this|it|them|these)(?: down)?(?: (?:as|for) (?:my|our|the|a|all) (?:new |future )?(?:defaults?|standards?|rules?|preferences?|icons?|style|norm)|"
    r" (?:my|our|the) (?:new )?(?:default|standard|rule|norm)| from now on| for (?:next time|later|the future|all icons|everything|good)| always| permanently)|(?:remember|note) (?:that|this|it)(?: for me)?)[\s.!]*$"
)
