"""The console: pages for security officers, with a sign-in, a session and a cookie of their own."""
