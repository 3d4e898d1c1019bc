"""Version of tcp_agent (CHANGELOG.md says what changed), and the oldest core that it works with."""

VERSION = "1.0.0"

REQUIRES_CORE = "1.0"
