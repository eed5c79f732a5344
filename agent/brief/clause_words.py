"""The words that a clause is taken apart by: politeness, drawing verbs, articles, fillers, where a sentence divides.

Contract. Data: patterns for lower-case English text, and nothing else. ``POLITE``, ``EDIT_WORDS`` and ``FILLER`` name
nothing that could be drawn.
"""

# ruff: noqa: E501 - a pattern is read best as one line

from __future__ import annotations

import re

POLITE = re.compile(
    r"\b(?:please|pls|plz|kindly|thanks(?: a lot| so much| in advance)?|thank you(?: very much| so much)?|if you (?:can|could|don't mind)|(?:can|could|may) (?:i|we) (?:please )?(?:have|get|see)(?= (?:an?|the|some|two|three)\b)|if possible|for me|for us|hey|hi there|hi|hello|ok so|okay so|"
    r"(?:could|can|would|will) you(?: (?:please|kindly|maybe|also|just))?|would you mind|i(?:'d| would) (?:like|love|want)(?: (?:to (?:have|see|get)|you to (?:draw|make|design|create)))?|i(?:'m| am) looking for|i(?:'ll| will)? (?:also |just |now |really )?(?:need|want|require)(?: to (?:have|see))?|we (?:also )?need|let'?s (?:have|see|try|draw|make|do)|let me (?:have|see)|let'?s (?:continue|go on|proceed|start|begin) with|(?:can|could|shall|should) we (?:do|draw|have|make|try|get|see)|how about|what about|maybe|actually|just|also|now|well|next)\b"
)
DRAW = re.compile(
    r"\b(?:(?:draw|create|generate)(?: (?:me|us|up|my|our))?(?: (?:again|another|one more))?(?=\s+(?:an?|the|some|two|three|four|another|one|my|our|me|icons?|(?!(?:it|this|that|them|sure|all|my|our|the)\b)[a-z#\d]))|"
    r"(?:make|design|sketch|produce|give|show|render|do|paint|get|prepare|craft|build)(?: (?:me|us|up))?(?=\s+(?:an?|the|some|two|three|four|another|one|my|our)\s)|(?:make|design|sketch|produce|give|show|render|do|paint|get|prepare|craft|build) (?:me|us)(?=\s))"
)
DRAW_START = re.compile(rf"^(?:(?:and|then|but|so|now|also|ok|okay|yes|next)[\s,]+)*(?:{DRAW.pattern})")
ICON_OF = re.compile(
    r"\b(?:an? |the |some |simple )?(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|symbols?|pictures?|images?|drawings?|svgs?)\s+(?:of|for|showing|depicting|representing|that shows?|with|called|named|meaning)\s+(?:an? |the )?"
)
ICON_WORD = re.compile(r"\b(?:svg |vector |app |ui |web )*(?:icons?|pictograms?|glyphs?|svg)$")
FOR_APP = re.compile(
    r"\s*\b(?:for|in|on) (?:my|our|a|the|this|an) (?:new |own |small |mobile |web |internal )*(?:app|application|website|site|web ?page|page|dashboard|ui|interface|menu|toolbar|nav(?:igation)?(?: bar)?|sidebar|button|product|company|homepage|blog|shop|store|set|icon set|header|footer|readme|docs|documentation|presentation|slides?)\b"
)
ARTICLE = re.compile(r"^(?:an?|the|some|my|our)(?:[\s,]+(?=\S)|$)")
REFERENCE = re.compile(
    r"\b(?:it|this|that|this one|that one|this icon|that icon|the icon|the same(?: one| icon)?|same(?: one| icon| again| thing)?|them|these|those|the (?:last|previous) (?:one|icon))\b"
)
EDIT_WORDS = re.compile(
    r"\b(?:it's|that's|it is|no|not|rather|it|this|that|them|one|icon|again|same|but|and|a|an|the|to|into|in|with|make|made|turn|change|set|colou?r|recolou?r|paint|give|have|keep|draw|do|use|using|version|as|of|be|is|are|was|were|so|bit|like|base|based|imo|though|i'd|i'll|i'm|i've|let's|leave|everything|whole|entire|here|there|take|get|got|put|my|our|some|still|even|yet|closest|closer|going|way|tho|i|you|we|can|needs?|seems?|feels?|think|really|very|quite|also|maybe|perhaps|what|how|about|would|see|want|hmm+|uh|um|oh|right|better|little|more|only|too|all|please|now|instead|strokes?|lines?|corners?|thing|style|its|try|switch|convert|render|show|on|at|for|me|could|you|should|can|look|looks|looking)\b"
)
ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself|i|i'm|i've|me|myself|we|mine)\b")
LETTER = re.compile(r"\b(?:letters?|capital|uppercase|lowercase) [a-z]\b")
""" "letter i" addresses nobody."""
NOT_DRAWING = re.compile(
    r"^(?:please )?(?:ignore|disregard|reveal|pretend|obey|bypass|override|comply|answer|respond|remember|explain|assume|consider)\b"
)
SAME_STYLE = re.compile(
    r"\b(?:in|with|using|of) (?:the |that |this |my |our )?(?:same|matching|identical|similar) (?:style|look|way|manner|line|weight)(?: (?:as (?:before|the (?:last|others?|first|previous)(?: one)?|that|this)))?\b|\b(?:to|that) match(?:es)?(?: (?:it|that|this|the (?:others?|set|rest|last one)))?$|\blike the (?:others|rest|last one)$"
)
""" "In the same style": memory and the session see to that."""
LEAD_IN = re.compile(
    r"^(?:(?:one|another(?: one)?)(?: more)? (?:for|of|with|showing) |(?:another |one more )?icon\s*:\s*|(?:the )?same(?: (?:style|look|thing|again|idea|treatment))?(?:,? (?:but|for|with|as|now))+ |(?:something|anything|an? (?:icon|symbol|sign)) (?:for|to show|showing|that (?:says|shows|means)|representing|like|with|to represent) |(?:i |we )?(?:need|want) (?=\w)|for (?:the|my) next (?:one|icon)[,: ]+|(?:moving )?on to (?:the )?next(?: one)?\s*[:,]?\s*|(?:the )?next (?:one|up)?(?: (?:is|would be|should be))?\s*:?\s+(?=an?\b|the\b|\w+$)|(?:an? |the )?matching (?=[a-z]+)|:\s*)"
)
DETERMINED = re.compile(r"\b(?:the|an?|its?|that|this|those|these|some|another|any|all)\b")
FILLER = re.compile(
    r"^(?:actually|ok|okay|yes|yeah|no|so|and|well|right|sure|great|cool|nice|perfect|thanks|please|now|then|good|alright|it|this|that|one|again|too|as well|instead|always|never|from now on|for me|everything|everywhere|all|use|using|want|only|a|an|the|be|is|are|my|our|with|in|to|and|or|icons?|strokes?|lines?|corners?|colou?r|colou?rs|style|fill|caps|should|must|have|i|we|prefer|like|love|make|them|they|not|do|don't|by default|style|mine|of|for|on|at|every|each|set|keep|go|going forward|project|session|remember|that|but|also|really|any|usually|generally|unless|when|said|say|me|you|please|draw|drawn|drawing|create|put|add|let's|ever|btw|projects|here|was|standard|there|these|days)(?:\W|$)"
)
MARKER_SPLIT = re.compile(
    r"(?:,\s*(?:and |but |then )?|\s+(?:and|but|then)(?: then| also| please)?\s+|\s+-\s+)(?=(?:please |also |then |to |now )*(?:"
    r"from now on\b|always\b|never\b|by default\b|going forward\b|in (?:the )?future\b|remember\b|i (?:always |usually |generally |really |much )?(?:prefer|like|love|hate|dislike|don't like)\b|btw\b|by the way\b|i(?:'m| am) (?:really |very |quite |so )?into\b|(?:my|our) (?:brand|icons|style|favou?rite|default|house|set)\b|for (?:this |the )?project\b|in this session\b|for now\b|"
    r"(?:draw|create|design|generate|sketch)\b(?! (?:it|them|this|that|icons?|everything)\b)|make (?:me|a|an)\b|give me\b|i need\b|i want (?:a|an)\b|show me\b|use an? [a-z ]+ for\b|this time\b|just this once\b|we (?:always|use)\b|(?:save|store|keep|make|remember|note|set) (?:that|this|it|them) (?:as|for|from now|always|my\b|our\b)))"
)
REMEMBER_LEAD = re.compile(
    r"^(?:please |can you |could you |and |also )*(?:remember|keep in mind|note|bear in mind)(?: that| this)?[:,]?\s+"
)
NEW = re.compile(
    r"\W*(?:draw|create|generate|design|make me|give me|next|new|an?|some|another|now an?|how about|what about)\b|.*\bicon\b"
)
"""A comparative here may belong to something new: "a bigger house"."""
THEN = re.compile(
    r"(?P<head>.{4,80}?)(?:\s*,)?\s+(?:and|then|but|and then)\s+(?=(?:make|draw|turn|change|give|put|use|colou?r|fill|add|now)\b)"
)
PART_LOOK = re.compile(
    r"^(?:please |and |then |now |let's |can you |could you |maybe )*(?:make|paint|colou?r|turn|keep|have) (?:the|its|both|those|these) (?P<part>[a-z]{3,14}) (?:in |be |all )?(?=[a-z#])(?!(?:an?|into|to|look|point|face|from|with|and|of|on|as)\b)"
)
