"""What the C headers declare, as data: the table that the bindings' declarations are made from."""

import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).absolute().parents[3]
HEADERS = ("core/api/c_types.h", "core/c_api/helpers.h", "core/c_api/c_api.h", "tcp_server/c_api.h", "tcp_agent/c_api.h",
           "tcp_client/c_api.h", "udp/c_api.h", "cast/c_api.h")

Parameter = collections.namedtuple("Parameter", "type name")
Function = collections.namedtuple("Function", "result name parameters")
Enum = collections.namedtuple("Enum", "name values")  # values: [(name, number)], second spellings last


def _parameter(text):
    kind, name, array = re.fullmatch(r"(.*?[ *])(\w+)(\[\])?", text.strip()).groups()
    kind = kind.strip() + ("*" if array else "")
    return Parameter({"const LPWSABUF": "WSABUF*", "const WSABUF*": "WSABUF*"}.get(kind, kind), name)


def _functions(pattern, text):
    found = []
    for result, name, parameters in re.findall(pattern, text, re.MULTILINE):
        listed = re.sub(r"\s+", " ", parameters)
        found.append(Function(result, name, [] if listed == "void" else [_parameter(one) for one in listed.split(",")]))
    return found


class Table:
    """All of it, each list in the headers' order."""

    def __init__(self, root=ROOT):
        text = "".join((root / header).read_text(encoding="utf-8") for header in HEADERS)
        text = re.sub(r"//[^\n]*", "", text)
        self.functions = _functions(r"^HPSOCKET_API (\w+) __stdcall (\w+)\(([^)]*)\);", text)
        self.callbacks = _functions(r"^typedef (\w+)\(__stdcall\* ?(\w+)\)\(([^)]*)\);", text)
        self.handles = re.findall(r"^typedef HP_Object (\w+);", text, re.MULTILINE)
        self.enums = [Enum(name, [(one, int(number)) for one, number in re.findall(r"(\w+) = (\d+),", body)])
                      for name, body in re.findall(r"^typedef enum (\w+) \{(.*?)\}", text, re.MULTILINE | re.DOTALL)]
        stats = re.search(r"^typedef struct HP_Stats \{(.*?)\}", text, re.MULTILINE | re.DOTALL).group(1)
        self.stats = [Parameter(*field) for field in re.findall(r"(\w+) (\w+);", stats)]

    def family(self, name):
        """What HP_<name>_* declares, by the name behind that: {"Stop": Function}."""
        prefix = "HP_%s_" % name
        return {one.name[len(prefix):]: one for one in self.functions if one.name.startswith(prefix)}

    def shared(self, *families):
        """Names of functions that these families all have, alike but for the handle."""
        first, *others = [self.family(name) for name in families]

        def shape(function):
            return function.result, [one.type for one in function.parameters[1:]]

        return [name for name, function in first.items()
                if all(name in other and shape(other[name]) == shape(function) for other in others)]

    def settings(self, family):
        """Pairs of functions: {"NoDelay": (the one that tells, the one that sets)}."""
        functions = self.family(family)
        pairs = {}
        for name, function in functions.items():
            if name.startswith("Set") and len(function.parameters) == 2:
                told = functions.get("Get" + name[3:]) or functions.get("Is" + name[3:])
                if told and told.result == function.parameters[1].type:
                    pairs[name[3:]] = (told, function)
        return pairs


def is_component(kind):
    """Whether a type is a component's handle."""
    return kind.startswith("HP_") and not kind.endswith("Listener") and kind not in ("HP_CONNID", "HP_Stats*", "HP_LogHandler")


def words(name):
    """HP_SE_CONNECT_SERVER -> ConnectServer, pool_bytes -> PoolBytes."""
    return "".join(word.capitalize() for word in re.sub(r"^HP_[A-Z]+_", "", name).lower().split("_"))
