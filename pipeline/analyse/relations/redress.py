"""Redress: compensation claimed, awarded, reduced and paid, in persons and in money.

In here: the relation of both. Not in here: penalties (`penalties.py`).

A row of a person has the amount 1, a row of money its amount: the amounts of one cell
are added. Money has its currency as its unit, so that two are never added; a sum of
amounts without a currency would be no number and is left out. Of one person and state
the last decision that tells counts, and nothing does once the conviction has fallen.
What an appeal took away of an award is REDUCED.
"""

from pipeline.analyse.relations.parts import leading

STATES = (("CLAIMED", "claimed"), ("AWARDED", "awarded"), ("PAID", "paid"))
STATED = " UNION ALL ".join(
    f"SELECT record_no, source_id, sentenced, person, from_last, accused_body, "
    f"coalesce(currency, '_U') AS currency, '{state}' AS compensation_state, "
    f"{column} AS money FROM temp_sentence "
    f"WHERE {column} IS NOT NULL AND NOT has_fallen "
    # One award, told again on the row of each penalty, is one award.
    "QUALIFY row_number() OVER (PARTITION BY person, from_last, currency, "
    f"{column} ORDER BY record_no) = 1"
    for state, column in STATES
)

PREPARED = {
    "temp_redress": f"""
WITH stated AS ({STATED}),
last_told AS (
    SELECT * FROM stated QUALIFY from_last = min(from_last)
        OVER (PARTITION BY person, compensation_state)
),
decisions AS (
    SELECT person, from_last, currency, sum(money) AS money FROM stated
    WHERE compensation_state = 'AWARDED' GROUP BY ALL
),
cut AS (
    SELECT person, currency, max(money) - arg_min(money, from_last) AS money
    FROM decisions GROUP BY ALL
    HAVING max(money) > arg_min(money, from_last)
)
SELECT * FROM last_told
UNION ALL
SELECT t.* REPLACE ('REDUCED' AS compensation_state,
    CASE WHEN row_number() OVER first_of = 1 THEN c.money ELSE 0 END AS money)
FROM last_told t JOIN cut c USING (person, currency)
WHERE t.compensation_state = 'AWARDED'
WINDOW first_of AS (PARTITION BY t.person, t.currency ORDER BY t.record_no)
"""
}

SHOWN = "r.compensation_state, r.currency"
REDRESS = f"""
SELECT {leading("r", "r.period", "PERSON", "r.person")}, {SHOWN},
    CASE WHEN row_number() OVER (PARTITION BY r.person, r.compensation_state,
        r.currency ORDER BY r.record_no) = 1 THEN 1 ELSE 0 END AS amount
FROM (
    SELECT *, max(sentenced) OVER (PARTITION BY person, compensation_state, currency)
        AS period
    FROM temp_redress WHERE money > 0
) r JOIN temp_source o USING (source_id)
UNION ALL
SELECT {
    leading("r", "r.sentenced", "_", "r.record_no").replace(
        "'_' AS unit_measure", "r.currency AS unit_measure"
    )
}, {SHOWN},
    r.money AS amount
FROM temp_redress r JOIN temp_source o USING (source_id)
WHERE r.currency NOT IN ('_U', '_Z', '_O')
"""
