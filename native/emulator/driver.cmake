# The emulated driver and cuBLAS. Included by CMakeLists.txt beside it, which has the lockstep runtime: `emulator_runtime`
# names its sources.

# Every function of a list that no source defines becomes a stub: JCuda's libraries bind to all of them, and a name that
# is missing ends the process.
function(write_stubs output list result)
  file(STRINGS ${list} names)
  set(text "/* generated from ${list} */\n")
  foreach(source ${ARGN})
    file(READ ${source} code)
    string(REGEX MATCHALL "[ \n*]cu[A-Za-z0-9_]+\\(" defined "${code}")
    string(REGEX REPLACE "[ \n*(]" "" defined "${defined}")
    if(defined)
      list(REMOVE_ITEM names ${defined})
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  foreach(name ${names})
    string(APPEND text "__attribute__((visibility(\"default\"))) int ${name}(void) { return ${result}; }\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()

set(here ${CMAKE_CURRENT_LIST_DIR}/driver)
set(driver_flags -O2 -std=c++17 -Wall -Wextra -Werror -fvisibility=hidden)
set(driver_sources
    ${here}/allocations.cpp ${here}/contexts.cpp ${here}/control.cpp ${here}/copies.cpp ${here}/devices.cpp
    ${here}/driver.cpp ${here}/events.cpp ${here}/executor.cpp ${here}/libraries.cpp ${here}/memory.cpp ${here}/modules.cpp ${here}/results.cpp
    ${here}/settings.cpp ${here}/streams.cpp ${here}/violations.cpp)
write_stubs(${CMAKE_CURRENT_BINARY_DIR}/driver_stubs.c ${here}/jcuda-driver.symbols 801 ${driver_sources})
find_package(Threads REQUIRED)

add_library(emulated-driver SHARED ${driver_sources} ${here}/jni.cpp ${emulator_runtime}
                                   ${CMAKE_CURRENT_BINARY_DIR}/driver_stubs.c)
target_include_directories(emulated-driver PRIVATE ${here})
target_include_directories(emulated-driver SYSTEM PRIVATE ${JNI_HEADERS} ${JNI_HEADERS}/linux)
target_compile_options(emulated-driver PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${driver_flags}>)
target_link_libraries(emulated-driver PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
target_link_options(emulated-driver PRIVATE -Wl,-z,defs)
set_target_properties(emulated-driver PROPERTIES OUTPUT_NAME cuda SOVERSION 1 LIBRARY_OUTPUT_DIRECTORY ${emulator_output})

set(blas ${CMAKE_CURRENT_LIST_DIR}/cublas)
set(blas_sources ${blas}/handle.cpp ${blas}/sgemm.cpp ${blas}/vectors.cpp)
write_stubs(${CMAKE_CURRENT_BINARY_DIR}/cublas_stubs.c ${blas}/jcublas.symbols 15 ${blas_sources})
add_library(emulated-cublas SHARED ${blas_sources} ${CMAKE_CURRENT_BINARY_DIR}/cublas_stubs.c)
target_compile_options(emulated-cublas PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${driver_flags}>)
target_link_libraries(emulated-cublas PRIVATE emulated-driver)
target_link_options(emulated-cublas PRIVATE -Wl,-z,defs -Wl,--version-script=${blas}/cublas.map)
set_target_properties(emulated-cublas PROPERTIES OUTPUT_NAME cublas SOVERSION 12
                      LIBRARY_OUTPUT_DIRECTORY ${emulator_output} BUILD_RPATH "$ORIGIN" LINK_DEPENDS ${blas}/cublas.map)

file(GLOB driver_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/test/driver/*.cpp)
add_executable(emulator-test ${driver_tests})
target_compile_options(emulator-test PRIVATE ${driver_flags})
target_link_libraries(emulator-test PRIVATE emulated-driver emulated-cublas)
add_test(NAME emulated-driver COMMAND emulator-test ${emulator_output}/kernels.emulated)

# libcublas.so.12 that forwards to libcublas.so.13: it stands apart, so that nobody takes it for the emulated one
file(STRINGS ${blas}/jcublas.symbols names)
set(table "")
set(jumps "")
set(index 0)
foreach(name ${names})
  string(APPEND table "    \"${name}\",\n")
  string(APPEND jumps
    "__asm__(\".globl ${name}\\n.type ${name}, @function\\n${name}: jmp *forwarded+${index}(%rip)\\n\");\n")
  math(EXPR index "${index} + 8")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/forwarded.c @ONLY CONTENT
"#define HIDDEN __attribute__((visibility(\"hidden\")))
HIDDEN const char *const forwarded_names[] = {
${table}    0};
HIDDEN void *forwarded[sizeof forwarded_names / sizeof *forwarded_names];
${jumps}")
add_library(forwarding-cublas SHARED ${blas}/forward.c ${CMAKE_CURRENT_BINARY_DIR}/forwarded.c)
target_compile_options(forwarding-cublas PRIVATE -O2 -Wall -Wextra -Werror)
target_link_libraries(forwarding-cublas PRIVATE ${CMAKE_DL_LIBS})
target_link_options(forwarding-cublas PRIVATE -Wl,-z,defs -Wl,--version-script=${blas}/cublas.map)
set_target_properties(forwarding-cublas PROPERTIES OUTPUT_NAME cublas SOVERSION 12
                      LIBRARY_OUTPUT_DIRECTORY ${emulator_output}/cublas13 LINK_DEPENDS ${blas}/cublas.map)

# its test: the tests of cuBLAS once more, with the emulated library under the name that is forwarded to
set(stand_in ${CMAKE_CURRENT_BINARY_DIR}/stand-in)
file(MAKE_DIRECTORY ${stand_in})
file(CREATE_LINK ${emulator_output}/libcublas.so.12 ${stand_in}/libcublas.so.13 SYMBOLIC)
add_test(NAME forwarding-cublas COMMAND emulator-test ${emulator_output}/kernels.emulated)
set_tests_properties(forwarding-cublas PROPERTIES
  ENVIRONMENT "LD_PRELOAD=${emulator_output}/cublas13/libcublas.so.12;LD_LIBRARY_PATH=${stand_in}")
