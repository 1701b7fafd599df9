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

cidl::Type list_of(cidl::TypeKind kind) {
  cidl::Type item;
  item.kind = kind;
  cidl::Type list;
  list.kind = cidl::TypeKind::kArray;
  list.inner = {item};
  return list;
}

cidl::Model model_in(cidl::StorageKind storage) {
  cidl::Model model;
  model.name = "Horse";
  model.storage = storage;
  return model;
}

cidl::Environment environment_with(cidl::BindingKind kind) {
  return cidl::Environment{"Env", "env.cloesce.ts", {{"BINDING", kind}}, {}};
}

struct EngineCase {
  const char* what;
  void (*change)(cidl::Interface& interface);
  const char* engine;
};

TEST(EmitWorkerEntry, TakesTheEngineThatTheProjectNeeds) {
  const EngineCase cases[] = {
      {"services alone", [](cidl::Interface&) {}, "engine"},
      {"a D1 model",
       [](cidl::Interface& interface) { interface.models = {model_in(cidl::StorageKind::kD1)}; },
       "engine"},
      {"a namespace that only user code reads",
       [](cidl::Interface& interface) {
         interface.environment = environment_with(cidl::BindingKind::kKv);
       },
       "engine"},
      {"a bucket",
       [](cidl::Interface& interface) {
         interface.environment = environment_with(cidl::BindingKind::kR2);
       },
       "engine/stored"},
      {"a KV model",
       [](cidl::Interface& interface) { interface.models = {model_in(cidl::StorageKind::kKv)}; },
       "engine/stored"},
      {"a model of keys",
       [](cidl::Interface& interface) { interface.models = {model_in(cidl::StorageKind::kKeys)}; },
       "engine/stored"},
      {"a stored field of a D1 model",
       [](cidl::Interface& interface) {
         interface.models = {model_in(cidl::StorageKind::kD1)};
         interface.models[0].stored.emplace_back();
       },
       "engine/stored"},
      {"a key parameter of a D1 model",
       [](cidl::Interface& interface) {
         interface.models = {model_in(cidl::StorageKind::kD1)};
         interface.models[0].key_parameters = {"region"};
       },
       "engine/stored"},
      {"a method that answers an R2 object",
       [](cidl::Interface& interface) {
         interface.services[0].methods[0].returns = list_of(cidl::TypeKind::kR2Object);
       },
       "engine/stored"},
      {"a method that takes a page",
       [](cidl::Interface& interface) {
         interface.services[0].methods[0].parameters = {{"page", list_of(cidl::TypeKind::kPage)}};
       },
       "engine/stored"},
      {"a plain object with an entry",
       [](cidl::Interface& interface) {
         interface.plain_objects = {
             {"Note", "note.cloesce.ts", {{"entry", list_of(cidl::TypeKind::kKvValue)}}, ""}};
       },
       "engine/stored"},
  };
  for (const EngineCase& expectation : cases) {
    SCOPED_TRACE(expectation.what);
    cidl::Interface interface = small_interface();
    expectation.change(interface);
    const std::string import =
        std::string("import { engine } from \"cloesce/") + expectation.engine + "\";\n";
    EXPECT_THAT(emit_worker_entry(interface, ".generated"), HasSubstr(import));
  }
}

TEST(EmitWorkerEntry, LeavesOutTypesThatAreNoClasses) {
  cidl::Interface interface = small_interface();
  interface.plain_objects = {{"Note", "", {}, ""}};
  EXPECT_THAT(emit_worker_entry(interface, ".generated"), Not(HasSubstr("Note")));
}

}  // namespace
}  // namespace cloesce::emit
