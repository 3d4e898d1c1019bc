// Internal to the demos.
//
// The lines that HP-Socket's demos write, in their traditional formats, and the one place that
// writes them.
//
// Threads:  any; Print and DrawProgress write one line at a time.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_LOG_LINES_H_
#define HPSOCKET_SDK_DEMOS_COMMON_LOG_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::demos {

// Writes a line, or several, to stdout at once (flushed: a pipe's reader sees it now).
void Print(std::string_view line);
// The same to stderr, for what went wrong.
void PrintError(std::string_view line);
// The line that shows how far a long task is, on stderr: redrawn in place on a terminal, else a line of its
// own.
void DrawProgress(std::string_view text);
// What a program ends with that would end with `exit_code`: 1 if stdout did not take all that was written to
// it, which was said on stderr once.
int ExitCode(int exit_code);

// "$ Server Start OK --> (127.0.0.1 : 5555)"
std::string StartOkLine(std::string_view role, std::string_view address, uint16_t port);
// "$ Client Starting ... --> (127.0.0.1 : 5555)"
std::string StartingLine(std::string_view role, std::string_view address, uint16_t port);
// "$ Server Start Fail --> Bind SOCKET Fail (4): Address already in use [98]; more words"
std::string StartFailLine(std::string_view role, std::string_view failure);
// "$ (1) Send OK --> text", "$ (1) Send Fail --> desc"
std::string SendOkLine(CONNID id, std::string_view text);
std::string SendFailLine(CONNID id, std::string_view failure);
// "$ (1) Disconnect OK"
std::string DisconnectLine(CONNID id, bool ok);
// "  > [ 1, OnClose ]", "  > [ 1, OnSend ] -> (5 bytes)"; without the ID if it is 0
std::string EventLine(CONNID id, std::string_view event, std::string_view content = {});
// " *** Summary: send - 5, recv - 5"
std::string SummaryLine(uint64_t sent, uint64_t received, std::string_view title = "Summary");

// Contents of event lines.
std::string BytesContent(int length);  // "(5 bytes)"
std::string ErrorContent(EnSocketOperation operation,
                         int error_code);  // "OP: 4, CODE: 104 (Connection reset by peer)"

// "desc (code)", and what the system has to say: strerror, errno, GetLastErrorDetail().
std::string FailureText(std::string_view desc, int code, int error, std::string_view detail);
// Of a call that has just failed on this thread. Take errno before anything else: `DescribeFailure(c,
// errno)`.
template <class Component>
std::string DescribeFailure(Component& component, int error) {
  const std::string detail = component.GetLastErrorDetail();
  return FailureText(component.GetLastErrorDesc(), component.GetLastError(), error, detail);
}

// "Connection refused"; safe in any thread.
std::string ErrorText(int error);
// "127.0.0.1:5555", "[::1]:5555"
std::string AddressText(std::string_view address, uint16_t port);
// What a peer has sent must neither command a terminal nor begin a line of its own: such bytes, and those
// that are no UTF-8, as '.'.
std::string Printable(std::string_view text);
// The same of received bytes, at most 64.
std::string Preview(const uint8_t* data, int length);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_LOG_LINES_H_
