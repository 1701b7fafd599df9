// What the ORM costs without a database: mapping rows, finding and making plans, planning a save.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdint>
#include <string>
#include <string_view>

#include "compile/image/built.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/key.h"
#include "orm/map_rows.h"
#include "orm/plan_cache.h"
#include "orm/schema.h"
#include "orm/upsert_plan.h"

namespace cloesce::orm {
namespace {

cidl::Column make_column(std::string_view name, cidl::TypeKind kind) {
  cidl::Column column;
  column.name = name;
  column.type.kind = kind;
  return column;
}

// Authors with books: a key, a foreign key, texts and a price.
cidl::Interface make_interface() {
  cidl::Model author;
  author.name = "Author";
  author.table = "Author";
  author.columns = {make_column("id", cidl::TypeKind::kInteger),
                    make_column("name", cidl::TypeKind::kText),
                    make_column("city", cidl::TypeKind::kText)};
  author.columns[0].key = cidl::KeyRole::kPrimaryKey;
  cidl::Navigation books;
  books.name = "books";
  books.kind = cidl::NavigationKind::kOneToMany;
  books.model = "Book";
  books.key_owner = cidl::KeyOwner::kTarget;
  books.columns = {"authorId"};
  author.navigations = {books};

  cidl::Model book;
  book.name = "Book";
  book.table = "Book";
  book.columns = {make_column("id", cidl::TypeKind::kInteger),
                  make_column("title", cidl::TypeKind::kText),
                  make_column("authorId", cidl::TypeKind::kInteger),
                  make_column("price", cidl::TypeKind::kReal)};
  book.columns[0].key = cidl::KeyRole::kPrimaryKey;
  book.columns[2].references = cidl::Reference{"Author", "id"};

  cidl::Interface interface;
  interface.models = {author, book};
  return interface;
}

struct Fixture {
  Fixture() : built(image::testing::built_schema(make_interface())), schema(*built) {
    cidl::IncludeTree source;
    source.nodes.push_back({"books", {}});
    declared = image::testing::built_data_source(source);
    tree = *resolve_include_tree(*schema.model("Author"), *declared, reader, lasting);
  }

  image::testing::Built<Schema> built;
  const Schema& schema;
  image::testing::Built<DataSource> declared = image::testing::built_data_source({});
  Arena lasting;
  IncludeTree tree;
  json::Reader reader;
};

// The answer to the batch of `authors` with `books` each.
std::string make_answer(std::int64_t authors, std::int64_t books) {
  std::string text = "[[";
  for (std::int64_t author = 1; author <= authors; ++author) {
    for (std::int64_t book = 0; book < books; ++book) {
      if (text.size() > 2) text += ',';
      text += fmt::format(R"([{0},{1},"The title of a book",{0},"12.5"])", author,
                          author * books + book);
    }
  }
  text += "],[";
  for (std::int64_t author = 1; author <= authors; ++author) {
    if (author > 1) text += ',';
    text += fmt::format(R"([{},"Some name","Some city"])", author);
  }
  return text + "]]";
}

// The memory of a wasm module never goes back to the system, so here it should not either.
void keep_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

void map_objects(benchmark::State& state) {
  keep_memory();
  Fixture fixture;
  const SelectPlan plan = *plan_select(fixture.tree, {});
  const std::string answer = make_answer(state.range(0), 5);
  const simdjson::padded_string_view text = json::pad(fixture.lasting, answer);
  Arena arena;
  for (auto _ : state) {
    auto mapped = map_rows(plan, Cardinality::kMany, {text, 0}, fixture.reader, arena);
    if (!mapped.ok()) state.SkipWithError("mapping failed");
    benchmark::DoNotOptimize(mapped->data());
    arena.reset();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(answer.size()));
}
BENCHMARK(map_objects)->Arg(1)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

void find_plan(benchmark::State& state) {
  Fixture fixture;
  PlanCache cache;
  for (auto _ : state) {
    auto plan = cache.select(fixture.tree, {.kind = Selection::kKey});
    benchmark::DoNotOptimize(plan->get());
  }
}
BENCHMARK(find_plan);

void find_plan_of_json_tree(benchmark::State& state) {
  Fixture fixture;
  PlanCache cache;
  Arena arena;
  const simdjson::padded_string_view text = json::pad(fixture.lasting, R"({"books":{}})");
  for (auto _ : state) {
    auto document = fixture.reader.open(text);
    json::Value root;
    if ((*document)->get_value(root)) state.SkipWithError("no tree");
    auto tree = parse_include_tree(*fixture.schema.model("Author"), root, fixture.reader, arena);
    auto plan = cache.select(*tree, {});
    benchmark::DoNotOptimize(plan->get());
    arena.reset();
  }
}
BENCHMARK(find_plan_of_json_tree);

void make_plan(benchmark::State& state) {
  Fixture fixture;
  for (auto _ : state) {
    auto plan = plan_select(fixture.tree, {.kind = Selection::kKey});
    benchmark::DoNotOptimize(plan->statements.data());
  }
}
BENCHMARK(make_plan);

void plan_save(benchmark::State& state) {
  Fixture fixture;
  PlanCache cache;
  Arena arena;
  std::string value = R"({"name":"Some name","city":"Some city","books":[)";
  for (std::int64_t book = 0; book < state.range(0); ++book) {
    if (book > 0) value += ',';
    value += R"({"title":"The title of a book","price":12.5})";
  }
  value += "]}";
  const simdjson::padded_string_view text = json::pad(fixture.lasting, value);
  for (auto _ : state) {
    auto document = fixture.reader.open(text);
    json::Value root;
    if ((*document)->get_value(root)) state.SkipWithError("no value");
    auto plan =
        plan_upsert(fixture.schema, fixture.tree, root, SaveAnswer::kObject, "model", cache, arena);
    if (!plan.ok()) state.SkipWithError("planning failed");
    benchmark::DoNotOptimize(plan->statements.data());
    arena.reset();
  }
}
BENCHMARK(plan_save)->Arg(0)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cloesce::orm
