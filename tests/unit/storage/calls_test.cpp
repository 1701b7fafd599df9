// The rules through their door: JSON in, JSON out, and nothing bad from what is none.
#include "storage/calls.h"

#include <gtest/gtest.h>

#include "storage/input.h"

namespace cloesce::storage {
namespace {

TEST(StorageCalls, AnswerInJson) {
  EXPECT_EQ(make_blob_id(R"(["a/b","0123456789abcdef0123456789abcdef",""])").text,
            R"("a%2fb~0123456789abcdef0123456789abcdef")");
  EXPECT_EQ(read_blob_id(R"(["a~0123456789abcdef0123456789abcdef"])").text, R"({"key":"61"})");
  EXPECT_EQ(read_blob_id(R"(["../a"])").text, "null");
  EXPECT_EQ(read_range(R"(["bytes=1-2,-1", 10])").text, "[[1,2],[9,9]]");
  EXPECT_EQ(read_range(R"(["bytes=20-", 10])").text, "[]");
  EXPECT_EQ(kv_list(R"(["é", 5, null])").text,
            R"({"limit":5,"lower":"c3a9","inclusive":true,"upper":"c3aa"})");
  EXPECT_EQ(kv_list(R"(["", null, "junk"])").code, 400);
  EXPECT_EQ(r2_list(R"(["", null, "junk", null, false])").text, "null");
  EXPECT_EQ(list_groups(R"(["", "/", ["a/b", "c"]])").text, R"(["a/",null])");
  EXPECT_EQ(r2_condition(R"([{"etagMatches":[["x",false]]},{"etag":"x","uploaded":1}])").text,
            "true");
  EXPECT_EQ(r2_range(R"(["bytes=1-1", 10])").text, "[1,1]");
  EXPECT_EQ(r2_range(R"([{"offset":2}, 10])").text, "[2,9]");
  EXPECT_EQ(cache_put(R"(["GET",200,[["cache-control","max-age=1"]],0])").text,
            R"({"expires":1000,"headers":[["cache-control","max-age=1"]]})");
  EXPECT_EQ(cache_match(R"([[["range","bytes=0-0"]],[],200,3])").text,
            R"({"status":206,"ranges":[[0,0]]})");
}

TEST(StorageCalls, SurviveWhatIsNoInput) {
  for (const std::string_view input :
       {"", "{", "null", "[[[[[[[[[[[]]]]]]]]]]]", "[\"\\ud800\"]", "[1e999]"})
    for (const Call call :
         {make_blob_id, read_blob_id, folder_name, kv_get, kv_put, kv_list, r2_list, r2_range,
          r2_condition, r2_complete, cache_put, cache_match, list_groups})
      (void)call(input);
}

TEST(Input, ReadsEveryKind) {
  const auto input = Input::parse(R"([null, true, -1.5e3, "aé\n", [1], {"k": "v"}])");
  ASSERT_TRUE(input.has_value());
  EXPECT_TRUE(input->at(0).is_null());
  EXPECT_TRUE(input->at(1).flag());
  EXPECT_EQ(input->at(2).number(), -1500);
  EXPECT_EQ(input->at(3).text(), "a\xC3\xA9\n");
  EXPECT_EQ(input->at(4).at(0).size(), 1U);
  EXPECT_EQ(input->at(5).member("k").text(), "v");
  EXPECT_TRUE(input->at(9).is_null());
}

}  // namespace
}  // namespace cloesce::storage
