#include "hpsocket/testing/conformance/client_fixture.h"

#include <cstdio>
#include <stdexcept>
#include <utility>

#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {

using harness::Environment;
using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;

ClientUnderTest::ClientUnderTest(const harness::TcpClientFactory& factory, bool pristine)
    : subject_(factory.make(events_)), tcp_(*subject_), client_(subject_->client()) {
  events_.Expect(&client());
  events_.FetchFrom(subject_->pull());
  if (!pristine) client().SetIoBackend(harness::CurrentVariant().port);
}

bool ClientUnderTest::Start(const char* address, uint16_t port, bool async) {
  const size_t before = events_.size();
  if (!client().Start(address, port, async)) return false;
  // Not GetConnectionID(): an asynchronous client may have been started anew by now.
  const EventLog log = events_.log();
  std::lock_guard<std::mutex> lock(mutex_);
  for (size_t i = before; i < log.size(); ++i) begun_.insert(log.events()[i].id);
  if (log.size() == before) begun_.insert(client().GetConnectionID());
  return true;
}

std::unique_ptr<Peer> ClientUnderTest::Connect(PeerListener& listener, bool async) {
  const size_t before = events_.log().CountReturned(EventKind::kConnect);
  if (!Start("127.0.0.1", listener.port(), async)) {
    throw std::runtime_error(std::string("Start failed: ") + client().GetLastErrorDesc() + ", " +
                             client().GetLastErrorDetail());
  }
  std::unique_ptr<Peer> peer = listener.Accept();
  if (peer == nullptr) throw std::runtime_error("the client did not connect");
  if (!events_.WaitForCount(EventKind::kConnect, before + 1))
    throw std::runtime_error("OnConnect did not come");
  return peer;
}

Name ClientUnderTest::LocalName() {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = client().GetLocalAddress(text, length, name.port);
  name.address = text;
  return name;
}

void ClientUnderTest::Destroy() {
  // Not reset(), which would clear the pointer before it destroys.
  delete subject_.get();
  subject_.release();
}

std::set<CONNID> ClientUnderTest::begun() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return begun_;
}

void ClientTest::SetUp() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

void ClientTest::TearDown() {
  for (const auto& client : clients_) {
    client->Destroy();
    const EventLog log = client->events().log();
    for (const std::string& violation : log.Violations(harness::LogOf::kClient, true, client->begun())) {
      ADD_FAILURE() << violation;
    }
    EXPECT_EQ(client->events().strangers(), 0) << "events came with another client's pointer";
    if (HasFailure()) std::printf("What the listener saw:\n%s", log.ToText().c_str());
  }
}

PeerListener& ClientTest::Listener(const harness::PeerListenOptions& options) {
  std::unique_ptr<PeerListener> listener = Environment::Current().Listen(options);
  if (listener == nullptr) throw std::runtime_error("no listener on " + options.address);
  listeners_.push_back(std::move(listener));
  return *listeners_.back();
}

PeerListener& ClientTest::SilentListener() {
  harness::PeerListenOptions options;
  options.silent = true;
  return Listener(options);
}

uint16_t ClientTest::RefusingPort() {
  std::unique_ptr<PeerListener> listener = Environment::Current().Listen({});
  if (listener == nullptr) throw std::runtime_error("no listener");
  return listener->port();
}

ClientUnderTest& ClientTest::Add(bool pristine) {
  clients_.push_back(std::make_unique<ClientUnderTest>(GetParam(), pristine));
  return *clients_.back();
}

std::string ClientName(const ::testing::TestParamInfo<harness::TcpClientFactory>& info) {
  return info.param.name;
}

}  // namespace hpsocket::conformance
