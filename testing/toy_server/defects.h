// Internal to testing.
//
// What can be wrong with the toy server, one thing at a time. Each is a mistake that servers do make.
//
// Threads:  chosen once, before the first server; then any.
#ifndef HPSOCKET_TESTING_TOY_SERVER_DEFECTS_H_
#define HPSOCKET_TESTING_TOY_SERVER_DEFECTS_H_

#include <cstdlib>
#include <string_view>

namespace hpsocket::toy {

// Whether the environment's TOY_DEFECT names this one:
//
//   loses_the_last_chunk   of much data, when the peer closes
//   closes_twice           OnClose, when the peer closes
//   calls_a_reset_a_close  OnClose where OnError belongs
//   reports_the_refused    OnClose for whom OnAccept refused
//   ignores_answers        of OnReceive
//   hands_up_too_much      more than SocketBufferSize at once
//   ignores_the_offset     of Send
//   mixes_packets          of several threads
//   leaves_no_errno        when Send fails
//   counts_pending_up      and never down
//   reuses_ids             each Start counts from 1 again
//   shuts_down_first       OnShutdown before the connections' OnClose
//   leaks_a_descriptor     per Start
inline bool Has(std::string_view defect) {
  static const char* const chosen = std::getenv("TOY_DEFECT");
  return chosen != nullptr && chosen == defect;
}

}  // namespace hpsocket::toy

#endif  // HPSOCKET_TESTING_TOY_SERVER_DEFECTS_H_
