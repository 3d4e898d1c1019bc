#include "hpsocket/testing/bench/session_memory.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/competitor.h"

namespace hpsocket::bench {
namespace {

constexpr unsigned kStep = 10000;  // sessions, between two answers of the load
constexpr unsigned kMessage = 64;
constexpr double kLimit = 512;

Scenario Sessions() {
  Scenario scenario;
  scenario.name = "sessions";
  scenario.opposite = "udp_load";
  return scenario;
}

struct Figures {
  int64_t at_start = 0;
  double per_session = 0;
};

// Growth since the server's start, so what tables and batches need is in it. `bytes`: what each peer says.
Figures Grow(const Entrant& entrant, const SessionMemoryOptions& options, unsigned bytes) {
  Competitor competitor(options.programs, entrant, Sessions(), true);
  Figures figures;
  figures.at_start = competitor.memory().anonymous;
  for (unsigned opened = 0; opened < options.sessions; opened += kStep) {
    options.progress(absl::StrCat(entrant.name, ", ", opened, " sessions"));
    const unsigned more = std::min(kStep, options.sessions - opened);
    competitor.load().Ask(absl::StrCat("sessions ", more, " ", bytes), "done");
  }
  const std::string stats = competitor.server().Ask("stats", "stats ");
  if (stats.find(absl::StrCat(" connections=", options.sessions, " ")) == std::string::npos) {
    throw Failure(absl::StrCat(entrant.name, " has not ", options.sessions, " sessions: ", stats));
  }
  figures.per_session = static_cast<double>(competitor.memory().anonymous - figures.at_start) /
                        static_cast<double>(options.sessions);
  return figures;
}

std::vector<std::string> RowOf(const Entrant& entrant, const SessionMemoryOptions& options) {
  const Figures idle = Grow(entrant, options, 0);
  const Figures used = Grow(entrant, options, kMessage);
  return {entrant.name, absl::StrFormat("%.2f", static_cast<double>(idle.at_start) / (1 << 20)),
          absl::StrFormat("%.0f (%s)", idle.per_session, idle.per_session <= kLimit ? "holds" : "misses"),
          absl::StrFormat("%.0f", used.per_session)};
}

}  // namespace

Table MeasureSessionMemory(const std::vector<Entrant>& entrants, const SessionMemoryOptions& options) {
  Table table;
  table.title = absl::StrCat("User-space memory per UDP session, at ", options.sessions);
  table.columns = {"server", "MiB at start", "B/session idle", "B/session after an echo"};
  for (const Entrant& entrant : entrants) {
    if (entrant.role == Role::kOurs) table.rows.push_back(RowOf(entrant, options));
  }
  table.notes = {
      absl::StrFormat("Anonymous memory (/proc/PID/smaps_rollup) beyond that at the start, divided by the "
                      "sessions; limit %.0f.",
                      kLimit),
      "Idle: each peer has sent one empty datagram, which was answered."};
  return table;
}

}  // namespace hpsocket::bench
