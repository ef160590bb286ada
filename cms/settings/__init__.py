"""Settings: ``base`` for everyone, then ``dev``, ``test`` or ``production``. Environment variables: docs/reference/settings.md."""
