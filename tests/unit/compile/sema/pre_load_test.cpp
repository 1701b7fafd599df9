// cidl.pre.json, read strictly.
#include "compile/sema/pre_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cloesce::sema {
namespace {

using ::testing::HasSubstr;

std::string document(std::string_view classes = "[]", std::string_view aliases = "[]") {
  std::string text =
      R"({"version":1,"project":{"name":"app","workersUrl":"http://x","clientUrl":null},
    "files":["a.cloesce.ts","b.cloesce.ts"],"outDir":".generated","app":null,"modules":[],"aliases":)";
  text.append(aliases).append(R"(,"interfaces":[],"classes":)").append(classes);
  return text.append(R"(,"diagnostics":[]})");
}

std::string alias(std::string_view type) {
  std::string text = R"([{"name":"A","span":[0,1,2,1,2],"typeParameters":["T"],"type":)";
  return text.append(type).append("}]");
}

std::string failure(std::string_view text) {
  const auto project = load_pre(text);
  return project.ok() ? "it was read" : render(project.error());
}

TEST(LoadPre, ReadsAClassWithAllItHas) {
  const auto project = load_pre(document(R"([{
    "name":"Horse","span":[1,10,15,2,3],"exported":true,"exportName":"default","abstract":false,
    "doc":"A horse.","decorators":[{"name":"D1","span":[1,0,3,1,1],"called":false,
      "typeArguments":[],"arguments":[]}],"extends":null,
    "properties":[{"name":"id","span":[1,20,22,3,3],"static":false,"readonly":false,"optional":true,
      "accessibility":"private","type":{"kind":"union","members":[
        {"kind":"name","name":"Integer","arguments":[],"span":[1,24,31,3,7]},
        {"kind":"literal","value":-1,"span":[1,24,31,3,7]}],"span":[1,24,31,3,7]},
      "decorators":[{"name":"ForeignKey","span":[1,0,3,1,1],"called":true,
        "typeArguments":[{"kind":"name","name":"Other","arguments":[],"span":[0,0,0,1,1]}],
        "arguments":[{"kind":"arrow","parameter":"o","path":["key"],"span":[0,0,0,1,1]}]}],
      "initializer":{"kind":"object","entries":[{"key":"a","span":[0,0,1,1,1],
        "value":{"kind":"number","value":1.5,"span":[0,0,1,1,1]}}],"span":[0,0,1,1,1]},"doc":null}],
    "methods":[{"name":"like","span":[1,40,44,5,3],"static":true,"async":true,
      "accessibility":"public","decorators":[],"parameters":[{"name":"arg0","span":[1,45,50,5,8],
        "destructured":["db"],"type":null,"optional":false,"rest":true,"hasDefault":true,
        "decorators":[]}],"returns":null,"doc":"Likes."}]}])"));
  ASSERT_TRUE(project.ok()) << render(project.error());
  const pre::ClassNode& node = project->classes.at(0);
  EXPECT_EQ(node.span, (Span{FileId{1}, 10, 15}));
  EXPECT_EQ(node.export_name, "default");
  EXPECT_EQ(node.documentation, "A horse.");
  const pre::PropertyNode& id = node.properties.at(0);
  EXPECT_TRUE(id.optional);
  EXPECT_EQ(id.accessibility, pre::Accessibility::kPrivate);
  ASSERT_TRUE(id.type.has_value());
  EXPECT_EQ(id.type->form, pre::TypeForm::kUnion);
  EXPECT_EQ(id.type->inner.at(0).text, "Integer");
  EXPECT_EQ(id.type->inner.at(1).text, "-1");
  EXPECT_EQ(id.decorators.at(0).type_arguments.at(0).text, "Other");
  EXPECT_EQ(id.decorators.at(0).arguments.at(0).path, std::vector<std::string>{"key"});
  EXPECT_EQ(id.initializer->entries.at(0).key, "a");
  EXPECT_EQ(id.initializer->entries.at(0).value.form, pre::ValueForm::kNumber);
  const pre::MethodNode& like = node.methods.at(0);
  EXPECT_EQ(like.placement, pre::Placement::kStatic);
  EXPECT_EQ(like.documentation, "Likes.");
  const pre::ParameterNode& first = like.parameters.at(0);
  EXPECT_EQ(first.destructured, std::vector<std::string>{"db"});
  EXPECT_TRUE(first.rest && first.has_default && !first.type.has_value());
}

TEST(LoadPre, RefusesWhatIsNotInTheFormat) {
  EXPECT_THAT(failure("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(failure("{}"), HasSubstr("the member version is missing"));
  EXPECT_THAT(failure(R"({"version":2})"), HasSubstr("version 2 is not supported"));
  EXPECT_THAT(failure(document() + "x"), HasSubstr("CLO1104"));
  EXPECT_THAT(failure(document("[{}]")), HasSubstr("classes[0]: the member name is missing"));
  EXPECT_THAT(failure(document(R"([{"name":1}])")),
              HasSubstr("classes[0].name: expected a string"));
  EXPECT_THAT(failure(document(R"([{"name":"A","name":"B"}])")), HasSubstr("there twice"));
}

TEST(LoadPre, ReadsBucketsWithHistoryAndWhatAsksForThem) {
  std::string text = document();
  text.replace(text.find(R"("clientUrl":null)"), 16,
               R"("clientUrl":null,"historyBuckets":[{"binding":"NS","history":5}])");
  text.replace(text.find(R"("diagnostics":[])"), 16,
               R"("historyCalls":[{"name":"watch",
                 "model":{"kind":"name","name":"Session","span":[1,2,9,1,3]}}],"diagnostics":[])");
  const auto project = load_pre(text);
  ASSERT_TRUE(project.ok()) << render(project.error());
  ASSERT_EQ(project->history_buckets.size(), 1U);
  EXPECT_EQ(project->history_buckets[0].binding, "NS");
  EXPECT_EQ(project->history_buckets[0].history, 5U);
  ASSERT_EQ(project->history_calls.size(), 1U);
  EXPECT_EQ(project->history_calls[0].read, pre::HistoryRead::kWatch);
  EXPECT_EQ(project->history_calls[0].model.text, "Session");
  text.replace(text.find(R"("history":5)"), 11, R"("history":-1)");
  EXPECT_THAT(failure(text), HasSubstr("a whole number"));
}

TEST(LoadPre, RefusesWrongSpans) {
  const auto with_span = [](std::string_view span) {
    return document("[]", R"([{"name":"A","typeParameters":[],"type":{"kind":"name","name":"B",
      "arguments":[],"span":[0,0,0,1,1]},"span":)" +
                              std::string(span) + "}]");
  };
  EXPECT_EQ(failure(with_span("[1,3,9,1,1]")), "it was read");
  EXPECT_THAT(failure(with_span("[2,3,9,1,1]")), HasSubstr("a span is in file 2 of 2"));
  EXPECT_THAT(failure(with_span("[0,9,3,1,1]")), HasSubstr("ends before it begins"));
  EXPECT_THAT(failure(with_span("[0,3,9,1]")), HasSubstr("five numbers"));
  EXPECT_THAT(failure(with_span("[0,3,9,1,1,1]")), HasSubstr("five numbers"));
  EXPECT_THAT(failure(with_span("[0,-3,9,1,1]")), HasSubstr("expected an offset"));
  EXPECT_THAT(failure(with_span("[0,3,4294967296,1,1]")), HasSubstr("expected an offset"));
  EXPECT_THAT(failure(with_span("[4294967296,3,4,1,1]")), HasSubstr("the index of a file"));
}

TEST(LoadPre, RefusesIncompleteTypes) {
  EXPECT_THAT(failure(document("[]", alias(R"({"kind":"array","span":[0,0,0,1,1]})"))),
              HasSubstr("aliases[0].type: the type is incomplete"));
  EXPECT_THAT(failure(document("[]", alias(R"({"kind":"union","members":[],"span":[0,0,0,1,1]})"))),
              HasSubstr("incomplete"));
  EXPECT_THAT(failure(document("[]", alias(R"({"kind":"tuple","span":[0,0,0,1,1]})"))),
              HasSubstr("expected one of name, array, union, literal, other"));
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t level = 0; level < depth; ++level) text += R"({"kind":"array","element":)";
  text += R"({"kind":"name","name":"A","arguments":[],"span":[0,0,0,1,1]})";
  for (std::size_t level = 0; level < depth; ++level) text += R"(,"span":[0,0,0,1,1]})";
  return text;
}

TEST(LoadPre, RefusesTypesThatAreNestedTooDeep) {
  EXPECT_EQ(failure(document("[]", alias(nested(47)))), "it was read");
  EXPECT_THAT(failure(document("[]", alias(nested(48)))), HasSubstr("nested too deep"));
  EXPECT_THAT(failure(document("[]", alias(nested(2000)))), HasSubstr("CLO"));
}

}  // namespace
}  // namespace cloesce::sema
