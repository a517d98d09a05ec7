"""The content policy that the page is served with in the cloud (`template.yaml`).

There, `connect-src` also names the address of the user pool; here it is behind the same origin.
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
