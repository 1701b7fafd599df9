# Finds simdjson's single-header source (simdjson.h, simdjson.cpp) and declares simdjson::simdjson, built
# without exceptions.
#
# Looks in SIMDJSON_SOURCE_DIR, then in node_modules (what `npm ci` fetched), then takes the upstream
# release archive.
include(FetchContent)

set(SIMDJSON_SOURCE_DIR "" CACHE PATH "A folder with simdjson.h and simdjson.cpp")
set(Simdjson_ROOT_DIR "${SIMDJSON_SOURCE_DIR}")
if(NOT Simdjson_ROOT_DIR)
  set(Simdjson_ROOT_DIR "${PROJECT_SOURCE_DIR}/node_modules/@nozbe/simdjson/src")
  if(NOT EXISTS "${Simdjson_ROOT_DIR}/simdjson.cpp")
    FetchContent_Declare(
      simdjson_archive
      URL https://github.com/simdjson/simdjson/archive/refs/tags/v3.9.4.tar.gz
      URL_HASH SHA256=9bf13be00fa1e1c5891a90dbc39b983e09972f0972a8956c20a9974cedfcca2f
      SOURCE_SUBDIR not-a-folder)
    FetchContent_MakeAvailable(simdjson_archive)
    set(Simdjson_ROOT_DIR "${simdjson_archive_SOURCE_DIR}/singleheader")
  endif()
endif()

if(EXISTS "${Simdjson_ROOT_DIR}/simdjson.h")
  file(STRINGS "${Simdjson_ROOT_DIR}/simdjson.h" Simdjson_VERSION_LINE
       REGEX "^#define SIMDJSON_VERSION \"" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9.]+" Simdjson_VERSION "${Simdjson_VERSION_LINE}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Simdjson REQUIRED_VARS Simdjson_ROOT_DIR Simdjson_VERSION
                                  VERSION_VAR Simdjson_VERSION)

if(Simdjson_FOUND AND NOT TARGET simdjson::simdjson)
  set(Simdjson_SOURCE_DIR "${Simdjson_ROOT_DIR}")
  if(EMSCRIPTEN)
    include(SimdjsonForWasm)
    simdjson_for_wasm("${Simdjson_ROOT_DIR}" Simdjson_SOURCE_DIR)
  endif()
  add_library(simdjson STATIC "${Simdjson_SOURCE_DIR}/simdjson.cpp")
  add_library(simdjson::simdjson ALIAS simdjson)
  target_include_directories(simdjson SYSTEM PUBLIC "${Simdjson_SOURCE_DIR}")
  target_compile_definitions(simdjson PUBLIC SIMDJSON_EXCEPTIONS=0)
  target_compile_options(simdjson PRIVATE -w -fno-exceptions -fno-rtti)

  # Its inline functions are many and by default all forced into their callers. In wasm the compiler decides, but
  # for the library itself.
  if(EMSCRIPTEN)
    target_compile_definitions(simdjson INTERFACE simdjson_inline=inline)
    target_compile_options(simdjson PRIVATE -Os)
  endif()

  # In wasm one kernel is compiled in, so that nothing is dispatched at run time.
  if(EMSCRIPTEN)
    set(Simdjson_SSE 0)
    set(Simdjson_PORTABLE 1)
    if(CLOESCE_SIMD_JSON)
      set(Simdjson_SSE 1)
      set(Simdjson_PORTABLE 0)
      target_compile_options(simdjson PUBLIC -msse4.2)
      target_compile_definitions(simdjson PUBLIC __PCLMUL__=1)
    endif()
    target_compile_definitions(
      simdjson
      PUBLIC SIMDJSON_IMPLEMENTATION_ICELAKE=0
             SIMDJSON_IMPLEMENTATION_HASWELL=0
             SIMDJSON_IMPLEMENTATION_WESTMERE=${Simdjson_SSE}
             SIMDJSON_IMPLEMENTATION_FALLBACK=${Simdjson_PORTABLE})
  endif()
endif()
