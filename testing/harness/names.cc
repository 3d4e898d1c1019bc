#include "hpsocket/testing/harness/names.h"

#include <dlfcn.h>
#include <netdb.h>

#include <mutex>

namespace hpsocket::harness {
namespace {

struct KnownName {
  std::string name;
  std::vector<std::string> literals;
  NameHold* hold;
  const KnownName* next;
};

// Without a lock for readers: a child that fork() has made may ask, whatever other threads were doing.
std::atomic<const KnownName*> g_names{nullptr};

const KnownName* Find(const char* name) {
  for (const KnownName* known = g_names.load(); known != nullptr; known = known->next) {
    if (known->name == name) return known;
  }
  return nullptr;
}

}  // namespace

void NameHold::Await(const std::atomic<int>& counter, int value) {
  for (int now = counter.load(); now < value; now = counter.load()) counter.wait(now);
}

void NameHold::Reset() {
  asked_.store(0);
  answered_.store(0);
  open_.store(false);
}

void NameHold::LetAnswer() {
  open_.store(true);
  open_.notify_all();
  Await(answered_, asked_.load());
}

// One question, from asking to the answer.
class HeldQuestion {
 public:
  explicit HeldQuestion(NameHold* hold) : hold_(hold) {
    if (hold_ == nullptr) return;
    hold_->asked_.fetch_add(1);
    hold_->asked_.notify_all();
    hold_->open_.wait(false);
  }
  HeldQuestion(const HeldQuestion&) = delete;
  HeldQuestion& operator=(const HeldQuestion&) = delete;
  ~HeldQuestion() {
    if (hold_ == nullptr) return;
    hold_->answered_.fetch_add(1);
    hold_->answered_.notify_all();
  }

 private:
  NameHold* const hold_;
};

void AddName(const std::string& name, const std::vector<std::string>& literals, NameHold* hold) {
  static std::mutex& mutex = *new std::mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  g_names.store(new KnownName{name, literals, hold, g_names.load()});
}

}  // namespace hpsocket::harness

// In place of libc's.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const Function real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const hpsocket::harness::KnownName* const known = node == nullptr ? nullptr : hpsocket::harness::Find(node);
  if (known == nullptr) return real(node, service, hints, result);
  const hpsocket::harness::HeldQuestion question(known->hold);
  addrinfo* list = nullptr;
  addrinfo** end = &list;
  for (const std::string& literal : known->literals) {
    if (const int error = real(literal.c_str(), service, hints, end)) {
      if (list != nullptr) freeaddrinfo(list);
      return error;
    }
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  *result = list;
  return list == nullptr ? EAI_NONAME : 0;
}
