// Internal to testing.
//
// Lets a conformance program run in simulated worlds: call this in main(), before RunConformance().
// Only for components that live in core's World; a foreign implementation leaves it out.
//
// Threads:  the main thread.
#ifndef HPSOCKET_TESTING_SIMULATION_SIMULATION_H_
#define HPSOCKET_TESTING_SIMULATION_SIMULATION_H_

namespace hpsocket::simulation {

// --port=simulated runs every test with each of the seeds that core/io/simulation_seeds.h names.
void RegisterSimulatedWorlds();

}  // namespace hpsocket::simulation

#endif  // HPSOCKET_TESTING_SIMULATION_SIMULATION_H_
