"""tools/campaign --mutations: breaks one clause after the other, and sees a conformance suite fail each time.

A mutation that no test notices is a promise that nobody checks. Sources are copied first, so the tree is not touched.
"""

import collections
import os
import pathlib
import re
import shlex
import shutil
import subprocess

Mutation = collections.namedtuple("Mutation", "what program file old new arguments")

_ANY = ("--port=epoll", "--workers=4", "--send_policy=pack", "--recv_policy=serial", "--delivery=push")
_PULL = _ANY[:-1] + ("--delivery=pull",)
_PARALLEL = _ANY[:3] + ("--recv_policy=parallel", "--delivery=push")
_CLIENT = ("--port=epoll",)
_WORLD = ("--port=simulated", "--seeds=1-1", "--workers=1")
_UDP = ("--port=epoll", "--workers=4")
_LONGEST_S = 900  # the suites' watchdog is much sooner

# Each `old` stands exactly once in its file.
MUTATIONS = [
    Mutation("the extra is gone before the last event", "//tcp_server:conformance_main", "core/stream/connection.cc",
             "  worker_->engine().events().HandleClose(id(),",
             "  set_extra(nullptr);\n  worker_->engine().events().HandleClose(id(),", _ANY),
    Mutation("a worker's Send overtakes what another thread has queued", "//tcp_server:conformance_main", "core/stream/sender.cc",
             "  if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();\n  Worker& worker",
             "  Worker& worker", _ANY),
    Mutation("a graceful Disconnect drops what waits", "//tcp_server:conformance_main", "core/stream/engine_calls.cc",
             "if (!force && word", "if (false && !force && word", _ANY),
    Mutation("MaxPendingLength itself is refused", "//tcp_server:conformance_main", "core/stream/sender.cc",
             "held() + total > limit", "held() + total >= limit", _ANY),
    Mutation("a reset looks like the peer's orderly end", "//tcp_server:conformance_main", "core/stream/receiver.cc",
             "result == 0 ? CloseCause::Peer()", "result == 0 || result == -ECONNRESET ? CloseCause::Peer()", _ANY),
    Mutation("HR_ERROR from OnReceive is ignored", "//tcp_server:conformance_main", "core/stream/receiver.cc",
             "  if (result == HR_ERROR) connection()", "  if (false && result == HR_ERROR) connection()", _ANY),
    Mutation("a pause inside OnReceive comes one slice late", "//tcp_server:conformance_main", "core/stream/receiver.cc",
             " && !paused()) {", ") {", _ANY),
    Mutation("OnReceive gets more than SocketBufferSize", "//tcp_server:conformance_main", "core/stream/receiver.cc",
             "std::min(slice, length - done)", "std::min(slice + 1, length - done)", _ANY),
    Mutation("OnSend reports a byte less", "//tcp_server:conformance_main", "core/stream/sender.cc",
             "piece->data, static_cast<int>(part));", "piece->data, static_cast<int>(part) - 1);", _ANY),
    Mutation("a refused connection is not counted", "//tcp_server:conformance_main", "tcp_server/acceptor.cc",
             "refused_connections.fetch_add(1", "refused_connections.fetch_add(0", _ANY),
    Mutation("silence is not marked", "//tcp_server:conformance_main", "core/stream/connection.cc",
             "if (engine.mark_silence() || ", "if (", _ANY),
    Mutation("accepting does not go on after a shortage", "//tcp_server:conformance_main", "tcp_server/acceptor.cc",
             "  worker_->timers().Arm(retry_timer_, worker_->FreshNow() + retry_delay_);\n", "", _ANY),
    Mutation("what waits is dropped when the peer has ended its direction", "//tcp_server:conformance_main", "core/stream/connection.cc",
             "      cause.kind == CloseCause::Kind::kPeer && !silent && !reported",
             "      false && cause.kind == CloseCause::Kind::kPeer && !silent && !reported", _ANY),
    Mutation("bytes that were fetched are there again", "//tcp_server:conformance_main", "core/stream/pull_buffer.cc",
             "  *made_room = false;\n", "  *made_room = remove = false;\n", _PULL),
    Mutation("reading does not go on when fetching has made room", "//tcp_server:conformance_main", "core/stream/engine_calls.cc",
             "if (made_room) connection", "if (false && made_room) connection", _PULL),
    Mutation("OnClose waits for an OnReceive that waits for it, under RP_PARALLEL", "//tcp_server:conformance_main",
             "core/stream/connection.cc", "    engine.PushClosing(*this);\n", "", _PARALLEL),
    Mutation("an agent's connection that OnConnect refused goes on", "//tcp_agent:conformance_main", "core/stream/connection.cc",
             "HandleConnect(id());\n    in_callback = false;\n    if (result == HR_ERROR) {",
             "HandleConnect(id());\n    in_callback = false;\n    if (false && result == HR_ERROR) {", _ANY),
    Mutation("an agent's failed connect is not counted", "//tcp_agent:conformance_main", "core/stream/async_connect.cc",
             "failed_connections.fetch_add(1", "failed_connections.fetch_add(0", _ANY),
    Mutation("a name's further addresses are not tried", "//tcp_agent:conformance_main", "core/stream/async_connect.cc",
             "    connection_.worker().port().Close(connection_.socket());\n  }\n  TryNext();",
             "    connection_.worker().port().Close(connection_.socket());\n  }\n  Fail(last_error_);", _WORLD),
    Mutation("a client's OnError leaves no error code", "//tcp_client:conformance_main", "core/facade/client_events.cc",
             "  if (error != 0) engine_->set_last_error(", "  if (error < 0) engine_->set_last_error(", _CLIENT),
    Mutation("a UDP server does not answer heartbeats", "//udp:conformance_main", "core/datagram/datagram_sessions.cc",
             "&& sender_.SendHeartbeat(session))", "&& false)", _UDP),
    Mutation("a UDP session ends one detection too late", "//udp:udp_detection_simulated_test", "core/datagram/datagram_sessions.cc",
             "session->fails >= attempts", "session->fails > attempts", ()),
    Mutation("a UDP session ends for a datagram that is too long", "//udp:conformance_main", "core/datagram/datagram_sessions.cc",
             "if (engine_.running().close_on_oversize) {", "if (true) {", _UDP),
    Mutation("what comes does not put a UDP client's end off", "//udp:udp_relay_simulated_test", "core/datagram/session.h",
             "heard_at_ = ToTicks(now);\n    fails = 0;", "heard_at_ = ToTicks(now);", ()),
    Mutation("a UDP server makes room by ending who spoke last", "//udp:network_conformance_main",
             "core/datagram/datagram_sessions.cc", "    if (session == delivering_ || session == fresh) continue;",
             "    const Session* const next = sessions_.next(*session);\n"
             "    if (session == delivering_ || session == fresh || (next != nullptr && next != fresh)) continue;", _UDP),
    Mutation("workers that take UDP peers on at once exceed the limit", "//udp:network_conformance_main",
             "core/datagram/datagram_sessions.cc", "  AskForRoom(*session);\n", "", _UDP),
    Mutation("a datagram that has no way is not counted", "//udp:network_conformance_main", "core/datagram/datagram_sender.cc",
             "    engine_.CountDroppedDatagram();\n", "", _UDP),
    Mutation("detection waits for an OnReceive that runs, under RP_PARALLEL", "//udp:udp_detection_simulated_test",
             "core/datagram/datagram_sessions.cc", "if (worker.engine_.parallel()) worker.engine_.End",
             "if (false) worker.engine_.End", ()),
    Mutation("who has spoken while a callback ran is called silent", "//udp:udp_detection_simulated_test",
             "core/datagram/datagram_sessions.cc", "} else if (!HasUnread() || ", "} else if (true || ", ()),
    Mutation("an IPv6 group is heard by whatever interface", "//cast:conformance_main", "core/net/network.cc",
             "    return HearOnlyBy(fd, index);\n", "    return result;\n", ("--port=epoll",)),
    Mutation("the sum of a datagram's pieces wraps", "//udp:conformance_main", "core/datagram/datagram_calls.cc",
             "  uint64_t total = 0;\n  for (", "  uint32_t total = 0;\n  for (", _UDP),
]

_FAILED = re.compile(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", re.MULTILINE)
_STARTED = re.compile(r"^\[ RUN      \] ([\w/]+\.[\w/]+)", re.MULTILINE)


def applied(text, mutation):
    """The file's text with the clause broken."""
    if text.count(mutation.old) != 1:
        raise ValueError("%s: what \"%s\" breaks stands there %d times" %
                         (mutation.file, mutation.what, text.count(mutation.old)))
    return text.replace(mutation.old, mutation.new)


def verdict(code, output):
    """(whether the suite noticed, which test did)."""
    if code == 0:
        return False, "no test"
    named = _FAILED.search(output)
    if named:
        return True, named.group(1)
    started = _STARTED.findall(output)
    # A crash, or the watchdog. A suite that did not even start has noticed nothing.
    return bool(started), (started[-1] + " (exit code %d)" % code) if started else "nothing ran, exit code %d" % code


def _short(name):
    """Without the instance's and the parameter's names."""
    suite, _, test = name.partition(" ")[0].partition(".")
    return suite.rpartition("/")[2] + "." + test.partition("/")[0]


def _run(root, work, bazel, cache, mutation):
    path = work / mutation.file
    original = (root / mutation.file).read_text(encoding="utf-8")
    path.write_text(applied(original, mutation), encoding="utf-8")
    try:
        subprocess.run([*bazel, "build", "--config=opt", "--disk_cache=%s" % cache, "--noshow_progress", mutation.program],
                       cwd=work, check=True, stderr=subprocess.PIPE)
        program = work / "bazel-bin" / mutation.program[2:].replace(":", "/")
        try:
            done = subprocess.run([program, *mutation.arguments, "--gtest_fail_fast"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=_LONGEST_S, cwd=work,
                                  env={**os.environ, "HPSOCKET_REQUIRE_NETNS": "1"})
            return verdict(done.returncode, done.stdout.decode("utf-8", "replace"))
        except subprocess.TimeoutExpired as late:
            return verdict(-1, (late.stdout or b"").decode("utf-8", "replace"))
    finally:
        path.write_text(original, encoding="utf-8")


def run(root, cache, only, say=print):
    """Every mutation whose description matches. Returns how many were not noticed; prints a table."""
    wanted = [mutation for mutation in MUTATIONS if re.search(only, mutation.what)]
    work = cache / "mutations" / "tree"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(root, work, ignore=shutil.ignore_patterns(".git", "bazel-*", "__pycache__"))
    bazel = [*shlex.split(os.environ.get("BAZEL", "bazel")), "--output_base=%s" % (cache / "mutations" / "output")]
    lines = ["| broken on purpose | program | noticed by |", "|---|---|---|"]
    missed = 0
    try:
        for number, mutation in enumerate(wanted, 1):
            try:
                noticed, who = _run(root, work, bazel, cache, mutation)
            except subprocess.CalledProcessError as failed:
                noticed, who = False, "it does not compile: " + failed.stderr.decode("utf-8", "replace")[-300:]
            missed += not noticed
            say("campaign: %d of %d, %s: %s" % (number, len(wanted), mutation.what, who if noticed else "MISSED, " + who))
            lines.append("| %s | %s | %s |" % (mutation.what, mutation.program, _short(who) if noticed else "**" + who + "**"))
    finally:
        subprocess.run([*bazel, "shutdown"], cwd=work, check=False)
    say("\n".join(lines))
    return missed
