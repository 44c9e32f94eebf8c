from __future__ import annotations

from xml.etree.ElementTree import fromstring, tostring

from hypothesis import given
from hypothesis import strategies as st

from quantassay.exports.xml_text import element, xml_text


@given(st.text())
def test_any_text_reads_back_but_for_what_xml_cannot_hold(text):
    made = element(None, "a", {"name": text}, text)
    found = fromstring(tostring(made, encoding="unicode").encode())
    clean = xml_text(text)
    assert found.get("name") == clean
    # line ends are one to XML
    assert (found.text or "") == clean.replace("\r\n", "\n").replace("\r", "\n")
