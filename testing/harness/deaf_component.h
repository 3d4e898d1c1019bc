// Public.
//
// Components that were made without a listener. A component's main registers its classes, and the
// bad_input suite looks at what they say to that:
//
//   RegisterDeaf<CTcpServer>("CTcpServer");
//
// Threads:  registration before the tests run; a component as itself.
// Owner:    whoever called the factory owns the component.
#ifndef HPSOCKET_TESTING_HARNESS_DEAF_COMPONENT_H_
#define HPSOCKET_TESTING_HARNESS_DEAF_COMPONENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::harness {

class DeafComponent {
 public:
  virtual ~DeafComponent() = default;

  // A server has no asynchronous start; an agent and a client go to this port of loopback, or would.
  virtual bool Start(uint16_t port, bool async) = 0;
  virtual bool Stop() = 0;
  virtual EnServiceState GetState() = 0;
  virtual EnSocketError GetLastError() = 0;
  virtual bool GetStats(HP_Stats& stats) = 0;
};

template <class Component>
class DeafAdapter final : public DeafComponent {
 public:
  bool Start(uint16_t port, bool async) override {
    if constexpr (std::is_base_of_v<IServer, Component>) {
      return component_.Start("127.0.0.1", port);
    } else if constexpr (std::is_base_of_v<IAgent, Component>) {
      return component_.Start("127.0.0.1", async);
    } else {
      return component_.Start("127.0.0.1", port, async);
    }
  }
  bool Stop() override { return component_.Stop(); }
  EnServiceState GetState() override { return component_.GetState(); }
  EnSocketError GetLastError() override { return component_.GetLastError(); }
  bool GetStats(HP_Stats& stats) override { return component_.GetStats(stats); }

 private:
  Component component_{nullptr};
};

struct DeafFactory {
  std::string name;
  std::function<std::unique_ptr<DeafComponent>()> make;
};

inline void PrintTo(const DeafFactory& factory, std::ostream* out) { *out << factory.name; }

// All that are registered.
inline std::vector<DeafFactory>& DeafComponents() {
  static std::vector<DeafFactory>& all = *new std::vector<DeafFactory>;
  return all;
}

// `name` is letters and digits; it becomes part of the tests' names.
template <class Component>
void RegisterDeaf(std::string name) {
  DeafComponents().push_back({std::move(name), [] { return std::make_unique<DeafAdapter<Component>>(); }});
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DEAF_COMPONENT_H_
