// What a match costs, with few and with many routes: the figure must not depend on their number.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "compile/image/built.h"
#include "route/route_table.h"

namespace cloesce::route {
namespace {

cidl::Interface make_interface(std::int64_t models) {
  cidl::Interface interface;
  interface.route_prefix = "api";
  for (std::int64_t index = 0; index < models; ++index) {
    cidl::Model model;
    model.name = "Model" + std::to_string(index);
    cidl::Column key;
    key.name = "id";
    key.key = cidl::KeyRole::kPrimaryKey;
    model.columns.push_back(key);
    for (const std::string_view name : {"list", "get", "save", "remove"}) {
      cidl::Method method;
      method.name = name;
      method.verb = name == "list" || name == "get" ? cidl::Verb::kGet : cidl::Verb::kPost;
      method.scope = name == "remove" ? cidl::MethodScope::kInstance : cidl::MethodScope::kStatic;
      model.methods.push_back(method);
    }
    interface.models.push_back(model);
  }
  return interface;
}

void measure(benchmark::State& state, std::string_view verb, std::string_view target) {
  const cidl::Interface interface = make_interface(state.range(0));
  const auto table = image::testing::built_routes(interface);
  for (auto _ : state) {
    benchmark::DoNotOptimize(target);
    benchmark::DoNotOptimize(table->match(interface.route_prefix, verb, target));
  }
}

void match_static(benchmark::State& state) { measure(state, "GET", "/api/Model3/list?from=10"); }
void match_instance(benchmark::State& state) {
  measure(state, "POST", "/api/Model3/1234567/remove");
}
void match_nothing(benchmark::State& state) { measure(state, "GET", "/api/Unknown/list"); }
void match_escaped(benchmark::State& state) { measure(state, "GET", "/api/Mod%65l3/list"); }

BENCHMARK(match_static)->Arg(5)->Arg(50)->Arg(500);
BENCHMARK(match_instance)->Arg(5)->Arg(500);
BENCHMARK(match_nothing)->Arg(500);
BENCHMARK(match_escaped)->Arg(500);

}  // namespace
}  // namespace cloesce::route
