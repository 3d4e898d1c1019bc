// Internal to the demos.
//
// What the programs that speak in packages send each other: a header that says how long the body is, then the
// body, each as HP-Socket's demos lay it out.
//
// Units:    bytes, the machine's own order.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_4C_PACKAGE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_4C_PACKAGE_H_

#include <stddef.h>
#include <stdint.h>

// A body has at least the NUL behind an empty text.
enum { kMaxText = 4000, kMinBody = 33, kMaxBody = 32 + kMaxText };

typedef struct PackageHeader {
  uint32_t seq;
  int body_len;
} PackageHeader;

// Followed by the rest of `desc`, to its final NUL.
typedef struct PackageBody {
  char name[30];
  short age;
  char desc[1];
} PackageBody;

// Does not compile if the layout is another.
typedef char PackageBodyCheck[offsetof(PackageBody, desc) + 1 == kMinBody ? 1 : -1];

// What the next bytes of a connection are.
typedef struct ParseState {
  int is_header;
  int length;
} ParseState;

#endif  // HPSOCKET_SDK_DEMOS_COMMON_4C_PACKAGE_H_
