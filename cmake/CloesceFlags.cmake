# Compiler flags: what every target needs, what only our own targets get, and the sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Debug CACHE STRING "Debug, Release" FORCE)
endif()

# Our own code: no exceptions, no RTTI, and every warning an error. Link it PRIVATE.
add_library(cloesce_flags INTERFACE)
target_compile_options(
  cloesce_flags
  INTERFACE -fno-exceptions
            -fno-rtti
            -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Werror)

# Everything in the build, third-party code too: sanitizers must see all of it, and a wasm module
# can only use a feature (or link-time optimisation) that all of its objects were compiled for.
if(CLOESCE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 cannot follow std::optional and std::variant through its own instrumentation.
    target_compile_options(cloesce_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# Programs are linked in a quarter of the time by lld, which comes with Emscripten but not with every clang.
if(NOT EMSCRIPTEN AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  find_program(CLOESCE_LLD ld.lld)
  if(CLOESCE_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

if(CLOESCE_TIDY)
  find_program(CLANG_TIDY_EXECUTABLE clang-tidy REQUIRED)
endif()

if(CLOESCE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "CLOESCE_FUZZ needs clang (cmake --preset fuzz)")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(EMSCRIPTEN)
  add_compile_options(-msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext -fvisibility=hidden
                      -ffunction-sections -fdata-sections)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # What a Worker ships must be small; cloesce_hot_sources names the files that must be fast. Emscripten's -Oz
    # alone marks every function as not to be inlined; the threshold lets the linker inline what gets smaller by it.
    add_compile_options(-Oz -finline-functions -flto -fno-threadsafe-statics -fmerge-all-constants)
    add_link_options(-Oz -flto -Wl,-mllvm,-inline-threshold=-30)
    # What LLVM copies into several branches at -Oz too: loads and sums that are there in some of them, blocks behind a
    # known condition, and short ends.
    add_link_options(-Wl,-mllvm,-enable-pre=false,-mllvm,-jump-threading-threshold=0,-mllvm,-disable-early-taildup)
    # Binaryen finds more to share in a module whose control flow it has made itself.
    add_link_options(-sBINARYEN_EXTRA_PASSES=--flatten,--rereloop,-Oz,-Oz)
  endif()
endif()
