#include "hpsocket/sdk/demos/common/settings.h"

#include <sys/resource.h>

namespace hpsocket::demos {

void AddBackendOption(OptionTable& options, int* backend) {
  options.OneOf(0, "port-backend", "how to talk to the kernel; auto: io_uring if it can be had",
                {{"auto", IO_AUTO}, {"io_uring", IO_URING}, {"epoll", IO_EPOLL}}, backend);
}

void WorkerSettings::AddTo(OptionTable& options) {
  options.Number('t', "threads", "COUNT", "worker threads; 0 = one per CPU", 0, 500, &threads);
  options.OneOf('s', "send-policy", "how sends leave",
                {{"pack", SP_PACK}, {"safe", SP_SAFE}, {"direct", SP_DIRECT}}, &send_policy);
  if (serial_only) return;
  options.OneOf('r', "recv-policy", "whether closing may overtake receiving",
                {{"serial", RP_SERIAL}, {"parallel", RP_PARALLEL}}, &recv_policy);
}

void WorkerSettings::ApplyTo(IComplexSocket& component) const {
  if (threads != 0) component.SetWorkerThreadCount(threads);
  component.SetSendPolicy(static_cast<EnSendPolicy>(send_policy));
  component.SetRecvPolicy(static_cast<EnRecvPolicy>(recv_policy));
}

void ServerSettings::AddTo(OptionTable& options, Carrier carrier) {
  options.Text('b', "bind", "ADDRESS", "address to listen on, IPv4 or IPv6", &bind_address);
  options.Number('p', "port", "PORT", "port to listen on; 0 = any free one", 0, 65535, &port);
  WorkerSettings::AddTo(options);
  if (carrier == Carrier::kTcp) {
    options.Number('m', "max-connections", "COUNT", "further ones are reset; 0 = no limit", 0, 0x7FFFFFFF,
                   &max_connections);
    options.Switch('q', "keep-alive", "probe silent connections", &keep_alive);
  } else {
    options.Number('m', "max-sessions", "COUNT", "another one ends the one silent longest; 0 = no limit", 0,
                   0x7FFFFFFF, &max_connections);
  }
  AddBackendOption(options, &backend);
}

void ServerSettings::ApplyTo(IServer& server) const {
  WorkerSettings::ApplyTo(server);
  server.SetMaxConnectionCount(max_connections);
  server.SetIoBackend(static_cast<EnIoBackend>(backend));
}

const char* StateText(EnServiceState state) {
  switch (state) {
    case SS_STARTING:
      return "STARTING";
    case SS_STARTED:
      return "STARTED";
    case SS_STOPPING:
      return "STOPPING";
    case SS_STOPPED:
      return "STOPPED";
  }
  return "UNKNOWN";
}

std::string StatsText(const HP_Stats& stats) {
  const struct {
    const char* name;
    uint64_t value;
  } figures[] = {
      {"connections", stats.connections},
      {"lingering", stats.lingering},
      {"total connections", stats.total_connections},
      {"refused connections", stats.refused_connections},
      {"failed connections", stats.failed_connections},
      {"bytes received", stats.bytes_received},
      {"bytes sent", stats.bytes_sent},
      {"receive calls", stats.receive_calls},
      {"send calls", stats.send_calls},
      {"pending bytes", stats.pending_bytes},
      {"pool bytes", stats.pool_bytes},
      {"pool buffers", stats.pool_buffers},
      {"leases", stats.leases},
      {"accept errors", stats.accept_errors},
      {"buffer shortages", stats.buffer_shortages},
      {"cq overflows", stats.cq_overflows},
      {"slow callbacks", stats.slow_callbacks},
      {"contained exceptions", stats.contained_exceptions},
      {"oversize datagrams", stats.oversize_datagrams},
      {"datagrams that found the receive buffer full", stats.kernel_drops},
      {"datagrams that the kernel refused to send", stats.dropped_datagrams},
      {"sessions ended for others", stats.evicted_sessions},
  };
  std::string text;
  for (const auto& figure : figures) {
    if (figure.value != 0)
      text += std::string("  ") + figure.name + " = " + std::to_string(figure.value) + "\n";
  }
  return text.empty() ? "  nothing has happened yet\n" : text;
}

void RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace hpsocket::demos
