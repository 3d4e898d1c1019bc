#include "hpsocket/sdk/demos/http_proxy/statistics.h"

namespace hpsocket::demos {
namespace {

std::string Line(const char* name, uint64_t value) {
  return std::string("  ") + name + " = " + std::to_string(value) + "\n";
}

}  // namespace

std::string Statistics::Text(const HP_Stats& clients, const HP_Stats& origins) const {
  std::string text = Line("clients", clients.connections);
  text += Line("clients in all", clients.total_connections);
  text += Line("origins", origins.connections);
  text += Line("origins in all", origins.total_connections);
  text += Line("failed connects", origins.failed_connections);
  text += Line("requests", requests_);
  text += Line("tunnels", tunnels_);
  text += Line("requests over a connection that was there", reused_);
  text += Line("bytes from clients", clients.bytes_received);
  text += Line("bytes to clients", clients.bytes_sent);
  text += Line("bytes from origins", origins.bytes_received);
  text += Line("bytes to origins", origins.bytes_sent);
  for (size_t i = 1; i < responses_.size(); ++i) {
    text += Line(("responses " + std::to_string(i) + "xx").c_str(), responses_[i]);
  }
  text += Line("refused here (4xx)", answers_[4]);
  text += Line("failed here (5xx)", answers_[5]);
  text += Line("broken off", broken_);
  return text;
}

std::string Statistics::Summary(const HP_Stats& clients) const {
  return " *** Summary: connections - " + std::to_string(clients.total_connections) + ", requests - " +
         std::to_string(requests_) + ", tunnels - " + std::to_string(tunnels_) + ", recv - " +
         std::to_string(clients.bytes_received) + ", sent - " + std::to_string(clients.bytes_sent) +
         ", errors - " + std::to_string(answers_[4] + answers_[5] + broken_);
}

}  // namespace hpsocket::demos
