# Finds fmt's headers and declares fmt::header_only.
#
# Looks in FMT_SOURCE_DIR (a fmt source tree), then among the system's headers (libfmt-dev), then takes the
# upstream release archive. The headers are copied into the build directory: the system's include folder
# itself must not be on the path of a cross-compiler.
include(FetchContent)

set(FMT_SOURCE_DIR "" CACHE PATH "A fmt source tree, instead of the system's headers")
if(FMT_SOURCE_DIR)
  set(Fmt_INCLUDE_DIR "${FMT_SOURCE_DIR}/include")
else()
  find_path(
    Fmt_SYSTEM_INCLUDE_DIR fmt/format-inl.h
    PATHS /usr/local/include /usr/include
    NO_CMAKE_FIND_ROOT_PATH)
  mark_as_advanced(Fmt_SYSTEM_INCLUDE_DIR)
  set(Fmt_INCLUDE_DIR "${Fmt_SYSTEM_INCLUDE_DIR}")
endif()

if(NOT EXISTS "${Fmt_INCLUDE_DIR}/fmt/format-inl.h")
  FetchContent_Declare(
    fmt_archive
    URL https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
    URL_HASH SHA256=5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2
    SOURCE_SUBDIR not-a-folder)
  FetchContent_MakeAvailable(fmt_archive)
  set(Fmt_INCLUDE_DIR "${fmt_archive_SOURCE_DIR}/include")
endif()

file(COPY "${Fmt_INCLUDE_DIR}/fmt" DESTINATION "${PROJECT_BINARY_DIR}/third_party/fmt")

if(EXISTS "${PROJECT_BINARY_DIR}/third_party/fmt/fmt/core.h")
  file(STRINGS "${PROJECT_BINARY_DIR}/third_party/fmt/fmt/core.h" Fmt_VERSION_LINE
       REGEX "^#define FMT_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" Fmt_VERSION_NUMBER "${Fmt_VERSION_LINE}")
  math(EXPR Fmt_VERSION_MAJOR "${Fmt_VERSION_NUMBER} / 10000")
  math(EXPR Fmt_VERSION_MINOR "${Fmt_VERSION_NUMBER} / 100 % 100")
  math(EXPR Fmt_VERSION_PATCH "${Fmt_VERSION_NUMBER} % 100")
  set(Fmt_VERSION "${Fmt_VERSION_MAJOR}.${Fmt_VERSION_MINOR}.${Fmt_VERSION_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Fmt REQUIRED_VARS Fmt_INCLUDE_DIR VERSION_VAR Fmt_VERSION)

if(Fmt_FOUND AND NOT TARGET fmt::header_only)
  add_library(fmt_header_only INTERFACE)
  add_library(fmt::header_only ALIAS fmt_header_only)
  target_include_directories(fmt_header_only SYSTEM
                             INTERFACE "${PROJECT_BINARY_DIR}/third_party/fmt")
  # No locale, and no message printed where fmt would throw: a bad format is a bug and traps.
  target_compile_definitions(fmt_header_only INTERFACE FMT_HEADER_ONLY=1
                                                       FMT_STATIC_THOUSANDS_SEPARATOR=0x2C)
  target_compile_options(fmt_header_only INTERFACE "-DFMT_THROW(x)=__builtin_trap()")
endif()
