"""Each component, vendored alone, in a product that CMake builds: programs in C++14 and in C, through which a byte travels.

Arguments: the components; none: all. With --conformance their suites are built and run, too, one variant for each port.
Each program is built twice: on the system's malloc, and on mimalloc, from the sources that tools/bootstrap downloads.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import vendor

_LISTS = """\
cmake_minimum_required(VERSION 3.18)
project(product LANGUAGES C CXX)
add_subdirectory(third_party/hpsocket)
"""
_PROGRAMS = """\
add_executable(%(name)s_in_cpp %(name)s.cc)
set_target_properties(%(name)s_in_cpp PROPERTIES CXX_STANDARD 14 CXX_STANDARD_REQUIRED ON)
target_link_libraries(%(name)s_in_cpp hpsocket::%(component)s)
add_executable(%(name)s_in_c %(name)s.c)
target_link_libraries(%(name)s_in_c hpsocket::%(component)s_c)
"""

# {component: (class, C's family, how it meets a peer)}
_PARTS = {
    "tcp_server": [("TcpServer", "Server", "serve")],
    "tcp_agent": [("TcpAgent", "Agent", "call")],
    "tcp_client": [("TcpClient", "Client", "call")],
    "udp": [("UdpServer", "Server", "serve"), ("UdpClient", "Client", "call")],
    "cast": [("UdpCast", "Client", "join")],
}
_HEADERS = {"UdpServer": "udp_server", "UdpClient": "udp_client", "UdpCast": "udp_cast"}

# The other side, in C and C++: plain sockets.
_PEER = r"""#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECK(truth)                                                     \
  do {                                                                   \
    if (!(truth)) {                                                      \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth); \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

#define GROUP "233.0.0.1"
enum { kPatienceSeconds = 60 };
static const int kSocketType = SOCK_STREAM_OR_DGRAM;

// What callbacks that do not echo have received.
static int heard[2];

static inline void Hear(const void* data, int length) { CHECK(write(heard[1], data, (size_t)length) == length); }

static inline struct sockaddr_in Loopback(uint16_t port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A socket at any port, which listens if it can.
static inline int Bound(uint16_t* port) {
  struct sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  const int on = 1;
  const int fd = socket(AF_INET, kSocketType, 0);
  CHECK(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
  CHECK(bind(fd, (const struct sockaddr*)&address, length) == 0);
  CHECK(kSocketType == SOCK_DGRAM || listen(fd, 1) == 0);
  CHECK(getsockname(fd, (struct sockaddr*)&address, &length) == 0);
  *port = ntohs(address.sin_port);
  return fd;
}

static inline int Connected(uint16_t port) {
  const struct sockaddr_in address = Loopback(port);
  const int fd = socket(AF_INET, kSocketType, 0);
  CHECK(fd >= 0 && connect(fd, (const struct sockaddr*)&address, sizeof(address)) == 0);
  return fd;
}

// The connection with who has called, by TCP or with a byte by UDP.
static inline int Called(int fd) {
  struct sockaddr_in address;
  socklen_t length = sizeof(address);
  char byte;
  if (kSocketType == SOCK_STREAM) return accept(fd, NULL, NULL);
  while (recvfrom(fd, &byte, 1, 0, (struct sockaddr*)&address, &length) == 0) {
    length = sizeof(address);  // empty datagrams are heartbeats
  }
  CHECK(connect(fd, (const struct sockaddr*)&address, length) == 0);
  return fd;
}

// What is sent there comes back.
static inline void CheckEcho(int fd) {
  char byte = 'e';
  ssize_t got;
  CHECK(fd >= 0 && send(fd, &byte, 1, 0) == 1);
  byte = 0;
  do {
    got = recv(fd, &byte, 1, 0);
  } while (got == 0 && kSocketType == SOCK_DGRAM);
  CHECK(got == 1 && byte == 'e');
}

static inline void CheckHeard(void) {
  char byte = 0;
  CHECK(read(heard[0], &byte, 1) == 1 && byte == 'h');
}

static inline void Prepare(void) {
  CHECK(pipe(heard) == 0);
  alarm(kPatienceSeconds);  // what waits longer is ended
}
"""

_CPP = """\
#include "hpsocket/%(component)s/%(header)s.h"
#include "hpsocket/%(component)s/version.h"
#include "peer.h"

static hpsocket::I%(name)s* component;

struct Listener : hpsocket::C%(name)sListener {
  hpsocket::EnHandleResult OnReceive(%(sender)s id, const uint8_t* data, int length) override {
    (void)id;
    %(answer)s
    return hpsocket::HR_OK;
  }
  hpsocket::EnHandleResult OnClose(%(sender)s) override { return hpsocket::HR_OK; }
  hpsocket::EnHandleResult OnError(%(sender)s, hpsocket::EnSocketOperation, int) override { return hpsocket::HR_OK; }
};

int main() {
  static_assert(HPSOCKET_%(upper)s_VERSION >= 10000, "version.h");
  Prepare();
  Listener listener;
  hpsocket::C%(name)sPtr owner(&listener);
  component = owner.Get();
  uint16_t port = 0;
%(meet)s
  CHECK(component->Stop());
  return 0;
}
"""
_C = """\
#include "hpsocket/%(component)s/c_api.h"
#include "peer.h"

static HP_%(name)s component;

static En_HP_HandleResult OnReceive(%(c_sender)s id, const BYTE* data, int length) {
  (void)id;
  %(c_answer)s
  return HP_HR_OK;
}

int main(void) {
  HP_%(name)sListener listener = Create_HP_%(name)sListener();
  uint16_t port = 0;
  Prepare();
  component = Create_HP_%(name)s(listener);
  HP_Set_FN_%(family)s_OnReceive(listener, OnReceive);
%(c_meet)s
  CHECK(HP_%(family)s_Stop(component));
  Destroy_HP_%(name)s(component);
  Destroy_HP_%(name)sListener(listener);
  return 0;
}
"""

# {(class's family, how): (in C++, in C)}
_MEETINGS = {
    ("Server", "serve"): ("""\
  char address[64];
  int length = sizeof(address);
  CHECK(component->Start("127.0.0.1", 0));
  CHECK(component->GetListenAddress(address, length, port));
  CheckEcho(Connected(port));""", """\
  char address[64];
  int length = sizeof(address);
  CHECK(HP_Server_Start(component, "127.0.0.1", 0));
  CHECK(HP_Server_GetListenAddress(component, address, &length, &port));
  CheckEcho(Connected(port));"""),
    ("Agent", "call"): ("""\
  const int peer = Bound(&port);
  CHECK(component->Start());
  CHECK(component->Connect("127.0.0.1", port));
  CheckEcho(Called(peer));""", """\
  const int peer = Bound(&port);
  HP_CONNID id = 0;
  CHECK(HP_Agent_Start(component, NULL, FALSE));
  CHECK(HP_Agent_Connect(component, "127.0.0.1", port, &id));
  CheckEcho(Called(peer));"""),
    ("Client", "call"): ("""\
  const int peer = Bound(&port);
  CHECK(component->Start("127.0.0.1", port));
  if (kSocketType == SOCK_DGRAM) CHECK(component->Send(reinterpret_cast<const uint8_t*>("c"), 1));
  CheckEcho(Called(peer));""", """\
  const int peer = Bound(&port);
  CHECK(HP_Client_Start(component, "127.0.0.1", port, FALSE));
  if (kSocketType == SOCK_DGRAM) CHECK(HP_Client_Send(component, (const BYTE*)"c", 1));
  CheckEcho(Called(peer));"""),
    ("Client", "join"): ("""\
  Bound(&port);  // keeps the port to those who share it
  component->SetBindAdddress("127.0.0.1");
  component->SetReuseAddress(true);
  component->SetMultiCastLoop(true);
  CHECK(component->Start(GROUP, port));
  CHECK(component->Send(reinterpret_cast<const uint8_t*>("h"), 1));
  CheckHeard();""", """\
  Bound(&port);  // keeps the port to those who share it
  HP_UdpCast_SetBindAdddress(component, "127.0.0.1");
  HP_UdpCast_SetReuseAddress(component, TRUE);
  HP_UdpCast_SetMultiCastLoop(component, TRUE);
  CHECK(HP_Client_Start(component, GROUP, port, FALSE));
  CHECK(HP_Client_Send(component, (const BYTE*)"h", 1));
  CheckHeard();"""),
}


def write_programs(product, component, name, family, how):
    meet, c_meet = _MEETINGS[family, how]
    send = "component->Send(%sdata, length)" % ("" if family == "Client" else "id, ")
    c_send = "HP_%s_Send(component, %sdata, length)" % (family, "" if family == "Client" else "id, ")
    words = {"component": component, "header": _HEADERS.get(name, component), "name": name, "family": family,
             "upper": component.upper(), "meet": meet, "c_meet": c_meet,
             "sender": "hpsocket::IClient*" if family == "Client" else "hpsocket::CONNID",
             "c_sender": "HP_Client" if family == "Client" else "HP_CONNID",
             "answer": "Hear(data, length);" if how == "join" else "CHECK(%s);" % send,
             "c_answer": "Hear(data, length);" if how == "join" else "CHECK(%s);" % c_send}
    (product / (name + ".cc")).write_text(_CPP % words, encoding="utf-8")
    (product / (name + ".c")).write_text(_C % words, encoding="utf-8")


def write_product(product, component):
    """The programs' names."""
    lists = _LISTS
    for name, family, how in _PARTS[component]:
        lists += _PROGRAMS % {"name": name, "component": component}
        write_programs(product, component, name, family, how)
    (product / "CMakeLists.txt").write_text(lists, encoding="utf-8")
    type_of_socket = "SOCK_STREAM" if component.startswith("tcp_") else "SOCK_DGRAM"
    (product / "peer.h").write_text(_PEER.replace("SOCK_STREAM_OR_DGRAM", type_of_socket), encoding="utf-8")
    return [name + language for name, _, _ in _PARTS[component] for language in ("_in_cpp", "_in_c")]


def run(*command):
    print("+", *command, flush=True)
    subprocess.run(command, check=True)


def unpack_mimalloc(folder):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "hpsocket/sources")
    found = sorted(cache.glob("mimalloc_*/*.dsc"))
    if not found:
        sys.exit("%s has no sources of mimalloc; tools/bootstrap downloads them" % cache)
    run("dpkg-source", "--no-check", "-x", str(found[-1]), str(folder))


def uses_mimalloc(program):
    """Whether its code is in it: names in the program's table of symbols."""
    done = subprocess.run(["nm", str(program)], check=True, stdout=subprocess.PIPE, text=True)
    return " mi_heap_new\n" in done.stdout


def build(product, output, programs, mimalloc, conformance):
    run("cmake", "-S", str(product), "-B", str(output), "-DHPSOCKET_MIMALLOC=%s" % mimalloc,
        "-DHPSOCKET_CONFORMANCE=%s" % ("ON" if conformance else "OFF"))
    run("cmake", "--build", str(output), "--parallel", str(os.cpu_count()))
    for program in programs:
        run(str(output / program))
        if uses_mimalloc(output / program) != bool(mimalloc):
            sys.exit("%s: asked for mimalloc %r, got the other" % (program, str(mimalloc)))


def build_alone(component, conformance, scratch, mimalloc):
    product, output = scratch / component, scratch / (component + "-build")
    product.mkdir()
    vendor.vendor(vendor.ROOT, [component], product / "third_party/hpsocket", with_tests=conformance)
    programs = write_product(product, component)
    build(product, output, programs, "", conformance)
    if conformance:
        run("ctest", "--test-dir", str(output / "third_party/hpsocket"), "--output-on-failure", "--no-tests=error")
    build(product, scratch / (component + "-mimalloc"), programs, mimalloc, False)
    for program in programs:
        print("%s: %s works, on either allocator" % (component, program), flush=True)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("components", nargs="*")
    parser.add_argument("--conformance", action="store_true")
    options = parser.parse_args(arguments)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-cmake-"))
    try:
        unpack_mimalloc(scratch / "mimalloc")
        for component in options.components or vendor.components(vendor.ROOT):
            build_alone(component, options.conformance, scratch, scratch / "mimalloc")
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main(sys.argv[1:])
