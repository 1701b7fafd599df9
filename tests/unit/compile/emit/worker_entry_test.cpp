// Imports of the worker's entry. Its look is in the golden files.
#include "compile/emit/worker_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(EmitWorkerEntry, MakesAnAppWhenTheProjectExportsNone) {
  const std::string entry = emit_worker_entry(small_interface(), ".generated");
  EXPECT_THAT(entry, HasSubstr("import { CloesceApp, createWorker } from \"cloesce/backend\";"));
  EXPECT_THAT(entry, HasSubstr("const app = new CloesceApp();"));
}

struct AppCase {
  const char* export_name;
  const char* expected;
};

TEST(EmitWorkerEntry, ImportsTheAppByItsExportName) {
  const AppCase cases[] = {
      {"default", "import app from \"../src/app.cloesce\";"},
      {"app", "import { app } from \"../src/app.cloesce\";"},
      {"store", "import { store as app } from \"../src/app.cloesce\";"},
  };
  for (const AppCase& expectation : cases) {
    cidl::Interface interface = small_interface();
    interface.application = cidl::Application{"src/app.cloesce.ts", expectation.export_name};
    const std::string entry = emit_worker_entry(interface, ".generated");
    EXPECT_THAT(entry, HasSubstr(expectation.expected));
    EXPECT_THAT(entry, Not(HasSubstr("CloesceApp")));
  }
}

TEST(EmitWorkerEntry, RenamesAClassThatIsCalledLikeAConstantOfTheEntry) {
  cidl::Interface interface = small_interface();
  interface.services[0].name = "worker";
  const std::string entry = emit_worker_entry(interface, ".generated");
  EXPECT_THAT(entry, HasSubstr("import { worker as worker_ } from \"../greeter.cloesce\";"));
  EXPECT_THAT(entry, HasSubstr("const classes = { worker: worker_ };"));
}

TEST(EmitWorkerEntry, LeavesOutTypesThatAreNoClasses) {
  cidl::Interface interface = small_interface();
  interface.plain_objects = {{"Note", "", {}, ""}};
  EXPECT_THAT(emit_worker_entry(interface, ".generated"), Not(HasSubstr("Note")));
}

}  // namespace
}  // namespace cloesce::emit
