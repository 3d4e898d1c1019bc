// Internal to udp.
//
// The accessors of the settings that the server and the client have both.
#ifndef HPSOCKET_UDP_SHARED_SETTINGS_H_
#define HPSOCKET_UDP_SHARED_SETTINGS_H_

#include <cstdint>

// A macro, because these are members of two classes whose bases have nothing of UDP in common.
#define HPSOCKET_UDP_SHARED_SETTINGS(Component)                                              \
  void Component::SetMaxDatagramSize(uint32_t size) {                                        \
    engine().Change([=](auto& settings) { settings.max_datagram_size = size; });             \
  }                                                                                          \
  uint32_t Component::GetMaxDatagramSize() { return engine().settings().max_datagram_size; } \
  void Component::SetDetectAttempts(uint32_t attempts) {                                     \
    engine().Change([=](auto& settings) { settings.detect_attempts = attempts; });           \
  }                                                                                          \
  uint32_t Component::GetDetectAttempts() { return engine().settings().detect_attempts; }    \
  void Component::SetDetectInterval(uint32_t interval_s) {                                   \
    engine().Change([=](auto& settings) { settings.detect_interval = interval_s; });         \
  }                                                                                          \
  uint32_t Component::GetDetectInterval() { return engine().settings().detect_interval; }    \
  void Component::SetCloseOnOversize(bool close) {                                           \
    engine().Change([=](auto& settings) { settings.close_on_oversize = close; });            \
  }                                                                                          \
  bool Component::IsCloseOnOversize() { return engine().settings().close_on_oversize; }      \
  void Component::SetSendBufferSize(uint32_t size) {                                         \
    engine().Change([=](auto& settings) { settings.send_buffer_size = size; });              \
  }                                                                                          \
  uint32_t Component::GetSendBufferSize() { return engine().settings().send_buffer_size; }   \
  void Component::SetReceiveBufferSize(uint32_t size) {                                      \
    engine().Change([=](auto& settings) { settings.receive_buffer_size = size; });           \
  }                                                                                          \
  uint32_t Component::GetReceiveBufferSize() { return engine().settings().receive_buffer_size; }

#endif  // HPSOCKET_UDP_SHARED_SETTINGS_H_
