// Hashes of snapshots and SQL files. They stand in files that are kept, so they never change.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstdint>

#include "compile/migrate/snapshot.h"

namespace cloesce::migrate {
namespace {

// FNV-1a, 64 bits: a handful of files is told apart, nobody is kept from making two alike.
class Fingerprint {
 public:
  void add(char character) {
    state_ = (state_ ^ static_cast<unsigned char>(character)) * 0x100000001B3ULL;
  }
  [[nodiscard]] std::string text() const { return fmt::format(FMT_COMPILE("{:016x}"), state_); }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

bool is_space(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

}  // namespace

std::string snapshot_id(std::string_view text) {
  Fingerprint fingerprint;
  bool in_string = false;
  bool escaped = false;
  for (const char character : text) {
    if (!in_string && is_space(character)) continue;
    fingerprint.add(character);
    if (escaped) {
      escaped = false;
    } else if (in_string && character == '\\') {
      escaped = true;
    } else if (character == '"') {
      in_string = !in_string;
    }
  }
  return fingerprint.text();
}

std::string sql_checksum(std::string_view text) {
  Fingerprint fingerprint;
  for (const char character : text) {
    if (character != '\r') fingerprint.add(character);
  }
  return fingerprint.text();
}

}  // namespace cloesce::migrate
