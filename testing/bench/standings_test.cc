#include "hpsocket/testing/bench/standings.h"

#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

Track MakeTrack(const std::string& name, Role role, const std::string& reference,
                const std::vector<double>& cpu_us, double limit = 0) {
  Track track;
  track.entrant = {name, role, "", {}, reference, limit};
  for (const double one : cpu_us) {
    Sample sample;
    sample.cpu_us = one;
    sample.rate = one;
    track.rounds.push_back(one > 0 ? std::optional<Sample>(sample) : std::nullopt);
  }
  return track;
}

// The machine is twice as slow in the second round, and the third was disturbed for our server.
ContestResult MakeResult(double our_cost, double limit) {
  ContestResult result;
  result.tracks = {
      MakeTrack("hp-epoll", Role::kOurs, "raw-epoll", {our_cost, 2 * our_cost, 0}, limit),
      MakeTrack("raw-epoll", Role::kRawLoop, "raw-epoll", {1, 2, 50}),
      MakeTrack("libuv", Role::kPeer, "raw-epoll", {1.25, 2.5, 50}),
      MakeTrack("asio", Role::kPeer, "raw-epoll", {1.5, 3, 50}),
  };
  return result;
}

TEST(StandingsTest, RatiosAreTakenWithinARound) {
  const Standings standings = MakeStandings(MakeResult(1.1, 0));
  EXPECT_NEAR(standings.entries[0].to_reference.median, 1.1, 1e-9);
  EXPECT_NEAR(standings.entries[0].to_reference.high, 1.1, 1e-9);
  EXPECT_EQ(standings.entries[0].to_reference.count, 2u);
  EXPECT_EQ(standings.entries[1].to_reference.median, 1);
}

TEST(StandingsTest, TheBestPeerIsTheCheapest) {
  const Standings standings = MakeStandings(MakeResult(1, 0));
  EXPECT_EQ(standings.best_peer, "libuv");
  EXPECT_NEAR(standings.entries[0].to_best_peer.median, 0.8, 1e-9);
}

TEST(StandingsTest, AVerdictAllowsTwoHundredths) {
  EXPECT_EQ(MakeStandings(MakeResult(1.1, 0)).entries[0].Verdict(), "");
  EXPECT_EQ(MakeStandings(MakeResult(1.0999, 1.08)).entries[0].Verdict(), "holds");
  EXPECT_EQ(MakeStandings(MakeResult(1.11, 1.08)).entries[0].Verdict(), "misses");
}

TEST(StandingsTest, ARateIsToBeAtLeastItsLimit) {
  const auto verdict = [](double our_rate) {
    ContestResult result = MakeResult(our_rate, 0.95);
    result.scenario.measure = Measure::kRate;
    return MakeStandings(result).entries[0].Verdict();
  };
  EXPECT_EQ(verdict(1.2), "holds");
  EXPECT_EQ(verdict(0.94), "holds");
  EXPECT_EQ(verdict(0.92), "misses");
}

TEST(StandingsTest, APeerThatIsCheaperShowsInTheVerdict) {
  EXPECT_NE(MakeStandings(MakeResult(1, 0)).PeerVerdict().find("holds"), std::string::npos);
  EXPECT_NE(MakeStandings(MakeResult(1.3, 0)).PeerVerdict().find("misses"), std::string::npos);
}

TEST(StandingsTest, WithoutReferenceAndPeersThereAreNoRatios) {
  ContestResult result = MakeResult(1, 1.08);
  result.tracks.resize(1);
  const Standings standings = MakeStandings(result);
  EXPECT_EQ(standings.entries[0].to_reference.count, 0u);
  EXPECT_EQ(standings.entries[0].Verdict(), "");
  EXPECT_EQ(standings.PeerVerdict(), "");
}

}  // namespace
}  // namespace hpsocket::bench
