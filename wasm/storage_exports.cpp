// Exports of cloesce-storage.wasm: a rule of local storage each, JSON in and JSON out. No logic
// lives here.
#include <cstdint>
#include <string_view>

#include "abi.h"
#include "storage/calls.h"
#include "storage/history_calls.h"

namespace {

using cloesce::abi::Reply;

/// `status` 1 is a refusal, `kind` its code.
void answer(cloesce::storage::Call call, const char* input, std::uint32_t length, Reply* reply) {
  const cloesce::storage::Answer answer = call(std::string_view(input, length));
  cloesce::abi::fill_reply(*reply, answer.refused ? 1 : 0, static_cast<std::uint32_t>(answer.code),
                           answer.text.data(), static_cast<std::uint32_t>(answer.text.size()));
}

}  // namespace

#define CLOESCE_STORAGE_CALL(name)                                             \
  CLOESCE_EXPORT(cloesce_##name)                                               \
  void cloesce_##name(const char* input, std::uint32_t length, Reply* reply) { \
    answer(cloesce::storage::name, input, length, reply);                      \
  }

CLOESCE_STORAGE_CALL(make_blob_id)
CLOESCE_STORAGE_CALL(read_blob_id)
CLOESCE_STORAGE_CALL(folder_name)
CLOESCE_STORAGE_CALL(read_range)
CLOESCE_STORAGE_CALL(kv_get)
CLOESCE_STORAGE_CALL(kv_put)
CLOESCE_STORAGE_CALL(kv_value)
CLOESCE_STORAGE_CALL(kv_list)
CLOESCE_STORAGE_CALL(r2_keys)
CLOESCE_STORAGE_CALL(r2_delete)
CLOESCE_STORAGE_CALL(r2_size)
CLOESCE_STORAGE_CALL(r2_part_number)
CLOESCE_STORAGE_CALL(r2_range)
CLOESCE_STORAGE_CALL(r2_condition)
CLOESCE_STORAGE_CALL(read_etags)
CLOESCE_STORAGE_CALL(r2_list)
CLOESCE_STORAGE_CALL(list_groups)
CLOESCE_STORAGE_CALL(behind_group)
CLOESCE_STORAGE_CALL(list_cursor)
CLOESCE_STORAGE_CALL(r2_upload)
CLOESCE_STORAGE_CALL(r2_complete)
CLOESCE_STORAGE_CALL(cache_put)
CLOESCE_STORAGE_CALL(cache_match)
CLOESCE_STORAGE_CALL(history_bucket)
CLOESCE_STORAGE_CALL(history_names)
CLOESCE_STORAGE_CALL(history_encode)
CLOESCE_STORAGE_CALL(history_decode)
CLOESCE_STORAGE_CALL(history_match)
