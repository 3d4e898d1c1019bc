"""Version of the SDK (sdk/CHANGELOG.md says what changed)."""

VERSION = "1.0.0"

# The first number of libhpsocket.so's SONAME: raised when its binary interface changes (core/DESIGN.md, Compatibility).
ABI = "1"
