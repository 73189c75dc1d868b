"""The words of workbooks to fill in: complete, printable, and read back."""

import re

import pytest
from filled_templates import code_lists, names_of_registers

from pipeline.declarations.base import read_declaration
from pipeline.declarations.codelists import ANY, normalise, read_table
from pipeline.declarations.template import (
    LABEL_COLUMNS,
    LABELS_FILE,
    LANGUAGES,
    TemplateWords,
    field_labels,
    template_words,
)
from pipeline.errors import DeclarationError
from pipeline.model import SPECIAL_CODES
from pipeline.template.form import BETWEEN
from pipeline.template.printed import printed_codes
from pipeline.workspace import REPOSITORY
from schemas.registers import REGISTERS

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LISTS = sorted({f.codelist for r in REGISTERS for f in r.fields if f.codelist})
WRITTEN = (REPOSITORY / "schemas" / "template.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_label_and_a_meaning(language):
    labels = field_labels()

    for record in REGISTERS:
        for field in record.fields:
            label = labels.label(record.name, field.name, language)
            meant = labels.help(record.name, field.name, language)
            assert label
            assert meant
            assert BETWEEN.strip() not in label
            assert bool(CYRILLIC.search(label + meant)) == (language != "en")


def test_labels_from_memory_are_never_printed():
    rows = read_table(REPOSITORY / LABELS_FILE, LABEL_COLUMNS)
    labels = field_labels()

    from_memory = rows[rows["label_kk_status"] == "M"]

    assert not from_memory.empty
    for row in from_memory.itertuples():
        assert labels.label(row.record, row.field, "kk") == row.label_ru


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_what_is_printed_for_a_code_leads_back_to_it(name, language):
    codelist, country = code_lists()[name], template_words().country

    printed = printed_codes(codelist, language, country)

    known = codelist.known("", {country})
    assert {known[normalise(word)] for word in printed.values()} == set(printed)
    assert len(set(printed.values())) == len(printed)
    assert "_U" in printed
    assert "_T" not in printed
    assert not any(";" in word for word in printed.values())


def test_codes_of_another_country_are_no_choice():
    charges = code_lists()["charge"]

    assert any(code.startswith("KG") for code in printed_codes(charges, "en", "KG"))
    assert not any(code.startswith("KG") for code in printed_codes(charges, "en", "KZ"))


def test_examples_fill_fields_with_codes_that_there_are():
    for name, rows in template_words().examples.items():
        record = next(one for one in REGISTERS if one.name == name)
        needed = {field.name for field in record.fields if field.required}
        for row in rows:
            assert needed <= set(row)
            for field, text in row.items():
                codelist = record.field(field).codelist
                codes = code_lists()[codelist].codes if codelist else {*text.split(";")}
                assert {*text.split(";")} <= codes


def test_words_that_say_unknown_are_codes_in_every_list_too():
    for word, mark in template_words().marks.items():
        if mark == "unknown":
            for name in LISTS:
                assert code_lists()[name].known(ANY)[word] in SPECIAL_CODES


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("guide_title:", "guide_titel:"),
        ("  sentences:\n    en:", "  sentenzes:\n    en:"),
        ("  - fact: publisher", "  - fact: person"),
        (', ru: "Обязательно"', ""),
    ],
)
def test_words_are_read_strictly(tmp_path, before, after):
    changed = tmp_path / "template.yml"
    changed.write_text(WRITTEN.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(DeclarationError):
        read_declaration(changed, TemplateWords)


def test_there_is_a_guide_for_every_register():
    assert set(template_words().rows) == set(names_of_registers())
