#include "hpsocket/core/io/port_contract_suite.h"

#include <utility>

namespace hpsocket::core {
namespace {

std::vector<ContractSubject>& Subjects() {
  static std::vector<ContractSubject> subjects;
  return subjects;
}

}  // namespace

bool RegisterContractSubject(ContractSubject subject) {
  Subjects().push_back(std::move(subject));
  return true;
}

const std::vector<ContractSubject>& ContractSubjects() { return Subjects(); }

}  // namespace hpsocket::core
