// The few lines that an echo server on libevent takes: bufferevents, chains moved and not copied.
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstddef>

#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {
namespace {

size_t largest_read = 0;

void HandleRead(bufferevent* stream, void*) {
  evbuffer_add_buffer(bufferevent_get_output(stream), bufferevent_get_input(stream));
}

void HandleEnd(bufferevent* stream, short, void*) { bufferevent_free(stream); }

void HandleConnection(evconnlistener* listener, evutil_socket_t fd, sockaddr*, int, void*) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  bufferevent* const stream =
      bufferevent_socket_new(evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
  bufferevent_set_max_single_read(stream, largest_read);
  bufferevent_set_max_single_write(stream, largest_read);
  bufferevent_setcb(stream, HandleRead, nullptr, HandleEnd, nullptr);
  bufferevent_enable(stream, EV_READ | EV_WRITE);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  const ServerOptions options = ParseServerFlags(argc, argv, "Echoes on loopback; libevent.");
  largest_read = options.buffer_size;
  RunLoopPerThread(options.workers, [](int listening_socket) {
    event_base* const base = event_base_new();
    evconnlistener_new(base, HandleConnection, nullptr, LEV_OPT_CLOSE_ON_EXEC, 0, listening_socket);
    event_base_dispatch(base);
  });
}
