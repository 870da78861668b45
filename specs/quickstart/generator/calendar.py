"""The days that matter to the story."""

from datetime import date

CLOCK = date(2026, 6, 30)  # the spec's `as_of`
EXPORTED = date(2026, 7, 15)  # the day the files were exported: some rows are later than the clock
YEAR_AGO = date(2025, 6, 30)  # `within 12 months before as_of` starts the day after
TWO_YEARS_AGO = date(2024, 6, 30)
BOOKS_OPEN = date(2024, 1, 1)  # the first day in the invoices
DESK_OPEN = date(2024, 7, 1)  # the first day in the tickets
TRACKING_SINCE = date(2025, 1, 1)  # the first day in the product events
