// Internal to testing/bench. Tests only.
//
// Pictures of a run: per scenario one SVG with a bar for each server's CPU per message against the
// raw loop, and an HTML page that shows all of them beside their tables.
//
// Threads:  any.
// Errors:   Failure, thrown, when a file cannot be written.
#ifndef HPSOCKET_TESTING_BENCH_PLOT_H_
#define HPSOCKET_TESTING_BENCH_PLOT_H_

#include <string>
#include <vector>

#include "hpsocket/testing/bench/standings.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

std::string BarsAsSvg(const Standings& standings);

// index.html and one SVG per contest in `folder`, which is made if need be.
void WritePlots(const std::string& folder, const std::string& surroundings, const std::vector<Standings>& all,
                const std::vector<Table>& tables);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_PLOT_H_
