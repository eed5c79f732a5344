"""Bytes -> a checked lxml tree. Whatever is active or external is refused here, before anything is interpreted.

Contract. lxml reads with entities, network, DTD loading and huge trees off. Nothing is recursive. ``<a>`` is a group.
Dropped without a word, as harmless leftovers of editors: comments, titles, metadata, foreign namespaces, unknown
elements. Refused: DOCTYPE and entities, style sheets by processing instruction, scripts, event attributes,
foreignObject, raster and media elements, SMIL animation, and each reference that does not point to an id of the same
document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from svggen.errors import BudgetError, InvalidSvgError, UnsafeSvgError
from svggen.safety.css import Sheet, check_css, check_url
from svggen.safety.limits import Limits

__all__ = ["SVG", "Document", "href", "items", "local_name", "read_document"]

SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

# Refused in any namespace and any case: a browser that reads the file as HTML would run or load them.
_ACTIVE = frozenset(
    "script foreignobject iframe object embed applet audio video source track canvas img image feimage link base meta "
    "form input button textarea select portal template noscript animate animatemotion animatetransform animatecolor "
    "set discard handler listener".split()
)
# ... but these words are harmless in a namespace of an editor
_ACTIVE_FOREIGN = _ACTIVE - frozenset(
    "image set source track object template link base meta form select button".split()
)

# Attributes that hold numbers or names only, so that nothing in them needs a look.
_PLAIN = frozenset(
    "d x y width height rx ry r cx cy x1 y1 x2 y2 points id class viewBox transform stroke-width stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity fill-opacity stroke-opacity "
    "fill-rule clip-rule offset stop-opacity stop-color gradientTransform gradientUnits version".split()
)
_MAGIC = (
    (b"\x1f\x8b", "gzip data (an .svgz file: unpack it first)"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"RIFF", "a WebP picture"),
)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet", re.IGNORECASE)
_UNBOUND = re.compile(r"Namespace prefix (\w{1,30}) (?:for|on|of) ")
_ROOT = re.compile(rb"<svg(?=[\s>/])")

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    attribute_defaults=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    recover=False,
)


@dataclass(slots=True)
class Document:
    """The checked tree: ``ids`` holds the first element of each id, ``sheet`` its style rules (None without any)."""

    root: etree._Element
    ids: dict[str, etree._Element] = field(default_factory=dict)
    sheet: Sheet | None = None
    uses: bool = False
    colours: bool = False  # is there a ``color`` property, for currentColor in gradient stops?


def read_document(data: str | bytes, limits: Limits) -> Document:
    root = _tree(_bytes(data, limits))
    if local_name(root.tag) != "svg":
        raise InvalidSvgError(f"the root element is <{str(root.tag)[:60]}>, not <svg>")
    return _checked(root, limits)


@lru_cache(maxsize=2048)
def local_name(tag: str) -> str:
    """The name of an SVG element, "" for one of another namespace."""
    if tag.startswith("{"):
        space, _, name = tag[1:].partition("}")
        return name if space == SVG else ""
    return tag


@lru_cache(maxsize=2048)
def _refused(tag: str) -> bool:
    name = tag.rpartition("}")[2].rpartition(":")[2].lower()
    return name in (_ACTIVE if local_name(tag) or "xhtml" in tag else _ACTIVE_FOREIGN)


def _bytes(data: str | bytes, limits: Limits) -> bytes:
    if isinstance(data, str):
        if len(data) > limits.size:
            raise BudgetError(f"{len(data)} characters", limit=f"at most {limits.size} bytes")
        try:
            raw = data.encode()
        except UnicodeEncodeError:
            raise InvalidSvgError("the text holds lone surrogates") from None
        raw = _DECLARATION.sub(b"", raw, count=1)
    else:
        raw = _decoded(bytes(data[: limits.size + 1]), limits)
    if len(raw) > limits.size:
        raise BudgetError(f"more than {limits.size} bytes", limit=f"at most {limits.size} bytes")
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not raw:
        raise InvalidSvgError("the document is empty")
    if b"\0" in raw:
        raise InvalidSvgError("the document holds NUL bytes")
    if not raw.startswith(b"<"):
        raise InvalidSvgError("the document does not begin with '<'")
    found = _FORBIDDEN.search(raw)
    if found:
        line = raw.count(b"\n", 0, found.start()) + 1
        raise UnsafeSvgError(found[0].decode(), f"line {line}", "no DOCTYPE, entities or external style sheets")
    return raw


def _decoded(raw: bytes, limits: Limits) -> bytes:
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise InvalidSvgError(f"this is {what}, not SVG text")
    if len(raw) > limits.size:
        raise BudgetError(f"more than {limits.size} bytes", limit=f"at most {limits.size} bytes")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # one rule for every encoding: what is checked is what is parsed
        try:
            return _DECLARATION.sub(b"", raw.decode("utf-16").encode(), count=1)
        except UnicodeDecodeError:
            raise InvalidSvgError("not valid UTF-16") from None
    head = _DECLARATION.match(raw.removeprefix(b"\xef\xbb\xbf").lstrip())
    named = _ENCODING.search(head[0]) if head else None
    encoding = named[1].decode().lower() if named else "utf-8"
    if encoding not in ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"):
        raise InvalidSvgError(f"encoding {encoding!r} is not supported: use UTF-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidSvgError(f"not valid {encoding}", f"byte {error.start}") from None
    return _DECLARATION.sub(b"", text.encode(), count=1) if head else text.encode()


def _tree(raw: bytes) -> etree._Element:
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        missing = _UNBOUND.search(str(error))
        if missing is None or not _ROOT.search(raw):
            raise _syntax(error) from None
    # Browsers show inline SVG with an unbound prefix (xlink: above all), so it is bound and read once more.
    prefix = missing[1]
    space = "http://www.w3.org/1999/xlink" if prefix == "xlink" else f"urn:unbound:{prefix}"
    bound = f' xmlns:{prefix}="{space}"'
    if prefix != "xlink":
        bound += ' xmlns:xlink="http://www.w3.org/1999/xlink"' if b"xmlns:xlink" not in raw else ""
    try:
        return etree.fromstring(_ROOT.sub(b"<svg" + bound.encode(), raw, count=1), _PARSER)
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from None


def _syntax(error: etree.XMLSyntaxError) -> Exception:
    message = (error.msg or "not well formed").split("\n")[0][:160]
    where = f"line {error.lineno}, column {error.offset}"
    if "depth" in message.lower():
        return BudgetError("elements nested too deeply", where, "at most 256 while reading")
    return InvalidSvgError(f"not well-formed XML: {message}", where)


def _checked(root: etree._Element, limits: Limits) -> Document:
    """One pass with its own stack: counts, refuses, collects ids and style sheets."""
    document = Document(root)
    count = 0
    level = [root]
    depth = 0
    while level:
        depth += 1
        if depth > limits.nesting:
            raise BudgetError(
                "elements nested too deeply", f"line {level[0].sourceline}", f"at most {limits.nesting} levels"
            )
        below: list[etree._Element] = []
        for element in level:
            count += 1
            tag = element.tag
            if not isinstance(tag, str):  # an entity reference that was not expanded
                raise UnsafeSvgError("entity", f"line {element.sourceline}", "no entities")
            if _refused(tag):
                raise UnsafeSvgError(
                    f"<{tag.rpartition('}')[2][:40]}>", f"line {element.sourceline}", "not in the accept-list"
                )
            name = local_name(tag)
            if name:
                _check_attributes(element, document, limits.attributes)
                if name == "style":
                    if document.sheet is None:
                        document.sheet = Sheet(limits.selectors, limits.rules)
                    document.sheet.add("".join([str(t) for t in element.itertext()]), f"line {element.sourceline}")
                elif name == "use":
                    document.uses = True
            if count + len(below) + len(element) > limits.elements:  # asked before lxml makes an object of each
                raise BudgetError(f"more than {limits.elements} elements", limit=f"at most {limits.elements}")
            below.extend(element)
        level = below
    return document


def items(element: etree._Element) -> list[tuple[str, str]]:
    """Attributes in document order; lxml gives text for what it parsed, whatever its stubs allow for."""
    return element.items()  # type: ignore[return-value]


def _check_attributes(element: etree._Element, document: Document, most: int) -> None:
    if len(element.attrib) > most:  # asked first: lxml takes quadratic time to list them
        raise BudgetError(f"{len(element.attrib)} attributes", f"line {element.sourceline}", f"at most {most}")
    for name, value in items(element):
        if name in _PLAIN:
            if name == "id":
                document.ids.setdefault(value, element)
            continue
        if name == "color":
            document.colours = True
        if "(" in value or "\\" in value or name == "style":
            where = f"{name} of line {element.sourceline}"
            check_css(value, where) if name == "style" else check_url(value, where)
        low = name.rpartition("}")[2].lower()
        if low.startswith("on"):
            raise UnsafeSvgError(f"event attribute {low[:40]}", f"line {element.sourceline}", "not in the accept-list")
        if low in ("href", "src", "srcdoc", "action", "formaction", "data", "poster"):
            if low != "href" or not (value.strip().startswith("#") or not value.strip()):
                raise UnsafeSvgError(
                    f"reference to {value.strip()[:40]!r}",
                    f"{low} of line {element.sourceline}",
                    "only #id of this file",
                )
        elif name == _XML_BASE:
            raise UnsafeSvgError("xml:base", f"line {element.sourceline}", "not in the accept-list")


def href(element: etree._Element) -> str | None:
    """The id that the element refers to, or None."""
    value = element.get("href") or element.get(_XLINK_HREF)
    return value.strip()[1:] or None if value else None
