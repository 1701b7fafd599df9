// Names, keys, filters and codecs of buckets with history, and their door.
#include "storage/history_keys.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/history_calls.h"

namespace cloesce::storage {
namespace {

std::string encoded(KeyCodec codec, std::string_view key, KeyUse use = KeyUse::kKey) {
  const auto out = encode_key(codec, key, use);
  return out.ok() ? out.value() : "refused";
}

TEST(HistoryKeys, BucketsHaveLettersDigitsDashAndUnderscore) {
  for (const std::string_view name : {"CONFIGURATION", "a", "a-b_C9", "_kv"})
    EXPECT_TRUE(is_bucket_name(name)) << name;
  for (const std::string_view name : {"", "a.b", "a b", "a/b", "é", "a\n", "*", ">"})
    EXPECT_FALSE(is_bucket_name(name)) << name;
  EXPECT_TRUE(is_bucket_name(std::string(200, 'b')));
  EXPECT_FALSE(is_bucket_name(std::string(201, 'b')));
}

TEST(HistoryKeys, KeysAreTokensBetweenSingleDots) {
  for (const std::string_view key : {"a", "a/b-c_D=9", "a.b.c", "_kv_x", "/", "="})
    EXPECT_TRUE(is_history_key(key)) << key;
  for (const std::string_view key :
       {"", ".", ".a", "a.", "a..b", "a b", "a*", "*", ">", "é", "a\n", "a\r\nb", "a%"})
    EXPECT_FALSE(is_history_key(key)) << key;
  EXPECT_TRUE(is_history_key(std::string(kHistoryKeyBytes, 'k')));
  EXPECT_FALSE(is_history_key(std::string(kHistoryKeyBytes + 1, 'k')));
}

TEST(HistoryKeys, WhatBeginsWithKvIsReservedAndStillAKey) {
  EXPECT_TRUE(is_reserved_key("_kv/replicas"));
  EXPECT_TRUE(is_reserved_key("_kv_x"));
  EXPECT_TRUE(is_history_key("_kv_x"));
  EXPECT_FALSE(is_reserved_key("a_kv"));
  EXPECT_TRUE(check_history_key("_kvx", KeyUse::kKey).has_value());
  EXPECT_FALSE(check_history_key("kv", KeyUse::kKey).has_value());
}

TEST(HistoryKeys, FiltersHaveWildcardsAsWholeTokens) {
  for (const std::string_view filter : {"a", ">", "*", "a.*", "*.b", "a.>", "a.*.c.>"})
    EXPECT_TRUE(is_key_filter(filter)) << filter;
  for (const std::string_view filter : {"", "a*", ">.a", "a.>.b", "a..>", "a.", "**"})
    EXPECT_FALSE(is_key_filter(filter)) << filter;
}

TEST(HistoryKeys, FiltersMatchAsSubjectsDo) {
  EXPECT_TRUE(filter_matches("a.b", "a.b"));
  EXPECT_TRUE(filter_matches("a.*", "a.b"));
  EXPECT_TRUE(filter_matches("*.b", "a.b"));
  EXPECT_TRUE(filter_matches(">", "a.b.c"));
  EXPECT_TRUE(filter_matches("a.>", "a.b.c"));
  EXPECT_FALSE(filter_matches("a.>", "a"));
  EXPECT_FALSE(filter_matches("a.*", "a.b.c"));
  EXPECT_FALSE(filter_matches("a.*", "a"));
  EXPECT_FALSE(filter_matches("a", "a.b"));
  EXPECT_FALSE(filter_matches("a.b", "a"));
}

TEST(HistoryKeys, StreamsAndSubjectsOfOnesOwn) {
  EXPECT_FALSE(is_stream_name("bob sfo"));
  EXPECT_TRUE(is_stream_name("bob_sfo"));
  for (const std::string_view name : {"", "a.b", "a/b", "a\\b", "a*", "a>", "a\tb"})
    EXPECT_FALSE(is_stream_name(name)) << name;
  EXPECT_TRUE(is_subject("$KV.bucket"));
  for (const std::string_view subject : {"", "a.", ".a", "a..b", "a.*", "a b", "a.>"})
    EXPECT_FALSE(is_subject(subject)) << subject;
}

TEST(HistoryKeys, Base64UrlGoesByToken) {
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, "a b.c"), "YSBi.Yw");
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, "\xC3\xBF\xC3\xBE>?"), "w7_Dvj4_");
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, "a b.*.>", KeyUse::kFilter), "YSBi.*.>");
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, "*"), "Kg");
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, "a..b"), "refused");
  EXPECT_EQ(encoded(KeyCodec::kBase64Url, ""), "refused");
  EXPECT_EQ(decode_key(KeyCodec::kBase64Url, "YSBi.Yw"), "a b.c");
  for (const std::string_view text : {"", "YSBi.", "YSBi=", "YS+i", "YR", "Y", "YS5i", "Li4"})
    EXPECT_FALSE(decode_key(KeyCodec::kBase64Url, text).has_value()) << text;
}

TEST(HistoryKeys, PathsBecomeTokens) {
  EXPECT_EQ(encoded(KeyCodec::kPath, "/a/b/"), "_root_.a.b");
  EXPECT_EQ(encoded(KeyCodec::kPath, "a/b"), "a.b");
  EXPECT_EQ(encoded(KeyCodec::kPath, "/"), "_root_");
  EXPECT_EQ(encoded(KeyCodec::kPath, "/a/*", KeyUse::kFilter), "_root_.a.*");
  EXPECT_EQ(decode_key(KeyCodec::kPath, "_root_.a.b"), "/a/b");
  EXPECT_EQ(decode_key(KeyCodec::kPath, "_root_"), "/");
  EXPECT_EQ(decode_key(KeyCodec::kPath, "a.b"), "a/b");
}

TEST(HistoryKeys, EscapesMakeOneTokenOfAnything) {
  EXPECT_EQ(encoded(KeyCodec::kEscape, "a/b-9"), "a/b-9");
  EXPECT_EQ(encoded(KeyCodec::kEscape, "a.b_*"), "a_2eb_5f_2a");
  EXPECT_EQ(encoded(KeyCodec::kEscape, std::string_view("\0\xC3\xA9", 3)), "_00_c3_a9");
  EXPECT_EQ(encoded(KeyCodec::kEscape, "_kv"), "_5fkv");
  EXPECT_EQ(encoded(KeyCodec::kEscape, ""), "refused");
  EXPECT_EQ(encoded(KeyCodec::kEscape, ">", KeyUse::kFilter), ">");
  EXPECT_EQ(encoded(KeyCodec::kEscape, "a*", KeyUse::kFilter), "refused");
  EXPECT_EQ(decode_key(KeyCodec::kEscape, "a_2eb"), "a.b");
  for (const std::string_view text : {"", "_", "_2", "_2E", "_kv", "_61", "a.b", "a="})
    EXPECT_FALSE(decode_key(KeyCodec::kEscape, text).has_value()) << text;
}

TEST(HistoryCalls, AnswerInJson) {
  EXPECT_EQ(history_bucket(R"(["b", 64])").text, "null");
  EXPECT_EQ(history_bucket(R"(["b.c", null])").code, 1);
  for (const std::string_view history : {"0", "65", "1.5", "-1"})
    EXPECT_EQ(history_bucket("[\"b\"," + std::string(history) + "]").code, 2) << history;
  EXPECT_EQ(history_names(R"([null, null])").text, "null");
  EXPECT_TRUE(history_names(R"(["a b", null])").refused);
  EXPECT_EQ(history_encode(R"([["path","base64url"], ["/a/b c", "x"], false, true])").text,
            R"(["X3Jvb3Rf.YQ.YiBj","eA"])");
  EXPECT_EQ(history_decode(R"([["path","base64url"], ["X3Jvb3Rf.YQ.YiBj","eA","="]])").text,
            R"(["/a/b c","x",null])");
  EXPECT_EQ(history_decode(R"([[], ["_kv/replicas", "a"]])").text, R"([null,"a"])");
  EXPECT_EQ(history_decode(R"([["escape"], ["_ff"]])").text, "[null]");
  EXPECT_EQ(history_match(R"(["a.*", ["a.b","a"]])").text, "[true,false]");
  EXPECT_EQ(history_encode(R"([[], ["a b"], false, true])").text,
            "\"a b\" is not made of A-Z a-z 0-9 - / _ = with single dots between them");
}

}  // namespace
}  // namespace cloesce::storage
