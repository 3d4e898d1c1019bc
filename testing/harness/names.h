// Internal to testing.
//
// Names of hosts that only this program knows: its getaddrinfo() asks here before it asks the system.
//
// Threads:  any.
// Lifetime: a name stays as long as the process; a hold outlives the names that it holds.
#ifndef HPSOCKET_TESTING_HARNESS_NAMES_H_
#define HPSOCKET_TESTING_HARNESS_NAMES_H_

#include <atomic>
#include <string>
#include <vector>

namespace hpsocket::harness {

// Keeps whoever asks for a name waiting until the test lets the answer come.
class NameHold {
 public:
  constexpr NameHold() = default;
  NameHold(const NameHold&) = delete;
  NameHold& operator=(const NameHold&) = delete;

  // As if nobody had asked yet. While nobody is asking.
  void Reset();
  void AwaitAsked(int times) const { Await(asked_, times); }
  int asked() const { return asked_.load(); }
  // Returns when all that have asked have their answer.
  void LetAnswer();

 private:
  friend class HeldQuestion;
  static void Await(const std::atomic<int>& counter, int value);

  std::atomic<int> asked_{0};
  std::atomic<int> answered_{0};
  std::atomic<bool> open_{false};
};

// From now on `name` is these addresses, in this order. `hold`: answers wait there.
void AddName(const std::string& name, const std::vector<std::string>& literals, NameHold* hold = nullptr);

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_NAMES_H_
