"""Content security policy: strict everywhere, with what the admin's bundled scripts need under /admin/."""

STRICT = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
# Alpine (bundled with the admin theme) evaluates expressions; the theme sets inline styles.
ADMIN = STRICT + "; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
# Swagger UI sets inline styles.
DOCS = STRICT + "; style-src 'self' 'unsafe-inline'"


class ContentSecurityPolicy:
    """Add the policy to every response that does not carry its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            policy = ADMIN
        elif request.path.startswith("/api/docs"):
            policy = DOCS
        else:
            policy = STRICT
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
