"""The settings and the DynamoDB engine of tests in this process. Must be imported before `shared`.

The engine is dynoxide, with a process for each worker, which is fast and safe for threads. If it is not available for
the platform, or with `TEST_ENGINE=moto`, the engine is moto, as a second implementation of conditions and transactions.
"""

import os
from contextlib import ExitStack
from typing import Final

# moto must be started before the first client is created.
from moto import mock_aws

from tests import dynoxide

IS_MOTO: Final = os.environ.get("TEST_ENGINE", "dynoxide" if dynoxide.is_there() else "moto") == "moto"

os.environ |= {
    "TABLE_NAME": "customer-groups",
    "ALLOWED_ORIGIN": "https://admin.example.com",
    "APP_CLIENT_IDS": "4s2adminwebappexample, erp,",
    "USER_POOL_ARN": "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_nowhere",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "customer-groups",
    "POWERTOOLS_METRICS_NAMESPACE": "CustomerGroups",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}
for setting in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SAM_LOCAL"):
    os.environ.pop(setting, None)

_until_exit: Final = ExitStack()
if IS_MOTO:
    _until_exit.enter_context(mock_aws())
else:
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = _until_exit.enter_context(dynoxide.running())
