"""The variants under which every component's conformance suite runs: one list, so no test can mistype it.

A component has one conformance binary; a variant is a set of arguments to it. Add an axis or a value here and every
component that has the axis runs it.
"""

# axis -> values; becomes --axis=value.
AXES = {
    "port": ["io_uring", "epoll"],
    "workers": ["1", "4"],
    "send_policy": ["pack", "safe", "direct"],
    "recv_policy": ["serial", "parallel"],
    "delivery": ["push", "pull"],
}

# Values that are run with each value of each other axis, but not with every combination of them: PULL differs from
# PUSH in the last step of receiving only.
PAIRWISE_ONLY = ["pull"]

# Simulated worlds, besides: with each value of these axes. What else there is to choose, the seed chooses.
SIMULATED = "simulated"
AXES_WHEN_SIMULATED = ["workers"]

# As many seeds for every change, which a component's simulated variants share; tools/campaign goes on from there.
SEEDS = 25

def all_variants(axes):
    """Every combination of the values of `axes`, each a dict axis -> value."""
    variants = [{}]
    for axis, values in AXES.items():
        if axis in axes:
            variants = [dict(variant, **{axis: value}) for variant in variants for value in values]
    return variants

def _pairs(variant):
    items = sorted(variant.items())
    return [(items[i], items[j]) for i in range(len(items)) for j in range(i + 1, len(items))]

def _greedy(variants):
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

def pairwise(variants):
    """A small subset in which every two values of two axes still meet.

    Greedy, so it is stable; from each variant on in turn, since where it begins decides how small it gets.
    """
    if len(variants[0]) == 1:
        return variants
    smallest = variants
    for start in range(len(variants)):
        subset = _greedy(variants[start:] + variants[:start])
        if len(subset) < len(smallest):
            smallest = subset
    return smallest

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

def variant_tests(name, binary, axes = None, simulated = False, tags = [], **kwargs):
    """One test per variant of `binary`, and a test_suite `name` over them.

    Variants outside the pairwise subset carry the tag `exhaustive`, which the sanitizer configs leave out; with a value
    of PAIRWISE_ONLY there are none.

    Args:
      name: of the suite; a test is called <name>_<value>_<value>..., a number with its axis: conformance_epoll_workers4.
      binary: what runs.
      axes: those of AXES that `binary` has settings for; None for all.
      simulated: `binary` runs in simulated worlds, too.
      tags: for each test.
      **kwargs: for each test.
    """
    for axis in axes or []:
        if axis not in AXES:
            fail("%s: there is no axis %s" % (name, axis))
    axes = AXES.keys() if axes == None else axes
    variants = all_variants(axes)
    subset = pairwise(variants)
    tests = []
    for variant in variants:
        if variant not in subset and [value for value in variant.values() if value in PAIRWISE_ONLY]:
            continue
        test = "_".join([name] + [
            axis + value if value.isdigit() else value
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
    worlds = all_variants([axis for axis in AXES_WHEN_SIMULATED if axis in axes]) if simulated else []
    for number, variant in enumerate(worlds):
        test = "_".join([name, SIMULATED] + [axis + value for axis, value in variant.items()])
        tests.append(test)
        first, end = [1 + SEEDS * share // len(worlds) for share in [number, number + 1]]
        _variant_test(
            name = test,
            binary = binary,
            args = ["--port=" + SIMULATED, "--seeds=%d-%d" % (first, end - 1)] +
                   ["--%s=%s" % item for item in variant.items()],
            # Threads take turns there, so ThreadSanitizer would see nothing.
            tags = [tag for tag in tags if tag != "threads"] + ["exhaustive"],
            shard_count = 2,
            **dict(kwargs, size = "large")
        )
    native.test_suite(name = name, tests = tests, visibility = ["//visibility:public"])
