"""What MODULE.bazel needs besides the registry. Never loaded by WORKSPACE builds: Bazel 4 has no module extensions."""

load(":deps.bzl", _bench_peers = "bench_peers")

def _private_mimalloc_impl(ctx):
    root = ctx.path(ctx.attr.license).dirname
    ctx.symlink(root.get_child("include"), "include")
    ctx.symlink(root.get_child("src"), "src")
    ctx.symlink(ctx.path(ctx.attr.build_file), "BUILD.bazel")

_private_mimalloc = repository_rule(
    doc = "@mimalloc: the registry's sources, built as overlay/mimalloc.BUILD says (no malloc override).",
    implementation = _private_mimalloc_impl,
    attrs = {
        "build_file": attr.label(default = Label("//tools/bazel:overlay/mimalloc.BUILD")),
        "license": attr.label(default = Label("@mimalloc_registry//:LICENSE")),
    },
)

private_mimalloc = module_extension(implementation = lambda _: _private_mimalloc(name = "mimalloc"))

bench_peers = module_extension(implementation = lambda _: _bench_peers(name = "bench_peers"))
