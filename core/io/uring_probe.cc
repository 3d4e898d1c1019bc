#include "hpsocket/core/io/uring_probe.h"

#include <errno.h>
#include <sys/utsname.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "hpsocket/core/io/buffer_ring.h"
#include "hpsocket/core/io/uring_constants.h"
#include "hpsocket/core/io/uring_memory.h"

namespace hpsocket::core {
namespace {

constexpr io_uring_op kOpcodes[] = {IORING_OP_ACCEPT, IORING_OP_CONNECT, IORING_OP_RECV,
                                    IORING_OP_SEND,   IORING_OP_SENDMSG, IORING_OP_ASYNC_CANCEL,
                                    IORING_OP_CLOSE,  IORING_OP_POLL_ADD};

std::atomic<int> hidden_operation{-1};

struct FileCloser {
  void operator()(FILE* file) const { std::fclose(file); }
};

int ReadDisabledSysctl() {
  const std::unique_ptr<FILE, FileCloser> file(std::fopen("/proc/sys/kernel/io_uring_disabled", "re"));
  int value = -1;
  if (file == nullptr || std::fscanf(file.get(), "%d", &value) != 1) return -1;
  return value;
}

std::string Named(int error) {
  switch (error) {
    case EPERM:
      return "EPERM";
    case EACCES:
      return "EACCES";
    case EMFILE:
      return "EMFILE";
    case ENFILE:
      return "ENFILE";
    default:
      return std::string("errno ") + std::to_string(error) + ", " + strerror(error);
  }
}

struct RingCloser {
  void operator()(io_uring* ring) const { io_uring_queue_exit(ring); }
};

struct ProbeFreer {
  void operator()(io_uring_probe* probe) const { io_uring_free_probe(probe); }
};

UringProbe Failed(int error, std::string why) { return {.error = error, .why = std::move(why)}; }

// What a ring that could be made is still lacking.
UringProbe ProbeRing(io_uring& ring, unsigned features) {
  if ((features & kUringFeatures) != kUringFeatures)
    return Failed(ENOSYS, "this kernel's io_uring lacks features");
  const std::unique_ptr<io_uring_probe, ProbeFreer> opcodes(io_uring_get_probe_ring(&ring));
  if (opcodes == nullptr) return Failed(ENOSYS, "io_uring does not tell its operations");
  const int hidden = hidden_operation.load(std::memory_order_relaxed);
  if (hidden >= 0 && hidden < opcodes->ops_len) opcodes->ops[hidden].flags = 0;
  for (const io_uring_op opcode : kOpcodes) {
    if (io_uring_opcode_supported(opcodes.get(), opcode) == 0) {
      return Failed(ENOSYS, "io_uring lacks operation " + std::to_string(opcode));
    }
  }
  BufferRing buffers(0, 64, 8);
  const int result = buffers.Open(&ring);
  if (result < 0) return Failed(-result, "io_uring takes no ring of buffers (" + Named(-result) + ")");
  return {.error = 0, .why = "the kernel has it and permits it"};
}

}  // namespace

UringProbe ProbeUring() { return ProbeUring(io_uring_queue_init_params); }

UringProbe ProbeUring(UringSetup setup) {
  utsname system{};
  uname(&system);
  if (!IsKernelAtLeast(system.release, kUringKernelMajor, kUringKernelMinor)) {
    return Failed(ENOSYS, std::string("Linux ") + system.release + " is older than " +
                              std::to_string(kUringKernelMajor) + "." + std::to_string(kUringKernelMinor));
  }
  io_uring ring{};
  io_uring_params parameters{};
  // The error is what it returns; errno says nothing.
  const int result = RetryWhileRingsGo([&] {
    parameters = {};
    parameters.flags = kUringSetupFlags;
    parameters.cq_entries = 8;
    return setup(4, &ring, &parameters);
  });
  if (result < 0) return Failed(-result, ExplainSetupError(-result, ReadDisabledSysctl()));
  const std::unique_ptr<io_uring, RingCloser> closer(&ring);
  return ProbeRing(ring, parameters.features);
}

const UringProbe& ProbedUring() {
  // Leaked: workers of a component that is a global may ask after static destructors have run.
  static const UringProbe& probe = *new UringProbe(ProbeUring());
  return probe;
}

void HideUringOperationForTest(int opcode) { hidden_operation.store(opcode, std::memory_order_relaxed); }

bool IsKernelAtLeast(const char* release, int major, int minor) {
  int found_major = 0;
  int found_minor = 0;
  if (std::sscanf(release, "%d.%d", &found_major, &found_minor) < 1) return false;
  return found_major > major || (found_major == major && found_minor >= minor);
}

std::string ExplainSetupError(int error, int sysctl) {
  switch (error) {
    case ENOSYS:
      return "this kernel has no io_uring, or a seccomp filter hides it (ENOSYS)";
    case EPERM:
    case EACCES:
      if (sysctl == 1 || sysctl == 2) {
        return "io_uring is switched off by the sysctl kernel.io_uring_disabled=" + std::to_string(sysctl) +
               " (" + Named(error) + ")";
      }
      return "io_uring is forbidden, as by the seccomp filter of a container (" + Named(error) + ")";
    case ENOMEM:
      return "no memory for io_uring; the limit of locked memory (ulimit -l) may be too low (ENOMEM)";
    case EMFILE:
    case ENFILE:
      return "no descriptor left for io_uring (" + Named(error) + ")";
    case EINVAL:
      return "this kernel's io_uring lacks modes that are needed (EINVAL)";
    default:
      return "io_uring cannot be set up (" + Named(error) + ")";
  }
}

}  // namespace hpsocket::core
