// Replays tests/fixtures/exchange, which tests/wasm replays too: the native core and the wasm
// module must take the very same steps, to the byte. With CLOESCE_UPDATE_FIXTURES in the
// environment the steps are written instead; review the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "json/reader.h"
#include "json/writer.h"
#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

struct FixtureReply {
  std::uint32_t outcome = 0;
  std::string text;
};

struct FixtureExchange {
  std::string name;
  std::string hooks;  // set before, when there are any
  std::string begin;  // a head, or
  std::string operation;
  std::vector<FixtureReply> replies;
  std::vector<std::string> steps;
};

bool updating() { return std::getenv("CLOESCE_UPDATE_FIXTURES") != nullptr; }

std::string path_of(std::string_view file) {
  return std::string(CLOESCE_FIXTURES "/exchange/").append(file);
}

std::string read_file(std::string_view name) {
  std::ifstream file(path_of(name), std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(std::string_view name, std::string_view text) {
  std::ofstream(path_of(name), std::ios::binary) << text;
}

// What every app of the fixtures is opened with.
std::string fixture_open_text() { return open_text(stable_interface(), "4096,,,,10,3\n"); }

// A step as one line of JSON, without what is zero or empty. The exchange is left out: handles are
// the core's own.
std::string describe(App& app, const Step& step) {
  Arena arena;
  ByteBuffer out(arena);
  json::Writer json(out);
  const auto number = [&](std::string_view name, std::uint32_t value) {
    if (value != 0) json.key(name).integer(value);
  };
  const auto text = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) json.key(name).string(value);
  };
  json.begin_object();
  json.key("kind").string(kind_name(step.kind));
  if (step.route != kNoRoute) json.key("route").integer(step.route);
  number("status", step.status);
  number("flags", step.flags);
  number("limit", step.limit);
  text("text", step.text);
  text("bytes", step.bytes);
  if (!step.statements.empty()) {
    json.key("statements").begin_array();
    for (const StatementCall& call : step.statements) {
      json.begin_array()
          .string(app.statement_text(call.statement))
          .string(call.parameters)
          .end_array();
    }
    json.end_array();
  }
  if (!step.blobs.empty()) {
    json.key("blobs").begin_array();
    for (const std::string_view blob : step.blobs) json.string(blob);
    json.end_array();
  }
  json.end_object();
  return std::string(out.view());
}

template <class Visit>
void for_each(const json::Value& list, const Visit& visit) {
  json::Array items;
  EXPECT_FALSE(list.get_array(items));
  for (json::Value item; items.next(item);) visit(item);
  EXPECT_FALSE(items.error());
}

std::string_view text_of(const json::Value& value) {
  std::string_view text;
  EXPECT_FALSE(value.get_string(text));
  return text;
}

FixtureReply read_reply(const json::Value& value) {
  FixtureReply reply;
  std::size_t position = 0;
  for_each(value, [&](const json::Value& item) {
    std::uint64_t outcome = 0;
    if (position++ > 0) {
      reply.text = text_of(item);
    } else if (item.get_uint64(outcome) == simdjson::SUCCESS) {
      reply.outcome = static_cast<std::uint32_t>(outcome);
    }
  });
  return reply;
}

FixtureExchange read_exchange(const json::Value& value) {
  FixtureExchange exchange;
  json::Object members;
  EXPECT_FALSE(value.get_object(members));
  for (json::Field member; members.next(member);) {
    const std::string_view name = member.escaped_key();
    const json::Value item = member.value();
    if (name == "replies") {
      for_each(item,
               [&](const json::Value& entry) { exchange.replies.push_back(read_reply(entry)); });
      continue;
    }
    if (name == "steps") {
      for_each(item, [&](const json::Value& entry) {
        std::string_view raw;
        EXPECT_FALSE(entry.raw_json(raw));
        exchange.steps.emplace_back(raw.substr(0, raw.find_last_of('}') + 1));
      });
      continue;
    }
    std::string& into = name == "name"    ? exchange.name
                        : name == "hooks" ? exchange.hooks
                        : name == "begin" ? exchange.begin
                                          : exchange.operation;
    into = text_of(item);
  }
  return exchange;
}

std::vector<FixtureExchange> read_fixture(std::string_view file) {
  const std::string text = read_file(file);
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  EXPECT_TRUE(document.ok()) << file;
  std::vector<FixtureExchange> exchanges;
  json::Value list;
  EXPECT_FALSE((*document)->get_value(list));
  for_each(list, [&](const json::Value& entry) { exchanges.push_back(read_exchange(entry)); });
  return exchanges;
}

void write_fixture(std::string_view file, const std::vector<FixtureExchange>& exchanges) {
  Arena arena;
  ByteBuffer out(arena);
  const auto member = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append("    \"");
    out.append(name);
    out.append("\": ");
    json::append_string(out, value);
    out.append(",\n");
  };
  out.append("[\n");
  for (const FixtureExchange& exchange : exchanges) {
    out.append(&exchange == exchanges.data() ? "  {\n" : ",\n  {\n");
    member("name", exchange.name);
    member("hooks", exchange.hooks);
    member("begin", exchange.begin);
    member("operation", exchange.operation);
    out.append("    \"replies\": [");
    for (const FixtureReply& reply : exchange.replies) {
      out.append(&reply == exchange.replies.data() ? "\n      [" : ",\n      [");
      json::append_integer(out, reply.outcome);
      out.append(", ");
      json::append_string(out, reply.text);
      out.append("]");
    }
    out.append(exchange.replies.empty() ? "],\n" : "\n    ],\n");
    out.append("    \"steps\": [");
    for (const std::string& step : exchange.steps) {
      out.append(&step == exchange.steps.data() ? "\n      " : ",\n      ");
      out.append(step);
    }
    out.append("\n    ]\n  }");
  }
  out.append("\n]\n");
  write_file(file, out.view());
}

std::vector<std::string> replay(App& app, const FixtureExchange& exchange) {
  const bool hooked = exchange.hooks.empty() || app.set_hooks(exchange.hooks).ok();
  EXPECT_TRUE(hooked) << exchange.name;
  Step step = exchange.operation.empty() ? app.begin(exchange.begin)
                                         : app.begin_operation(exchange.operation);
  std::vector<std::string> steps = {describe(app, step)};
  for (const FixtureReply& given : exchange.replies) {
    if (step.exchange == 0) break;
    step = reply(app, step.exchange, static_cast<Outcome>(given.outcome), given.text);
    steps.push_back(describe(app, step));
  }
  EXPECT_EQ(steps.size(), exchange.replies.size() + 1) << exchange.name << ": replies left over";
  EXPECT_EQ(step.exchange, 0U) << exchange.name << ": not over";
  return steps;
}

class ExchangeFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(ExchangeFixture, TakesTheStepsItSays) {
  auto app = App::open(read_file("stable.open.txt"));
  ASSERT_TRUE(app.ok()) << render(app.error());
  std::vector<FixtureExchange> exchanges = read_fixture(GetParam());
  ASSERT_FALSE(exchanges.empty());
  for (FixtureExchange& exchange : exchanges) {
    const std::vector<std::string> steps = replay(**app, exchange);
    if (updating()) exchange.steps = steps;
    EXPECT_EQ(steps, exchange.steps) << exchange.name;
  }
  if (updating()) write_fixture(GetParam(), exchanges);
}

INSTANTIATE_TEST_SUITE_P(All, ExchangeFixture,
                         ::testing::Values("requests.json", "crud.json", "operations.json"));

TEST(ExchangeFixtureInterface, IsThatOfTheOtherTests) {
  if (updating()) write_file("stable.open.txt", fixture_open_text());
  EXPECT_TRUE(read_file("stable.open.txt") == fixture_open_text()) << "another image";
}

TEST(ExchangeFixtureInterface, HasTheManifestOfTheWasmTest) {
  auto app = App::open(read_file("stable.open.txt"));
  ASSERT_TRUE(app.ok());
  const std::string manifest = concat({(*app)->manifest(), "\n"});
  if (updating()) write_file("stable.manifest.json", manifest);
  EXPECT_EQ(read_file("stable.manifest.json"), manifest);
}

}  // namespace
}  // namespace cloesce::runtime::testing
