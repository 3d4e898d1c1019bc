// Internal to core, components and sdk. Tests only.
//
// Checks for tests in C: the first that fails says where, and ends the program.
#ifndef HPSOCKET_CORE_C_API_C_TEST_H_
#define HPSOCKET_CORE_C_API_C_TEST_H_

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                         \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      fprintf(stderr, "%s:%d: %s; errno %s\n", __FILE__, __LINE__, #condition, strerror(errno)); \
      exit(1);                                                                                   \
    }                                                                                            \
  } while (0)

#endif  // HPSOCKET_CORE_C_API_C_TEST_H_
