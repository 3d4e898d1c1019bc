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

// asio has by far the lower median, but only because it was disturbed whenever the machine was slow.
TEST(StandingsTest, TheBestPeerIsFoundWithinTheRounds) {
  ContestResult result;
  result.tracks = {
      MakeTrack("hp-epoll", Role::kOurs, "raw-epoll", {1, 10, 10, 10}),
      MakeTrack("libuv", Role::kPeer, "raw-epoll", {1.25, 12.5, 12.5, 12.5}),
      MakeTrack("asio", Role::kPeer, "raw-epoll", {1.5, 0, 0, 0}),
  };
  const Standings standings = MakeStandings(result);
  EXPECT_EQ(standings.best_peer, "libuv");
  EXPECT_NEAR(standings.entries[0].to_best_peer.median, 0.8, 1e-9);
}

// In the rounds of io_uring, which is the better port, libuv is the cheaper peer, in those of epoll asio.
TEST(StandingsTest, TheBetterOfOurPortsChoosesTheBestPeer) {
  ContestResult result;
  result.tracks = {
      MakeTrack("hp-io_uring", Role::kOurs, "raw-io_uring", {1, 1, 0, 0, 0}),
      MakeTrack("hp-epoll", Role::kOurs, "raw-epoll", {2, 2, 2, 2, 2}),
      MakeTrack("libuv", Role::kPeer, "raw-epoll", {1.1, 1.1, 3, 3, 3}),
      MakeTrack("asio", Role::kPeer, "raw-epoll", {1.2, 1.2, 1.2, 1.2, 1.2}),
  };
  EXPECT_EQ(MakeStandings(result).best_peer, "libuv");
}

TEST(StandingsTest, EveryPromiseWantsItsRounds) {
  ContestResult result = MakeResult(1, 1.08);
  result.rounds = 3;
  EXPECT_EQ(FewestRounds(result), 2u);  // the third was disturbed for us
  result.tracks[3].rounds[0].reset();
  EXPECT_EQ(FewestRounds(result), 1u) << "a peer's";
  result.tracks.resize(2);
  EXPECT_EQ(FewestRounds(result), 2u);
  result.tracks.push_back(MakeTrack("raw-epoll-name", Role::kRawLoop, "raw-epoll", {0, 0, 1}));
  result.scenario.comparisons = {{"hp-epoll", "raw-epoll-name", 1.08}};
  EXPECT_EQ(FewestRounds(result), 0u) << "a comparison's";
}

TEST(StandingsTest, AComparisonHasItsOwnVerdict) {
  ContestResult result = MakeResult(1.1, 1.05);
  result.tracks.push_back(MakeTrack("raw-epoll-name", Role::kRawLoop, "raw-epoll", {1.05, 2.1, 50}));
  result.scenario.comparisons = {{"hp-epoll", "raw-epoll-name", 1.05}, {"hp-epoll", "absent", 1.05}};
  const Standings standings = MakeStandings(result);
  EXPECT_EQ(standings.entries[0].Verdict(), "misses");
  ASSERT_EQ(standings.comparisons.size(), 1u);
  EXPECT_EQ(standings.comparisons[0].Verdict(), "holds");
}

TEST(StandingsTest, FewRoundsAreAFirstLook) {
  EXPECT_EQ(InWords("holds", 99), "a first look (holds)");
  EXPECT_EQ(InWords("misses", 100), "misses");
  EXPECT_EQ(InWords("", 5), "");
  EXPECT_NE(
      MakeStandings(MakeResult(1, 0)).PeerVerdict().find("2 rounds) of the best peer, libuv: a first look"),
      std::string::npos);
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
