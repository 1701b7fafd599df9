# Finds the source of aklomp/base64 and declares base64::base64.
#
# Looks in BASE64_SOURCE_DIR, then in build/deps/base64 (what `npm run setup` fetched), then takes the
# upstream release archive. Both the upstream layout (lib/, include/) and a flat one are understood.
include(FetchContent)

set(BASE64_SOURCE_DIR "" CACHE PATH "A source tree of aklomp/base64")
set(Base64_ROOT_DIR "${BASE64_SOURCE_DIR}")
if(NOT Base64_ROOT_DIR)
  set(Base64_ROOT_DIR "${PROJECT_SOURCE_DIR}/build/deps/base64")
  if(NOT EXISTS "${Base64_ROOT_DIR}/libbase64.h")
    FetchContent_Declare(
      base64_archive
      URL https://github.com/aklomp/base64/archive/refs/tags/v0.5.2.tar.gz
      URL_HASH SHA256=723a0f9f4cf44cf79e97bcc315ec8f85e52eb104c8882942c3f2fba95acc080d
      SOURCE_SUBDIR not-a-folder)
    FetchContent_MakeAvailable(base64_archive)
    set(Base64_ROOT_DIR "${base64_archive_SOURCE_DIR}")
  endif()
endif()

find_path(
  Base64_INCLUDE_DIR libbase64.h
  PATHS "${Base64_ROOT_DIR}/include" "${Base64_ROOT_DIR}"
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
find_path(
  Base64_LIBRARY_DIR codec_choose.c
  PATHS "${Base64_ROOT_DIR}/lib" "${Base64_ROOT_DIR}"
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
mark_as_advanced(Base64_INCLUDE_DIR Base64_LIBRARY_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Base64 REQUIRED_VARS Base64_LIBRARY_DIR Base64_INCLUDE_DIR)

if(Base64_FOUND AND NOT TARGET base64::base64)
  if(EMSCRIPTEN)
    # The SSSE3 codec asks clang for an x86 target by pragma, which the wasm target reports as unknown on every
    # compile and link. Emscripten's SSE headers need only the command-line flag: build a copy without the pragma,
    # with loops unrolled two times rather than eight, for the size of the module, and with one step of the encoder
    # as wasm can do it.
    set(Base64_COPY_DIR "${PROJECT_BINARY_DIR}/third_party/base64/lib")
    set(Base64_CHANGED codec enc_loop dec_loop)
    list(JOIN Base64_CHANGED "|" Base64_CHANGED_PATTERN)
    file(
      COPY "${Base64_LIBRARY_DIR}/"
      DESTINATION "${Base64_COPY_DIR}"
      REGEX "/(config\\.h|ssse3/(enc_reshuffle|${Base64_CHANGED_PATTERN})\\.c)$" EXCLUDE)
    file(COPY "${CMAKE_CURRENT_LIST_DIR}/base64_wasm/enc_reshuffle.c" DESTINATION "${Base64_COPY_DIR}/arch/ssse3")
    # Where the upstream layout's relative includes look for it.
    file(COPY "${Base64_INCLUDE_DIR}/libbase64.h"
         DESTINATION "${PROJECT_BINARY_DIR}/third_party/base64/include")
    foreach(file IN LISTS Base64_CHANGED)
      file(READ "${Base64_LIBRARY_DIR}/arch/ssse3/${file}.c" Base64_TEXT)
      string(REGEX REPLACE "#pragma clang attribute [^\n]*" "" Base64_TEXT "${Base64_TEXT}")
      string(REGEX REPLACE "rounds >= [48]" "0" Base64_TEXT "${Base64_TEXT}")
      file(CONFIGURE OUTPUT "${Base64_COPY_DIR}/arch/ssse3/${file}.c" CONTENT "${Base64_TEXT}" @ONLY)
    endforeach()
    set(Base64_LIBRARY_DIR "${Base64_COPY_DIR}")
    set(Base64_CODECS ssse3)
    set(Base64_CHOOSER "${CMAKE_CURRENT_LIST_DIR}/base64_wasm/codec_choose.c")
  else()
    # Every codec is linked: the chooser names them all, and those switched off in config.h are empty.
    set(Base64_CODECS avx avx2 avx512 generic neon32 neon64 sse41 sse42 ssse3)
    set(Base64_CHOOSER "${Base64_LIBRARY_DIR}/codec_choose.c")
  endif()

  set(Base64_SOURCES lib.c tables/tables.c)
  foreach(codec IN LISTS Base64_CODECS)
    list(APPEND Base64_SOURCES "arch/${codec}/codec.c")
  endforeach()
  list(TRANSFORM Base64_SOURCES PREPEND "${Base64_LIBRARY_DIR}/")

  add_library(base64 STATIC ${Base64_SOURCES} "${Base64_CHOOSER}")
  add_library(base64::base64 ALIAS base64)
  target_include_directories(
    base64 SYSTEM
    PUBLIC "${Base64_INCLUDE_DIR}"
    PRIVATE "${Base64_LIBRARY_DIR}" "${PROJECT_BINARY_DIR}/third_party/base64")
  target_compile_options(base64 PRIVATE -w)
  target_compile_definitions(base64 PUBLIC BASE64_STATIC_DEFINE)

  set(Base64_SIMD_X86 0)
  set(Base64_SIMD_SSSE3 0)
  set(Base64_SIMD_NEON64 0)
  if(EMSCRIPTEN)
    # Twice as fast as with -Oz, and not larger.
    target_compile_options(base64 PRIVATE -O2)
    set(Base64_SIMD_SSSE3 1)
    target_compile_definitions(base64 PRIVATE BASE64_SSSE3_USE_ASM=0)
    set_source_files_properties("${Base64_LIBRARY_DIR}/arch/ssse3/codec.c"
                                PROPERTIES COMPILE_OPTIONS -mssse3)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(Base64_SIMD_X86 1)
    set(Base64_SIMD_SSSE3 1)
    foreach(pair IN ITEMS ssse3=-mssse3 sse41=-msse4.1 sse42=-msse4.2 avx=-mavx avx2=-mavx2)
      string(REPLACE "=" ";" pair "${pair}")
      list(GET pair 0 codec)
      list(GET pair 1 flag)
      set_source_files_properties("${Base64_LIBRARY_DIR}/arch/${codec}/codec.c"
                                  PROPERTIES COMPILE_OPTIONS ${flag})
    endforeach()
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    set(Base64_SIMD_NEON64 1)
  endif()
  configure_file("${CMAKE_CURRENT_LIST_DIR}/base64_config.h.in"
                 "${PROJECT_BINARY_DIR}/third_party/base64/config.h")
endif()
