"""Version of core (core/CHANGELOG.md says what changed)."""

VERSION = "1.0.0"
