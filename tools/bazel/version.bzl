"""Version numbers: "1.2.3" as an integer, and the version.h that hp_component generates."""

def version_number(version):
    """"1.2.3" and "1.2" as 10203 and 10200, so that the preprocessor can compare them."""
    parts = [int(part) for part in version.split(".")] + [0, 0]
    return parts[0] * 10000 + parts[1] * 100 + parts[2]

def _version_header_impl(ctx):
    component = ctx.attr.component
    header = ctx.actions.declare_file(ctx.label.name)
    lines = ["// hpsocket/%s/version.h — Public. Generated from %s/version.bzl." % (component, component)]
    lines.append("#pragma once")
    if ctx.attr.requires_core:
        lines += [
            "#include \"hpsocket/core/version.h\"",
            "#if HPSOCKET_CORE_VERSION < %d" % version_number(ctx.attr.requires_core),
            "#error \"%s %s needs core %s or newer\"" % (component, ctx.attr.version, ctx.attr.requires_core),
            "#endif",
        ]
    lines += [
        "#define HPSOCKET_%s_VERSION %d" % (component.upper(), version_number(ctx.attr.version)),
        "namespace hpsocket {",
        "namespace %s {" % component,
        "constexpr char kVersion[] = \"%s\";" % ctx.attr.version,
        "}  // namespace %s" % component,
        "}  // namespace hpsocket",
    ]
    ctx.actions.write(header, "\n".join(lines) + "\n")
    return [DefaultInfo(files = depset([header]))]

version_header = rule(
    implementation = _version_header_impl,
    attrs = {
        "component": attr.string(mandatory = True),
        "requires_core": attr.string(),
        "version": attr.string(mandatory = True),
    },
)
