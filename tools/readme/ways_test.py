"""What the tests of the README's ways ask of the Bazels that they start."""

import os
import unittest
import unittest.mock

import inner_bazel
import module_test
import product_test


class WaysTest(unittest.TestCase):
    def test_what_must_not_be_skipped_is_handed_on(self):
        with unittest.mock.patch.dict(os.environ, {"HPSOCKET_REQUIRE_NETNS": "1", "HPSOCKET_PORT": "epoll"}, clear=True):
            self.assertEqual(inner_bazel.requirements(), ["--test_env=HPSOCKET_REQUIRE_NETNS=1"])

    def test_products_tests_are_told_of_it(self):
        class Product(product_test.Product):
            def __init__(self):
                self._start, self._build = ["bazel"], []

            def run(self, command, folder=None, **environment):
                self.command = command

        product = Product()
        with unittest.mock.patch.dict(os.environ, {"HPSOCKET_REQUIRE_NETNS": "1"}):
            product.test("//:x")
        self.assertIn("--test_env=HPSOCKET_REQUIRE_NETNS=1", product.command)

    def test_tests_in_a_tree_are_told_of_it(self):
        tree = unittest.mock.Mock()
        with unittest.mock.patch.dict(os.environ, {"HPSOCKET_REQUIRE_NETNS": "1"}):
            module_test.bazel(tree, "test", "//:x")
        self.assertIn("--test_env=HPSOCKET_REQUIRE_NETNS=1", tree.run.call_args.args)

    def test_every_suite_of_a_component_has_a_variant_on_each_port(self):
        found = product_test.one_for_each_port({
            "@h//udp:conformance": ["@h//udp:conformance_%s_workers%d" % (port, workers)
                                    for workers in (4, 1) for port in ("simulated", "epoll", "io_uring")],
            "@h//udp:network_conformance": ["@h//udp:network_conformance_epoll", "@h//udp:network_conformance_io_uring"],
        })
        self.assertEqual(found, ["@h//udp:conformance_io_uring_workers4", "@h//udp:conformance_epoll_workers4",
                                 "@h//udp:network_conformance_io_uring", "@h//udp:network_conformance_epoll"])

    def test_only_bazel_7_shows_what_is_said_of_bazel_7(self):
        module_test.check_bazel("7.6.1+ds-1")
        for other in ("4.2.3+ds-9", "17.0-1", "8.7.1-1", ""):
            with self.assertRaisesRegex(AssertionError, "Bazel 7"):
                module_test.check_bazel(other)


if __name__ == "__main__":
    unittest.main()
