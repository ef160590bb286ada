"""Settings: ``base`` for everyone, then ``dev``, ``test`` or ``production``.

Every environment variable stands in docs/reference/settings.md.
"""
