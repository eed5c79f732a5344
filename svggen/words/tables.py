"""The vocabulary of drawing words: one table per kind. Keys and values are lower case, words separated by one space.

MARKS: kind -> every way of saying it. CONTAINERS: kind -> every way of saying it. LEXEMES: word groups that mean one
thing and must not be taken apart ("new york", "crossed swords"). The rest is named after what it holds.
"""

from __future__ import annotations

MARKS: dict[str, tuple[str, ...]] = {
    "check": (
        "check mark",
        "checkmark",
        "check",
        "tick mark",
        "tick",
        "checked",
        "verified",
        "approved",
        "done",
        "completed",
        "complete",
        "confirmed",
        "confirm",
        "verify",
        "approve",
        "confirmation",
        "success",
        "ok",
    ),
    "plus": (
        "plus sign",
        "plus symbol",
        "plus mark",
        "plus",
        "add sign",
        "add",
        "adding",
        "new",
        "create",
        "added",
        "invite",
    ),
    "minus": (
        "minus sign",
        "minus symbol",
        "minus",
        "subtract",
        "remove",
        "removing",
        "removed",
        "delete",
        "deleting",
        "deleted",
    ),
    "x": (
        "x mark",
        "cross mark",
        "x sign",
        "letter x",
        "x",
        "ex",
        "cancel",
        "cancelled",
        "canceled",
        "close",
        "rejected",
        "declined",
        "failed",
    ),
    "alert": (
        "exclamation mark",
        "exclamation point",
        "exclamation sign",
        "exclamation",
        "warning sign",
        "warning triangle",
        "warning symbol",
        "warning",
        "alert",
        "alert sign",
        "caution",
        "error",
        "important",
        "urgent",
    ),
    "question": ("question mark", "question", "help", "unknown"),
    "info": ("info sign", "information sign", "info", "information"),
    "dot": (
        "notification badge",
        "notification dot",
        "notification bubble",
        "notification",
        "notifications",
        "unread badge",
        "number of unread",
        "number of unread messages",
        "unread count",
        "unread dot",
        "unread",
        "number badge",
        "new badge",
        "status dot",
        "red dot",
        "dot badge",
        "count badge",
        "counter",
        "badge",
        "dot",
    ),
    "heart": ("heart", "heart sign", "favorite", "favourite", "favorited", "liked", "loved", "like", "love"),
    "star": ("star", "starred", "star sign", "bookmarked", "featured"),
    "lock": ("padlock", "lock", "locked", "lock sign", "secure", "secured", "encrypted", "protected", "private"),
    "search": ("magnifying glass", "search sign", "search", "searching", "magnifier", "find", "finding", "lens"),
    "arrow-down": (
        "download arrow",
        "down arrow",
        "arrow down",
        "arrow pointing down",
        "download",
        "downloading",
        "downloaded",
        "import",
    ),
    "arrow-up": (
        "upload arrow",
        "up arrow",
        "arrow up",
        "arrow pointing up",
        "upload",
        "uploading",
        "uploaded",
        "export",
    ),
    "arrow-right": ("right arrow", "arrow right", "arrow pointing right", "forward arrow"),
    "arrow-left": ("left arrow", "arrow left", "arrow pointing left", "back arrow"),
    "clock": ("clock", "clock sign", "scheduled", "pending", "delayed"),
    "edit": ("pencil", "pen", "edit", "edit sign", "editing", "edited", "write"),
    "settings": ("gear", "cog", "cogwheel", "gear wheel", "settings", "setting", "configure", "configuration"),
    "user": ("user", "person", "profile"),
    "play": ("play sign", "play button", "play", "play triangle"),
    "pause": ("pause sign", "pause button", "pause", "paused"),
    "share": ("share sign", "share", "shared", "sharing"),
    "refresh": ("refresh arrows", "refresh", "sync", "reload", "refreshing", "syncing", "synced", "circular arrows"),
    "dollar": ("dollar sign", "dollar"),
    "percent": ("percent sign", "percentage sign", "percent"),
    "euro": ("euro sign", "euro"),
    "bolt": ("lightning bolt", "lightning", "bolt", "flash"),
}
MARK_OF: dict[str, str] = {alias: kind for kind, aliases in MARKS.items() for alias in aliases}
# How icon sets write the mark in a name: calendar-check, user-plus, file-search.
MARK_SUFFIX: dict[str, str] = {
    "alert": "alert", "arrow-down": "download", "arrow-up": "upload", "arrow-right": "arrow right",
    "arrow-left": "arrow left", "check": "check", "dot": "notification", "edit": "edit", "minus": "minus",
    "plus": "plus",
    "x": "x", "search": "search", "settings": "settings",
}  # fmt: skip
# What to recall (and to say) for a mark's kind.
MARK_CONCEPT: dict[str, str] = {
    "check": "check mark", "x": "x mark", "alert": "exclamation mark", "question": "question mark",
    "arrow-down": "arrow down", "arrow-up": "arrow up", "arrow-right": "arrow right", "arrow-left": "arrow left",
    "search": "magnifying glass", "edit": "pencil", "settings": "gear", "dollar": "dollar sign",
    "percent": "percent sign", "euro": "euro sign", "bolt": "lightning bolt",
}  # fmt: skip
# Marks that say themselves as the last word of an icon's name, whatever stands before ("user plus").
TRAILING_MARKS = frozenset(
    """
    check checkmark tick checked verified approved plus add minus remove delete x cancel cancelled alert warning
    exclamation error question help info download upload edit search locked starred
    """.split()
)
# Marks that do so only after one of BASES ("folder heart", but not "alarm clock").
WEAK_TRAILING_MARKS = frozenset(
    """
    heart star lock clock settings gear cog share refresh sync play pause dot user pen pencil dollar percent bolt
    euro favorite notification
    """.split()
)
# Verbs and participles before a noun that put a mark on it ("add user", "locked file").
LEADING_MARKS = frozenset(
    """
    checked verified approved completed confirmed approve verify confirm add adding new create invite remove
    removing delete deleting removed deleted cancel cancelled canceled rejected declined close warning alert
    urgent important unread favorite favourite liked starred bookmarked locked secure secured encrypted protected
    search searching find finding download downloading downloaded upload uploading uploaded import export
    scheduled pending edit editing edited shared paused refresh reload syncing synced sync
    """.split()
)
# ... unless the noun after it makes another thing of it ("search engine", "alert box").
LEADING_STOPS = frozenset(
    """
    sign signs symbol mark button bar box engine light triangle circle square manager page tool mode area label
    field list octagon all up down in out on it me tape cone dialog options icon
    """.split()
)

# Bases that often carry a mark, and of these the ones with room inside.
ENCLOSING = {
    "calendar", "file", "document", "page", "paper", "folder", "shield", "cloud", "clipboard", "message", "chat",
    "speech bubble", "chat bubble", "message bubble", "thought bubble", "bubble", "comment", "house", "home", "box",
    "package",
    "phone", "smartphone", "tablet", "monitor", "screen", "display", "computer", "laptop", "television", "tv", "bag",
    "shopping bag", "briefcase", "envelope", "mail", "letter", "map pin", "pin", "location pin", "heart", "book",
    "bookmark",
    "window", "browser", "card", "credit card", "database", "tag", "ticket", "bucket", "drop", "droplet", "note",
    "sticky note",
    "badge", "circle", "square", "hexagon", "octagon", "rectangle", "diamond", "triangle", "pentagon", "rounded square",
    "light bulb", "lightbulb", "backpack", "suitcase", "egg", "storefront", "mug", "cup", "t-shirt", "shirt", "head",
}  # fmt: skip
BASES = ENCLOSING | {
    "user", "users", "person", "people", "bell", "cart", "shopping cart", "basket", "camera", "image", "photo",
    "picture",
    "video", "music", "wifi", "server", "globe", "location", "map", "microphone", "list", "text", "key", "eye",
    "battery",
    "bluetooth", "car", "truck", "bike", "train", "plane", "brain", "archive", "inbox", "zoom", "table", "code",
    "git branch",
    "wallet", "receipt", "contact", "address book", "device", "link", "news", "playlist", "presentation", "printer",
}  # fmt: skip

CONTAINERS: dict[str, tuple[str, ...]] = {
    "circle": ("circle", "ring", "disc", "disk", "round frame", "oval", "circular frame", "round badge"),
    "rounded-square": (
        "rounded square",
        "square with rounded corners",
        "rounded rectangle",
        "rounded box",
        "squircle",
        "round square",
        "soft square",
        "app tile",
        "app icon shape",
        "rounded frame",
    ),
    "square": ("square", "square frame", "square box", "square border", "rectangle"),
    "shield": ("shield",),
    "hexagon": ("hexagon", "hex"),
    "diamond": ("diamond", "rhombus", "rotated square", "lozenge"),
    "octagon": ("octagon", "stop sign shape"),
    "triangle": ("triangle",),
    "pentagon": ("pentagon",),
    "badge": ("badge", "seal", "rosette", "medallion", "scalloped circle", "starburst"),
}
CONTAINER_OF: dict[str, str] = {alias: kind for kind, aliases in CONTAINERS.items() for alias in aliases}
CIRCLED: dict[str, str] = {
    "circled": "circle", "encircled": "circle", "ringed": "circle", "boxed": "square", "squared": "square",
    "shielded": "shield",
}  # fmt: skip
# "X circle" is "X in a circle" (as in user-circle), except after these words.
NOT_BEFORE_CONTAINER = frozenset(
    """
    crop magic traffic color colour half semi quarter full set town t dashed dotted empty time inner outer family
    vicious filled solid double concentric red drawing green blue black white yellow orange big small large
    rounded perfect word market dance stone unit arctic polar stop penrose bermuda warning love right music
    """.split()
)

NUMBERS: dict[str, int] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "2": 2, "3": 3, "4": 4,
    "5": 5,
    "6": 6, "7": 7, "8": 8, "9": 9, "both": 2, "double": 2, "twin": 2, "triple": 3, "several": 3, "multiple": 3,
    "many": 3,
}  # fmt: skip
COUNT_PHRASES: dict[str, int] = {
    "a pair of": 2, "pair of": 2, "pairs of": 2, "a couple of": 2, "couple of": 2, "a trio of": 3, "trio of": 3,
    "a few": 3,
    "a group of": 3, "group of": 3, "a bunch of": 3, "bunch of": 3, "a stack of": 3, "a lot of": 3, "lots of": 3,
    "a set of": 3, "two overlapping": 2, "a row of": 3, "row of": 3, "a dozen": 9, "half a dozen": 6,
}  # fmt: skip
# After a number these words make one thing of it: "two factor", "4 leaf clover", "three dots".
NOT_AFTER_NUMBER = frozenset(
    """
    factor way wheel wheeled wheeler leaf leaved dimensional step steps sided legged eyed third thirds quarter
    quarters hour hours finger fingers dots lines bars d k g point pointed degree degrees percent day days minutes
    minute columns column rows row seater headed o am pm bit arm armed fold star tier piece wifi px pixel pixels
    quotes quote click tap decker check bed bass room espresso arrow chevron cheeseburger purpose helix jump
    """.split()
)
SLASH_PHRASES = tuple(
    phrase.strip()
    for phrase in """
    crossed out, crossed through, cross out, struck out, struck through, striked out, scratched out, slashed out,
    slashed, with a slash through it, with a slash through, with a slash across it, with a slash, with slash, with
    a line through it, with a line through, with a diagonal line through it, with a diagonal line, with a strike
    through it, with a strike through, with a cross through it, with a bar through it, with strikethrough, slash
    through it, not allowed, is not allowed, are not allowed, isn't allowed, forbidden, is forbidden, prohibited,
    banned, not permitted, turned off, switched off, disabled, deactivated, muted, not available, unavailable,
    inactive, blocked, hidden
    """.replace("\n    ", " ").split(",")
)
# "X crossed" and "crossed X" are the thing itself for these.
CROSSED_THINGS = frozenset(
    """
    swords sword arms legs fingers bones flags hammers hammer knives axes axe keys tools spears rifles pistols
    guns skis oars paddles lines arrows wires sabers sabres eyes wrenches bats rackets sticks cutlery forks
    chopsticks pencils roads feet ribbons candy canes golf hockey baseball fork spoon leaves blades daggers
    feathers picks pickaxes guitars drumsticks brushes paintbrushes needles screwdrivers cannons arrow
    """.split()
)

DIRECTIONAL = {
    "arrow", "arrows", "chevron", "chevrons", "caret", "angle", "triangle", "arrowhead", "pointer", "hand", "finger",
    "pointing hand", "pointing finger", "index finger", "double arrow", "long arrow", "curved arrow", "thick arrow",
    "bold arrow",
    "double chevron", "play triangle", "trend",
}  # fmt: skip
# Drawn in profile, and by custom looking right where a set gives one picture only.
FACES_RIGHT = frozenset("truck car bus plane airplane train rocket bicycle motorcycle ambulance van".split())
# Of those, drawn from above or upright as well: their symmetry says where they point.
FLIES = frozenset("plane airplane aeroplane aircraft jet rocket spaceship spacecraft missile".split())

SIDES: dict[str, str] = {
    "left": "left", "right": "right", "up": "up", "down": "down", "upward": "up", "upwards": "up", "downward": "down",
    "downwards": "down", "leftward": "left", "leftwards": "left", "rightward": "right", "rightwards": "right",
    "west": "left",
    "east": "right", "north": "up", "south": "down", "top": "up", "bottom": "down", "forward": "right",
    "backward": "left",
    "backwards": "left",
}  # fmt: skip

# Parts of a thing: looked for in the exemplar, never composed.
# What sets draw with three dots in it.
TALK = frozenset("bubble chat message comment balloon".split())
# Parts that a thing has only where it is drawn with them.
WORN = frozenset("hat brim beard mustache glasses strap".split())
PARTS = {
    "handle", "handles", "lid", "steam", "smoke", "wheels", "wheel", "wings", "wing", "ears", "ear", "tail", "eyes",
    "legs",
    "arms", "chimney", "door", "doors", "windows", "roof", "leaves", "leaf", "branches", "roots", "stem", "petals",
    "candles",
    "strap", "straps", "buttons", "button", "pockets", "pocket", "antenna", "antennas", "brim", "hat", "beard",
    "mustache",
    "glasses", "hair", "smile", "rays", "corners", "rounded corners", "lines", "line", "stripes", "spots", "dots",
    "hole",
    "holes", "teeth", "horns", "beak", "fins", "sail", "sails", "flame", "drops", "foam", "straw", "rings", "spiral",
    "grid",
    "text", "border", "shadow", "crust", "toppings", "sprinkles", "cherry", "ribbon", "bow", "blades", "keys",
    "pages", "cover",
    "clip", "hands", "fingers", "feet", "nose", "mouth", "headlights", "basket", "helmet",
}  # fmt: skip

# Word groups that mean one thing; their words are not taken apart.
LEXEMES = tuple(
    phrase.strip()
    for phrase in """
    new york, new zealand, new year, new years, new moon, new orleans, new delhi, new jersey, new born, crossed
    swords, do not disturb, no entry, no man, do not enter, power off, power on, day off, take off, taking off,
    takes off, bank check, kick off, drop off, log off, sign off, off road, hands off, turn off, on off, two
    factor, hands on, spell check, check in, check out, check list, check box, check mark, rain check, plus minus,
    google plus, question mark, exclamation mark, x ray, x axis, x box, plus sign, minus sign, thumbs up, thumbs
    down, thumb up, thumb down, upside down face, alarm clock, search engine, lock screen, drag and drop, black
    and white, bed and breakfast, rock and roll, lost and found, cut and paste, copy and paste, terms and
    conditions, yin and yang, research and development, profit and loss, hide and seek, big ben, big data, big
    dipper, little finger, small business, large language model, hot air balloon, head on, add on, plug in, sign
    in, sign up, log in, log out, sign out, mail in, stand up, roll up, pop up, pull up, push up, close up, start
    up, pick up, pickup truck, speech bubble, no one, dot com, red cross, cross country, down syndrome, turn left,
    turn right, left handed, right handed, left hand, right hand, align left, align right, align center, left
    align, right align, text left, double click, double bass, double bed, double decker, double espresso, double
    helix, double check, double quotes, twin bed, both sides, light up, eye contact, heart rate, star wars, star
    trek, sea star, new wave, plus one, ice cream, love letter, add to home, breaking news, save the date, point
    of sale, state of the art, statue of liberty, no symbol, on air, on call, off grid, man on the moon, walk in,
    built in, ring binder, ring light, checked bag, checked baggage, checked shirt, checked luggage, private jet,
    open source, new testament, shared mobility, alert dialog, error code, help desk, information technology, lock
    pick, search light, hide away, edit tool, delete key, share price, user interface, user experience, play
    ground, play station, like button, help center, share button
    """.replace("\n    ", " ").split(",")
)
# One spelling for what is written in several ways (applied to whole words before everything else).
SPELLINGS: dict[str, str] = {
    "t shirt": "t-shirt", "tshirt": "t-shirt", "tee shirt": "t-shirt", "wi fi": "wifi", "e mail": "email",
    "x ray": "x-ray",
    "xray": "x-ray", "light bulb": "lightbulb", "thumbs up": "thumbs up", "air plane": "airplane",
    "aeroplane": "airplane",
    "checkmark": "check mark", "check marks": "check mark", "tickmark": "check mark", "magnifier": "magnifying glass",
    "e commerce": "ecommerce", "e book": "ebook", "speechbubble": "speech bubble", "mailbox": "mailbox",
    "wi-fi": "wifi",
    "criss crossed": "crossed", "inside of": "inside", "on top of": "on", "in front of": "before",
    "cross out": "crossed out",
    "back ground": "background", "w": "with", "qr code": "qr code", "to the": "to the",
    "strike through": "strikethrough",
    "colour": "color", "centre": "center", "grey": "gray", "doughnut": "donut", "favourite": "favorite",
    "cancelled": "canceled",
    "plus symbol": "plus sign", "anti clockwise": "counterclockwise", "anticlockwise": "counterclockwise",
    "counter clockwise": "counterclockwise", "does not": "doesn't", "can not": "cannot", "aint": "not",
}  # fmt: skip
RECALL_SYNONYMS: dict[str, tuple[str, ...]] = {
    "smoking": ("cigarette",), "noise": ("sound",), "parking": ("parking sign",), "photography": ("camera",),
    "phones": ("mobile phone",), "littering": ("trash",), "swimming": ("swimmer",), "eating": ("food",),
}  # fmt: skip
# "cup of coffee" is a coffee cup.
OF_HEADS = frozenset(
    """
    cup mug glass bottle bag can bowl jar box pot basket slice bar pint carton tub plate bucket sack tin
    """.split()
)

GREETINGS = frozenset(
    """
    hello hi hey dear thanks thank cheers ok okay well so um uh ah good morning mnemicon
    """.split()
)
FILLERS = frozenset(
    """
    please kindly can could would will shall you i i'd i'm i'll we we'd need needs want wants like looking draw
    draws sketch design create make generate give show render produce me us an a the this some my our your just
    try let's lets to have get icon icons pictogram svg vector of for with that which depicts depicting shows
    showing representing represents is are be by about another one now also and or quickly maybe perhaps simply
    again help something do app
    """.split()
)
# Alone these are a subject ("help", "like", "app"): only stripped where words follow that are not fillers.
NOISE = frozenset(
    """
    icon icons pictogram pictograms svg vector glyph clipart please thanks thank image picture
    """.split()
)
ICON_NOUNS = (
    "icons?|pictograms?|symbols?|glyphs?|logos?|emojis?|images?|pictures?|illustrations?|drawings?|sketch(?:es)?|svgs?|"
    "graphics?"
)
FILLER_NOUNS = frozenset("help like app design sketch draw create vector ok good share render".split())
AFTER_FILLER_NOUN = LEADING_STOPS | {"desk", "store", "center", "click", "way", "tools", "system", "wanted"}
COLOURS = frozenset(
    """
    red green blue yellow orange purple pink black white gray brown teal cyan magenta golden violet navy turquoise
    beige maroon lime indigo
    """.split()
)
COLOUR_THINGS = {
    "red cross", "red flag", "red wine", "red carpet", "red panda", "red cell", "green tea", "green energy",
    "green house",
    "green apple", "white wine", "white board", "white flag", "white house", "white cane", "white balance",
    "black hole",
    "black board", "black belt", "black friday", "black box", "black hat", "black and", "yellow pages", "yellow card",
    "red card",
    "orange juice", "orange slice", "pink panther", "blue whale", "blue tooth", "blue ray", "golden gate",
    "purple heart",
    "lime slice", "lime wedge", "golden ratio", "green light", "red light", "brown bear", "navy seal", "black widow",
    "blue jay",
    "gray scale", "gray wolf", "green bean", "green pepper", "red pepper", "orange tree", "green screen", "blue print",
}  # fmt: skip
QUALITY = frozenset(
    """
    big small large tiny little huge giant mini simple simplified nice cute beautiful pretty modern clean minimal
    minimalist minimalistic elegant cool classic stylish lovely basic standard typical generic normal regular
    usual tidy neat crisp friendly playful professional fancy perfect great awesome outlined filled rounded
    duotone monochrome colored coloured colorful stylised stylized abstract detailed very really quite rather too
    more bit single style styled stroke strokes px pixel pixels bold
    """.split()
)
STOP_WORDS = frozenset(
    """
    a an the its it his her their my our your some this these those that is are be been being was were of to for
    and or with in on at by from as should must can will would there which who has have having just only also
    please them itself inside into onto around through over under it's make i we you me look looks looking like so
    then but not icon icons put add
    """.split()
)
RELATIVES = (
    "where|which|who|whose|when|while|whenever|because|since|so that|until|if|that|as if|in order|meant|"
    "used|intended|but"
)
