// Blobs in a body: base64 taken out of it, or indices of form parts.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/concat.h"
#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

TEST(Blob, Base64IsDecodedAndReplacedByItsIndex) {
  Rig rig({{"a", blob()}, {"list", array(nullable(blob()))}, {"z", text()}});
  const Checked checked =
      rig.body(R"( {"a" : "aGVsbG8=" , "list": ["", null,"AP\/\u002F"], "z": "aGVsbG8="} )");
  ASSERT_TRUE(checked.ok()) << Rig::lines(checked.failures);
  EXPECT_EQ(checked.rewriting, Rewriting::kRewritten);
  EXPECT_EQ(checked.json, R"({"a" : 0 , "list": [1, null,2], "z": "aGVsbG8="} )");
  ASSERT_EQ(checked.blobs.size(), 3U);
  EXPECT_EQ(checked.blobs[0], "hello");
  EXPECT_EQ(checked.blobs[1], "");
  EXPECT_EQ(checked.blobs[2], std::string("\0\xFF\xFF", 3));
}

TEST(Blob, LargeOnesAreTakenOut) {
  Rig rig(blob());
  const Checked checked = rig.body("{\"v\":\"" + std::string(4'000'000, 'A') + "\"}");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.json, "{\"v\":0}");
  EXPECT_EQ(checked.blobs[0].size(), 3'000'000U);
}

TEST(Blob, LongTextsAreHandledAsIfTheyHadNotBeenTakenOut) {
  const std::string a(400, 'a');
  const std::string b(4000, 'b');
  const std::string c(404, 'c');
  const std::vector<cidl::Parameter> parameters = {{"first", blob()},
                                                   {"note", nullable(text())},
                                                   {"list", nullable(array(nullable(blob())))},
                                                   {"when", nullable(date())},
                                                   {"count", nullable(integer())},
                                                   {"of", nullable(data_source("Horse"))},
                                                   {"free", nullable(any())}};
  const std::vector<std::string> bodies = {
      concat({R"({"first":")", a, R"("})"}),
      concat({R"({"note":")", b, R"(","first":")", a, R"(","free":{"x":[")", c, R"("]}})"}),
      concat({R"({"first":"","note":")", b, R"("})"}),
      concat({R"({"first":"YWE=","list":[null,")", a, R"(",")", b, R"(","")", R"(]} )"}),
      concat({R"({"list":[")", c, R"("], "first":"YQ==","free":")", a, R"("})"}),
      // What is wrong with them is told in the same words.
      concat({R"({"first":")", a, R"(*"})"}),
      concat({R"({"first":")", a, R"(b"})"}),
      concat(
          {R"({"first":")", b, R"(","when":")", a, R"(","count":")", a, R"(","of":")", b, "\"}"}),
      concat({R"({"first":")", a, R"(","nothing":")", b, R"("})"}),
      concat({R"({"first":")", a, R"(","note":")", b, "\",\n \"free\":\"", a, "\", oops}"}),
      concat({R"({"first":")", a, R"(","free":["abc",")", b, R"(", tru]})"}),
      concat({R"({"first":")", a, R"("} ")", b, R"(")"}),
      concat({R"({"first":")", a, R"(")"}),
      concat({R"({"first":")", a}),
      concat({R"({"first":"a\\q)", a, R"("})"}),
      concat({R"(\"{"first":")", a, R"("})"}),
      concat({R"({\"first":")", a, R"("})"}),
      concat({R"({"first":")", a, R"(","first":")", a, R"("})"}),
      concat({R"({")", a, R"(":1,"first":"YQ=="})"}),
      concat({R"(")", a, R"(")"}),
  };
  std::size_t accepted = 0;
  for (const std::string& body : bodies) {
    Rig rig(parameters);
    const Checked plain = rig.body(body);
    Rig other(parameters);
    const Checked shortened = other.shortened_body(body);
    EXPECT_EQ(Rig::lines(shortened.failures), Rig::lines(plain.failures)) << body;
    if (!plain.ok()) continue;
    ++accepted;
    EXPECT_EQ(std::string_view(shortened.json).substr(0, shortened.json.find_last_not_of(' ') + 1),
              std::string_view(plain.json).substr(0, plain.json.find_last_not_of(' ') + 1));
    EXPECT_EQ(std::vector<std::string_view>(shortened.blobs.begin(), shortened.blobs.end()),
              std::vector<std::string_view>(plain.blobs.begin(), plain.blobs.end()));
  }
  EXPECT_EQ(accepted, 5U);
}

TEST(Blob, LongTextsThatAreNoBlobsCountInTheLimit) {
  const std::string blob_text(40'000, 'A');
  const std::string note(4'000, 'b');
  const std::string body = concat({R"({"a":")", blob_text, R"(","z":")", note, R"("})"});
  const std::size_t needed = body.size() - blob_text.size() + json::kKeptOfLongString;
  Rig rig({{"a", blob()}, {"z", text()}});
  EXPECT_TRUE(rig.shortened_body(body, needed).ok());
  const Checked refused = rig.shortened_body(body, needed - 1);
  ASSERT_EQ(refused.failures.size(), 1U);
  EXPECT_EQ(refused.failures[0].code, ErrorCode::kBodyTooLarge);
  EXPECT_EQ(refused.failures[0].detail, "");
}

TEST(Blob, WrongBase64IsRefused) {
  Rig rig(blob());
  EXPECT_EQ(rig.failures_of_value("\"aGVsbG8\""), "CLO1207: v: expected base64, got \"aGVsbG8\"");
  for (const std::string_view value :
       {"\"a\"", "\"====\"", "\"aGVs bG8=\"", "\"aGVsbG8=\\n\"", "\"aGV_bG8=\""}) {
    const Checked checked = rig.body("{\"v\": " + std::string(value) + "}");
    ASSERT_EQ(checked.failures.size(), 1U) << value;
    EXPECT_EQ(checked.failures[0].code, ErrorCode::kBase64Invalid) << value;
  }
  EXPECT_EQ(rig.failures_of_value("[1,2]"), "CLO1204: v: expected Blob, got an array");
  EXPECT_EQ(rig.failures_of_value("null"), "CLO1204: v: expected Blob, got null");
}

TEST(Blob, FormIndicesMustBeParts) {
  Rig rig({{"a", blob()}, {"list", array(blob())}});
  const BlobSource source{BlobEncoding::kFormIndex, 3};
  const Checked checked = rig.body(R"({"a": 2, "list": [0, 2]})", source);
  ASSERT_TRUE(checked.ok()) << Rig::lines(checked.failures);
  EXPECT_EQ(checked.rewriting, Rewriting::kAsReceived);
  EXPECT_EQ(std::vector<std::uint8_t>(checked.used_parts.begin(), checked.used_parts.end()),
            (std::vector<std::uint8_t>{1, 0, 1}));
  EXPECT_EQ(Rig::lines(rig.body(R"({"a": 3, "list": [-1, 1.5, "0", null, 1e0]})", source).failures),
            "CLO1106: a: there is no blob part 3: the form has 3\n"
            "CLO1106: list[0]: expected the index of a blob part, got -1\n"
            "CLO1106: list[1]: expected the index of a blob part, got 1.5\n"
            "CLO1106: list[2]: expected the index of a blob part, got \"0\"\n"
            "CLO1106: list[3]: expected the index of a blob part, got null\n"
            "CLO1106: list[4]: expected the index of a blob part, got 1e0");
  const Checked none = rig.body(R"({"a": 0, "list": []})", {BlobEncoding::kFormIndex, 0});
  ASSERT_EQ(none.failures.size(), 1U);
  EXPECT_EQ(none.failures[0].code, ErrorCode::kFormInvalid);
  const Checked huge =
      rig.body(R"({"a": 99999999999999999999, "list": []})", {BlobEncoding::kFormIndex, 1});
  ASSERT_EQ(huge.failures.size(), 1U);
  EXPECT_EQ(huge.failures[0].code, ErrorCode::kFormInvalid);
}

TEST(Blob, CanBeRefusedAltogether) {
  Rig rig(blob());
  EXPECT_EQ(Rig::lines(rig.body(R"({"v": "AAAA"})", {BlobEncoding::kRefused, 0}).failures),
            "CLO1204: v: expected Blob, got \"AAAA\"");
}

}  // namespace
}  // namespace cloesce::validate
