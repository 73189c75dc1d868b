"""The columns of each made-up list: their headers, what they hold, how it is written.

In here: one shape per list and register, and the cells of its columns. Not in here:
sheets, titles and files (`sheets.py`, `offices.py`); the words (`writing.py`).
"""

from typing import NamedTuple

import numpy as np

from pipeline.demo.complaints import COALITION, OMBUDSMAN, PROSECUTOR
from pipeline.demo.dates import Columns
from pipeline.demo.mess import varied_labels
from pipeline.demo.world import Dice, Shares, Texts
from pipeline.demo.writing import (
    amounts_written,
    codelist_of,
    dates_written,
    in_words,
    notes,
    numbers_written,
    several_in_words,
    terms_written,
    texts_written,
    with_faults,
)

COURT = "demo_court"
ODD_LABELS = 0.2
"""Share of labels of persons and places that are spelled otherwise."""

PERSONS = {"person_key": "person_label", "accused_key": "accused_label"}
LABELS = PERSONS | {"facility_key": "facility_code"}
"""Field of a register → what the made-up world knows the label as."""

PLAIN = {
    "charge_registered": "plain_charge_registered",
    "charge_indicted": "plain_charge_indicted",
    "charge_verdict": "plain_charge_verdict",
    "charge": "plain_charge",
}
"""Field of a charge → the code without its wording, as lists write it."""


class Column(NamedTuple):
    """One column: its header, the field, and the kind of its cells."""

    header: str
    field: str
    kind: str


class Shape(NamedTuple):
    """The columns of one list of one register."""

    source: str
    register: str
    columns: tuple[Column, ...]
    days: Shares


def shape(source: str, register: str, days: Shares, *columns: str) -> Shape:
    """Return a shape, each column told as "header = field: kind"."""
    told = []
    for text in columns:
        header, _, rest = text.partition(" = ")
        field, _, kind = rest.partition(": ")
        told.append(Column(header, field, kind))
    return Shape(source, register, tuple(told), days)


MIXED: Shares = {
    "cell": 0.55,
    "dots": 0.25,
    "iso": 0.05,
    "short": 0.1,
    "dots_year": 0.05,
}
COALITION_COMPLAINTS = shape(
    COALITION, "complaints", MIXED,
    "№ обращения = complaint_id: text",
    "Дата обращения = received_on: date",
    "Идентификатор лица = person_key: label",
    "Кол-во лиц = persons_count: number",
    "Кто обратился = complainant_type: code",
    "Пол = sex: code",
    "Год рождения = birth_year: number",
    "Гражданство = citizenship: code",
    "Лишён свободы = deprived_of_liberty: code",
    "Статус (осужд./следст.) = custody_status: code",
    "Учреждение = place_of_custody: code",
    "Код учреждения = facility_key: label",
    "Место события = place_of_act: code",
    "Область = region: code",
    "Дата события = event_from: date",
    "Окончание события = event_to: date",
    "На кого жалуется = accused_body: code",
    "Что произошло = allegations: codes",
    "Цель = purpose: codes",
    "Телесные повреждения = injuries_documented: code",
    "Стамбульский протокол = evidence_grade: code",
    "Отозвано = withdrawn_on: date",
    "Причина отзыва = withdrawal_reason: code",
    "Преследование за жалобу = reprisal_reported: code",
    "Что сделано = : note",
    "Примечание = : note",
)  # fmt: skip
PROSECUTOR_COMPLAINTS = shape(
    PROSECUTOR, "complaints", {"dots_time": 1.0},
    "№ карточки = complaint_id: text",
    "1. Номер КУИ = register_no: text",
    "2. Дата-время регистрации в КУИ = received_on: date",
    "9. Дата совершения = event_from: date",
    "Канал поступления = channel: code",
    "Заявитель = complainant_type: code",
    "ИД лица = person_key: label",
    "Пол = sex: code",
    "Возраст = age_at_event: number",
    "В местах лишения свободы = deprived_of_liberty: code",
    "Правовой статус = custody_status: code",
    "Место содержания = place_of_custody: code",
    "29. Место совершения = place_of_act: code",
    "31. Место совершения Область = region: code",
    "Орган, на который жалуются = accused_body: code",
    "9.1 Описание = : note",
)  # fmt: skip
PROSECUTOR_CHECKS = shape(
    PROSECUTOR, "checks", {"cell": 0.7, "dots": 0.3},
    "№ материала = check_id: text",
    "4. Номер КУИ = register_no: text",
    "№ карточки = complaint_id: text",
    "Орган проверки = checking_body: code",
    "Начата = started_on: date",
    "Окончена = ended_on: date",
    "Принятое решение = outcome: code",
    "Куда передано = referred_to: code",
    "Заявитель опрошен = complainant_interviewed: code",
    "Дата СМЭ = forensic_exam_on: date",
)  # fmt: skip
PROSECUTOR_STEPS = shape(
    PROSECUTOR, "investigations", {"cell": 0.9, "dots_time": 0.1},
    "1. Номер ЕРДР = case_no: text",
    "№ п/п = step_no: whole",
    "№ карточек жалоб = complaint_ids: ids",
    "Движение дела = step: code",
    "Дата = step_on: date",
    "Орган расследования = body: code",
    "10. Квалификация = charge: charge",
    "Основание = ground: code",
)  # fmt: skip
OMBUDSMAN_COMPLAINTS = shape(
    OMBUDSMAN, "complaints", {"cell": 0.5, "dots": 0.5},
    "1 = complaint_id: text",
    "2 = received_on: date",
    "3 = complainant_type: code",
    "4 = person_key: label",
    "5 = sex: code",
    "6 = birth_year: number",
    "7 = citizenship: code",
    "8 = deprived_of_liberty: code",
    "9 = custody_status: code",
    "10 = place_of_custody: code",
    "11 = region: code",
    "12 = event_from: date",
    "13 = accused_body: code",
    "14 = allegations: codes",
    "15 = reprisal_reported: code",
    "16 = register_no: text",
    "17 = : note",
)  # fmt: skip
COURT_DECISIONS = shape(
    COURT, "prosecutions", {"cell": 0.6, "dots_year": 0.4},
    "№ записи = prosecution_id: text",
    "Номер ЕРДР = case_no: text",
    "Подсудимый (условный №) = accused_key: label",
    "Орган, где служил = accused_body: code",
    "Состав = rank_group: code",
    "Статья при регистрации = charge_registered: charges",
    "Статья по обвинительному акту = charge_indicted: charges",
    "Дата обвинительного акта = indicted_on: date",
    "Отстранён от службы = suspended_from_duty_on: date",
    "Инстанция = instance: code",
    "Решение = court_outcome: code",
    "Статья по приговору = charge_verdict: charges",
    "Дата решения = decided_on: date",
    "Вступило в силу = final: code",
    "Область суда = region: code",
    "Дата деяния = event_from: date",
)  # fmt: skip
COURT_PENALTIES = shape(
    COURT, "sentences", {"cell": 1.0},
    "№ наказания = sentence_id: text",
    "№ записи о решении = prosecution_id: label",
    "Номер ЕРДР = case_no: text",
    "Статья = charge: charges",
    "Дата приговора = verdict_on: date",
    "В силе с = in_force_on: date",
    "Наказание = penalty: code",
    "Вид = main_or_additional: code",
    "Срок = term_months: term",
    "Штраф, МРП = fine_mci: number",
    "Год МРП = fine_mci_year: number",
    "Условно = suspended: code",
    "Изменено = changed_by: code",
    "Заявлено, тенге = compensation_claimed: amount",
    "Присуждено, тенге = compensation_awarded: amount",
    "Выплачено, тенге = compensation_paid: amount",
    "Валюта = currency: code",
)  # fmt: skip
SEPARATORS = {
    COALITION: (", ", "; ", " / "),
    OMBUDSMAN: (", ", "; "),
    COURT: ("; ", " и "),
}
OF_VALUES = {"number": numbers_written, "whole": numbers_written,
             "amount": amounts_written}  # fmt: skip
"""Kind of a column of numbers → how its values are written."""


def cells_of(told: Shape, columns: Columns, dice: Dice, odd: float) -> dict[str, Texts]:
    """Return header → the cells of each column of a list."""
    made = {}
    for column in told.columns:
        cells = column_cells(told, column, columns, dice, odd)
        made[column.header] = with_faults(columns, column.field or "?", cells)
    return made


def column_cells(
    told: Shape, column: Column, columns: Columns, dice: Dice, odd: float
) -> Texts:
    """Return the cells of one column."""
    field, source = column.field, told.source
    if column.kind == "note":
        return notes(len(columns["rule"]), dice)
    if column.kind == "date":
        return dates_written(columns, field, dice, told.days)
    if column.kind in ("code", "charge", "codes", "charges"):
        name = codelist_of(told.register, field)
        codes = (
            charges_written(columns, field)
            if "charge" in column.kind
            else columns[field]
        )
        if column.kind.endswith("s"):
            return several_in_words(codes, source, name, dice, SEPARATORS[source])
        return in_words(codes, source, name, dice, odd)
    return other_cells(column, columns, dice)


def other_cells(column: Column, columns: Columns, dice: Dice) -> Texts:
    """Return the cells of a column of labels, numbers, terms or plain texts."""
    field = column.field
    if column.kind == "label":
        return labels_written(field, columns, dice)
    if column.kind == "term":
        low, high = (columns[f"{field}_{end}"] for end in ("low", "high"))
        return terms_written(low, high, dice)
    if column.kind == "ids":
        joined = [text.replace(";", ", ") for text in columns[field].tolist()]
        return np.array(joined, dtype=object)
    return OF_VALUES.get(column.kind, texts_written)(columns[field])


def labels_written(field: str, columns: Columns, dice: Dice) -> Texts:
    """Return the cells of labels of persons or places, some spelled otherwise."""
    known = columns[LABELS.get(field, field)]
    share = ODD_LABELS if field in LABELS else 0.0
    cells = texts_written(varied_labels(known, share, dice))
    cells[known == "_U"] = "не указано"
    return cells


def charges_written(columns: Columns, field: str) -> Texts:
    """Return the codes of charges as they are written: with a wording only if told."""
    plain = columns[PLAIN[field]]
    if "is_wording_told" not in columns:
        return plain
    return np.where(columns["is_wording_told"], columns[field], plain)
