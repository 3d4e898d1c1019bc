// Internal to testing/bench. Tests only.
//
// What the kernel knows of a process and of the machine.
//
// Threads:  any; snapshots.
// Units:    nanoseconds, bytes.
#ifndef HPSOCKET_TESTING_BENCH_PROCESS_FIGURES_H_
#define HPSOCKET_TESTING_BENCH_PROCESS_FIGURES_H_

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace hpsocket::bench {

// CPU time of all its threads, the kernel's work for them included, stolen time not.
int64_t CpuTimeOf(pid_t process);

struct Scheduling {
  int64_t waited = 0;  // for a CPU, though ready
  uint64_t switches = 0;
};
Scheduling SchedulingOf(pid_t process);

struct Memory {
  int64_t resident = 0;
  int64_t anonymous = 0;  // its own: heaps, stacks, buffers; no code
};
Memory MemoryOf(pid_t process);

// Of the whole machine, since it was started.
struct MachineTime {
  int64_t busy = 0;    // without the next
  int64_t stolen = 0;  // by the host
};
MachineTime TimeOfMachine();

// The CPUs that this process may run on.
std::vector<int> UsableCpus();

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_PROCESS_FIGURES_H_
