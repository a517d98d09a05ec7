"""The table of a stack's monthly cost matches the template and the prices."""

from benchmarks import stack_cost


def test_the_document_has_the_current_cost_table() -> None:
    assert stack_cost.table() in stack_cost.DOCUMENT.read_text(), "run make docs"


def test_an_idle_stack_costs_what_readme_says() -> None:
    assert stack_cost.README.read_text().lower().count("under three dollars a month") == 2
    assert sum(one.idle for one in stack_cost.items() if not one.what.startswith("with ")) < 3
