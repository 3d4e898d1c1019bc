#include "hpsocket/sdk/demos/common/log_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <system_error>

#include "hpsocket/sdk/demos/common/showable.h"

namespace hpsocket::demos {
namespace {

std::mutex& OutputMutex() {
  static std::mutex* const mutex = new std::mutex;  // outlives every thread that still prints
  return *mutex;
}

// Whether the cursor stands behind a progress line that the next output has to wipe.
bool progress_drawn = false;

// Whether stdout has not taken something: its reader was promised all of it.
bool output_failed = false;

bool StderrIsTerminal() {
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  return terminal;
}

void FlushOutput() {
  // A write may have failed before this; its flag stays.
  const bool flushed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (flushed || output_failed) return;
  output_failed = true;
  const std::string text = "cannot write to the standard output: " + ErrorText(errno) + "\n";
  std::fputs(text.c_str(), stderr);
}

void WriteLine(FILE* stream, std::string_view line) {
  if (progress_drawn) {
    std::fputs("\r\033[K", stderr);
    progress_drawn = false;
  }
  std::string text(line);
  if (text.empty() || text.back() != '\n') text += '\n';
  std::fwrite(text.data(), 1, text.size(), stream);
  if (stream == stdout) FlushOutput();
}

std::string Endpoint(std::string_view address, uint16_t port) {
  return "(" + std::string(address) + " : " + std::to_string(port) + ")";
}

}  // namespace

void Print(std::string_view line) {
  const std::lock_guard<std::mutex> lock(OutputMutex());
  WriteLine(stdout, line);
}

void PrintError(std::string_view line) {
  const std::lock_guard<std::mutex> lock(OutputMutex());
  WriteLine(stderr, line);
}

void DrawProgress(std::string_view text) {
  const std::lock_guard<std::mutex> lock(OutputMutex());
  if (!StderrIsTerminal()) return WriteLine(stderr, text);
  std::fprintf(stderr, "\r%.*s\033[K", static_cast<int>(text.size()), text.data());
  progress_drawn = true;
}

int ExitCode(int exit_code) {
  const std::lock_guard<std::mutex> lock(OutputMutex());
  FlushOutput();
  return output_failed ? 1 : exit_code;
}

std::string StartOkLine(std::string_view role, std::string_view address, uint16_t port) {
  return "$ " + std::string(role) + " Start OK --> " + Endpoint(address, port);
}

std::string StartingLine(std::string_view role, std::string_view address, uint16_t port) {
  return "$ " + std::string(role) + " Starting ... --> " + Endpoint(address, port);
}

std::string StartFailLine(std::string_view role, std::string_view failure) {
  return "$ " + std::string(role) + " Start Fail --> " + std::string(failure);
}

std::string SendOkLine(CONNID id, std::string_view text) {
  return "$ (" + std::to_string(id) + ") Send OK --> " + std::string(text);
}

std::string SendFailLine(CONNID id, std::string_view failure) {
  return "$ (" + std::to_string(id) + ") Send Fail --> " + std::string(failure);
}

std::string DisconnectLine(CONNID id, bool ok) {
  return "$ (" + std::to_string(id) + ") Disconnect " + (ok ? "OK" : "Fail");
}

std::string EventLine(CONNID id, std::string_view event, std::string_view content) {
  std::string line = "  > [ ";
  if (id != 0) line += std::to_string(id) + ", ";
  line += std::string(event) + " ]";
  if (!content.empty()) line += " -> " + std::string(content);
  return line;
}

std::string BytesContent(int length) { return "(" + std::to_string(length) + " bytes)"; }

std::string SummaryLine(uint64_t sent, uint64_t received, std::string_view title) {
  return " *** " + std::string(title) + ": send - " + std::to_string(sent) + ", recv - " +
         std::to_string(received);
}

std::string ErrorContent(EnSocketOperation operation, int error_code) {
  return "OP: " + std::to_string(operation) + ", CODE: " + std::to_string(error_code) + " (" +
         ErrorText(error_code) + ")";
}

std::string FailureText(std::string_view desc, int code, int error, std::string_view detail) {
  std::string text = std::string(desc) + " (" + std::to_string(code) + ")";
  if (error != 0) text += ": " + ErrorText(error) + " [" + std::to_string(error) + "]";
  if (!detail.empty()) text += "; " + std::string(detail);
  return text;
}

std::string ErrorText(int error) { return std::generic_category().message(error); }

std::string AddressText(std::string_view address, uint16_t port) {
  const bool bracketed = address.find(':') != std::string_view::npos;
  return (bracketed ? "[" : "") + std::string(address) + (bracketed ? "]:" : ":") + std::to_string(port);
}

std::string Printable(std::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const size_t bytes = ShowableBytes(text.data(), text.size());
    printable += bytes == 0 ? "." : text.substr(0, bytes);
    text.remove_prefix(std::max<size_t>(bytes, 1));
  }
  return printable;
}

std::string Preview(const uint8_t* data, int length) {
  constexpr int kMost = 64;
  const auto shown = static_cast<size_t>(std::min(length, kMost));
  std::string text = Printable({reinterpret_cast<const char*>(data), shown});
  if (length > kMost) text += "...";
  return text;
}

}  // namespace hpsocket::demos
