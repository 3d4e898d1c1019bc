"""Libraries for programs that are not built by Bazel: shared ones, release and debug, and a static one.

    hp_shared_library   lib<name>.so.<abi>, its link lib<name>.so, and lib<name>_d.so.<abi> with its link
    hp_static_library   static/lib<name>.a: one object with everything in it, and only the public names visible
    hp_headers          a library's headers without the library, to link one of these instead
    hp_own_objects      some libraries without what they depend on, to link that from one of these
    hp_linked_binary, hp_linked_test   link one of these as a program outside Bazel would
"""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")
load("//tools/bazel:hp.bzl", "hp_cc_binary", "hp_cc_test")

def _link_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.file.target)
    return [DefaultInfo(files = depset([link]), runfiles = ctx.runfiles([link, ctx.file.target]))]

_link = rule(
    doc = "A file by another name.",
    implementation = _link_impl,
    attrs = {"target": attr.label(allow_single_file = True, mandatory = True)},
)

def _debug_impl(settings, _attr):
    return {
        "//command_line_option:compilation_mode": "dbg",
        # --config=opt and the sanitizers add these to what the mode says.
        "//command_line_option:copt": [opt for opt in settings["//command_line_option:copt"] if not opt.startswith("-O")],
    }

_debug = transition(
    implementation = _debug_impl,
    inputs = ["//command_line_option:copt"],
    outputs = ["//command_line_option:compilation_mode", "//command_line_option:copt"],
)

def _debug_link_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.files.target[0])
    return [DefaultInfo(files = depset([link]), runfiles = ctx.runfiles([link]))]

_debug_link = rule(
    doc = "What another target builds in debug mode, whatever mode this is.",
    implementation = _debug_link_impl,
    attrs = {
        "target": attr.label(allow_files = True, cfg = _debug, mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def _shared_object(name, file, srcs, version_script, linkopts, **kwargs):
    hp_cc_binary(
        name = name,
        srcs = srcs,
        additional_linker_inputs = [version_script],
        linkopts = [
            "-Wl,-soname,%s" % file,
            "-Wl,--version-script,$(location %s)" % version_script,
            "-Wl,-z,nodelete",  # threads run hooks of ours when they end, which may be after dlclose
            "-Wl,-rpath,$$ORIGIN",  # what it needs of ours lies beside it
        ] + select({
            "//tools/bazel:asan_on": [],  # the program has the sanitizer's functions
            "//tools/bazel:tsan_on": [],
            "//conditions:default": ["-Wl,-z,defs"],
        }) + linkopts,
        linkshared = True,
        **kwargs
    )

def hp_shared_library(name, abi, version_script, srcs = [], links = [], linkopts = [], visibility = None, **kwargs):
    """lib<name>.so.<abi> with that SONAME, lib<name>_d.so.<abi> in debug mode, and a link without number to each.

    Args:
      name: without "lib".
      abi: the SONAME's number.
      version_script: says what is exported.
      srcs: sources.
      links: names of others of the package, and with the same number, that it needs at run time.
      linkopts: more linker flags.
      visibility: of the four files.
      **kwargs: as hp_cc_binary (deps, …).
    """
    release = "lib%s.so.%s"
    debug = "lib%s_d.so.%s"
    for names, prefix, tags in [(release, "", []), (debug, "debug/", ["manual"])]:
        _shared_object(
            name = prefix + names % (name, abi),
            file = names % (name, abi),
            srcs = srcs + [prefix + names % (link, abi) for link in links],
            version_script = version_script,
            linkopts = linkopts,
            tags = tags,
            visibility = visibility,
            **kwargs
        )
    _debug_link(name = debug % (name, abi), target = "debug/" + debug % (name, abi), visibility = visibility)
    _link(name = "lib%s.so" % name, target = release % (name, abi), visibility = visibility)
    _link(name = "lib%s_d.so" % name, target = debug % (name, abi), visibility = visibility)

def _static_library_impl(ctx):
    cc_toolchain = find_cpp_toolchain(ctx)
    archives = []
    system = []
    for linker_input in ctx.attr.library[CcInfo].linking_context.linker_inputs.to_list():
        system += [flag for flag in linker_input.user_link_flags if flag.startswith("-l:")]
        for library in linker_input.libraries:
            archives.append(library.pic_static_library or library.static_library)
    output = ctx.actions.declare_file("static/lib%s.a" % ctx.attr.library_name)
    ctx.actions.run_shell(
        inputs = depset(archives + [ctx.file.symbols], transitive = [cc_toolchain.all_files]),
        outputs = [output],
        # One object, in which groups of inline functions are ordinary sections, since their names become local.
        command = """
set -eu
output=$1 compiler=$2 objcopy=$3 nm=$4 ar=$5 symbols=$6
shift 6
"$compiler" -fuse-ld=bfd -nostdlib -no-pie -r -Wl,--force-group-allocation -o "$output.o" "$@"
# objcopy cannot make what the compiler marks as unique local, but rename it.
"$nm" "$output.o" | awk '$2 == "u" { print $3, "hpsocket_private" $3 }' >"$output.unique"
"$objcopy" --redefine-syms="$output.unique" "$output.o"
"$objcopy" --wildcard --keep-global-symbols="$symbols" "$output.o"
rm -f "$output"
"$ar" rcsD "$output" "$output.o"
rm "$output.o" "$output.unique"
""",
        arguments = [
            output.path,
            cc_toolchain.compiler_executable,
            cc_toolchain.objcopy_executable,
            cc_toolchain.nm_executable,
            cc_toolchain.ar_executable,
            ctx.file.symbols.path,
        ] + [
            # What machine it is for (-m32), as for every other link step.
            option
            for option in ctx.fragments.cpp.linkopts
            if option.startswith("-m")
        ] + [
            "-Wl,--whole-archive",
        ] + [archive.path for archive in archives] + ["-Wl,--no-whole-archive"] + system,
        mnemonic = "StaticLibrary",
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([output]), runfiles = ctx.runfiles([output]))]

hp_static_library = rule(
    doc = "static/lib<library_name>.a of a cc_library and all it depends on; needs what the system has at run time only.",
    implementation = _static_library_impl,
    attrs = {
        "library": attr.label(mandatory = True, providers = [CcInfo]),
        "library_name": attr.string(mandatory = True),
        "symbols": attr.label(
            allow_single_file = True,
            doc = "patterns of the names that stay visible, one a line (objcopy --keep-global-symbols)",
            mandatory = True,
        ),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def _headers_impl(ctx):
    return [CcInfo(compilation_context = ctx.attr.library[CcInfo].compilation_context)]

hp_headers = rule(
    implementation = _headers_impl,
    attrs = {"library": attr.label(mandatory = True, providers = [CcInfo])},
)

def _own_objects_impl(ctx):
    owners = [library.label for library in ctx.attr.libraries]
    merged = cc_common.merge_cc_infos(direct_cc_infos = [library[CcInfo] for library in ctx.attr.libraries])
    own = [
        linker_input
        for linker_input in merged.linking_context.linker_inputs.to_list()
        if linker_input.owner in owners
    ]
    return [CcInfo(
        compilation_context = merged.compilation_context,
        linking_context = cc_common.create_linking_context(linker_inputs = depset(own)),
    )]

hp_own_objects = rule(
    implementation = _own_objects_impl,
    attrs = {"libraries": attr.label_list(mandatory = True, providers = [CcInfo])},
)

def _linked(library, needs, data, linkopts):
    """What a program needs to link `library` by its path, and to find it at run time where Bazel has it."""
    package = library.partition(":")[0].lstrip("/") or native.package_name()
    up = "../" * len(native.package_name().split("/"))
    return {
        "additional_linker_inputs": [library] + needs,
        "data": data + [library] + needs,
        "linkopts": ["$(location %s)" % library, "-Wl,-rpath,$$ORIGIN/%s%s" % (up, package)] + linkopts,
    }

def hp_linked_binary(name, library, needs = [], data = [], linkopts = [], **kwargs):
    """A program that links `library` by its path, as one outside Bazel would.

    Args:
      name: of the program.
      library: a shared library.
      needs: others that this one needs.
      data: files it reads.
      linkopts: more linker flags.
      **kwargs: as hp_cc_binary (srcs, deps, …).
    """
    hp_cc_binary(name = name, **dict(_linked(library, needs, data, linkopts), **kwargs))

def hp_linked_test(name, library, needs = [], data = [], linkopts = [], **kwargs):
    """The same for a test; see hp_linked_binary, hp_cc_test."""
    hp_cc_test(name = name, **dict(_linked(library, needs, data, linkopts), **kwargs))
