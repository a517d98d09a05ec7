"""The content security policy of the page in AWS (`template.yaml`).

In AWS, `connect-src` also has the address of the user pool, which is on the same origin here.
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
