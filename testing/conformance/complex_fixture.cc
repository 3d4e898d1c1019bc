#include "hpsocket/testing/conformance/complex_fixture.h"

#include <utility>

#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {
namespace {

template <class UnderTest, class Factory>
void Append(const std::vector<Factory>& factories, std::vector<ComplexFactory>* all) {
  for (const Factory& factory : factories) {
    all->push_back({factory.name, [factory](bool pristine) -> std::unique_ptr<ComplexUnderTest> {
                      return std::make_unique<UnderTest>(factory, pristine);
                    }});
  }
}

}  // namespace

std::vector<ComplexFactory> TcpComplexes() {
  std::vector<ComplexFactory> all;
  Append<ServerUnderTest>(harness::TcpServers(), &all);
  Append<AgentUnderTest>(harness::TcpAgents(), &all);
  return all;
}

std::vector<ComplexFactory> PushTcpComplexes() {
  std::vector<ComplexFactory> all;
  Append<ServerUnderTest>(harness::PushTcpServers(), &all);
  Append<AgentUnderTest>(harness::PushTcpAgents(), &all);
  return all;
}

std::vector<ComplexFactory> PullTcpComplexes() {
  std::vector<ComplexFactory> all;
  Append<ServerUnderTest>(harness::PullTcpServers(), &all);
  Append<AgentUnderTest>(harness::PullTcpAgents(), &all);
  return all;
}

void ComplexTest::SetUp() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

void ComplexTest::TearDown() {
  for (const auto& component : components_) DestroyAndJudge(*component);
}

ComplexUnderTest& ComplexTest::Add(bool pristine) {
  components_.push_back(GetParam().make(pristine));
  return *components_.back();
}

std::string ComplexName(const ::testing::TestParamInfo<ComplexFactory>& info) { return info.param.name; }

}  // namespace hpsocket::conformance
