// Internal to testing/bench. Tests only.
//
// Ctrl-C: the running sample is given up, what has been measured is printed.
//
// Threads:  main thread.
#ifndef HPSOCKET_TESTING_BENCH_INTERRUPTION_H_
#define HPSOCKET_TESTING_BENCH_INTERRUPTION_H_

namespace hpsocket::bench {

void CatchInterruptions();
bool Interrupted();

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_INTERRUPTION_H_
