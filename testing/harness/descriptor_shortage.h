// Internal to testing.
//
// Takes every descriptor that the process may have, so that the next one asked for fails with EMFILE.
//
// Threads:  one at a time. Whoever opens and closes descriptors meanwhile shares what is spare.
// Owner:    the object owns the limit: it lowers it, and puts it back at the end.
#ifndef HPSOCKET_TESTING_HARNESS_DESCRIPTOR_SHORTAGE_H_
#define HPSOCKET_TESTING_HARNESS_DESCRIPTOR_SHORTAGE_H_

#include <sys/resource.h>

#include <vector>

namespace hpsocket::harness {

class DescriptorShortage {
 public:
  // Only lowers the limit, to some hundred above what is open. An accept on an io_uring keeps the limit
  // that held when it was submitted, so this comes before the component is started.
  DescriptorShortage();
  DescriptorShortage(const DescriptorShortage&) = delete;
  DescriptorShortage& operator=(const DescriptorShortage&) = delete;
  ~DescriptorShortage() { End(); }

  // From now on, so many can still be had.
  void Begin(int spare = 0);
  // Gives everything back, done at the latest by the destructor.
  void End();

 private:
  std::vector<int> taken_;
  rlimit before_{};
  bool over_ = false;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DESCRIPTOR_SHORTAGE_H_
