# cmake -DSOURCE=native -DBINARY=<build> -P identity.cmake: writes identity.h, which the library is compiled with, and
# build.properties, which lies beside it. Each is written only if it changes.
cmake_minimum_required(VERSION 3.18)

execute_process(
  COMMAND ${SOURCE}/../ci/build-identity
  OUTPUT_VARIABLE identity OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "native: ci/build-identity failed: ${status}")
endif()
# of the library's sources, those in Java do not concern the natives: editing them must not link anew
string(REGEX MATCHALL "(version|commit|wire|natives|reason)=[^\n]*" lines "${identity}")
list(JOIN lines "\n" natives)
string(REPLACE "\n" "\\n" literal "${natives}")
file(CONFIGURE OUTPUT ${BINARY}/identity.h @ONLY CONTENT
"/* The tree that this library is built from: see ci/build-identity. */
#define SIGNVOTE_IDENTITY \"@literal@\"
")
file(READ ${BINARY}/tools.properties tools)
file(CONFIGURE OUTPUT ${BINARY}/build.properties @ONLY CONTENT "@natives@\n@tools@")
