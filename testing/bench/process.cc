#include "hpsocket/testing/bench/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "hpsocket/testing/bench/interruption.h"

namespace hpsocket::bench {
namespace {

constexpr int kPatienceMs = 60000;

[[noreturn]] void RunChild(const std::vector<std::string>& command, const Process::Options& options,
                           int input, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);  // the terminal's Ctrl-C is for the driver
  if (options.small_pages_only) prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (!options.cpus.empty()) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    for (const int cpu : options.cpus) CPU_SET(static_cast<size_t>(cpu), &cpus);
    sched_setaffinity(0, sizeof(cpus), &cpus);
  }
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  if (options.quiet) dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::perror(arguments[0]);
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Options& options)
    : name_(command.front().substr(command.front().rfind('/') + 1)) {
  int input[2];
  int output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) throw Failure(std::strerror(errno));
  pid_ = fork();
  if (pid_ == 0) RunChild(command, options, input[0], output[1]);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  output_ = output[0];
  if (pid_ < 0) throw Failure(std::strerror(errno));
}

Process::~Process() {
  close(input_);
  close(output_);
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::Send(const std::string& line) {
  const std::string text = line + "\n";
  if (write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw Failure(name_ + " has ended");
  }
}

std::string Process::ReadLine() {
  for (;;) {
    const size_t end = received_.find('\n');
    if (end != std::string::npos) {
      const std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    pollfd ready{output_, POLLIN, 0};
    const int count = poll(&ready, 1, kPatienceMs);
    if (Interrupted()) throw Failure("interrupted");
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) throw Failure(name_ + " does not answer");
    char bytes[4096];
    const ssize_t length = read(output_, bytes, sizeof(bytes));
    if (length <= 0) throw Failure(name_ + " has ended");
    received_.append(bytes, static_cast<size_t>(length));
  }
}

std::string Process::Ask(const std::string& line, const std::string& expected) {
  Send(line);
  const std::string answer = ReadLine();
  if (answer.compare(0, expected.size(), expected) != 0) throw Failure(name_ + ": " + answer);
  return answer;
}

int Process::Finish() {
  close(input_);
  input_ = -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace hpsocket::bench
