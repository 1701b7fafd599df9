# Finds GoogleTest's source and declares GTest::gtest, GTest::gmock and GTest::gtest_main.
#
# Looks in GOOGLETEST_SOURCE_DIR, then in /usr/src/googletest (Debian's googletest package), then takes the
# upstream release archive. Built here rather than taken prebuilt, so that it shares our flags: no
# exceptions, no RTTI, the sanitizers.
include(FetchContent)

set(GOOGLETEST_SOURCE_DIR "" CACHE PATH "A source tree of GoogleTest")
set(GoogleTest_ROOT_DIR "${GOOGLETEST_SOURCE_DIR}")
if(NOT GoogleTest_ROOT_DIR)
  set(GoogleTest_ROOT_DIR /usr/src/googletest)
  if(NOT EXISTS "${GoogleTest_ROOT_DIR}/googletest/src/gtest-all.cc")
    FetchContent_Declare(
      googletest_archive
      URL https://github.com/google/googletest/archive/refs/tags/release-1.12.1.tar.gz
      URL_HASH SHA256=81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2
      SOURCE_SUBDIR not-a-folder)
    FetchContent_MakeAvailable(googletest_archive)
    set(GoogleTest_ROOT_DIR "${googletest_archive_SOURCE_DIR}")
  endif()
endif()

find_file(
  GoogleTest_SOURCE gtest-all.cc
  PATHS "${GoogleTest_ROOT_DIR}/googletest/src"
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
mark_as_advanced(GoogleTest_SOURCE)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GoogleTest REQUIRED_VARS GoogleTest_SOURCE)

if(GoogleTest_FOUND AND NOT TARGET GTest::gtest)
  find_package(Threads REQUIRED)
  set(gtest_dir "${GoogleTest_ROOT_DIR}/googletest")
  set(gmock_dir "${GoogleTest_ROOT_DIR}/googlemock")

  add_library(gtest STATIC EXCLUDE_FROM_ALL "${gtest_dir}/src/gtest-all.cc")
  add_library(GTest::gtest ALIAS gtest)
  target_include_directories(gtest SYSTEM PUBLIC "${gtest_dir}/include" PRIVATE "${gtest_dir}")
  target_link_libraries(gtest PUBLIC Threads::Threads)

  add_library(gmock STATIC EXCLUDE_FROM_ALL "${gmock_dir}/src/gmock-all.cc")
  add_library(GTest::gmock ALIAS gmock)
  target_include_directories(gmock SYSTEM PUBLIC "${gmock_dir}/include" PRIVATE "${gmock_dir}")
  target_link_libraries(gmock PUBLIC gtest)

  add_library(gtest_main STATIC EXCLUDE_FROM_ALL "${gtest_dir}/src/gtest_main.cc")
  add_library(GTest::gtest_main ALIAS gtest_main)
  target_link_libraries(gtest_main PUBLIC gtest)

  foreach(target IN ITEMS gtest gmock gtest_main)
    target_compile_options(${target} PRIVATE -w -fno-exceptions -fno-rtti)
  endforeach()
endif()
