"""The variants under which every component's conformance suite runs: one list, so no test can mistype it.

A component has one conformance binary; a variant is a set of arguments to it. Add an axis or a value here and every
component runs it.
"""

# axis -> values; becomes --axis=value. Later: send_policy x recv_policy.
AXES = {
    "port": ["io_uring", "epoll"],
    "workers": ["1", "4"],
}

def all_variants():
    """Every combination, each a dict axis -> value."""
    variants = [{}]
    for axis, values in AXES.items():
        variants = [dict(variant, **{axis: value}) for variant in variants for value in values]
    return variants

def _pairs(variant):
    items = sorted(variant.items())
    return [(items[i], items[j]) for i in range(len(items)) for j in range(i + 1, len(items))]

def pairwise(variants):
    """A small subset in which every two values of two axes still meet; greedy, so it is stable and nearly minimal."""
    uncovered = {pair: True for variant in variants for pair in _pairs(variant)}
    chosen = []
    for _ in range(len(variants)):
        best, gain = None, 0
        for variant in variants:
            fresh = len([pair for pair in _pairs(variant) if pair in uncovered])
            if fresh > gain:
                best, gain = variant, fresh
        if gain == 0:
            break
        chosen.append(best)
        for pair in _pairs(best):
            uncovered.pop(pair, None)
    return chosen

def _run_variant_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.binary, is_executable = True)
    return [DefaultInfo(executable = link, runfiles = ctx.attr.binary[DefaultInfo].default_runfiles)]

# A test that is another target's binary with arguments (`args`), so that variants share one link step.
_variant_test = rule(
    implementation = _run_variant_impl,
    attrs = {"binary": attr.label(executable = True, cfg = "target", mandatory = True)},
    test = True,
)

def variant_tests(name, binary, tags = [], **kwargs):
    """One test per variant of `binary`, and a test_suite `name` over them.

    Variants outside the pairwise subset carry the tag `exhaustive`, which the sanitizer configs leave out.
    """
    subset = pairwise(all_variants())
    tests = []
    for variant in all_variants():
        test = "_".join([name] + [
            value if axis == "port" else axis + value
            for axis, value in variant.items()
        ])
        tests.append(test)
        _variant_test(
            name = test,
            binary = binary,
            args = ["--%s=%s" % item for item in variant.items()],
            tags = tags + ([] if variant in subset else ["exhaustive"]),
            **kwargs
        )
    native.test_suite(name = name, tests = tests, visibility = ["//visibility:public"])
