#include "hpsocket/testing/bench/interruption.h"

#include <signal.h>

namespace hpsocket::bench {
namespace {

volatile sig_atomic_t interrupted = 0;

}  // namespace

void CatchInterruptions() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags =
      static_cast<int>(SA_RESETHAND);  // the second one ends the program at once, and its children with it
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool Interrupted() { return interrupted != 0; }

}  // namespace hpsocket::bench
