// Internal to testing/bench. Tests only.
//
// What the programs with our servers share: which port, that the driver hears where they listen, and two
// commands on standard input, each answered by one line: "stats", with GetStats figures, and in the counter
// build "costs", with what CostsSinceLast() gives. They end with that input.
//
// Threads:  main thread.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_OUR_SERVER_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_OUR_SERVER_H_

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {

// Runs a server that is stopped, with default settings but for the flags --port, --workers and
// --busy_poll. The exit code.
int ServeUntilInputEnds(IServer& server, const ServerOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_OUR_SERVER_H_
