"""The demo, loaded once for all tests of this folder (see `conftest`)."""
