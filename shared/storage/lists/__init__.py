"""Lists of groups, customers and members: filtered, searched, ordered, and paged within a read budget.

`plan` decides how a list is read, `probes` and `walks` read it, and `pages` builds the page.
"""

from shared.storage.lists.listing import CREATION, ORDERS, Listing, Order, Page, after_record
from shared.storage.lists.pages import page

__all__ = ["CREATION", "ORDERS", "Listing", "Order", "Page", "after_record", "page"]
