// Names in the generated client that could clash. Its look is in the golden files; its behaviour in
// tests/js/client.
#include "compile/emit/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

cidl::Interface with_service(cidl::Method method) {
  cidl::Interface interface = small_interface();
  interface.services[0].methods = {std::move(method)};
  return interface;
}

TEST(EmitClient, ImportsOnlyWhatItUses) {
  const std::string client = emit_client(small_interface());
  EXPECT_THAT(client, HasSubstr("import { Api, type ApiOptions, type CallSettings, "
                                "type HttpResult } from \"cloesce/client\";"));
}

TEST(EmitClient, PrintsAModuleForAnEmptyProject) {
  const std::string client = emit_client({});
  EXPECT_THAT(client, HasSubstr("import { Api, type ApiOptions } from \"cloesce/client\";"));
  EXPECT_THAT(client, HasSubstr("export function configure("));
}

TEST(EmitClient, RenamesImportsThatAClassOfTheProjectIsNamedLike) {
  cidl::Interface interface = small_interface();
  interface.models = {keyed_model("Api"), keyed_model("Shape")};
  const std::string client = emit_client(interface);
  EXPECT_THAT(client, HasSubstr("Api as Api_"));
  EXPECT_THAT(client, HasSubstr("new Api_("));
  EXPECT_THAT(client, HasSubstr("export class Api {"));
  EXPECT_THAT(client, HasSubstr("const ApiShape: Shape_<Api> = {"));
}

TEST(EmitClient, KeepsParametersApartFromWhatTheModuleDeclares) {
  const std::string client = emit_client(with_service(get_method(
      "find",
      {{"api", simple(cidl::TypeKind::kText)}, {"fetchImpl", simple(cidl::TypeKind::kText)}},
      simple(cidl::TypeKind::kText))));
  EXPECT_THAT(client,
              HasSubstr("parameters: { api: api_, fetchImpl },\n      fetchImpl: fetchImpl_,"));
  EXPECT_THAT(client, HasSubstr("return api.call("));
}

TEST(EmitClient, LeavesOutWhatWasReadAlongWhereDataSourcesSayWhatIsWritten) {
  cidl::Interface interface = small_interface();
  interface.nested_writes = cidl::NestedWrites::kDataSource;
  interface.models = {keyed_model("Shelf"), keyed_model("Book")};
  cidl::Method save;
  save.name = "save";
  save.verb = cidl::Verb::kPost;
  save.builtin = cidl::Builtin::kSave;
  save.parameters = {{"model", {cidl::TypeKind::kPartial, "Shelf", {}}}};
  interface.models[0].methods = {save};
  EXPECT_THAT(emit_client(interface), Not(HasSubstr("withoutRead")));

  cidl::Navigation books;
  books.name = "books";
  books.model = "Book";
  books.kind = cidl::NavigationKind::kOneToMany;
  interface.models[0].navigations = {books};
  interface.models[1].stored.emplace_back();
  interface.models[1].stored[0].name = "text";
  interface.models[1].stored[0].kind = cidl::StoredKind::kR2;
  EXPECT_THAT(emit_client(interface), HasSubstr("parameters: { model: withoutRead(model) }"));

  interface.nested_writes = cidl::NestedWrites::kGranted;
  EXPECT_THAT(emit_client(interface), Not(HasSubstr("withoutRead")));
}

TEST(EmitClient, QuotesNamesThatAreNoIdentifiers) {
  const std::string client = emit_client(with_service(get_method(
      "do it", {{"a-b", simple(cidl::TypeKind::kText)}}, simple(cidl::TypeKind::kText))));
  EXPECT_THAT(client, HasSubstr("static async \"do it\"(a_b: string"));
  EXPECT_THAT(client, HasSubstr("parameters: { \"a-b\": a_b }"));
}

TEST(EmitClient, LeavesInjectedParametersOut) {
  const std::string client = emit_client(with_service(get_method(
      "find", {{"env", {cidl::TypeKind::kInject, "Env", {}}}}, simple(cidl::TypeKind::kText))));
  EXPECT_THAT(client, Not(HasSubstr("env")));
}

TEST(EmitClient, LetsAMethodCalledFromJsonWin) {
  cidl::Interface interface = small_interface();
  interface.models = {keyed_model("Horse")};
  cidl::Method method = get_method("fromJson", {}, simple(cidl::TypeKind::kText));
  method.scope = cidl::MethodScope::kStatic;
  interface.models[0].methods = {method};
  const std::string client = emit_client(interface);
  EXPECT_THAT(client, Not(HasSubstr("data: unknown")));
  EXPECT_THAT(client, HasSubstr("static async fromJson("));
}

TEST(EmitClient, HasNoHiddenMembersAndLeavesReadOnlyOnesOutOfWhatIsGiven) {
  cidl::Interface interface = small_interface();
  cidl::Model horse = keyed_model("Horse");
  cidl::Column chip;
  chip.name = "chip";
  chip.type = simple(cidl::TypeKind::kText);
  chip.access = cidl::Access::kReadOnly;
  cidl::Column bill = chip;
  bill.name = "bill";
  bill.access = cidl::Access::kHidden;
  horse.columns.push_back(chip);
  horse.columns.push_back(bill);
  interface.models = {horse, keyed_model("Cart")};
  cidl::Method take = get_method(
      "take",
      {{"horse", {cidl::TypeKind::kObject, "Horse", {}}},
       {"parts", {cidl::TypeKind::kArray, {}, {{cidl::TypeKind::kPartial, "Horse", {}}}}},
       {"cart", {cidl::TypeKind::kObject, "Cart", {}}}},
      {cidl::TypeKind::kObject, "Horse", {}});
  take.verb = cidl::Verb::kPost;
  interface.services[0].methods = {take};
  const std::string client = emit_client(interface);
  EXPECT_THAT(client, HasSubstr("  readonly chip!: string;\n"));
  EXPECT_THAT(client, HasSubstr("  readOnly: [\"chip\"],\n"));
  EXPECT_THAT(client, Not(HasSubstr("bill")));
  EXPECT_THAT(client, HasSubstr("horse: Omit<Horse, \"chip\">,"));
  EXPECT_THAT(client, HasSubstr("parts: DeepPartial<Omit<Horse, \"chip\">>[],"));
  EXPECT_THAT(client, HasSubstr("cart: Cart,"));
  EXPECT_THAT(client, HasSubstr("horse: given(horse, () => HorseShape)"));
  EXPECT_THAT(client, HasSubstr("parts: given(parts, [{ partial: () => HorseShape }])"));
  EXPECT_THAT(client, HasSubstr("HttpResult<Horse>"));
}

}  // namespace
}  // namespace cloesce::emit
