from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import PreviewRule
from shared.storage.rules.preview import preview

api = Api()
handler = api.handler


@api.operation("POST", "/admin/customer-groups/preview", needs=Role.VIEWER, answer="PreviewAnswer")
def preview_rule(body: PreviewRule) -> Response[str]:
    """Preview which customers meet a rule.

    Nothing is stored. The newest customers are judged, as many as the read budget of a request allows.
    """
    found = preview(body.rule)
    shown = views.customers(found.customers, "-metadata")
    return api.ok({"count": found.at_least, "count_is_exact": found.is_exact, "customers": shown})
