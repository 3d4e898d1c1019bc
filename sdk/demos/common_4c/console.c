#define _GNU_SOURCE  // ppoll

#include "hpsocket/sdk/demos/common_4c/console.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hpsocket/sdk/demos/common/showable.h"

static volatile sig_atomic_t signalled;

static void HandleSignal(int number) { signalled = number; }

static void EndingSignals(sigset_t* signals) {
  sigemptyset(signals);
  sigaddset(signals, SIGINT);
  sigaddset(signals, SIGTERM);
}

void OpenConsole(void) {
  struct sigaction action;
  sigset_t signals;
  memset(&action, 0, sizeof(action));
  action.sa_handler = HandleSignal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  EndingSignals(&signals);
  sigprocmask(SIG_BLOCK, &signals, NULL);
}

void ReleaseSignals(void) {
  sigset_t signals;
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  EndingSignals(&signals);
  sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

// Under stdout's lock.
static void FlushOutput(void) {
  static atomic_flag failed = ATOMIC_FLAG_INIT;  // checkers of races do not know stdout's lock
  // A write may have failed before this; its flag stays.
  if (fflush(stdout) == 0 && !ferror(stdout)) return;
  const int error = errno;
  if (atomic_flag_test_and_set(&failed)) return;
  fprintf(stderr, "cannot write to the standard output: %s\n", strerror(error));
}

void Print(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  flockfile(stdout);
  vprintf(format, arguments);
  putchar('\n');
  FlushOutput();
  funlockfile(stdout);
  va_end(arguments);
}

int ExitCode(int exit_code) {
  int failed;
  flockfile(stdout);
  FlushOutput();
  failed = ferror(stdout);
  funlockfile(stdout);
  return failed ? kExitFailure : exit_code;
}

void MakePrintable(char* shown, const void* text, size_t length) {
  const char* from = text;
  const char* const end = from + strnlen(from, length);
  while (from < end) {
    const size_t bytes = ShowableBytes(from, (size_t)(end - from));
    if (bytes == 0) {
      *shown++ = '.';
      ++from;
    }
    for (size_t i = 0; i < bytes; ++i) *shown++ = *from++;
  }
  *shown = '\0';
}

int NextLine(char* line, size_t size) {
  static char input[65536];
  static size_t length;
  static int ended;
  for (;;) {
    struct pollfd in = {STDIN_FILENO, POLLIN, 0};
    sigset_t none;
    char* end = memchr(input, '\n', length);
    if (end == NULL && ended && length > 0) end = input + length;  // a last line without its end
    if (end != NULL) {
      const size_t used = (size_t)(end - input);
      snprintf(line, size, "%.*s", (int)used, input);
      length -= used < length ? used + 1 : used;
      memmove(input, end + 1, length);
      return 1;
    }
    if (ended) return 0;
    if (length == sizeof(input)) length = 0;  // no command is that long
    // Signals come only here, so none is missed between looking and waiting.
    sigemptyset(&none);
    if (signalled == 0 && ppoll(&in, 1, NULL, &none) > 0) {
      const ssize_t got = read(STDIN_FILENO, input + length, sizeof(input) - length);
      if (got <= 0) ended = 1;
      if (got > 0) length += (size_t)got;
    } else if (signalled != 0 || errno != EINTR) {
      return 0;
    }
  }
}

char* TakeWord(char* line, char** rest) {
  char* word = line + strspn(line, " \t\r");
  char* end = word + strcspn(word, " \t\r");
  *rest = end + strspn(end, " \t\r");
  *end = '\0';
  return word;
}

int ParseNumber(const char* text, unsigned long most, unsigned long* number) {
  char* end = NULL;
  errno = 0;
  *number = strtoul(text, &end, 10);
  return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number <= most;
}
