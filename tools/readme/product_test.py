"""Builds a product out of the README's own blocks, in a workspace of its own: product_test.py consumer|vendored|suites [--all]

consumer: way 1, the blocks WORKSPACE, BUILD and .bazelrc with the echo server, against this repository.
vendored: way 3, the block that copies, then a program on TCP Client that finds nothing but what was copied; and vendored
          again with its tests, the conformance suite's targets resolve.
suites: each component vendored alone with its tests; of each of its conformance suites one variant for each port is
          run, with --all every one.

A Bazel inside of Bazel, with its own output folder and this machine's shared caches. Bazel itself may download nothing.
"""

import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

from inner_bazel import requirements
from readme import READMES, ROOT, block

_CLIENT = """\
#include <cerrno>

#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_client/version.h"

struct Quiet : hpsocket::CTcpClientListener {
  hpsocket::EnHandleResult OnReceive(hpsocket::IClient*, const uint8_t*, int) override { return hpsocket::HR_OK; }
  hpsocket::EnHandleResult OnClose(hpsocket::IClient*) override { return hpsocket::HR_OK; }
  hpsocket::EnHandleResult OnError(hpsocket::IClient*, hpsocket::EnSocketOperation, int) override {
    return hpsocket::HR_OK;
  }
};

// Nobody listens on port 1.
int main() {
  static_assert(HPSOCKET_TCP_CLIENT_VERSION >= 10000, "version.h");
  Quiet quiet;
  hpsocket::CTcpClientPtr client(&quiet);
  if (client->Start("127.0.0.1", 1) || errno != ECONNREFUSED) return 1;
  return client->GetLastError() == hpsocket::SE_CONNECT_SERVER ? 0 : 1;
}
"""


class Product:
    """A workspace in a scratch folder, and a Bazel for it."""

    def __init__(self, scratch):
        self.folder = scratch / "product"
        self.folder.mkdir()
        home = pwd.getpwuid(os.getuid()).pw_dir  # a test's HOME, if it has one, is not the user's
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or home + "/.cache", "hpsocket")
        self._start = ["bazel", "--nohome_rc", "--output_user_root=%s" % (scratch / "bazel"), "--max_idle_secs=10"]
        self._build = ["--disk_cache=%s" % (cache / "bazel"), "--experimental_repository_disable_download",
                       "--noshow_progress", "--color=no", "--nosandbox_debug"]
        self._environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        self._environment.update(HOME=str(scratch), PATH="/usr/local/bin:/usr/bin:/bin", XDG_CACHE_HOME=str(cache.parent))

    def write(self, name, content):
        (self.folder / name).write_text(content, encoding="utf-8")

    def run(self, command, folder=None, **environment):
        print("+", *command, flush=True)
        subprocess.run(command, cwd=folder or self.folder, env={**self._environment, **environment}, check=True)

    def build(self, *arguments):
        self.run([*self._start, "build", *self._build, *arguments])

    def test(self, *arguments):
        self.run([*self._start, "test", *self._build, *requirements(), "--compilation_mode=opt", "--test_output=errors",
                  *arguments])

    def query(self, expression):
        command = [*self._start, "query", "--experimental_repository_disable_download", "--noshow_progress", expression]
        answer = subprocess.run(command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, check=True)
        return answer.stdout.decode().split()

    def shut_down(self):
        self.run([*self._start, "shutdown"])


def workspace(path):
    shown = block(READMES[0], "# WORKSPACE")
    assert shown.count('path = "../hpsocket"') == 1, "the README's WORKSPACE block has no path to replace"
    return shown.replace('path = "../hpsocket"', 'path = "%s"' % path)


def consumer(product):
    product.write("WORKSPACE", workspace(ROOT))
    product.write(".bazelrc", block(READMES[0], "# .bazelrc"))
    product.write("BUILD", block(READMES[0], "# BUILD"))
    product.write("echo.cc", block(READMES[0], "hpsocket/tcp_server/tcp_server.h"))
    product.build("//...")
    assert os.access(product.folder / "bazel-bin/echo", os.X_OK)


def vendored(product):
    product.run(["sh", "-euc", block(READMES[0], "$PRODUCT")], folder=ROOT, PRODUCT=str(product.folder))
    copy = product.folder / "third_party/hpsocket"
    folders = sorted(str(path.relative_to(copy)) for path in [*copy.glob("*"), *(copy / "tools").glob("*")] if path.is_dir())
    assert folders == ["core", "generated", "tcp_client", "tools", "tools/bazel"], folders
    product.write("WORKSPACE", workspace("third_party/hpsocket"))
    product.write(".bazelrc", block(READMES[0], "# .bazelrc"))
    product.write("BUILD", block(READMES[0], "# BUILD").replace("echo", "client").replace("tcp_server", "tcp_client"))
    product.write("client.cc", _CLIENT)
    product.build("//...")
    product.run([str(product.folder / "bazel-bin/client")])
    vendor(product, "tcp_client")
    product.build("--nobuild", "@hpsocket//tcp_client:conformance")


def vendor(product, component):
    copy = product.folder / "third_party/hpsocket"
    product.run([str(ROOT / "tools/vendor/vendor"), component, "--with-tests", "--out", str(copy)])


def one_for_each_port(variants):
    """A variant of each suite on each port, of {label of a suite: [label of a variant]}."""
    return [next(variant for variant in found if re.match(r"%s_%s(_|$)" % (suite, port), variant))
            for suite, found in variants.items() for port in ("io_uring", "epoll")]


def suites(product, every_variant=False):
    product.write("WORKSPACE", workspace("third_party/hpsocket"))
    product.write(".bazelrc", block(READMES[0], "# .bazelrc"))
    product.write("BUILD", "")
    for component in ("cast", "tcp_agent", "tcp_client", "tcp_server", "udp"):
        vendor(product, component)
        found = product.query('kind("test_suite rule", @hpsocket//%s:all)' % component)
        assert "@hpsocket//%s:conformance" % component in found, found
        if every_variant:
            product.test(*found)
        else:
            variants = {suite: product.query("tests(%s)" % suite) for suite in found}
            product.test(*one_for_each_port(variants))
        print("%s: runs, vendored alone: %s" % (component, " ".join(found)), flush=True)


def main(way, *options):
    ways = {"consumer": consumer, "vendored": vendored, "suites": suites}
    if options == ("--all",) and way == "suites":
        ways["suites"] = lambda product: suites(product, every_variant=True)
    elif options:
        sys.exit("%s takes no %s" % (way, " ".join(options)))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="hpsocket-product-"))
    try:
        product = Product(scratch)
        try:
            ways[way](product)
        finally:
            product.shut_down()
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(scratch)], check=False)
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
