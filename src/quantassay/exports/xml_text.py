"""Text that XML 1.0 can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return text with what XML cannot hold shown as replacement characters."""
    return NOT_IN_XML.sub("\ufffd", text)


def element(
    parent: Element | None, tag: str, attributes: Mapping[str, str], text: str = ""
) -> Element:
    """Return an element with its text, within another or as a root."""
    clean = {name: xml_text(value) for name, value in attributes.items()}
    made = Element(tag, clean) if parent is None else SubElement(parent, tag, clean)
    made.text = xml_text(text) or None
    return made
