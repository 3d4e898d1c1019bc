// Internal to testing/bench. Tests only.
//
// A child process that is talked to in lines. It ends with its owner, however that ends.
//
// Threads:  the one that made it, which must stay alive as long as the child.
// Owner:    of the child and both pipes; the destructor kills it and waits.
// Errors:   Failure, thrown: the driver prints it and ends.
#ifndef HPSOCKET_TESTING_BENCH_PROCESS_H_
#define HPSOCKET_TESTING_BENCH_PROCESS_H_

#include <sys/types.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace hpsocket::bench {

// Something that makes going on pointless, in words.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Process {
 public:
  struct Options {
    std::vector<int> cpus;          // where it may run; empty: anywhere
    bool small_pages_only = false;  // so that memory grows by pages of 4 KiB
    bool quiet = false;             // its error output is dropped
  };

  // `command`: the program's path, then its arguments.
  Process(const std::vector<std::string>& command, const Options& options);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }

  void Send(const std::string& line);
  // The next line of its output. Fails when it ends, when Ctrl-C comes and when nothing comes for a long
  // time.
  std::string ReadLine();
  // Send and ReadLine; fails unless the answer begins with `expected`.
  std::string Ask(const std::string& line, const std::string& expected);

  // Closes its input and waits until it ends by itself. Its exit code.
  int Finish();

 private:
  const std::string name_;
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string received_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_PROCESS_H_
