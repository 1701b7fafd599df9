# Finds the installed Emscripten's own CMake toolchain, so that presets need no emcmake.
if(NOT CLOESCE_EMSCRIPTEN_ROOT)
  find_program(CLOESCE_EM_CONFIG em-config)
  if(NOT CLOESCE_EM_CONFIG)
    message(FATAL_ERROR "Emscripten is not installed: em-config is not on the PATH (npm run setup)")
  endif()
  execute_process(
    COMMAND "${CLOESCE_EM_CONFIG}" EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE root
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(CLOESCE_EMSCRIPTEN_ROOT "${root}" CACHE PATH "Where Emscripten lives")
endif()
include("${CLOESCE_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
