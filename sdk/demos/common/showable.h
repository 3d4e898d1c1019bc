// Internal to sdk/demos.
//
// What of a text from elsewhere may stand on a terminal as it is: C and C++.
//
// Threads:  any.
// Units:    bytes.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_SHOWABLE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_SHOWABLE_H_

#include <stddef.h>
#include <stdint.h>

// How long the character at the front of a text of UTF-8 is; 0: it is none, or one that would move the
// cursor, command the terminal, end the line or turn it round. `length` is at least 1.
static inline size_t ShowableBytes(const void* text, size_t length) {
  const unsigned char* const bytes = (const unsigned char*)text;
  const unsigned char first = bytes[0];
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const size_t count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || count > length) return 0;
  uint32_t code = first & (0xFFu >> (count + 1));
  for (size_t i = 1; i < count; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
    code = code << 6 | (bytes[i] & 0x3Fu);
  }
  // Longer than it need be, a half of UTF-16, or beyond the last.
  if ((count == 3 && code < 0x800) || (count == 4 && code < 0x10000)) return 0;
  if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return 0;
  // Controls of ISO 6429, ends of lines and paragraphs, and what changes the direction.
  if (code < 0xA0 || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069)) return 0;
  return count;
}

#endif  // HPSOCKET_SDK_DEMOS_COMMON_SHOWABLE_H_
