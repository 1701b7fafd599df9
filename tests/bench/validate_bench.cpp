// What checking a body costs, in bytes a second: objects of a model, texts, numbers, and free JSON
// for comparison.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/image/built.h"
#include "validate/validator.h"

namespace cloesce::validate {
namespace {

cidl::Type type_of(cidl::TypeKind kind, std::string name = {}) {
  cidl::Type type;
  type.kind = kind;
  type.name = std::move(name);
  return type;
}

cidl::Column column(std::string name, cidl::TypeKind kind) {
  cidl::Column made;
  made.name = std::move(name);
  made.type = type_of(kind);
  return made;
}

/// Track { id, name, composer, milliseconds, price, added, available }, and a method for each
/// parameter type.
cidl::Interface make_interface() {
  using Kind = cidl::TypeKind;
  cidl::Interface interface;
  cidl::Model track;
  track.name = "Track";
  track.columns = {column("id", Kind::kInteger),       column("name", Kind::kText),
                   column("composer", Kind::kText),    column("milliseconds", Kind::kInteger),
                   column("price", Kind::kReal),       column("added", Kind::kDateIso),
                   column("available", Kind::kBoolean)};
  interface.models = {track};
  cidl::Service service;
  service.name = "Service";
  for (cidl::Type inner : {type_of(Kind::kObject, "Track"), type_of(Kind::kPartial, "Track"),
                           type_of(Kind::kJsonValue), type_of(Kind::kText)}) {
    cidl::Type list = type_of(Kind::kArray);
    list.inner.push_back(std::move(inner));
    cidl::Method method;
    method.parameters = {{"values", list}};
    service.methods.push_back(method);
  }
  cidl::Method blob;
  blob.parameters = {{"values", type_of(Kind::kBlob)}};
  service.methods.push_back(blob);
  interface.services = {service};
  return interface;
}

std::string array_of(std::string_view element, int count) {
  std::string text = "{\"values\":[";
  for (int index = 0; index < count; ++index) {
    if (index > 0) text += ',';
    text += element;
  }
  return text + "]}";
}

constexpr std::string_view kTrack =
    R"json({"id":1234,"name":"For Those About To Rock (We Salute You)",)json"
    R"json("composer":"Angus Young, Malcolm Young, Brian Johnson","milliseconds":343719,)json"
    R"json("price":0.99,"added":"2026-01-31T12:00:00Z","available":true})json";

constexpr std::string_view kShuffledTrack =
    R"json({"available":true,"price":0.99,"composer":"Angus Young, Malcolm Young, Brian )json"
    R"json(Johnson","id":1234,"added":"2026-01-31T12:00:00Z","name":"For Those About To )json"
    R"json(Rock (We Salute You)","milliseconds":343719})json";

void measure(benchmark::State& state, std::uint32_t method, const std::string& text) {
  const cidl::Interface interface = make_interface();
  const auto types = image::testing::built_types(interface);
  const Validator validator(*types);
  const ShapeId parameters = image::testing::parameters_of_service(interface, 0, method);
  json::Reader reader;
  Arena input;
  Arena arena;
  const simdjson::padded_string_view body = json::pad(input, text);
  for (auto _ : state) {
    arena.reset();
    const Checked checked = validator.check_body(parameters, reader, body, BlobSource{}, arena);
    if (!checked.ok())
      state.SkipWithError(std::string(checked.failures.front().detail.view()).c_str());
    benchmark::DoNotOptimize(checked.json.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void one_object(benchmark::State& state) { measure(state, 0, array_of(kTrack, 1)); }
void many_objects(benchmark::State& state) { measure(state, 0, array_of(kTrack, 5000)); }
void shuffled_objects(benchmark::State& state) {
  measure(state, 0, array_of(kShuffledTrack, 5000));
}
void many_partials(benchmark::State& state) { measure(state, 1, array_of(kTrack, 5000)); }
void free_json(benchmark::State& state) { measure(state, 2, array_of(kTrack, 5000)); }
void short_texts(benchmark::State& state) { measure(state, 3, array_of("\"short text\"", 50'000)); }
void long_text(benchmark::State& state) {
  measure(state, 3, "{\"values\":[\"" + std::string(1'000'000, 'x') + "\"]}");
}
void blob(benchmark::State& state) {
  measure(state, 4, "{\"values\":\"" + std::string(1'000'000, 'A') + "\"}");
}

BENCHMARK(one_object);
BENCHMARK(many_objects);
BENCHMARK(shuffled_objects);
BENCHMARK(many_partials);
BENCHMARK(free_json);
BENCHMARK(short_texts);
BENCHMARK(long_text);
BENCHMARK(blob);

}  // namespace
}  // namespace cloesce::validate
