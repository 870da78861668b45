"""What every test may use: the folder of real data, and how thoroughly properties are tried."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_MISSING = "needs the real data of ../shared (or of SEGDSL_SHARED)"

settings.register_profile(
    "full",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("full"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "full"))


@pytest.fixture(scope="session", autouse=True)
def unknown_width() -> None:
    """Tests that run side by side are told how wide their terminal is, and the program would keep to that in a pipe."""
    os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and examples beside the checkout; the test is skipped where it is absent."""
    folder = Path(os.environ.get("SEGDSL_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(SHARED_MISSING)
    return folder.resolve()


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    return shared / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(SHARED_MISSING in str(report.longrepr) for report in skipped)
    terminalreporter.write_line(f"{count} tests skipped for lack of ../shared")
