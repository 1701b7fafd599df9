# Functions that declare our targets, so that a room's CMakeLists.txt is one call.

# cloesce_room(<name> [SOURCES a.cpp ...] [DEPS room ...] [LIBRARIES target ...])
#
# Declares the static library cloesce_<name> of src/<name> ("compile/sema" gives cloesce_compile_sema).
# DEPS are rooms, LIBRARIES are third-party targets; both are passed on to users of the room.
# A room that has only headers becomes an INTERFACE library.
function(cloesce_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SOURCES;DEPS;LIBRARIES")
  cloesce_reject_unparsed("cloesce_room(${name})" "${room_UNPARSED_ARGUMENTS}")
  cloesce_room_target("${name}" target)
  cloesce_room_targets(dependencies ${room_DEPS})

  if(room_SOURCES)
    add_library(${target} STATIC ${room_SOURCES})
    target_link_libraries(${target} PUBLIC ${dependencies} ${room_LIBRARIES} PRIVATE cloesce_flags)
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    cloesce_precompile_room(${target} ${room_DEPS})
    cloesce_unite(${target})
    cloesce_exercise(${target})
    cloesce_tidy(${target})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${dependencies} ${room_LIBRARIES})
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/src")
  endif()
  set_property(GLOBAL APPEND PROPERTY CLOESCE_ROOM_TARGETS ${target})
endfunction()

# The rooms that the property tests run through some ten thousand times: with the sanitizers they are optimised a
# little, which costs the compiler less than it saves the tests. They cannot share headers that were compiled without.
set(CLOESCE_EXERCISED cloesce_base cloesce_text cloesce_sql cloesce_orm cloesce_runtime)

function(cloesce_exercise target)
  if(CLOESCE_SANITIZE AND target IN_LIST CLOESCE_EXERCISED)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# cloesce_exercised_sources(<source> ...)
#
# Names sources of the calling folder's tests that are optimised likewise.
function(cloesce_exercised_sources)
  if(CLOESCE_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-O1" SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# With CLOESCE_TIDY the sources of `target` are looked through by clang-tidy as they are compiled.
function(cloesce_tidy target)
  if(CLOESCE_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${CLANG_TIDY_EXECUTABLE};--quiet")
  endif()
endfunction()

# cloesce_hot_sources(<source> ...)
#
# Names sources of the calling folder that every request goes through: in the released wasm they are compiled with
# -Os rather than -Oz, which here is half again as fast. Measured there, -O2 and forced inlining add size only.
function(cloesce_hot_sources)
  if(EMSCRIPTEN AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-Os")
  endif()
endfunction()

# The rooms over `json` spend most of their compile time in the headers of simdjson and fmt, so these are compiled once,
# with `json` itself. With a compiler cache each source is compiled without, which shows what it forgot to include.
function(cloesce_precompile_room target)
  if(NOT CLOESCE_PRECOMPILE OR target IN_LIST CLOESCE_EXERCISED)
    return()
  endif()
  if(target STREQUAL "cloesce_json")
    target_precompile_headers(${target} PRIVATE <simdjson.h> <fmt/format.h> <optional> <string> <vector>)
  elseif("json" IN_LIST ARGN)
    target_precompile_headers(${target} REUSE_FROM cloesce_json)
  endif()
endfunction()

# Most of what a compiler does for a source is to read headers: a dozen sources at a time are a third of the work. What
# a source keeps to itself therefore has a name of its own in its room. What a Worker ships is compiled source by
# source: it is a little smaller so, and a header that a source forgot is missed there.
function(cloesce_unite target)
  if(CLOESCE_UNITY AND (target MATCHES "^cloesce_compile_" OR NOT EMSCRIPTEN))
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  endif()
endfunction()

# cloesce_room_test(<room> [SOURCES a_test.cpp ...] [DEPS room ...] [LIBRARIES target ...])
#
# Declares the GoogleTest executable cloesce_<room>_test over that room and registers it with CTest.
# DEPS are rooms the tests use beside their own. Without sources nothing is declared.
function(cloesce_room_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;DEPS;LIBRARIES")
  cloesce_reject_unparsed("cloesce_room_test(${name})" "${test_UNPARSED_ARGUMENTS}")
  if(NOT test_SOURCES)
    return()
  endif()
  cloesce_room_target("${name}" room)
  cloesce_room_targets(dependencies ${test_DEPS})

  add_executable(${room}_test ${test_SOURCES})
  target_link_libraries(${room}_test PRIVATE ${room} ${dependencies} ${test_LIBRARIES} cloesce_engine_stored_scoped GTest::gmock
                                             GTest::gtest_main cloesce_flags)
  target_include_directories(${room}_test PRIVATE "${PROJECT_SOURCE_DIR}/tests/unit")
  target_compile_definitions(${room}_test
                             PRIVATE CLOESCE_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures"
                                     CLOESCE_GOLDEN="${PROJECT_SOURCE_DIR}/tests/golden")
  cloesce_unite(${room}_test)
  if(TARGET cloesce_test_headers)
    target_link_libraries(${room}_test PRIVATE simdjson::simdjson)
    target_precompile_headers(${room}_test REUSE_FROM cloesce_test_headers)
  endif()
  # GoogleTest runs every second test in each of two: the longest would otherwise have a core for itself in the end.
  foreach(half 0 1)
    add_test(NAME unit.${name}.${half} COMMAND ${room}_test --gtest_brief=1)
    set_tests_properties(unit.${name}.${half} PROPERTIES ENVIRONMENT "GTEST_TOTAL_SHARDS=2;GTEST_SHARD_INDEX=${half}")
  endforeach()
endfunction()

# cloesce_fuzz(<name> SOURCES a_fuzz.cpp ... [DEPS room ...] [LIBRARIES target ...])
#
# Declares the fuzz target fuzz_<name>, whose sources define LLVMFuzzerTestOneInput. With CLOESCE_FUZZ it
# is linked with libFuzzer. In other builds it gets a main that replays files. CTest runs either over
# tests/fuzz/seeds/<name>, so that it cannot rot.
function(cloesce_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 fuzz "" "" "SOURCES;DEPS;LIBRARIES")
  cloesce_reject_unparsed("cloesce_fuzz(${name})" "${fuzz_UNPARSED_ARGUMENTS}")
  cloesce_room_targets(dependencies ${fuzz_DEPS})

  add_executable(fuzz_${name} ${fuzz_SOURCES})
  cloesce_precompile_room(fuzz_${name} json)
  target_link_libraries(fuzz_${name} PRIVATE ${dependencies} ${fuzz_LIBRARIES} cloesce_engine_stored_scoped
                                             cloesce_flags)
  if(CLOESCE_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set(once -runs=0)
  else()
    target_sources(fuzz_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp")
    set(once)
  endif()
  add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${once}
                                     "${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name}")
endfunction()

# cloesce_bench(<name> SOURCES a_bench.cpp ... [DEPS room ...] [LIBRARIES target ...])
#
# Declares the Google Benchmark executable bench_<name>. Without CLOESCE_BENCH nothing is declared. CTest runs each
# for an instant, so that it cannot rot.
function(cloesce_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 bench "" "" "SOURCES;DEPS;LIBRARIES")
  cloesce_reject_unparsed("cloesce_bench(${name})" "${bench_UNPARSED_ARGUMENTS}")
  if(NOT CLOESCE_BENCH)
    return()
  endif()
  cloesce_room_targets(dependencies ${bench_DEPS})

  add_executable(bench_${name} ${bench_SOURCES})
  cloesce_precompile_room(bench_${name} json)
  target_link_libraries(bench_${name} PRIVATE ${dependencies} ${bench_LIBRARIES} cloesce_engine_stored_scoped
                                              benchmark::benchmark benchmark::benchmark_main cloesce_flags)
  add_test(NAME bench.${name} COMMAND bench_${name} --benchmark_min_time=0.001)
endfunction()

# cloesce_wasm_module(<name> MAXIMUM_MEMORY <size> ENGINE <base|stored|scoped|stored_scoped> SOURCES a.cpp ... DEPS room ...)
#
# Declares <name>.wasm, with the parts that the engine of that name serves (base/engine.h): a reactor without JavaScript glue that imports nothing but the memory-growth
# notice and proc_exit.
function(cloesce_wasm_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "MAXIMUM_MEMORY;ENGINE" "SOURCES;DEPS")
  cloesce_reject_unparsed("cloesce_wasm_module(${name})" "${module_UNPARSED_ARGUMENTS}")
  cloesce_room_targets(dependencies ${module_DEPS})

  add_executable(${name} ${module_SOURCES})
  set_target_properties(${name} PROPERTIES SUFFIX .wasm)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/wasm")
  target_link_libraries(${name} PRIVATE ${dependencies} cloesce_engine_${module_ENGINE} cloesce_flags)
  target_link_options(
    ${name}
    PRIVATE
    --no-entry
    -sSTANDALONE_WASM
    -sFILESYSTEM=0
    -sMALLOC=emmalloc
    -sALLOW_MEMORY_GROWTH=1
    -sINITIAL_MEMORY=2MB
    -sMAXIMUM_MEMORY=${module_MAXIMUM_MEMORY}
    -sTOTAL_STACK=256KB)
endfunction()

# The target of a room: "compile/sema" is cloesce_compile_sema.
function(cloesce_room_target name result)
  string(REPLACE "/" "_" suffix "${name}")
  set(${result} "cloesce_${suffix}" PARENT_SCOPE)
endfunction()

# The targets of a list of rooms.
function(cloesce_room_targets result)
  set(targets)
  foreach(name IN LISTS ARGN)
    cloesce_room_target("${name}" target)
    list(APPEND targets ${target})
  endforeach()
  set(${result} ${targets} PARENT_SCOPE)
endfunction()

function(cloesce_reject_unparsed where unparsed)
  if(unparsed)
    message(FATAL_ERROR "${where}: do not know what to do with: ${unparsed}")
  endif()
endfunction()
