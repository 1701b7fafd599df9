// Names and bindings of the wrangler file. A whole one is in the golden files.
#include "compile/emit/wrangler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using ::testing::HasSubstr;

std::string requirements(cidl::Interface interface) {
  name_buckets(interface, {});
  return wrangler_requirements(interface, {".generated", "migrations"});
}

struct NameCase {
  std::string project;
  std::string expected;
};

TEST(WranglerRequirements, NamesTheWorkerAsCloudflareAllows) {
  const NameCase cases[] = {
      {"horse-app", "horse-app"},
      {"@Farm/Horse  App!", "farm-horse-app"},
      {"--", "cloesce-app"},
      {"", "cloesce-app"},
      {std::string(80, 'a'), std::string(60, 'a')},
  };
  for (const NameCase& expectation : cases) {
    cidl::Interface interface;
    interface.name = expectation.project;
    EXPECT_THAT(requirements(interface), HasSubstr("\"name\": \"" + expectation.expected + "\","));
  }
}

TEST(WranglerRequirements, AsksForNoDatabaseWhereThereIsNone) {
  const std::string json = requirements(small_interface());
  EXPECT_THAT(json, HasSubstr("\"d1_databases\": []"));
  EXPECT_THAT(json, HasSubstr("\"main\": \".generated/workers.ts\""));
}

TEST(WranglerRequirements, GivesEachOfSeveralDatabasesItsOwnMigrations) {
  cidl::Interface interface = small_interface();
  interface.environment =
      cidl::Environment{"Env",
                        "env.cloesce.ts",
                        {{"DB", cidl::BindingKind::kD1}, {"db", cidl::BindingKind::kD1}},
                        {}};
  const std::string json = requirements(interface);
  EXPECT_THAT(json, HasSubstr("\"migrations_dir\": \"migrations/DB\""));
  EXPECT_THAT(json, HasSubstr("\"migrations_dir\": \"migrations/db\""));
  EXPECT_THAT(json, HasSubstr("\"database_name\": \"greeter-db\""));
  EXPECT_THAT(json, HasSubstr("\"database_name\": \"greeter-db-2\""));
}

TEST(WranglerRequirements, NamesBucketsAsR2Allows) {
  cidl::Interface interface;
  interface.name = "A";
  interface.environment = cidl::Environment{"Env",
                                            "env.cloesce.ts",
                                            {{"album_Covers", cidl::BindingKind::kR2},
                                             {"album-covers", cidl::BindingKind::kR2},
                                             {"_", cidl::BindingKind::kR2},
                                             {std::string(80, 'b'), cidl::BindingKind::kR2},
                                             {"kept", cidl::BindingKind::kR2}},
                                            {}};
  name_buckets(interface, {{"kept", "Some_Old.Name"}, {"gone", "other"}});
  std::vector<std::string> names;
  for (const cidl::Binding& binding : interface.environment->bindings) {
    names.push_back(binding.bucket);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a-album-covers", "a-album-covers-2", "a-bucket",
                                             "a-" + std::string(30, 'b'), "Some_Old.Name"}));
}

TEST(WranglerRequirements, KeepsSecretsOutOfTheVariables) {
  cidl::Interface interface = small_interface();
  interface.environment = cidl::Environment{"Env",
                                            "env.cloesce.ts",
                                            {},
                                            {{"endpoint", cidl::VariableKind::kR2Endpoint},
                                             {"id", cidl::VariableKind::kR2AccessKeyId},
                                             {"secret", cidl::VariableKind::kR2SecretAccessKey}}};
  const std::string json = requirements(interface);
  EXPECT_THAT(json, HasSubstr("\"vars\": {\n    \"endpoint\": \"\"\n  }"));
  EXPECT_THAT(json, HasSubstr("\"secrets\": [\n    \"id\",\n    \"secret\"\n  ]"));
}

}  // namespace
}  // namespace cloesce::emit
