// Internal to testing.
//
// What the process holds, as the kernel sees it: descriptors, memory, threads and what they block.
//
// Threads:  any; a snapshot of a moving target.
#ifndef HPSOCKET_TESTING_HARNESS_PROCESS_PROBE_H_
#define HPSOCKET_TESTING_HARNESS_PROCESS_PROBE_H_

#include <cstdint>
#include <set>
#include <string>

namespace hpsocket::harness {

// Open descriptors.
std::set<int> OpenDescriptors();
bool IsCloseOnExec(int fd);

// Memory that is in use, in bytes, whoever has it.
int64_t ResidentBytes();

// Kernel ids of this process's threads. One that has been joined may be among them for another moment.
std::set<int> ThreadIds();
// Whether every thread of the process is one of these, of which some may have ended since, or resolves
// names: those are the process's (decisions 2.5) and come as they are needed.
bool HasNoThreadBeside(const std::set<int>& known);
std::string ThreadName(int thread_id);
// Bit n - 1 is signal n.
uint64_t BlockedSignals(int thread_id);

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_PROCESS_PROBE_H_
