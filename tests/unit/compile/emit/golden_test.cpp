// The emitted files of the sample interfaces, compared with the reviewed ones in tests/golden/emit.
// `UPDATE_GOLDEN=1` writes them anew; the change is then reviewed like any other.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "compile/emit/emit.h"
#include "compile/emit/sample_interfaces.h"
#include "compile/emit/wrangler.h"

namespace cloesce::emit {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void expect_golden(const std::string& folder, const std::vector<File>& files) {
  const std::filesystem::path root = std::filesystem::path(CLOESCE_GOLDEN) / "emit" / folder;
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  if (update) std::filesystem::create_directories(root);
  for (const File& file : files) {
    if (update) std::ofstream(root / file.path, std::ios::binary) << file.text;
    EXPECT_EQ(file.text, read(root / file.path)) << folder << "/" << file.path;
  }
}

std::vector<File> all_files(cidl::Interface interface) {
  name_buckets(interface, {});
  std::vector<File> files = emit_files(interface, {".generated"});
  files.push_back(
      {"wrangler.json", wrangler_requirements(interface, {".generated", "migrations"}) + "\n"});
  return files;
}

TEST(EmitFiles, NamesWhatTheCompileWrites) {
  std::vector<std::string> paths;
  for (const File& file : emit_files(small_interface(), {".generated"})) paths.push_back(file.path);
  EXPECT_EQ(paths,
            (std::vector<std::string>{"cidl.json", "workers.ts", "client.ts", "openapi.json"}));
}

TEST(EmitFiles, MatchesTheGoldenFilesOfAServiceAlone) {
  expect_golden("small", all_files(small_interface()));
}

TEST(EmitFiles, MatchesTheGoldenFilesOfAWideProject) {
  expect_golden("wide", all_files(wide_interface()));
}

TEST(EmitFiles, AnswersTheSameBytesForTheSameInterface) {
  const std::vector<File> first = all_files(wide_interface());
  const std::vector<File> second = all_files(wide_interface());
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t index = 0; index < first.size(); ++index) {
    EXPECT_EQ(first[index].text, second[index].text);
  }
}

struct BaseUrlCase {
  const char* workers_url;
  const char* route_prefix;
  const char* expected;
};

TEST(BaseUrl, IsTheOriginWithTheRoutePrefix) {
  const BaseUrlCase cases[] = {
      {"http://localhost:8787/api", "api", "http://localhost:8787/api"},
      {"http://localhost:8787/api/", "v1/api", "http://localhost:8787/v1/api"},
      {"https://example.com?x=1", "", "https://example.com"},
      {"", "api", "/api"},
      {"", "", ""},
  };
  for (const BaseUrlCase& expectation : cases) {
    cidl::Interface interface;
    interface.workers_url = expectation.workers_url;
    interface.route_prefix = expectation.route_prefix;
    EXPECT_EQ(base_url(interface), expectation.expected);
  }
}

}  // namespace
}  // namespace cloesce::emit
