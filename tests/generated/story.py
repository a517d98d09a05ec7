"""The steps of README with the Python client of openapi-python-client. Prints the results as lines of JSON.

Runs in a separate environment, next to the generated client.
"""

import json
import os

from client import AuthenticatedClient
from client.api.customer_groups import (
    create_customer_group,
    delete_customer_group,
    get_customer_group,
    list_customer_groups,
    manage_group_customers,
    update_customer_group,
)
from client.api.customers import create_customer
from client.models import (
    CreateCustomer,
    CreateCustomerGroup,
    CreateCustomerGroupMetadataType0,
    ListCustomerGroupsOrder,
    ManageMembers,
    UpdateCustomerGroup,
)

unique = os.environ["UNIQUE"]
api = AuthenticatedClient(base_url=os.environ["API"], token=os.environ["TOKEN"], timeout=60)


def saw(*what: object) -> None:
    print(json.dumps(what))


metadata = CreateCustomerGroupMetadataType0.from_dict({"discount_percent": 5})
created = create_customer_group.sync_detailed(
    client=api, body=CreateCustomerGroup(name=f"Night owls {unique}", metadata=metadata), idempotency_key=unique
)
group = created.parsed.customer_group
saw("created", group.name, group.customer_count, group.metadata.to_dict(), created.headers["ETag"])

customer = create_customer.sync(client=api, body=CreateCustomer(email=f"strix@{unique}.example")).customer
managed = manage_group_customers.sync(group.id, client=api, body=ManageMembers(add=[customer.id]))
saw("added", managed.added == [customer.id], managed.customer_group.customer_count)

page = list_customer_groups.sync(
    client=api, q=f"owl {unique}", order=ListCustomerGroupsOrder.VALUE_5, fields="name,customer_count"
)
saw("listed", [one.name for one in page.customer_groups], page.count, page.next_cursor)

renamed = update_customer_group.sync(
    group.id, client=api, body=UpdateCustomerGroup(name=f"Night Owls Club {unique}"), if_match=created.headers["ETag"]
)
saw("renamed", renamed.customer_group.name, renamed.customer_group.version)
late = update_customer_group.sync_detailed(
    group.id, client=api, body=UpdateCustomerGroup(name="Too late"), if_match=created.headers["ETag"]
)
saw("refused", late.status_code, late.parsed.code)

removed = manage_group_customers.sync(group.id, client=api, body=ManageMembers(remove=[customer.id]))
saw("removed", removed.customer_group.customer_count)
saw("deleted", delete_customer_group.sync(group.id, client=api).deleted)
gone = get_customer_group.sync_detailed(group.id, client=api)
saw("gone", gone.status_code, gone.parsed.code)
