// Internal to the demos.
//
// The terminal of a demo in C: lines out, commands in, and the signals that end it.
//
// Threads:  Print() any, the rest the main thread.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_4C_CONSOLE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_4C_CONSOLE_H_

#include <stddef.h>

// Exit codes of every demo.
enum { kExitOk = 0, kExitFailure = 1, kExitUsage = 2 };

// Before any other thread starts: SIGINT and SIGTERM then only end NextLine().
void OpenConsole(void);
// From here on they end the program.
void ReleaseSignals(void);

// Writes a line, formatted as printf does, at once.
__attribute__((format(printf, 1, 2))) void Print(const char* format, ...);

// The text up to a NUL, at most `length` bytes, into `shown`, which has room for that and a NUL. What a peer
// has sent must neither command a terminal nor begin a line of its own: such bytes become '.', and so do
// those that are no UTF-8.
void MakePrintable(char* shown, const void* text, size_t length);

// What a program ends with that would end with `exit_code`: kExitFailure if stdout did not take all that was
// written to it, which was said on stderr once.
int ExitCode(int exit_code);

// Waits for the next line of the input, without its end. 0 when there is none any more, or a signal came.
int NextLine(char* line, size_t size);

// The first word of a line; *rest is what follows it.
char* TakeWord(char* line, char** rest);

// Reads a number of 0 .. `most`; 0 if the text is none.
int ParseNumber(const char* text, unsigned long most, unsigned long* number);

#endif  // HPSOCKET_SDK_DEMOS_COMMON_4C_CONSOLE_H_
