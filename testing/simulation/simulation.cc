#include "hpsocket/testing/simulation/simulation.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/engine/connection_table.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/simulated_worlds.h"
#include "hpsocket/testing/harness/variant.h"
#include "hpsocket/testing/simulation/simulated_environment.h"

namespace hpsocket::simulation {
namespace {

class Worlds final : public harness::SimulatedWorlds {
 public:
  std::vector<uint64_t> Seeds() override {
    const harness::Variant& variant = harness::CurrentVariant();
    const uint64_t usual = harness::kSanitized ? 5 : 25;
    return core::SimulationSeeds(variant.seeds != 0 ? variant.seeds : usual, variant.first_seed);
  }

  void Begin(uint64_t seed) override {
    core::SetNextConnectionIdForTest(1);
    world_ = std::make_unique<core::FakeWorld>(core::FakeWorldOptions::Exact(seed));
    environment_ = std::make_unique<SimulatedEnvironment>(*world_);
    core::World::ReplaceForTest(world_.get());
    harness::DeadlineClock::Replace(&world_->clock());
    harness::Environment::Replace(environment_.get());
  }

  std::string End() override {
    harness::Environment::Replace(nullptr);
    harness::DeadlineClock::Replace(nullptr);
    core::World::ReplaceForTest(nullptr);
    const size_t open = world_->open_descriptors();
    environment_.reset();
    world_.reset();
    return open == 0 ? "" : std::to_string(open) + " open descriptors";
  }

 private:
  std::unique_ptr<core::FakeWorld> world_;
  std::unique_ptr<SimulatedEnvironment> environment_;
};

}  // namespace

void RegisterSimulatedWorlds() { harness::RegisterSimulatedWorlds(std::make_unique<Worlds>()); }

}  // namespace hpsocket::simulation
