"""Each component, vendored alone, in a product that CMake builds: a program in C++14 and one in C, which are run.

Arguments: the components; none: all. HPSOCKET_MIMALLOC, a folder with mimalloc's sources, is passed on.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import vendor

_LISTS = """\
cmake_minimum_required(VERSION 3.16)
project(product LANGUAGES C CXX)
add_subdirectory(third_party/hpsocket)
add_executable(in_cpp in_cpp.cc)
set_target_properties(in_cpp PROPERTIES CXX_STANDARD 14 CXX_STANDARD_REQUIRED ON)
target_link_libraries(in_cpp hpsocket::@)
add_executable(in_c in_c.c)
target_link_libraries(in_c hpsocket::@_c)
"""

# What a component is called, and a Start that can be told from one that was never tried.
_WORDS = {
    "tcp_server": ("TcpServer", "Server", 'Start("127.0.0.1", 0)', 'HP_Server_Start(component, "127.0.0.1", 0)'),
    "tcp_agent": ("TcpAgent", "Agent", "Start()", "HP_Agent_Start(component, NULL, FALSE)"),
    "tcp_client": ("TcpClient", "Client", '!Start("127.0.0.1", 1)', '!HP_Client_Start(component, "127.0.0.1", 1, FALSE)'),
    "udp": ("UdpServer", "Server", 'Start("127.0.0.1", 0)', 'HP_Server_Start(component, "127.0.0.1", 0)'),
    "cast": ("UdpCast", "Client", '!Start("127.0.0.1", 1)', '!HP_Client_Start(component, "127.0.0.1", 1, FALSE)'),
}
_HEADER = {"udp": "udp_server", "cast": "udp_cast"}

_CPP = """\
#include "hpsocket/%(component)s/%(header)s.h"
#include "hpsocket/%(component)s/version.h"

struct Quiet : hpsocket::C%(name)sListener {
%(events)s};

int main() {
  static_assert(HPSOCKET_%(upper)s_VERSION >= 10000, "version.h");
  Quiet quiet;
  hpsocket::C%(name)sPtr component(&quiet);
  return %(start)s ? 0 : 1;
}
"""
_SERVER_EVENTS = """\
  hpsocket::EnHandleResult OnReceive(hpsocket::CONNID, const uint8_t*, int) override { return hpsocket::HR_OK; }
  hpsocket::EnHandleResult OnClose(hpsocket::CONNID) override { return hpsocket::HR_OK; }
  hpsocket::EnHandleResult OnError(hpsocket::CONNID, hpsocket::EnSocketOperation, int) override {
    return hpsocket::HR_OK;
  }
"""
_C = """\
#include <stddef.h>

#include "hpsocket/%(component)s/c_api.h"

int main(void) {
  HP_%(name)sListener listener = Create_HP_%(name)sListener();
  HP_%(name)s component = Create_HP_%(name)s(listener);
  const int started = %(c_start)s;
  Destroy_HP_%(name)s(component);
  Destroy_HP_%(name)sListener(listener);
  return started ? 0 : 1;
}
"""


def write_product(product, component):
    name, role, start, c_start = _WORDS[component]
    events = _SERVER_EVENTS if role != "Client" else _SERVER_EVENTS.replace("CONNID", "IClient*")
    words = {"component": component, "header": _HEADER.get(component, component), "name": name, "events": events,
             "upper": component.upper(), "c_start": c_start,
             "start": ("!component->" + start[1:]) if start.startswith("!") else "component->" + start}
    (product / "CMakeLists.txt").write_text(_LISTS.replace("@", component), encoding="utf-8")
    (product / "in_cpp.cc").write_text(_CPP % words, encoding="utf-8")
    (product / "in_c.c").write_text(_C % words, encoding="utf-8")


def run(*command):
    print("+", *command, flush=True)
    subprocess.run(command, check=True)


def build_alone(component, scratch):
    product, output = scratch / component, scratch / (component + "-build")
    product.mkdir()
    vendor.vendor(vendor.ROOT, [component], product / "third_party/hpsocket")
    write_product(product, component)
    run("cmake", "-S", str(product), "-B", str(output), "-DHPSOCKET_MIMALLOC=" + os.environ.get("HPSOCKET_MIMALLOC", ""))
    run("cmake", "--build", str(output), "--parallel", str(os.cpu_count()))
    for program in ("in_cpp", "in_c"):
        run(str(output / program))
        print("%s: %s works" % (component, program), flush=True)


def main(wanted):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-cmake-"))
    try:
        for component in wanted or vendor.components(vendor.ROOT):
            build_alone(component, scratch)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main(sys.argv[1:])
