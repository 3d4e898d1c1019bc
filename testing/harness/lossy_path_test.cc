#include "hpsocket/testing/harness/lossy_path.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::harness {
namespace {

using Datagrams = std::vector<std::string>;

// What leaves of 0, 1, ... count-1, in order.
Datagrams PassAll(LossyPath& path, int count) {
  Datagrams all;
  for (int i = 0; i < count; ++i) {
    for (std::string& datagram : path.Pass(std::to_string(i))) all.push_back(std::move(datagram));
  }
  for (std::string& datagram : path.Release()) all.push_back(std::move(datagram));
  return all;
}

TEST(LossyPathTest, ChangesNothingUntilItIsToldTo) {
  LossyPath path(1);
  EXPECT_EQ(PassAll(path, 5), Datagrams({"0", "1", "2", "3", "4"}));
  EXPECT_EQ(path.figures().came, 5u);
  EXPECT_EQ(path.figures().left, 5u);
}

TEST(LossyPathTest, LosesDoublesAndOvertakesEveryOneWhereThatIsCertain) {
  LossyPath path(1);
  path.Set({1, 1, 1});
  EXPECT_EQ(PassAll(path, 3), Datagrams());
  EXPECT_EQ(path.figures().lost, 3u);
  path.Set({0, 1, 0});
  EXPECT_EQ(PassAll(path, 2), Datagrams({"0", "0", "1", "1"}));
  EXPECT_EQ(path.figures().doubled, 2u);
  path.Set({0, 0, 1});
  EXPECT_EQ(path.Pass("a"), Datagrams());
  EXPECT_TRUE(path.holds());
  EXPECT_EQ(path.Pass("b"), Datagrams({"b", "a"}));
  EXPECT_EQ(path.figures().overtaken, 1u);
  EXPECT_EQ(path.Pass("c"), Datagrams());
  EXPECT_EQ(path.Release(), Datagrams({"c"}));
  EXPECT_FALSE(path.holds());
  EXPECT_EQ(path.figures().overtaken, 1u) << "nothing came after it";
  EXPECT_EQ(path.figures().left, 7u);
}

TEST(LossyPathTest, DecidesBySeedAlone) {
  const PathFaults faults = {0.3, 0.2, 0.2};
  LossyPath first(7);
  LossyPath second(7);
  LossyPath other(8);
  for (LossyPath* path : {&first, &second, &other}) path->Set(faults);
  const Datagrams passed = PassAll(first, 1000);
  EXPECT_EQ(PassAll(second, 1000), passed);
  EXPECT_NE(PassAll(other, 1000), passed);
  const PathFigures figures = first.figures();
  // Far from what chance could do.
  EXPECT_GT(figures.lost, 200u);
  EXPECT_LT(figures.lost, 400u);
  EXPECT_GT(figures.doubled, 70u);
  EXPECT_GT(figures.overtaken, 70u);
  EXPECT_EQ(figures.left, figures.came - figures.lost + figures.doubled);
  EXPECT_EQ(passed.size(), figures.left);
}

}  // namespace
}  // namespace hpsocket::harness
