// The few lines that an echo server on libuv takes, with what its documentation advises for speed: a
// shared receive buffer, uv_try_write first.
#include <uv.h>

#include <cstring>
#include <memory>
#include <vector>

#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {
namespace {

struct Write {
  uv_write_t request;
  std::vector<char> bytes;
};

thread_local std::vector<char> receive_buffer;

void HandleClosed(uv_handle_t* handle) {
  const std::unique_ptr<uv_tcp_t> connection(reinterpret_cast<uv_tcp_t*>(handle));
}

void HandleWritten(uv_write_t* request, int) {
  const std::unique_ptr<Write> write(static_cast<Write*>(request->data));
}

void HandleRead(uv_stream_t* stream, ssize_t received, const uv_buf_t* buffer) {
  if (received < 0) {
    uv_close(reinterpret_cast<uv_handle_t*>(stream), HandleClosed);
    return;
  }
  uv_buf_t bytes = uv_buf_init(buffer->base, static_cast<unsigned>(received));
  const int written = received == 0 ? 0 : uv_try_write(stream, &bytes, 1);
  const ssize_t done = written < 0 ? 0 : written;
  if (done == received) return;
  auto write = std::make_unique<Write>();
  write->bytes.assign(buffer->base + done, buffer->base + received);
  write->request.data = write.get();
  bytes = uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  uv_write_t* const request = &write.release()->request;
  uv_write(request, stream, &bytes, 1, HandleWritten);
}

void HandleConnection(uv_stream_t* listener, int status) {
  if (status < 0) return;
  auto connection = std::make_unique<uv_tcp_t>();
  uv_tcp_init(listener->loop, connection.get());
  auto* const stream = reinterpret_cast<uv_stream_t*>(connection.release());
  uv_accept(listener, stream);
  uv_tcp_nodelay(reinterpret_cast<uv_tcp_t*>(stream), 1);
  const uv_alloc_cb allocate = [](uv_handle_t*, size_t, uv_buf_t* buffer) {
    *buffer = uv_buf_init(receive_buffer.data(), static_cast<unsigned>(receive_buffer.size()));
  };
  uv_read_start(stream, allocate, HandleRead);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  const ServerOptions options = ParseServerFlags(argc, argv, "Echoes on loopback; libuv.");
  RunLoopPerThread(options.workers, [&](int listening_socket) {
    receive_buffer.resize(options.buffer_size);
    uv_loop_t loop;
    uv_tcp_t listener;
    Must(uv_loop_init(&loop), "uv_loop_init");
    Must(uv_tcp_init(&loop, &listener), "uv_tcp_init");
    Must(uv_tcp_open(&listener, listening_socket), "uv_tcp_open");
    Must(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), 4096, HandleConnection), "uv_listen");
    uv_run(&loop, UV_RUN_DEFAULT);
  });
}
