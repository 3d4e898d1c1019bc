// Internal to testing/bench. Tests only.
//
// A run's results for people and for programs.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_REPORT_H_
#define HPSOCKET_TESTING_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "hpsocket/testing/bench/standings.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

// The columns that the kind of loop gives a meaning.
Table TableOf(const Standings& standings);

// Every promise with what was measured.
Table VerdictsOf(const std::vector<Standings>& all);

// Machine, kernel, command line: what somebody needs to compare with.
std::string Surroundings(int argc, char** argv);

std::string ReportJson(const std::string& surroundings, const std::vector<Standings>& all,
                       const std::vector<Table>& tables);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_REPORT_H_
