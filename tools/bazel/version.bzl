"""Version numbers: "1.2.3" as an integer, and the version.h that hp_component generates (tools/vendor, too)."""

def version_number(version):
    """"1.2.3" and "1.2" as 10203 and 10200, so that the preprocessor can compare them."""
    parts = [int(part) for part in version.split(".")] + [0, 0]
    return parts[0] * 10000 + parts[1] * 100 + parts[2]

def next_major(version):
    """The first number that "1.2" is not compatible with."""
    return (version_number(version) // 10000 + 1) * 10000

def version_header_text(component, version, requires_core):
    """The version.h of a package; `requires_core` is empty for core itself."""
    lines = ["// hpsocket/%s/version.h — Public. Generated from %s/version.bzl." % (component, component)]
    lines.append("#pragma once")
    if requires_core:
        lines += [
            "#include \"hpsocket/core/version.h\"",
            "#if HPSOCKET_CORE_VERSION < %d || HPSOCKET_CORE_VERSION >= %d" %
            (version_number(requires_core), next_major(requires_core)),
            "#error \"%s %s needs core %s or newer, of the same major version\"" % (component, version, requires_core),
            "#endif",
        ]
    lines += [
        "#define HPSOCKET_%s_VERSION %d" % (component.upper(), version_number(version)),
        "namespace hpsocket {",
        "namespace %s {" % component,
        "constexpr char kVersion[] = \"%s\";" % version,
        "}  // namespace %s" % component,
        "}  // namespace hpsocket",
    ]
    return "\n".join(lines) + "\n"

def _version_header_impl(ctx):
    header = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(header, version_header_text(ctx.attr.component, ctx.attr.version, ctx.attr.requires_core))
    return [DefaultInfo(files = depset([header]))]

version_header = rule(
    implementation = _version_header_impl,
    attrs = {
        "component": attr.string(mandatory = True),
        "requires_core": attr.string(),
        "version": attr.string(mandatory = True),
    },
)
