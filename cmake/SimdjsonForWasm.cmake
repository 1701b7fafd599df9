# Makes the copies of simdjson's two files that the wasm build compiles.
#
# Changed in them: the environment is not asked which kernel to use (that would make the module import
# WASI's environ_get); what only the DOM parser, the minifier and the stand-alone UTF-8 check need is not
# compiled, because their virtual functions keep it in the module although nobody calls them; what is inlined
# several times over is not, where that costs hardly any time; and with
# CLOESCE_SIMD_JSON the platform counts as x86-64, so that the SSE kernel can be chosen; Emscripten translates
# its intrinsics. Each replacement must hit, or configuring fails.

# simdjson_for_wasm(<folder of the originals> <variable for the folder of the copies>)
function(simdjson_for_wasm source_dir result)
  set(copy_dir "${PROJECT_BINARY_DIR}/third_party/simdjson")
  set(x86_test "#if (defined(__x86_64__) || defined(_M_AMD64)) && !defined(_M_ARM64EC)")

  file(READ "${source_dir}/simdjson.h" header)
  file(READ "${source_dir}/simdjson.cpp" source)
  simdjson_replace(source "getenv(\"SIMDJSON_FORCE_IMPLEMENTATION\")" "nullptr")
  simdjson_replace(source "stage2::tape_builder::parse_document<false>(*this, _doc)" "UNSUPPORTED_ARCHITECTURE")
  simdjson_replace(source "stage2::tape_builder::parse_document<true>(*this, _doc)" "UNSUPPORTED_ARCHITECTURE")
  # Virtual too, and never asked for.
  foreach(text IN ITEMS header source)
    simdjson_replace(${text} "return std::string(_name)" "return {}")
    simdjson_replace(${text} "return std::string(_description)" "return {}")
  endforeach()
  # The stacks of the DOM parser.
  simdjson_replace(source "open_containers.reset(new (std::nothrow) open_container[max_depth]);" "")
  simdjson_replace(source "is_array.reset(new (std::nothrow) bool[max_depth]);" "")
  simdjson_replace(source "if (!is_array || !open_containers) { _max_depth = 0; return MEMALLOC; }" "")
  # Inlined twice, into the loop and behind it.
  simdjson_replace(source "simdjson_inline void json_structural_indexer::step<64>"
                   "__attribute__((noinline)) void json_structural_indexer::step<64>")
  simdjson_replace(source "simdjson_inline void write(uint32_t idx, uint64_t bits) {"
                   "__attribute__((noinline)) void write(uint32_t idx, uint64_t bits) {")
  # How many of a block's places are written by unrolled code; a loop writes the others.
  simdjson_replace(source "STEP_UNTIL = 24" "STEP_UNTIL = 8")
  # Inlined four times, and only asked where a block is not ASCII.
  simdjson_replace(source "simdjson_inline void check_utf8_bytes(" "__attribute__((noinline)) void check_utf8_bytes(")
  if(CLOESCE_SIMD_JSON)
    # Streams of documents.
    simdjson_replace(source "json_structural_indexer::index<64>(_buf, _len, *this, streaming)"
                     "json_structural_indexer::index<64>(_buf, _len, *this, stage1_mode::regular)")
    simdjson_replace(source "westmere::stage1::json_minifier::minify<64>(buf, len, dst, dst_len)"
                     "UNSUPPORTED_ARCHITECTURE")
    simdjson_replace(source "westmere::stage1::generic_validate_utf8(buf,len)" "false")
    simdjson_replace(source "westmere::stringparsing::parse_wobbly_string(src, dst)" "nullptr")
    simdjson_replace(header "${x86_test}" "#if 1")
    simdjson_replace(source "${x86_test}" "#if 1")
    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/simdjson_wasm/x86intrin.h"
                   "${copy_dir}/x86intrin.h" COPYONLY)
  endif()
  simdjson_write("${copy_dir}/simdjson.h" "${header}")
  simdjson_write("${copy_dir}/simdjson.cpp" "${source}")
  set(${result} "${copy_dir}" PARENT_SCOPE)
endfunction()

function(simdjson_replace text_variable from to)
  string(FIND "${${text_variable}}" "${from}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "simdjson's text has changed: it no longer contains ${from}")
  endif()
  string(REPLACE "${from}" "${to}" text "${${text_variable}}")
  set(${text_variable} "${text}" PARENT_SCOPE)
endfunction()

# Writes a file only when its content changes, so that configuring again rebuilds nothing.
function(simdjson_write path text)
  set(old "")
  if(EXISTS "${path}")
    file(READ "${path}" old)
  endif()
  if(NOT old STREQUAL text)
    file(WRITE "${path}" "${text}")
  endif()
endfunction()
