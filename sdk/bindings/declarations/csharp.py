"""C#: sdk/bindings/csharp/HPSocket/{Native,Enums,Families}.cs."""

import re
import textwrap

from c_headers import is_component, words

_BANNER = "// Made by sdk/bindings/declarations from the C headers.\n"

_TYPES = {
    "void": "void", "BOOL": "bool", "int": "int", "long": "IntPtr", "DWORD": "uint", "USHORT": "ushort", "SOCKET": "int",
    "uint64_t": "ulong", "UINT_PTR": "UIntPtr", "HP_CONNID": "UIntPtr", "PVOID": "IntPtr", "LPVOID": "IntPtr",
    "void*": "IntPtr", "LPDWORD": "ref uint", "TCHAR*": "byte[]", "BYTE*": "byte[]", "const BYTE*": "byte[]",
    "const BYTE**": "out IntPtr", "int*": "ref int", "BOOL*": "ref bool", "DWORD*": "ref uint", "USHORT*": "ref ushort",
    "PVOID*": "ref IntPtr", "unsigned long*": "ref UIntPtr", "WSABUF*": "Piece[]", "HP_Stats*": "ref Stats",
}


def _type(kind, function=None):
    if kind.startswith("En_HP_"):
        return kind[len("En_HP_"):]
    if kind.startswith("HP_FN_") or kind == "HP_LogHandler":
        return _delegate(kind)
    if kind in _TYPES:
        return _TYPES[kind]
    # A component's handle is safe where a call needs it, and plain where it is made, ended, or given to a callback.
    return "ComponentHandle" if function and re.match(r"HP_(?!FN_)", function) and is_component(kind) else "IntPtr"


def _delegate(name):
    return "LogFunction" if name == "HP_LogHandler" else name[len("HP_FN_"):].replace("_", "") + "Function"


def _parameters(function, skip=0):
    listed = []
    for one in function.parameters[skip:]:
        array = one.type == "HP_CONNID*" and one.name == "pIDs"
        kind = "UIntPtr[]" if array else "ref UIntPtr" if one.type == "HP_CONNID*" else None
        if one.type == "LPCTSTR":
            kind = "string"
        elif function.name.startswith("HP_FN_") and one.type == "const BYTE*":
            kind = "IntPtr"
        listed.append("%s %s" % (kind or _type(one.type, function.name), one.name))
    return ", ".join(listed)


def _result(function):
    # Texts belong to the library, which marshalling as a string would free.
    return "IntPtr" if function.result == "LPCTSTR" else _type(function.result)


def _wrapped(head, rest, tail):
    """head(rest)tail, in two lines if one is too long."""
    line = "%s(%s)%s" % (head, rest, tail)
    if len(line) <= 118:
        return line
    return "%s(\n%s)%s" % (head, textwrap.fill(rest, 118, initial_indent=12 * " ", subsequent_indent=12 * " "), tail)


def native(table):
    lines = [_BANNER + """using System;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>The C functions; sdk/HPSocket4C.h and the headers below it say what each does.</summary>
    public static class Native
    {
        /// <summary>The library, beside the assembly or where the system looks.</summary>
        public const string Library = "libhpsocket4c.so.1";
"""]
    for one in table.functions:
        import_as = "DllImport(Library)" if one.result == "void" else "DllImport(Library, SetLastError = true)"
        lines += ["        [%s]" % import_as,
                  _wrapped("        public static extern %s %s" % (_result(one), one.name), _parameters(one), ";")]
    lines.append("    }\n")
    for one in table.callbacks:
        lines += ["    /// <summary>%s of the C headers.</summary>" % one.name,
                  "    public delegate %s %s(%s);" % (_result(one), _delegate(one.name), _parameters(one))]
    lines.append("""    /// <summary>HP_LogHandler of the C headers.</summary>
    public delegate void LogFunction(int level, IntPtr message, IntPtr user);
}
""")
    return "\n".join(lines)


def enums(table):
    lines = [_BANNER + """using System.Runtime.InteropServices;

namespace HPSocket
{"""]
    for enum in table.enums:
        lines += ["    /// <summary>%s of the C headers.</summary>" % enum.name,
                  "    public enum %s" % _type(enum.name), "    {"]
        seen = set()
        for name, number in enum.values:
            if number not in seen:
                lines.append("        %s = %d," % (words(name), number))
            seen.add(number)
        lines += ["    }", ""]
    lines += ["    /// <summary>Figures of a component; core/api/types.h says what each is.</summary>",
              "    [StructLayout(LayoutKind.Sequential)]", "    public struct Stats", "    {"]
    for field in table.stats:
        kind = {"uint32_t": "uint", "uint64_t": "ulong"}[field.type]
        access = "internal" if field.name in ("size", "reserved") else "public"
        lines.append("        %s %s %s;" % (access, kind, words(field.name)))
    return "\n".join(lines + ["    }", "}", ""])


def families(table):
    """Functions that differ in the family's name only, behind one interface, so that the classes call them alike."""
    component = table.shared("Server", "Agent", "Client")
    complex_ = [name for name in table.shared("Server", "Agent") if name not in component]
    # The one setting has its property in each class.
    pull = [name for name in table.shared("TcpPullServer", "TcpPullAgent") if name[3:] not in table.settings("TcpPullServer")]
    lines = [_BANNER + """using System;

namespace HPSocket
{"""]

    def signature(family, name):
        function = table.family(family)[name]
        rest = _parameters(function, 1)
        return function, "%s %s" % (_result(function), name), "ComponentHandle handle" + (", " + rest if rest else "")

    def interface(name, base, family, members):
        lines.extend(["    internal interface %s%s" % (name, base), "    {"])
        for member in members:
            _, head, rest = signature(family, member)
            lines.append(_wrapped("        " + head, rest, ";"))
        lines.extend(["    }", ""])

    def implementation(family, base, members):
        lines.extend(["    internal sealed class %sFunctions : %s" % (family, base), "    {"])
        for member in members:
            function, head, rest = signature(family, member)
            passed = ["handle"]
            for one in _parameters(function, 1).split(", ") if len(function.parameters) > 1 else []:
                kind, _, name = one.rpartition(" ")
                passed.append(kind.split(" ")[0] + " " + name if " " in kind else name)
            lines.append(_wrapped("        public " + head, rest, " =>"))
            lines.append("            Native.%s(%s);" % (function.name, ", ".join(passed)))
        lines.extend(["    }", ""])

    interface("IComponentFunctions", "", "Server", component)
    interface("IComplexFunctions", " : IComponentFunctions", "Server", complex_)
    interface("IPullFunctions", "", "TcpPullServer", pull)
    implementation("Server", "IComplexFunctions", component + complex_)
    implementation("Agent", "IComplexFunctions", component + complex_)
    implementation("Client", "IComponentFunctions", component)
    implementation("TcpPullServer", "IPullFunctions", pull)
    implementation("TcpPullAgent", "IPullFunctions", pull)
    return "\n".join(lines[:-1] + ["}", ""])


FILES = {"csharp/HPSocket/Native.cs": native, "csharp/HPSocket/Enums.cs": enums, "csharp/HPSocket/Families.cs": families}
