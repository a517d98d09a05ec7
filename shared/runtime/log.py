"""The logger of all functions. It removes e-mail addresses from every line, including exceptions."""

import re
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

_ADDRESS: Final = re.compile(r"[^\s\"'<>=,;:()\[\]{}\\]+@[^\s\"'<>=,;:()\[\]{}\\]+")


class _WithoutAddresses(LambdaPowertoolsFormatter):
    """Removes e-mail addresses, which the text of an unexpected exception can contain."""

    def serialize(self, log: Any) -> str:
        return _ADDRESS.sub("<address>", super().serialize(log))


logger: Final = Logger(logger_formatter=_WithoutAddresses())
