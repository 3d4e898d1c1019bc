// The suite runs once for every registered port.
#include <gtest/gtest.h>

#include "hpsocket/core/io/port_contract_fixture.h"
#include "hpsocket/core/io/port_contract_suite.h"

namespace hpsocket::core {

INSTANTIATE_TEST_SUITE_P(Ports, PortContractTest, ::testing::ValuesIn(ContractSubjects()),
                         [](const auto& test) { return test.param.name; });

}  // namespace hpsocket::core
