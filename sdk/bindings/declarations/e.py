"""The E language: sdk/bindings/e/hpsocket4c.txt, its text form. It is 32-bit, and calls functions by stdcall."""

import c_headers

_LIBRARY = "HPSocket4C.dll"

# C's type -> E's, and how it is passed.
_TYPES = {
    "BOOL": ("逻辑型", ""), "int": ("整数型", ""), "long": ("整数型", ""), "DWORD": ("整数型", ""), "USHORT": ("短整数型", ""),
    "SOCKET": ("整数型", ""), "uint64_t": ("长整数型", ""), "uint32_t": ("整数型", ""), "UINT_PTR": ("整数型", ""),
    "HP_CONNID": ("整数型", ""), "PVOID": ("整数型", ""), "LPVOID": ("整数型", ""), "void*": ("整数型", ""),
    "LPCTSTR": ("文本型", ""), "TCHAR*": ("文本型", ""), "BYTE*": ("字节集", ""), "const BYTE*": ("字节集", ""),
    # An array of structures is none in E: its address.
    "WSABUF*": ("整数型", ""), "HP_Stats*": ("HP_Stats", "传址"), "const BYTE**": ("整数型", "传址"),
    "int*": ("整数型", "传址"), "BOOL*": ("逻辑型", "传址"), "DWORD*": ("整数型", "传址"), "LPDWORD": ("整数型", "传址"),
    "USHORT*": ("短整数型", "传址"), "HP_CONNID*": ("整数型", "传址"), "PVOID*": ("整数型", "传址"),
    "unsigned long*": ("整数型", "传址"), "HP_LogHandler": ("子程序指针", ""),
}


def _type(kind):
    if kind.startswith("HP_FN_"):
        return "子程序指针", ""
    if kind.startswith("En_HP_") or c_headers.is_component(kind) and kind not in _TYPES or kind.endswith("Listener"):
        return "整数型", ""
    return _TYPES[kind]


def _parameter(one, in_callback):
    kind, passed = _type(one.type)
    if in_callback and kind == "字节集":
        kind = "整数型"  # data comes as its address
    if one.name == "pIDs":
        passed = "传址 数组"
    return ("    .参数 %s, %s, %s" % (one.name, kind, passed)).rstrip(", ")


def _result(function):
    return "" if function.result == "void" else _type(function.result)[0]


def declarations(table):
    """Constants, structures, functions."""
    lines = [".版本 2", ""]
    for enum in table.enums:
        lines += [".常量 %s, \"%d\", 公开" % value for value in enum.values]
    lines += ["", ".数据类型 WSABUF, 公开", "    .成员 len, 整数型", "    .成员 buf, 整数型", "", ".数据类型 HP_Stats, 公开"]
    lines += ["    .成员 %s, %s" % (field.name, _type(field.type)[0]) for field in table.stats]
    for one in table.functions:
        lines += ["", ".DLL命令 %s, %s, \"%s\", \"%s\", 公开" % (one.name, _result(one), _LIBRARY, one.name)]
        lines += [_parameter(parameter, False) for parameter in one.parameters]
    return "\n".join(lines) + "\n"


def callbacks(table):
    """A subroutine of each kind that the library calls, doing nothing."""
    lines = [".版本 2", "", ".程序集 HPSocket4C回调, , 公开"]
    for one in table.callbacks:
        lines += ["", ".子程序 %s, 整数型, 公开" % one.name[len("HP_FN_"):]]
        lines += [_parameter(parameter, True) for parameter in one.parameters]
        lines += ["", "返回 (#HP_HR_OK)"]
    return "\n".join(lines) + "\n"


FILES = {"e/hpsocket4c.txt": declarations, "e/hpsocket4c_callbacks.txt": callbacks}
