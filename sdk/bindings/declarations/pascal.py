"""Pascal: sdk/bindings/pascal/{hpsocket4c,hpsocketfamilies}.pas."""

import re
import textwrap

_BANNER = "{ Made by sdk/bindings/declarations from the C headers. %s }\n"

_TYPES = {
    "int": "Integer", "long": "NativeInt", "uint64_t": "UInt64", "UINT_PTR": "NativeUInt", "DWORD": "Cardinal",
    "USHORT": "Word",
    "LPCTSTR": "PAnsiChar", "PVOID": "Pointer", "LPVOID": "Pointer", "void*": "Pointer", "LPDWORD": "PCardinal",
    "TCHAR*": "PAnsiChar", "BYTE*": "PByte", "const BYTE*": "PByte", "WSABUF*": "PWSABUF", "BOOL": "LongBool",
    "SOCKET": "Integer", "uint32_t": "Cardinal",
}
# What C takes by reference, and no null pointer.
_REFERENCES = {
    "const BYTE**": "PByte", "int*": "Integer", "BOOL*": "LongBool", "DWORD*": "Cardinal", "USHORT*": "Word",
    "PVOID*": "Pointer", "unsigned long*": "NativeUInt", "HP_Stats*": "HP_Stats", "HP_CONNID*": "HP_CONNID",
}


def _type(kind):
    return _TYPES.get(kind, kind)


def _parameter(one):
    if one.type == "HP_CONNID*" and one.name == "pIDs":
        return one.name + ": PHP_CONNID"
    if one.type in _REFERENCES:
        return "var %s: %s" % (one.name, _REFERENCES[one.type])
    return "%s: %s" % (one.name, _type(one.type))


def _signature(function, name="", skip=()):
    """procedure or function with its parameters, and what stands behind."""
    parameters = "; ".join(list(skip) + [_parameter(one) for one in function.parameters[len(skip):]])
    listed = "(%s)" % parameters if parameters else ""
    if function.result == "void":
        return "procedure %s%s" % (name, listed)
    return "function %s%s: %s" % (name, listed, _type(function.result))


def _unnamed(signature):
    """The type of a function: its signature without a name."""
    return re.sub(r"^(function|procedure) ", r"\1", signature)


def _filled(text, indent):
    return textwrap.fill(text, 120, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False)


def declarations(table):
    lines = [_BANNER % "Delphi and Free Pascal." + """
unit hpsocket4c;

{$IFDEF FPC}{$MODE DELPHI}{$PACKRECORDS C}{$ENDIF}
{$MINENUMSIZE 4}

interface

const
  { The library: Free Pascal's linker adds lib and .so. }
  HPSOCKET4C = {$IFDEF FPC}'hpsocket4c'{$ELSE}'libhpsocket4c.so'{$ENDIF};

type
  HP_CONNID = NativeUInt;
  PHP_CONNID = ^HP_CONNID;
  HP_Object = Pointer;"""]
    lines += ["  %s = HP_Object;" % name for name in table.handles]
    for enum in table.enums:
        seen = {}
        for name, number in enum.values:
            seen.setdefault(number, name)
        assert list(seen) == list(range(len(seen))), enum.name
        lines += ["", _filled("%s = (%s);" % (enum.name, ", ".join(seen.values())), "  ")]
    lines.append("""
  { One piece of a SendPackets call. }
  WSABUF = record
    len: Cardinal;
    buf: Pointer;
  end;
  PWSABUF = ^WSABUF;

  { `size` is SizeOf(HP_Stats). }
  HP_Stats = record""")
    lines += ["    %s: %s;" % (field.name, _type(field.type)) for field in table.stats]
    lines += ["  end;", "", "  HP_LogHandler = procedure(level: Integer; message: PAnsiChar; user: Pointer); cdecl;", ""]
    lines += [_filled("%s = %s; cdecl;" % (one.name, _unnamed(_signature(one))), "  ") for one in table.callbacks]
    lines += ["", "const"]
    for enum in table.enums:
        seen = {}
        for name, number in enum.values:
            if number in seen:
                lines.append("  %s = %s;" % (name, seen[number]))
            seen.setdefault(number, name)
    lines.append("")
    lines += [_filled("%s; cdecl; external HPSOCKET4C;" % _signature(one, one.name), "") for one in table.functions]
    return "\n".join(lines + ["", "implementation", "", "end.", ""])


_ROLES = ("Server", "Agent", "Client")
_OWN = ("TcpServer", "TcpAgent", "TcpClient", "TcpPullServer", "TcpPullAgent", "TcpPullClient", "UdpServer", "UdpClient",
        "UdpCast")


def _settings(table):
    """(name, {role: (getter, setter)}) of what is a number, a truth or an enumerator."""
    def plain(pairs):
        return {name: pair for name, pair in pairs.items() if pair[0].result not in ("PVOID", "LPCTSTR")}

    rows = {}
    for role in _ROLES:
        for name, pair in plain(table.settings(role)).items():
            rows.setdefault(name, {})[role] = pair
    for family in _OWN:
        role = next((role for role in _ROLES if family.endswith(role)), "Client")  # a cast is a client
        for name, pair in plain(table.settings(family)).items():
            rows[family + name] = {role: pair}
    return rows


def families(table):
    """Functions that differ in the family's name only, as one record each, so that the classes call them alike."""
    component = table.shared(*_ROLES)
    complex_ = [name for name in table.shared("Server", "Agent") if name not in component]
    pull = table.shared("TcpPullServer", "TcpPullAgent")
    settings = _settings(table)
    set_or_told = {one.name.split("_", 2)[2] for row in settings.values() for pair in row.values() for one in pair}
    component, complex_, pull = [[name for name in names if name not in set_or_told]
                                 for names in (component, complex_, pull)]
    lines = [_BANNER % "Internal to hpsocket.pas: families of functions." + """
unit hpsocketfamilies;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  hpsocket4c;

type
  THPRole = (hrServer, hrAgent, hrClient);
"""]

    def record(name, members, family):
        lines.append("  %s = record" % name)
        for member in members:
            signature = _unnamed(_signature(table.family(family)[member], skip=["Handle: HP_Object"]))
            lines.append(_filled("%s: %s; cdecl;" % (member, signature), "    "))
        lines.extend(["  end;", ""])

    record("THPComponentFunctions", component, "Server")
    record("THPComplexFunctions", complex_, "Server")
    record("THPPullFunctions", pull, "TcpPullServer")
    lines += ["  THPSetting = record", "    Getters, Setters: array [THPRole] of Pointer;", "  end;", "", "const"]
    names = list(settings)
    lines += ["  st%s = %d;" % (name, number) for number, name in enumerate(names)]
    lines.append("")

    def value(name, family, members):
        return "%s(%s)" % (name, "; ".join("%s: HP_%s_%s" % (member, family, member) for member in members))

    lines.append("  ComponentFunctions: array [THPRole] of THPComponentFunctions = (")
    lines.append(",\n".join(_filled(value("", role, component), "    ") for role in _ROLES) + ");")
    lines.append("  ComplexFunctions: array [hrServer .. hrAgent] of THPComplexFunctions = (")
    lines.append(",\n".join(_filled(value("", role, complex_), "    ") for role in _ROLES[:2]) + ");")
    lines.append("  PullFunctions: array [hrServer .. hrAgent] of THPPullFunctions = (")
    lines.append(",\n".join(_filled(value("", family, pull), "    ") for family in ("TcpPullServer", "TcpPullAgent")) + ");")
    lines += ["", "  Settings: array [0 .. %d] of THPSetting = (" % (len(names) - 1)]

    def column(row, which):
        return ", ".join("@" + row[role][which].name if role in row else "nil" for role in _ROLES)

    lines.append(",\n".join(_filled("(Getters: (%s); Setters: (%s))" % (column(row, 0), column(row, 1)), "    ")
                            for row in settings.values()) + ");")
    return "\n".join(lines + ["", "implementation", "", "end.", ""])


FILES = {"pascal/hpsocket4c.pas": declarations, "pascal/hpsocketfamilies.pas": families}
