"""Every kind of record by name: the five registers, figures, claims, documents."""

import pandera.pandas as pa

from schemas.figures import CHECKS_OF_FIGURES, CLAIMS, CODES, DOCUMENTS, FIGURES
from schemas.registers import CHECKS_OF_RECORDS, REGISTERS

RECORDS = {
    record.name: record for record in (*REGISTERS, FIGURES, CLAIMS, DOCUMENTS, CODES)
}

ROW_CHECKS: dict[str, tuple[pa.Check, ...]] = CHECKS_OF_RECORDS | CHECKS_OF_FIGURES
