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
#include <random>
#include <string>
#include <vector>

namespace hpsocket::core {

// 1 to HPSOCKET_SEEDS (default 25), or HPSOCKET_SEED alone.
inline std::vector<uint64_t> SimulationSeeds() {
  if (const char* only = std::getenv("HPSOCKET_SEED"); only != nullptr) {
    return {std::strtoull(only, nullptr, 10)};
  }
  const char* count = std::getenv("HPSOCKET_SEEDS");
  const uint64_t last = count == nullptr ? 25 : std::strtoull(count, nullptr, 10);
  std::vector<uint64_t> seeds;
  for (uint64_t seed = 1; seed <= last; ++seed) seeds.push_back(seed);
  return seeds;
}

inline std::string RandomBytes(std::mt19937_64& random, size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_SIMULATION_SEEDS_H_
