"""The table of a stack's monthly cost matches the template and the prices."""

from benchmarks import stack_cost


def test_the_document_has_the_current_cost_table() -> None:
    assert stack_cost.table() in stack_cost.DOCUMENT.read_text(), "run make docs"


def test_an_idle_stack_costs_less_than_five_dollars_a_month() -> None:
    assert sum(one.idle for one in stack_cost.items() if not one.what.startswith("with ")) < 5
