"""The build setting --//core/memory:allocator=mimalloc|system, and the settings to select() on.

`system` is for sanitizers, which need to see every allocation.
"""

load("@bazel_skylib//rules:common_settings.bzl", "string_flag")

def allocator_setting():
    """Declares //core/memory:allocator, :allocator_is_mimalloc and :allocator_is_system."""
    string_flag(
        name = "allocator",
        build_setting_default = "mimalloc",
        values = ["mimalloc", "system"],
        visibility = ["//visibility:public"],
    )
    for value in ["mimalloc", "system"]:
        native.config_setting(
            name = "allocator_is_" + value,
            flag_values = {":allocator": value},
            visibility = ["//visibility:public"],
        )
