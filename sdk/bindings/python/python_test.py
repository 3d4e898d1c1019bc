#!/usr/bin/env python3
"""The Python binding on the C library: python_test.py LIBRARY ..."""

import asyncio
import contextlib
import ctypes
import errno
import gc
import inspect
import io
import logging
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
import weakref

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(__file__).parents[3]  # of the runfiles, where the headers are
LIBRARY = pathlib.Path(sys.argv[1]).absolute()
os.environ["HPSOCKET4C_LIBRARY"] = str(LIBRARY)
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import hpsocket
import hpsocket.aio
from hpsocket import _callbacks, _components, _declarations

PATIENCE_S = 60  # far beyond what anything takes
TEXT = b"from Python and back"


def run_program(program):
    """Runs a program that uses the binding, in a process of its own; what it wrote."""
    result = subprocess.run([sys.executable, "-c", "if True:\n" + program], env=dict(os.environ, PYTHONPATH=str(HERE)),
                            timeout=PATIENCE_S, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise AssertionError("exit code %d\n%s%s" % (result.returncode, result.stdout, result.stderr))
    return result.stdout


class Said:
    """What callbacks have said, to be waited for."""

    def __init__(self):
        self._changed = threading.Condition()
        self._words = []

    def say(self, word):
        with self._changed:
            self._words.append(word)
            self._changed.notify_all()

    def expect(self, wanted):
        """Waits until wanted(words) is true; gives the words."""
        with self._changed:
            if not self._changed.wait_for(lambda: wanted(self._words), PATIENCE_S):
                raise AssertionError("only this was said: %r" % self._words)
            return list(self._words)

    def bytes(self, count):
        return b"".join(self.expect(lambda words: sum(map(len, words)) >= count))


class Echo(hpsocket.ServerListener):
    """Gives back what comes, PUSH or PULL."""

    def on_receive(self, sender, conn_id, data):
        sender.send(conn_id, data)

    def on_pull_receive(self, sender, conn_id, length):
        sender.send(conn_id, sender.fetch(conn_id, length))


class Answers(hpsocket.ClientListener):
    """A client's: keeps what comes."""

    def __init__(self):
        self.data = Said()
        self.events = Said()

    def on_connect(self, sender):
        self.events.say("connect")

    def on_receive(self, sender, data):
        self.data.say(data)

    def on_pull_receive(self, sender, length):
        self.data.say(sender.fetch(length))

    def on_close(self, sender):
        self.events.say("close")

    def on_error(self, sender, operation, error):
        self.events.say((operation, error))


class AgentAnswers(hpsocket.AgentListener):
    """An agent's."""

    def __init__(self):
        self.data = Said()
        self.events = Said()

    def on_connect(self, sender, conn_id):
        sender.set_connection_extra(conn_id, ("extra", conn_id))

    def on_receive(self, sender, conn_id, data):
        self.data.say(data)

    def on_pull_receive(self, sender, conn_id, length):
        self.data.say(sender.fetch(conn_id, length))

    def on_close(self, sender, conn_id):
        self.events.say(sender.get_connection_extra(conn_id))

    def on_shutdown(self, sender):
        self.events.say("shutdown")


class EchoTest(unittest.TestCase):

    def test_every_server_with_every_client(self):
        for server_kind in (hpsocket.TcpServer, hpsocket.TcpPullServer):
            for client_kind in (hpsocket.TcpClient, hpsocket.TcpPullClient):
                with self.subTest("%s %s" % (server_kind.__name__, client_kind.__name__)):
                    answers = Answers()
                    with server_kind(Echo()) as server, client_kind(answers) as client:
                        server.start("127.0.0.1")
                        client.start(*server.listen_address)
                        client.send(TEXT)
                        client.send_part(b"xx" + TEXT, 2, len(TEXT))
                        client.send_packets([TEXT[:5], bytearray(TEXT[5:10]), memoryview(TEXT)[10:]])
                        self.assertEqual(answers.data.bytes(3 * len(TEXT)), 3 * TEXT)
                        self.assertEqual(server.connection_ids(), [server.connection_ids()[0]])
                        self.assertEqual(server.remote_address(server.connection_ids()[0]), client.local_address)
                        self.assertEqual(client.stats().bytes_received, 3 * len(TEXT))

    def test_every_server_with_every_agent(self):
        for server_kind in (hpsocket.TcpServer, hpsocket.TcpPullServer):
            for agent_kind in (hpsocket.TcpAgent, hpsocket.TcpPullAgent):
                with self.subTest("%s %s" % (server_kind.__name__, agent_kind.__name__)):
                    answers = AgentAnswers()
                    with server_kind(Echo()) as server, agent_kind(answers) as agent:
                        server.start("127.0.0.1")
                        agent.start()
                        ids = [agent.connect(*server.listen_address) for _ in range(3)]
                        for conn_id in ids:
                            agent.send(conn_id, TEXT)
                        self.assertEqual(answers.data.bytes(3 * len(TEXT)), 3 * TEXT)
                        self.assertEqual(sorted(agent.connection_ids()), ids)
                        self.assertEqual(agent.get_connection_extra(ids[0]), ("extra", ids[0]))
                        agent.stop()
                        words = answers.events.expect(lambda words: len(words) == 4)
                        self.assertEqual(sorted(words[:3]), [("extra", conn_id) for conn_id in ids])
                        self.assertEqual(words[3], "shutdown")
                        with self.assertRaises(hpsocket.Error):
                            agent.get_connection_extra(ids[0])

    def test_bytes_that_do_not_lie_together_are_sent(self):
        answers = Answers()
        apart = memoryview(bytearray(TEXT))[::2]
        with hpsocket.TcpServer(Echo()) as server, hpsocket.TcpClient(answers) as client:
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            client.send(apart)
            client.send_part(apart, 1, 2)
            client.send_packets([memoryview(TEXT)[::-1], memoryview(bytearray(TEXT)).cast("H")])
            wanted = TEXT[::2] + TEXT[::2][1:3] + TEXT[::-1] + TEXT
            self.assertEqual(answers.data.bytes(len(wanted)), wanted)

    def test_pull_looks_before_it_takes(self):
        looked = Said()

        class Look(hpsocket.ServerListener):

            def on_pull_receive(self, sender, conn_id, length):
                if length == len(TEXT):
                    looked.say((sender.find(conn_id, b"and"), sender.find(conn_id, b"nowhere")[0],
                                sender.peek(conn_id, 4), sender.peek_span(conn_id)[:4],
                                sender.fetch(conn_id, length + 1), sender.fetch(conn_id, length)))

        with hpsocket.TcpPullServer(Look()) as server, hpsocket.TcpClient(Answers()) as client:
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            client.send(TEXT)
            (seen,) = looked.expect(bool)
            self.assertEqual(seen, ((True, TEXT.index(b"and")), False, b"from", b"from", None, TEXT))
            with self.assertRaises(hpsocket.Error):
                server.fetch(10**9, 1)

    def test_small_files_go_with_head_and_tail(self):
        answers = Answers()
        with tempfile.NamedTemporaryFile() as file, hpsocket.TcpServer(Echo()) as server, \
                hpsocket.TcpClient(answers) as client:
            file.write(TEXT)
            file.flush()
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            client.send_small_file(file.name, b"<", b">")
            self.assertEqual(answers.data.bytes(len(TEXT) + 2), b"<" + TEXT + b">")
            with self.assertRaises(hpsocket.Error) as raised:
                client.send_small_file(file.name + ".none")
            self.assertEqual((raised.exception.errno, raised.exception.code),
                             (errno.ENOENT, hpsocket.SocketError.INVALID_PARAM))

    def test_heads_and_tails_live_as_long_as_the_call(self):
        class Keeps(hpsocket.ServerListener):

            def __init__(self):
                self.data = Said()

            def on_accept(self, sender, conn_id, _socket):
                sender.send_small_file(conn_id, file.name, memoryview(b"h" * 500), memoryview(bytearray(b"t" * 1000))[::2])

            def on_receive(self, _sender, _conn_id, data):
                self.data.say(data)

        kept, answers = Keeps(), Answers()
        with tempfile.NamedTemporaryFile() as file, hpsocket.TcpServer(kept) as server, hpsocket.TcpClient(answers) as client:
            file.write(TEXT)
            file.flush()
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            wanted = b""
            for size in (16, 64, 500, 100000):
                # Of neither can C use the memory in place, so copies have to live as long as the call.
                head, tail = memoryview(b"H" * size), memoryview(bytearray(b"T" * (2 * size)))[::2]
                client.send_small_file(file.name, head, tail)
                wanted += bytes(head) + TEXT + bytes(tail)
            self.assertEqual(kept.data.bytes(len(wanted)), wanted)
            self.assertEqual(answers.data.bytes(1000 + len(TEXT)), b"h" * 500 + TEXT + b"t" * 500)


class ErrorTest(unittest.TestCase):

    def test_failing_calls_raise_what_c_says(self):
        with hpsocket.TcpServer(Echo()) as server, hpsocket.TcpClient(Answers()) as client:
            server.start("127.0.0.1")
            with self.assertRaises(hpsocket.Error) as raised:
                server.start("127.0.0.1")
            self.assertEqual(raised.exception.code, hpsocket.SocketError.ILLEGAL_STATE)
            self.assertEqual(server.last_error_desc, "Illegal State")
            with self.assertRaises(OSError) as raised:
                server.send(10**9, TEXT)
            self.assertEqual((raised.exception.errno, raised.exception.code), (errno.EBADSLT, None))
            with self.assertRaises(hpsocket.Error) as raised:
                client.send(TEXT)
            self.assertEqual((raised.exception.errno, raised.exception.code),
                             (errno.EPERM, hpsocket.SocketError.ILLEGAL_STATE))
            address = server.listen_address
            server.stop()
            with self.assertRaises(hpsocket.Error) as raised:
                client.start(*address)
            self.assertEqual((raised.exception.errno, raised.exception.code),
                             (errno.ECONNREFUSED, hpsocket.SocketError.CONNECT_SERVER))
            self.assertTrue(server.wait(0))
            with self.assertRaises(ValueError):
                client.send_part(TEXT, 1, len(TEXT))

    def test_closed_objects_refuse(self):
        client = hpsocket.TcpClient(Answers())
        client.close()
        client.close()
        with self.assertRaises(hpsocket.Error) as raised:
            client.start("127.0.0.1", 1)
        self.assertEqual(raised.exception.errno, errno.EINVAL)
        self.assertEqual(client.state, hpsocket.ServiceState.STOPPED)
        cast = hpsocket.UdpCast(Answers())
        cast.close()
        for component, name, value in ((client, "keep_alive_time", 5), (cast, "bind_address", "127.0.0.1")):
            with self.assertRaises(hpsocket.Error) as raised:
                setattr(component, name, value)
            self.assertEqual(raised.exception.errno, errno.EINVAL)

    def test_null_characters_are_refused(self):
        server, client = hpsocket.TcpServer(Echo()), hpsocket.TcpClient(Answers())
        agent, cast = hpsocket.TcpAgent(AgentAnswers()), hpsocket.UdpCast(Answers())
        with server, client, agent, cast:
            for call in (lambda: server.start("127.0.0.1\0x"), lambda: client.start("127.0.0.1\0x", 1),
                         lambda: client.send_small_file("/etc/passwd\0.txt"), lambda: agent.start("127.0.0.1\0x"),
                         lambda: server.send_small_file(1, b"/etc/passwd\0.txt"), lambda: agent.connect("a\0b", 1),
                         lambda: setattr(cast, "bind_address", "127.0.0.1\0x"), lambda: cast.join_source("10.0.0.1\0")):
                with self.assertRaises(ValueError):
                    call()

    def test_pull_refuses_what_c_has_no_answer_to(self):
        with hpsocket.TcpPullServer(Echo()) as server, hpsocket.TcpPullClient(Answers()) as client:
            for call in (lambda: server.fetch(1, -1), lambda: server.peek(1, -1), lambda: server.find(1, b""),
                         lambda: server.find(1, b"x", -1), lambda: client.fetch(-1), lambda: client.peek(-1),
                         lambda: client.find(b""), lambda: client.find(b"x", -1)):
                with self.assertRaises(ValueError):
                    call()

    def test_functions_without_a_method_can_be_called(self):
        with hpsocket.TcpServer(Echo()) as server:
            self.assertEqual(hpsocket.library.HP_Server_GetState(server.handle), server.state)

    def test_an_interrupt_ends_waiting(self):
        for timeout in ("", "1000"):
            with subprocess.Popen([sys.executable, "-c", """if True:
                import hpsocket
                with hpsocket.TcpServer(hpsocket.ServerListener()) as server:
                    server.start("127.0.0.1")
                    try:
                        print("waits", flush=True)
                        server.wait(%s)
                    except KeyboardInterrupt:
                        print("interrupted")
                """ % timeout], env=dict(os.environ, PYTHONPATH=str(HERE)), stdout=subprocess.PIPE, text=True) as program:
                self.assertEqual(program.stdout.readline(), "waits\n")
                program.send_signal(signal.SIGINT)
                said, _ = program.communicate(timeout=PATIENCE_S)
                self.assertEqual((program.returncode, said), (0, "interrupted\n"))

    def test_waiting_ends_in_time(self):
        with hpsocket.TcpServer(Echo()) as server:
            server.start("127.0.0.1")
            self.assertFalse(server.wait(0.01))
            self.assertFalse(server.wait(-1))

    def test_numbers_that_c_has_no_room_for_are_refused(self):
        with hpsocket.TcpServer(Echo()) as server:
            with self.assertRaises(ctypes.ArgumentError):
                server.start("127.0.0.1", (1 << 16) + 80)
            self.assertFalse(server.has_started)
            for number in (-1, 1 << 32):
                with self.assertRaises(ctypes.ArgumentError):
                    server.keep_alive_time = number
            with self.assertRaises(ctypes.ArgumentError):
                server.send_part(1 << 64, TEXT, 0, 1)
            function = _components.library.HP_Server_Send
            with self.assertRaises(ctypes.ArgumentError):  # as the length of more than 4 GiB
                function(server.handle, 1, TEXT, (1 << 32) + 1)
            self.assertTrue(server.wait(1 << 40))  # it has never been started

    def test_what_a_callback_raises_is_logged_and_ends_the_connection(self):
        class Raises(Echo):

            def on_receive(self, sender, conn_id, data):
                raise KeyError("not " + data.decode())

        answers = Answers()
        with hpsocket.TcpServer(Raises()) as server, hpsocket.TcpClient(answers) as client:
            server.start("127.0.0.1")
            with self.assertLogs("hpsocket", logging.ERROR) as logs:
                client.start(*server.listen_address)
                client.send(TEXT)
                answers.events.expect(lambda words: len(words) == 2)
            self.assertIn("KeyError", logs.output[0])
            self.assertIn("on_receive", logs.output[0])
            client.wait()
            client.start(*server.listen_address)  # the server goes on

    def test_what_logging_raises_goes_no_further(self):
        class Raises(Echo, logging.Handler):

            def on_receive(self, sender, conn_id, data):
                raise KeyError("not " + data.decode())

            def emit(self, record):
                raise ValueError("not logged")

        answers, listener, errors = Answers(), Raises(), io.StringIO()
        logging.getLogger("hpsocket").addHandler(listener)
        try:
            with hpsocket.TcpServer(listener) as server, hpsocket.TcpClient(answers) as client, \
                    contextlib.redirect_stderr(errors):
                server.start("127.0.0.1")
                client.start(*server.listen_address)
                client.send(TEXT)
                answers.events.expect(lambda words: len(words) == 2)
        finally:
            logging.getLogger("hpsocket").removeHandler(listener)
        self.assertIn("KeyError", errors.getvalue())
        self.assertIn("not logged", errors.getvalue())
        self.assertNotIn("ctypes callback", errors.getvalue())


class LifeTest(unittest.TestCase):

    def test_listener_lives_as_long_as_its_component(self):
        listener = Echo()
        gone = weakref.ref(listener)
        answers = Answers()
        with hpsocket.TcpServer(listener) as server, hpsocket.TcpClient(answers) as client:
            del listener
            gc.collect()
            self.assertIsNotNone(gone())
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            client.send(TEXT)
            self.assertEqual(answers.data.bytes(len(TEXT)), TEXT)
        del server
        gc.collect()
        self.assertIsNone(gone())

    def test_running_component_that_nobody_has_any_more_is_closed(self):
        shut_down = Said()

        class Last(Echo):
            server = None

            def on_shutdown(self, sender):
                shut_down.say(sender.state)

        for in_a_circle in (False, True):
            with self.subTest(in_a_circle=in_a_circle):
                listener = Last()
                server = hpsocket.TcpServer(listener)
                if in_a_circle:
                    listener.server = server
                server.start("127.0.0.1")
                address = server.listen_address
                del server, listener
                gc.collect()
                shut_down.expect(lambda words, count=in_a_circle + 1: len(words) == count)
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(address)
        self.assertEqual(shut_down.expect(bool), 2 * [hpsocket.ServiceState.STOPPING])

    def test_closing_inside_a_callback_happens_afterwards(self):
        shut_down = Said()

        class Closes(Echo):

            def on_receive(self, sender, conn_id, data):
                sender.close()

            def on_shutdown(self, sender):
                shut_down.say("shutdown")

        answers = Answers()
        server = hpsocket.TcpServer(Closes())
        server.start("127.0.0.1")
        with hpsocket.TcpClient(answers) as client:
            client.start(*server.listen_address)
            client.send(TEXT)
            shut_down.expect(bool)
            answers.events.expect(lambda words: len(words) == 2)

    # The two that follow have died of it: C ends no component inside one of its own callbacks.

    def test_closing_where_a_failed_callback_is_logged_happens_afterwards(self):
        self.assertEqual(run_program("""
            import logging, hpsocket
            class Closes(hpsocket.ServerListener, logging.Handler):
                def on_receive(self, sender, conn_id, data): raise KeyError("not this")
                def on_shutdown(self, sender): print("shut down", flush=True)
                def emit(self, record): server.close()
            listener = Closes()
            logging.getLogger("hpsocket").addHandler(listener)
            server = hpsocket.TcpServer(listener)
            server.start("127.0.0.1")
            with hpsocket.TcpClient(hpsocket.ClientListener()) as client:
                client.start(*server.listen_address)
                client.send(b"?")
                client.wait()
        """), "shut down\n")

    def test_closing_before_a_callback_is_counted_happens_afterwards(self):
        # Python may collect, and so run anything, between C's call and the first line of a callback.
        for early in ("server.close()", "gc.collect()"):
            with self.subTest(early):
                self.assertEqual(run_program("""
            import gc, hpsocket
            from hpsocket import _listeners
            make_type = _listeners.callback_type
            def early_type(name):
                kind = make_type(name)
                def make(function):
                    def callback(*arguments):
                        %s
                        return function(*arguments)
                    return kind(callback)
                return make
            _listeners.callback_type = early_type
            class Last(hpsocket.ServerListener):
                def on_receive(self, sender, conn_id, data): pass
                def on_shutdown(self, sender): print("shut down", flush=True)
            gc.disable()
            server = hpsocket.TcpServer(Last())
            server.circle = server
            server.start("127.0.0.1")
            address = server.listen_address
            if "collect" in "%s": del server
            with hpsocket.TcpClient(hpsocket.ClientListener()) as client:
                client.start(*address)
                client.send(b"?")
                client.wait()
                """ % (early, early)), "shut down\n")

    def test_closing_waits_for_the_calls_of_other_threads(self):
        inside, go_on, called = threading.Event(), threading.Event(), []

        class Holds(Answers):

            def on_prepare_connect(self, sender, socket):  # pylint: disable=redefined-outer-name
                inside.set()
                go_on.wait(PATIENCE_S)
                called.append("prepared")

        def start():
            try:
                client.start(*server.listen_address)
            except hpsocket.Error:
                pass  # closing has cancelled it
            called.append("returned")

        def close():
            client.close()
            called.append("closed")

        with hpsocket.TcpServer(Echo()) as server:
            server.start("127.0.0.1")
            client = hpsocket.TcpClient(Holds())
            starting, closing = threading.Thread(target=start), threading.Thread(target=close)
            starting.start()
            self.assertTrue(inside.wait(PATIENCE_S))
            closing.start()
            go_on.set()
            starting.join(PATIENCE_S)
            closing.join(PATIENCE_S)
            self.assertEqual(called[0], "prepared")
            self.assertEqual(sorted(called[1:]), ["closed", "returned"])
            self.assertIsNone(client.handle)

    def test_calls_that_meet_a_close_are_refused(self):
        for _ in range(20):
            with hpsocket.TcpServer(Echo()) as server:
                server.start("127.0.0.1")
                client = hpsocket.TcpClient(Answers())
                client.start(*server.listen_address)
                refused = []

                def send(client=client, refused=refused):
                    try:
                        while True:
                            client.send(TEXT)
                    except hpsocket.Error as error:
                        refused.append(error.errno)

                senders = [threading.Thread(target=send) for _ in range(4)]
                for sender in senders:
                    sender.start()
                client.close()
                for sender in senders:
                    sender.join(PATIENCE_S)
                self.assertEqual(len(refused), len(senders))

    def test_listener_may_serve_several_components(self):
        senders = Said()

        class Counts(Echo):

            def on_accept(self, sender, conn_id, socket):  # pylint: disable=redefined-outer-name
                senders.say(sender)

        listener = Counts()
        with hpsocket.TcpServer(listener) as first, hpsocket.TcpPullServer(listener) as second, \
                hpsocket.TcpClient(Answers()) as one, hpsocket.TcpClient(Answers()) as other:
            first.start("127.0.0.1")
            second.start("127.0.0.1")
            one.start(*first.listen_address)
            other.start(*second.listen_address)
            self.assertEqual(set(senders.expect(lambda words: len(words) == 2)), {first, second})

    def test_python_ends_while_components_run(self):
        self.assertEqual(run_program("""
            import hpsocket
            class Busy(hpsocket.ServerListener):
                def on_shutdown(self, sender): print("shut down", flush=True)
            server = hpsocket.TcpServer(Busy())
            server.start("127.0.0.1")
            circle = [server]; circle.append(circle)
        """), "shut down\n")

    def test_python_ends_after_what_callbacks_close_meanwhile(self):
        self.assertEqual(run_program("""
            import itertools, time, hpsocket
            class Last(hpsocket.ServerListener):
                def on_shutdown(self, sender):
                    ended = next(count)
                    for server in servers: server.close()
                    time.sleep(0.3 * ended)  # the others are still at it when atexit is through with the first
                    print("shut down", flush=True)
            count = itertools.count()
            servers = [hpsocket.TcpServer(Last()) for _ in range(3)]
            for server in servers: server.start("127.0.0.1")
        """), 3 * "shut down\n")

    def test_forked_child_ends_without_waiting_for_threads_that_it_has_not(self):
        self.assertEqual(run_program("""
            import os, threading, hpsocket
            class Slow(hpsocket.ServerListener):
                def on_shutdown(self, sender):
                    shutting_down.set()
                    forked.wait()
            shutting_down, forked = threading.Event(), threading.Event()
            server = hpsocket.TcpServer(Slow())
            server.start("127.0.0.1")
            closing = threading.Thread(target=server.close)
            closing.start()
            shutting_down.wait()
            child = os.fork()
            if child:
                print(os.waitpid(child, 0)[1], flush=True)
                forked.set()
                closing.join()
        """), "0\n")

    def test_what_cannot_be_made_leaves_nothing_behind(self):
        class Raises(Echo):

            @property
            def on_shutdown(self):
                raise KeyError("no such method")

        library = _components.library
        made, ended = [], []

        def make(create=library.Create_HP_UdpServerListener):
            made.append(create())
            return made[-1]

        def end(handle, destroy=library.Destroy_HP_UdpServerListener):
            ended.append(handle)
            destroy(handle)

        with unittest.mock.patch.object(library, "Create_HP_UdpServerListener", make), \
                unittest.mock.patch.object(library, "Destroy_HP_UdpServerListener", end):
            with self.assertRaises(KeyError):
                hpsocket.UdpServer(Raises())
            with unittest.mock.patch.object(library, "Create_HP_UdpServer", lambda listener: None):
                with self.assertRaises(MemoryError):
                    hpsocket.UdpServer(Echo())
            gc.collect()
        self.assertEqual(len(made), 2)
        self.assertEqual(ended, made)


class ExtraTest(unittest.TestCase):

    def test_extras_of_refused_connections_are_forgotten(self):
        class Refuses(hpsocket.ServerListener, hpsocket.AgentListener):

            def on_accept(self, sender, conn_id, socket):  # pylint: disable=redefined-outer-name
                sender.set_connection_extra(conn_id, "refused")
                return hpsocket.HandleResult.ERROR

            def on_connect(self, sender, conn_id):
                sender.set_connection_extra(conn_id, "refused")
                raise ValueError("not this one")

        answers = Answers()
        with hpsocket.TcpServer(Refuses()) as server, hpsocket.TcpClient(answers) as client, \
                hpsocket.TcpAgent(Refuses()) as agent:
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            answers.events.expect(lambda words: len(words) == 2)
            agent.start()
            with self.assertLogs("hpsocket", logging.ERROR), self.assertRaises(hpsocket.Error):
                agent.connect(*server.listen_address)
            server.stop()  # when this returns, no callback runs
            for component in (server, agent):
                self.assertEqual(component._state.extras, {})  # pylint: disable=protected-access

    def test_none_takes_an_extra_away(self):
        with hpsocket.TcpServer(Echo()) as server, hpsocket.TcpAgent(AgentAnswers()) as agent:
            server.start("127.0.0.1")
            agent.start()
            conn_id = agent.connect(*server.listen_address)
            agent.set_connection_extra(conn_id, None)
            self.assertIsNone(agent.get_connection_extra(conn_id))
            self.assertEqual(agent._state.extras, {})  # pylint: disable=protected-access

    def test_an_extra_that_meets_the_last_event_is_forgotten(self):
        with hpsocket.TcpServer(Echo()) as server, hpsocket.TcpAgent(AgentAnswers()) as agent:
            server.start("127.0.0.1")
            agent.start()
            conn_id = agent.connect(*server.listen_address)
            call = agent._call  # pylint: disable=protected-access

            def then_end(name, *arguments):
                answer = call(name, *arguments)
                if name == "SetConnectionExtra":
                    agent.stop()  # the last event has returned
                return answer

            with unittest.mock.patch.object(agent, "_call", then_end):
                agent.set_connection_extra(conn_id, "late")
            with self.assertRaises(hpsocket.Error):
                agent.set_connection_extra(conn_id, "too late")
            self.assertEqual(agent._state.extras, {})  # pylint: disable=protected-access


class SettingTest(unittest.TestCase):

    def test_every_setting_gives_back_what_was_set(self):
        number = 0
        for kind, listener in ((hpsocket.TcpServer, Echo()), (hpsocket.TcpPullServer, Echo()),
                               (hpsocket.TcpAgent, AgentAnswers()), (hpsocket.TcpPullAgent, AgentAnswers()),
                               (hpsocket.TcpClient, Answers()), (hpsocket.TcpPullClient, Answers())):
            with kind(listener) as component:
                settings = inspect.getmembers(kind, lambda member: isinstance(member, _components._Setting))
                self.assertGreater(len(settings), 12)
                for name, _ in settings:
                    with self.subTest("%s.%s" % (kind.__name__, name)):
                        before = getattr(component, name)
                        # Another value of the same type: the other truth, the last enumerator, a number of its own.
                        number += 1
                        value = (not before if isinstance(before, bool) else
                                 max(type(before)) if not type(before) is int else 1000 + number)
                        setattr(component, name, value)
                        self.assertEqual(getattr(component, name), value)
                        self.assertIs(type(getattr(component, name)), type(before))

    def test_messages_go_to_the_log_handler_which_may_fail(self):
        messages, inside = Said(), Said()

        def say_and_fail(_level, message):
            messages.say(message)
            inside.say(_callbacks.inside_callback())
            raise KeyError("not " + message)

        class Slow(Echo):

            def on_receive(self, sender, conn_id, data):
                time.sleep(0.01)  # longer than slow_callback_time, so it is named in the log

        with self.assertLogs("hpsocket", logging.ERROR) as logs:
            hpsocket.set_log_handler(say_and_fail)
            try:
                with hpsocket.TcpServer(Slow()) as server, hpsocket.TcpClient(Answers()) as client:
                    server.slow_callback_time = 1
                    server.start("127.0.0.1")
                    client.start(*server.listen_address)
                    client.send(TEXT)
                    messages.expect(lambda words: any("OnReceive" in word for word in words))
            finally:
                hpsocket.set_log_handler(None)
        self.assertEqual(set(inside.expect(bool)), {True})
        self.assertIn("the handler of messages failed", logs.output[0])

    def test_version_is_the_librarys(self):
        self.assertRegex(hpsocket.version(), r"^\d+\.\d+\.\d+$")


class UdpTest(unittest.TestCase):

    def test_datagrams_go_there_and_back(self):
        answers = Answers()
        with hpsocket.UdpServer(Echo()) as server, hpsocket.UdpClient(answers) as client:
            server.max_datagram_size = 100
            client.detect_attempts = 4
            self.assertEqual((server.max_datagram_size, server.detect_interval), (100, 20))
            server.start("127.0.0.1")
            client.start(*server.listen_address)
            answers.events.expect(lambda words: words == ["connect"])
            client.send(b"a datagram")
            answers.data.expect(lambda words: words == [b"a datagram"])
            with self.assertRaises(hpsocket.Error) as caught:
                client.send(b"")
            self.assertEqual(caught.exception.errno, errno.EINVAL)
            client.stop()
            answers.events.expect(lambda words: words == ["connect", "close"])

    def test_a_member_of_a_group_hears_itself(self):
        answers = Answers()
        with hpsocket.UdpCast(answers) as cast:
            cast.bind_address = "127.0.0.1"
            cast.multicast_loop = True
            self.assertEqual(cast.cast_mode, hpsocket.CastMode.MULTICAST)
            with self.assertRaises(hpsocket.Error):
                cast.join_source("nobody")
            cast.start("233.0.0.1", 5555)
            cast.send(b"hello")
            answers.data.expect(lambda words: words == [b"hello"])


class DeclarationTest(unittest.TestCase):

    def test_declarations_are_those_of_the_c_headers(self):
        headers = "".join((ROOT / header).read_text(encoding="utf-8") for header in (
            "cast/c_api.h", "core/api/c_types.h", "core/c_api/c_api.h", "core/c_api/helpers.h", "tcp_agent/c_api.h",
            "tcp_client/c_api.h", "tcp_server/c_api.h", "udp/c_api.h"))
        headers = re.sub(r"//[^\n]*", "", headers)

        def declaration(result, name, parameters):
            types = []
            for parameter in re.sub(r"\s+", " ", parameters).split(","):
                match = re.fullmatch(r"(.*?[ *])(\w+)(\[\])?", parameter.strip())
                if match:
                    kind = match.group(1).strip()
                    kind = kind.replace("const WSABUF", "WSABUF").replace("const LPWSABUF", "WSABUF*")
                    types.append(kind + ("*" if match.group(3) else ""))
            return "%s %s(%s)" % (result, name, ", ".join(types))

        functions = [declaration(*match) for match in
                     re.findall(r"^HPSOCKET_API (\w+) __stdcall (\w+)\(([^)]*)\);", headers, re.MULTILINE)]
        callbacks = [declaration(*match) for match in
                     re.findall(r"^typedef (\w+)\(__stdcall\* ?(\w+)\)\(([^)]*)\);", headers, re.MULTILINE)]
        self.assertGreater(len(functions), 330)
        self.assertEqual(sorted(_declarations.FUNCTIONS.strip().splitlines()), sorted(functions))
        self.assertEqual(sorted(_declarations.CALLBACKS.strip().splitlines()), sorted(callbacks))


class AsyncTest(unittest.IsolatedAsyncioTestCase):

    async def test_echoes_more_than_fits_into_any_queue(self):
        async def echo(connection):
            while True:
                data = await connection.reader.read(1 << 16)
                if not data:
                    return
                await connection.send(data)

        size = 8 << 20
        chunk = bytes(range(256)) * 256
        async with await hpsocket.aio.serve(echo, "127.0.0.1") as server:
            async with await hpsocket.aio.connect(*server.listen_address) as connection:
                async def send():
                    for _ in range(size // len(chunk)):
                        await connection.send(chunk)

                sending = asyncio.ensure_future(send())
                answer = await asyncio.wait_for(connection.reader.readexactly(size), PATIENCE_S)
                await sending
                self.assertEqual(answer, chunk * (size // len(chunk)))

    async def test_ends_are_heard(self):
        async def greet(connection):
            await connection.send(TEXT)

        async with await hpsocket.aio.serve(greet, "127.0.0.1") as server:
            async with await hpsocket.aio.connect(*server.listen_address) as connection:
                self.assertEqual(await asyncio.wait_for(connection.reader.read(), PATIENCE_S), TEXT)
                await asyncio.wait_for(connection.wait_closed(), PATIENCE_S)
                with self.assertRaises(hpsocket.Error):
                    await connection.send(TEXT)
            address = server.listen_address
        with self.assertRaises(hpsocket.Error) as raised:
            await hpsocket.aio.connect(*address)
        self.assertEqual(raised.exception.errno, errno.ECONNREFUSED)

    async def test_closing_the_server_ends_its_handlers(self):
        ended = []

        async def handle(connection):
            await connection.send(TEXT)
            ended.append(await connection.reader.read())

        server = await hpsocket.aio.serve(handle, "127.0.0.1")
        connections = [await hpsocket.aio.connect(*server.listen_address) for _ in range(3)]
        for connection in connections:
            self.assertEqual(await asyncio.wait_for(connection.reader.readexactly(len(TEXT)), PATIENCE_S), TEXT)
        await asyncio.wait_for(server.close(), PATIENCE_S)
        await asyncio.wait_for(server.wait(), PATIENCE_S)
        self.assertEqual(ended, 3 * [b""])
        for connection in connections:
            await asyncio.wait_for(connection.wait_closed(), PATIENCE_S)
            await connection.close()

    async def test_connections_are_made_in_the_loop(self):
        made_on = []

        class Notes(hpsocket.aio.ServerConnection):

            def __init__(self, *arguments):
                made_on.append(threading.current_thread())
                super().__init__(*arguments)

        async def tell(connection):
            await connection.reader.read(1)  # the client has asked for its own address meanwhile
            await connection.send(repr(connection.remote_address).encode())

        with unittest.mock.patch.object(hpsocket.aio, "ServerConnection", Notes):
            async with await hpsocket.aio.serve(tell, "127.0.0.1") as server:
                async with await hpsocket.aio.connect(*server.listen_address) as connection:
                    local = repr(connection.local_address).encode()
                    await connection.send(b"?")
                    self.assertEqual(await asyncio.wait_for(connection.reader.read(), PATIENCE_S), local)
        self.assertEqual(made_on, [threading.current_thread()])

    async def test_sending_goes_on_when_another_connection_gives_memory_back(self):
        filled, sent = asyncio.Event(), []

        async def handle(connection):
            if await connection.reader.read(1) == b"f":
                try:
                    while True:
                        server.server.send(connection.conn_id, bytes(1 << 16))
                except hpsocket.Error as error:
                    sent.append(error.errno)
                filled.set()
                await connection.wait_closed()
            else:
                await connection.send(bytes(1 << 16))

        def configure(component):
            component.max_pending_total = 1 << 20

        server = await hpsocket.aio.serve(handle, "127.0.0.1", configure=configure)
        async with server, await hpsocket.aio.connect(*server.listen_address) as other:
            greedy = socket.create_connection(server.listen_address)
            greedy.sendall(b"f")
            await asyncio.wait_for(filled.wait(), PATIENCE_S)
            await other.send(b"o")
            answer = asyncio.ensure_future(other.reader.readexactly(1 << 16))
            greedy.close()
            self.assertEqual(len(await asyncio.wait_for(answer, PATIENCE_S)), 1 << 16)
        self.assertEqual(sent, [errno.ENOBUFS])

    async def test_a_loop_that_is_behind_pauses_who_sends(self):
        received = 0
        ended = asyncio.Event()

        async def handle(connection):
            nonlocal received
            while data := await connection.reader.read(1 << 16):
                received += len(data)
            ended.set()

        async with await hpsocket.aio.serve(handle, "127.0.0.1") as server:
            sent = bytes(64 << 20)
            with socket.create_connection(server.listen_address) as peer:
                sending = threading.Thread(target=lambda: (peer.sendall(sent), peer.shutdown(socket.SHUT_WR)))
                sending.start()
                # Meanwhile the loop does nothing else.
                component, patience, paused = server.server, time.monotonic() + PATIENCE_S, False
                while not paused and time.monotonic() < patience:
                    paused = any(map(component.is_receive_paused, component.connection_ids()))
                self.assertTrue(paused)
                self.assertLess(component.stats().bytes_received, 1 << 20)
                await asyncio.wait_for(ended.wait(), PATIENCE_S)
                sending.join()
        self.assertEqual(received, len(sent))

    async def test_handler_may_close_its_server(self):
        closed = asyncio.Event()

        async def handle(_connection):
            await server.close()
            closed.set()

        server = await hpsocket.aio.serve(handle, "127.0.0.1")
        async with await hpsocket.aio.connect(*server.listen_address) as connection:
            await asyncio.wait_for(closed.wait(), PATIENCE_S)
            await asyncio.wait_for(server.wait(), PATIENCE_S)
            await asyncio.wait_for(connection.wait_closed(), PATIENCE_S)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
