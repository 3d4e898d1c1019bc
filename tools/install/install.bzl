"""The list of what //tools/install installs, for its script."""

def _install_list_impl(ctx):
    headers, files = {}, []
    for library in ctx.attr.headers:
        for header in library[CcInfo].compilation_context.headers.to_list():
            # Ours have one name, by which they are included: hp_cc_library's prefix, or none for those of sdk.
            _, virtual, rest = header.path.partition("/_virtual_includes/")
            if virtual and header.owner.workspace_name == ctx.label.workspace_name:
                headers[rest.partition("/")[2]] = header.short_path
                files.append(header)
    libraries = {library.basename: library.short_path for library in ctx.files.libraries}
    output = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(output, json.encode_indent(struct(
        abi = ctx.attr.abi,
        headers = headers,
        libraries = libraries,
        license = ctx.file.license.short_path,
        version = ctx.attr.version,
    )))
    runfiles = ctx.runfiles([output, ctx.file.license] + files + ctx.files.libraries)
    return [DefaultInfo(files = depset([output]), runfiles = runfiles)]

install_list = rule(
    doc = "<name>.json: the files' names and where they are among the runfiles, which has them, too.",
    implementation = _install_list_impl,
    attrs = {
        "abi": attr.string(doc = "the number of the libraries' SONAME", mandatory = True),
        "headers": attr.label_list(
            doc = "libraries with all that is included; which of it is public the script sees",
            mandatory = True,
            providers = [CcInfo],
        ),
        "libraries": attr.label_list(allow_files = True, mandatory = True),
        "license": attr.label(allow_single_file = True, mandatory = True),
        "version": attr.string(mandatory = True),
    },
)
