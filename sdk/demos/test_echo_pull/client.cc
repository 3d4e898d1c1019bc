// test_echo_pull_client: one connection to a server that echoes packages, PULL, to play with. It shows every
// event and takes commands.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/package.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

// "seq: 1, body: 38 bytes"
std::string HeaderText(const uint8_t* data) {
  PackageHeader header;
  std::memcpy(&header, data, sizeof(header));
  return "seq: " + std::to_string(header.seq) + ", body: " + std::to_string(header.body_len) + " bytes";
}

// Each package must come back as it went.
class EchoClient : public ClientDeskEvents<CTcpClientListener> {
 public:
  explicit EchoClient(ClientDesk& desk) : ClientDeskEvents(desk), client_(this) {
    desk.Attach(*client_, [this](const std::string& text) { return Send(text); });
  }

  ITcpPullClient& client() { return *client_; }

  EnHandleResult OnConnect(IClient* client) override {
    parser_ = PackageParser();
    ForgetOwed();
    return ClientDeskEvents::OnConnect(client);
  }

  // Pushed data: a PULL component has none.
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_ERROR; }

  EnHandleResult OnReceive(IClient*, int total) override {
    const bool good = parser_.Parse(
        total, [this](uint8_t* data, int length) { return client_->Fetch(data, length) == FR_OK; },
        [this](bool is_header, const uint8_t* data, int length) {
          if (!TakeOwed(is_header, data, static_cast<size_t>(length))) return false;
          desk().HandleReceive(length, is_header ? HeaderText(data) : PackageText(data, length));
          return true;
        });
    if (good) return HR_OK;
    PrintError("$ (" + std::to_string(client_->GetConnectionID()) + ") what came back is not what was sent");
    return HR_ERROR;
  }

 private:
  // One caller at a time: OnConnect has returned before a command runs, or runs inside its Start.
  bool Send(const std::string& text) {
    if (!CheckPackageText(text)) return false;
    Package package = MakePackage(seq_ + 1, text);
    const WSABUF pieces[] = {{sizeof(package.header), reinterpret_cast<uint8_t*>(&package.header)},
                             {static_cast<uint32_t>(package.body.size()), package.body.data()}};
    AddOwed(package);  // first: it may be back before the call has returned
    if (!desk().Transmit(text, package.size(), [&] { return client_->SendPackets(pieces, 2); })) {
      DropLastOwed();
      return false;
    }
    ++seq_;
    return true;
  }

  void AddOwed(const Package& package) {
    const std::lock_guard<std::mutex> lock(mutex_);
    owed_.push_back(package);
  }

  void DropLastOwed() {
    const std::lock_guard<std::mutex> lock(mutex_);
    owed_.pop_back();
  }

  void ForgetOwed() {
    const std::lock_guard<std::mutex> lock(mutex_);
    owed_.clear();
  }

  // False: this part is not what has to come next.
  bool TakeOwed(bool is_header, const uint8_t* data, size_t size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (owed_.empty()) return false;
    const Package& package = owed_.front();
    if (is_header) return std::memcmp(&package.header, data, sizeof(package.header)) == 0;
    if (!std::equal(package.body.begin(), package.body.end(), data, data + size)) return false;
    owed_.pop_front();
    return true;
  }

  std::mutex mutex_;
  std::deque<Package> owed_;  // what is still to come back, under mutex_

  PackageParser parser_;
  uint32_t seq_ = 0;
  CTcpPullClientPtr client_;
};

int Run(int argc, char** argv) {
  ClientSettings settings;
  bool keep_alive = true;
  OptionTable table(
      "test_echo_pull_client",
      "A client for a server that echoes packages, PULL: it shows every event and takes commands.");
  settings.AddTo(table, ClientSettings::Connect::kSynchronous);
  table.Switch('q', "keep-alive", "probe a silent connection", &keep_alive);

  Console console;
  ClientDesk desk(settings, console, Carrier::kTcp, "test_echo_pull_server");
  EchoClient echo(desk);
  return desk.Run(table, argc, argv, [&] {
    if (!keep_alive) echo.client().SetKeepAliveTime(0);
    return settings.text.size() < kMaxText
               ? std::string()
               : "--text wants at most " + std::to_string(kMaxText - 1) + " bytes";
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
