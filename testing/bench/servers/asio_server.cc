// The few lines that an echo server on Asio takes: one io_context per thread, a buffer per session.
#include <asio.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {
namespace {

using asio::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, size_t buffer_size) : socket_(std::move(socket)), size_(buffer_size) {
    asio::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void Read() {
    socket_.async_read_some(asio::buffer(bytes_.get(), size_),
                            [self = shared_from_this()](const asio::error_code& error, size_t length) {
                              if (!error) self->Write(length);
                            });
  }

 private:
  void Write(size_t length) {
    asio::async_write(socket_, asio::buffer(bytes_.get(), length),
                      [self = shared_from_this()](const asio::error_code& error, size_t) {
                        if (!error) self->Read();
                      });
  }

  tcp::socket socket_;
  const size_t size_;
  const std::unique_ptr<char[]> bytes_ = std::make_unique_for_overwrite<char[]>(size_);
};

void Accept(tcp::acceptor& acceptor, size_t buffer_size) {
  acceptor.async_accept([&acceptor, buffer_size](const asio::error_code& error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), buffer_size)->Read();
    Accept(acceptor, buffer_size);
  });
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  const ServerOptions options = ParseServerFlags(argc, argv, "Echoes on loopback; Asio.");
  RunLoopPerThread(options.workers, [&](int listening_socket) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, tcp::v4(), listening_socket);
    Accept(acceptor, options.buffer_size);
    context.run();
  });
}
