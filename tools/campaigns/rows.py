"""What a campaign counts: its rows, made of the conformance tests' variants as Bazel's BUILD files have them."""

import dataclasses
import pathlib
import re
import xml.etree.ElementTree as ElementTree

CONFIGS = {"opt": "optimised", "asan": "ASan + UBSan", "tsan": "TSan"}
IN_A_ROW = {"opt": 100, "asan": 10, "tsan": 10}
SEEDS, SEEDS_AT_ONCE = 1000, 10
SANITIZED_SEEDS, SANITIZED_SEEDS_AT_ONCE = 50, 5  # no other run has sanitizers and the whole simulated world
STORMS, STORMS_AT_ONCE = 1000, 50
RECORDS = 1000000
FLOOD = 120000  # every other one from one address: 60 000 of its ports
# Connections that come and go, in pieces that end before the harness takes a test for hung; and as many idle ones as
# the descriptors of one process allow, of which each needs two.
CYCLES, CYCLES_AT_ONCE = 1000000, 100000
IDLE = 9000
# Loops that are not what a row counts: short, for they come with every unit.
_OTHER_LOOPS = {"HPSOCKET_RESTARTS": "50", "HPSOCKET_CYCLES": "150", "HPSOCKET_IDLE": "20", "HPSOCKET_MOMENTS": "20",
                "HPSOCKET_STORMS": "5"}
# What tests of whole components do once per seed: (the row, what shows that it is done, the tests).
_SEEDED = (
    ("seeds of errors everywhere", (r"TEST\w*\(\w+, KeepsItsPromisesInAHostileWorld",), "*InAHostileWorld*:*InARoughWorld*"),
    ("seeds of a network that loses", (r"TEST\w*\(\w+, NoneEndsUnderLossWhileDataFlows", "SimulationSeeds("),
     "*NoneEndsUnderLossWhileDataFlows*"),
)


@dataclasses.dataclass
class Row:
    """One line of the table: run `label`, built as `config`, until `target` is reached, in units of `step`."""

    what: str
    component: str
    port: str
    config: str
    label: str
    target: int
    step: int = 1
    in_a_row: bool = False  # a failure starts the count anew
    variants: list = dataclasses.field(default_factory=lambda: [[]])  # arguments; the units take turns
    arguments: list = dataclasses.field(default_factory=list)
    environment: dict = dataclasses.field(default_factory=dict)
    counter: str = ""  # a variable that says where a unit begins: 1, 1 + step, 1 + 2 * step ...

    @property
    def key(self):
        return " / ".join(filter(None, (self.what, self.component, self.port)))

    def command(self, unit):
        """(environment, arguments) of the unit with this number, from 0."""
        environment = dict(self.environment)
        if self.counter:
            environment[self.counter] = str(1 + unit * self.step)
        return environment, self.variants[unit % len(self.variants)] + self.arguments


def variants(xml):
    """{program's label: [arguments, ...]} of `bazel query --output=xml 'tests(//:conformance)'`."""
    programs = {}
    for rule in ElementTree.fromstring(re.sub(r"^<\?xml.*?\?>", "", xml.strip())).iter("rule"):
        program = rule.find("label[@name='binary']")
        arguments = rule.find("list[@name='args']")
        if program is not None and arguments is not None:
            found = [value.get("value") for value in arguments.iter("string")]
            programs.setdefault(program.get("value"), []).append(found)
    return {label: sorted(found) for label, found in sorted(programs.items())}


def test_sources(xml):
    """{label of a program or a test: labels of the sources that its tests stand in}, of a query's answer in XML."""
    files, suites = {}, {}
    for rule in ElementTree.fromstring(re.sub(r"^<\?xml.*?\?>", "", xml.strip())).iter("rule"):
        lists = {one.get("name"): [label.get("value") for label in one.iter("label")] for one in rule.findall("list")}
        files[rule.get("name")] = lists.get("srcs", [])
        suites[rule.get("name")] = [label for label in lists.get("deps", []) if label.endswith("_suite")]
    return {label: own + [one for suite in suites[label] for one in files.get(suite, [])]
            for label, own in files.items() if own}


def test_texts(root, sources):
    """{label: what those sources say}."""
    return {label: "".join(pathlib.Path(root, one.lstrip("/").replace(":", "/")).read_text(encoding="utf-8")
                           for one in found if one.endswith(".cc")) for label, found in sources.items()}


def _component(label):
    """The folder, and the program's name where that is not the usual one: a folder may have several."""
    folder, _, name = label[2:].partition(":")
    name = name.removesuffix("main").removesuffix("_")
    return folder if name in ("", "conformance") else folder + ":" + name


def _value(arguments, axis):
    return next((argument.partition("=")[2] for argument in arguments if argument.startswith("--%s=" % axis)), "")


def _with_port(found, port):
    """The variants as if this were their port, each once."""
    changed = [["--port=" + port if argument.startswith("--port=") else argument for argument in arguments]
               for arguments in found]
    return [arguments for number, arguments in enumerate(changed) if arguments not in changed[:number]]


def _has(text, test, variable=""):
    """Whether tests' sources have a test that begins like this and has `variable` in it."""
    return any(re.match(test, one) and variable in one for one in re.split("^(?=TEST)", text, flags=re.MULTILINE))


def rows(programs, simulated_tests, texts=None):
    """The rows for conformance programs {label: variants} and for the labels of tests of whole components.

    `texts`, {label: its tests' sources}, says which tests there are, so that no row promises what nobody does; without
    it, each program has them all.
    """
    def has(label, *wanted):
        return texts is None or _has(texts.get(label, ""), *wanted)

    made = []
    for label, found in programs.items():
        component = _component(label)
        ports = sorted({_value(arguments, "port") for arguments in found} - {"simulated"}, reverse=True)
        for port in ports:
            here = [arguments for arguments in found if _value(arguments, "port") == port]
            for config, name in CONFIGS.items():
                # Each variant at least once.
                made.append(Row(name + ", in a row", component, port, config, label,
                                max(IN_A_ROW[config], len(here)), in_a_row=True, variants=here))
            if component.startswith("sdk/"):
                continue
            if has(label, r"TEST_P\(\w*Flood, ", "HPSOCKET_FLOOD"):
                made.append(Row("flood", component, port, "opt", label, FLOOD, FLOOD,
                                variants=here, arguments=["--gtest_filter=*Flood.*"],
                                environment={"HPSOCKET_FLOOD": str(FLOOD)}))
            if has(label, r"TEST_P\(\w*Storm, ", "HPSOCKET_STORMS"):
                made.append(Row("storms", component, port, "opt", label, STORMS, STORMS_AT_ONCE, variants=here,
                                arguments=["--gtest_filter=*Storm.*"], counter="HPSOCKET_FIRST_STORM",
                                environment={**_OTHER_LOOPS, "HPSOCKET_STORMS": str(STORMS_AT_ONCE)}))
            if has(label, r"TEST_P\(\w+, StaysAsItIsThroughManyConnections", "HPSOCKET_CYCLES"):
                push = [one for one in here if _value(one, "delivery") != "pull"]  # its listener does not fetch
                made.append(Row("connections that come and go", component, port, "opt", label, CYCLES, CYCLES_AT_ONCE,
                                variants=push or here, arguments=["--gtest_filter=*StaysAsItIsThroughManyConnections*"],
                                environment={"HPSOCKET_CYCLES": str(CYCLES_AT_ONCE)}))
            if has(label, r"TEST_P\(\w+, HoldsManyIdleConnections", "HPSOCKET_IDLE"):
                made.append(Row("idle connections", component, port, "opt", label, IDLE, IDLE, variants=here,
                                arguments=["--gtest_filter=*HoldsManyIdleConnections*"],
                                environment={"HPSOCKET_IDLE": str(IDLE)}))
            if not has(label, r"TEST_P\(\w+, KeepsEachCallTogether", "HPSOCKET_RECORDS"):
                continue
            for policy in sorted({_value(arguments, "send_policy") for arguments in here}):
                of_policy = [one for one in here if _value(one, "send_policy") == policy]
                made.append(Row("records", component, ", ".join(filter(None, (port, policy))), "opt", label,
                                RECORDS * len(of_policy), RECORDS, variants=of_policy,
                                arguments=["--gtest_filter=*KeepsEachCallTogether*"],
                                environment={"HPSOCKET_RECORDS": str(RECORDS)}))
        worlds = _with_port([one for one in found if _value(one, "port") in ports], "simulated")
        for what, config, seeds, at_once in (("seeds", "opt", SEEDS, SEEDS_AT_ONCE),
                                             ("seeds, ASan + UBSan", "asan", SANITIZED_SEEDS, SANITIZED_SEEDS_AT_ONCE)):
            made.append(Row(what, component, "simulated", config, label, seeds, at_once, variants=worlds,
                            counter="HPSOCKET_FIRST_SEED",
                            environment={**_OTHER_LOOPS, "HPSOCKET_SEEDS": str(at_once)}))
    for label in sorted(simulated_tests):
        folder = label[2:].partition(":")[0]
        if has(label, r"TEST\w*\(\w+, SurvivesTheFailureOfEvery"):
            made.append(Row("every fallible call failed", folder, "simulated", "opt", label, 1,
                            arguments=["--gtest_filter=*SurvivesTheFailureOfEvery*"]))
        for what, wanted, filtered in _SEEDED:
            if texts is not None and has(label, *wanted):
                made.append(Row(what, folder, "simulated", "opt", label, SEEDS, SEEDS_AT_ONCE,
                                arguments=["--gtest_filter=" + filtered], counter="HPSOCKET_FIRST_SEED",
                                environment={"HPSOCKET_SEEDS": str(SEEDS_AT_ONCE)}))
    return made


def clauses(root):
    """(clauses that have a test, all clauses) of clauses.md."""
    text = pathlib.Path(root, "testing/conformance/clauses.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines()
             if line.startswith("| ") and not line.startswith("| clause ")]
    return sum(row[-1] not in ("", "not yet") for row in cells), len(cells)
