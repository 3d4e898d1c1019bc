// Internal to core. Tests only.
//
// Which seeds a simulated test runs, and bytes made from one.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_SIMULATION_SEEDS_H_
#define HPSOCKET_CORE_IO_SIMULATION_SEEDS_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace hpsocket::core {

// HPSOCKET_SEEDS seeds (else as many as usual) from HPSOCKET_FIRST_SEED (else the usual one), or
// HPSOCKET_SEED alone.
inline std::vector<uint64_t> SimulationSeeds(uint64_t usual = 25, uint64_t usual_first = 1) {
  if (const char* only = std::getenv("HPSOCKET_SEED"); only != nullptr) {
    return {std::strtoull(only, nullptr, 10)};
  }
  const char* count = std::getenv("HPSOCKET_SEEDS");
  const char* first = std::getenv("HPSOCKET_FIRST_SEED");
  std::vector<uint64_t> seeds(
      static_cast<size_t>(count == nullptr ? usual : std::strtoull(count, nullptr, 10)));
  std::iota(seeds.begin(), seeds.end(), first == nullptr ? usual_first : std::strtoull(first, nullptr, 10));
  return seeds;
}

// std::mt19937_64, cut to what a size has.
class RandomSizes {
 public:
  explicit RandomSizes(uint64_t value) : engine_(value) {}
  void seed(uint64_t value) { engine_.seed(value); }
  size_t operator()() { return static_cast<size_t>(engine_()); }

 private:
  std::mt19937_64 engine_;
};

inline std::string RandomBytes(RandomSizes& random, size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_SIMULATION_SEEDS_H_
