// Main of a fuzz target in builds without libFuzzer: runs the target once on each file given,
// or on each file of each folder given, and on the empty input.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

int replay_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return 1;
  }
  replay(std::string(std::istreambuf_iterator<char>(file), {}));
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  replay({});
  int failures = 0;
  std::size_t files = 0;
  for (int index = 1; index < argument_count; ++index) {
    const std::filesystem::path path = arguments[index];
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      failures += replay_file(path);
      ++files;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      failures += replay_file(entry.path());
      ++files;
    }
  }
  std::printf("replayed %zu files\n", files);
  return failures == 0 ? 0 : 1;
}
