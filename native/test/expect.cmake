# Runs a program and compares its exit status and its output, which PASS_REGULAR_EXPRESSION alone does not:
#
#   cmake -DSTATUS=1 "-DOUTPUT=pattern" "-DCOMMAND=program;argument" -P expect.cmake
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "exit status ${status}, expected ${STATUS}")
endif()
if(NOT output MATCHES "${OUTPUT}")
  message(FATAL_ERROR "no line of the output matches ${OUTPUT}")
endif()
