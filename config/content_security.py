"""The content security policy: our pages load nothing from other origins."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
    # Unfold runs on Alpine.js, which needs eval and inline styles; the admin has its own policy.
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/docs/"],
}
