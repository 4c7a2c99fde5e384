"""Every kind of file goes to the module that says it reads it."""

import pytest

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.registry import PARSERS, parser_for


def test_each_row_names_a_module_that_reads_that_kind():
    for content_type in PARSERS:
        parser = parser_for(content_type)
        assert content_type in parser.content_types
        assert callable(parser.read)


def test_a_kind_nobody_reads_is_refused_with_a_reason():
    with pytest.raises(Unreadable, match="cannot read"):
        parser_for("video/mp4")
