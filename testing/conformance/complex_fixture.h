// Internal to testing.
//
// What suites need that are about connections and do not care who made them: their tests run for
// servers and for agents.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    the fixture owns the components.
// Errors:   as complex_under_test.h.
#ifndef HPSOCKET_TESTING_CONFORMANCE_COMPLEX_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_COMPLEX_FIXTURE_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_under_test.h"

namespace hpsocket::conformance {

// How to make one of the components that the program has registered.
struct ComplexFactory {
  std::string name;
  std::function<std::unique_ptr<ComplexUnderTest>(bool pristine)> make;
};

// Servers and agents, for INSTANTIATE_TEST_SUITE_P.
std::vector<ComplexFactory> TcpComplexes();
std::vector<ComplexFactory> PushTcpComplexes();
std::vector<ComplexFactory> PullTcpComplexes();

inline void PrintTo(const ComplexFactory& factory, std::ostream* out) { *out << factory.name; }

class ComplexTest : public ::testing::TestWithParam<ComplexFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  ComplexUnderTest& NewComponent() { return Add(false); }
  ComplexUnderTest& NewPristineComponent() { return Add(true); }
  ComplexUnderTest& StartedComponent() {
    ComplexUnderTest& component = NewComponent();
    component.MustStart();
    return component;
  }
  ComplexUnderTest& EchoComponent() {
    ComplexUnderTest& component = NewComponent();
    component.EchoBack();
    component.MustStart();
    return component;
  }

 private:
  ComplexUnderTest& Add(bool pristine);

  std::vector<std::unique_ptr<ComplexUnderTest>> components_;
};

std::string ComplexName(const ::testing::TestParamInfo<ComplexFactory>& info);

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_COMPLEX_FIXTURE_H_
