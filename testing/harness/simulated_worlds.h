// Internal to testing.
//
// How a conformance program comes to run its suites in simulated worlds (--port=simulated): whoever has
// such worlds registers them, //testing/simulation for this library's. Every seed is one pass over all
// tests; every test gets a fresh world.
//
// Threads:  the main thread.
#ifndef HPSOCKET_TESTING_HARNESS_SIMULATED_WORLDS_H_
#define HPSOCKET_TESTING_HARNESS_SIMULATED_WORLDS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hpsocket::harness {

class SimulatedWorlds {
 public:
  virtual ~SimulatedWorlds() = default;

  virtual std::vector<uint64_t> Seeds() = 0;
  // Puts a world of this seed, and its Environment, into place.
  virtual void Begin(uint64_t seed) = 0;
  // Takes them away. What the test has left behind in it, in words; empty when that is nothing.
  virtual std::string End() = 0;
};

// Before RunConformance().
void RegisterSimulatedWorlds(std::unique_ptr<SimulatedWorlds> worlds);
bool HasSimulatedWorlds();

// Makes gtest's run one pass per seed: before InitGoogleTest(), and after it. `replay` is how this
// program can be told to do the same again.
void PreparePassPerSeed();
void RunInSimulatedWorlds(const std::string& replay);

// Whether the test that begins has failed with an earlier seed, so that once more would say nothing new.
bool FailedWithAnEarlierSeed();

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SIMULATED_WORLDS_H_
