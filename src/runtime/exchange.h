// Exchange: the state of one request or ORM call between two steps. Bodies, rows and the texts of
// statements are no part of it: they are gone with the step that used them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/counted.h"
#include "base/list.h"
#include "base/string.h"
#include "media/accept.h"
#include "media/body.h"
#include "orm/scopes.h"
#include "orm/select_plan.h"
#include "orm/upsert_plan.h"
#include "route/route_table.h"
#include "runtime/app_image.h"
#include "runtime/head.h"
#include "runtime/hydration.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// What the exchange does when it is next advanced. The order is that of the router's states.
enum class Stage : std::uint8_t {
  kServices,
  kRequestHooks,
  kMatched,
  kBody,
  kAwaitBody,
  kAwaitBodyAgain,
  kHydrate,
  kAwaitSelf,
  kInstanceHooks,
  kScopes,
  kNestedHooks,
  kAwaitBuiltin,
  kAwaitOperation,
};

/// An ORM call of user code.
enum class OperationKind : std::uint8_t { kNone, kGet, kList, kSave, kUpsert, kDelete, kCount };

/// What the arguments of a method are made of.
enum class ArgumentsSource : std::uint8_t {
  kUrl,        // the query string; or nothing of the request
  kBody,       // they are the body, as it was read
  kRewritten,  // the body, with blobs taken out
};

/// The hooks at the SAVE `route` that are to look at a row nested in a save.
struct NestedHook {
  HookStage stage = HookStage::kMethod;
  std::uint32_t route = 0;
  String arguments;  // of the row, as they are shown it; none for those of a namespace
};

/// How far the hooks of a save's nested rows are. The plan and the body are not kept meanwhile:
/// hooks are made ready for some rows at a time, and the body is read out again for the next.
struct NestedHooks {
  List<NestedHook> ready;
  std::size_t next = 0;  // of `ready`
  std::size_t rows = 0;  // in the order of the input, whose hooks were made ready
  List<bool> asked;      // by model: the hooks of its namespace were
};

/// Everything of an exchange but its memory; assigned anew for each request. Views point into the
/// arena of the call until `hold` copies what of it is still needed.
struct ExchangeState {
  Stage stage = Stage::kServices;
  OperationKind operation = OperationKind::kNone;
  media::BodyKind body_kind = media::BodyKind::kNone;
  BytesForm bytes = BytesForm::kText;
  orm::RowForm row_form = orm::RowForm::kJoined;      // how the rows of the awaited batch come
  media::ErrorKind errors = media::ErrorKind::kText;  // what the caller takes for a failure
  ArgumentsSource source = ArgumentsSource::kUrl;
  bool repeatable = false;       // the awaited batch may be run twice
  std::uint16_t statements = 0;  // of the awaited batch
  std::uint8_t attempts = 0;     // that were made to get past a failure that passes
  bool scoped = false;           // it reads and writes within the scopes of its caller
  bool body_gone = false;        // the body was read, but not in this call
  std::string_view head_text;    // until the body is read
  Head head;
  route::Match match;
  const Method* method = nullptr;
  const orm::ModelSchema* model = nullptr;  // of a model's route or an ORM call
  std::span<const std::string_view> blobs;  // bytes that came as base64; the arguments hold indices
  std::string_view body;                    // of kBody: JSON object by parameter name
  std::string_view arguments;               // of the others
  std::string_view data_source;             // as the caller named it
  std::string_view keys;                    // JSON array of the primary key in the URL
  std::string_view self;                    // the hydrated instance
  Step* answer = nullptr;                   // of a ready-made GET, while hooks look at the instance
  Counted<orm::SelectPlan> select;          // reads the awaited rows
  std::unique_ptr<orm::UpsertPlan> upsert;  // reads the awaited answer to a save
  NestedHooks nested;                       // that look at rows of a save
  orm::IncludeTree tree;                    // of the awaited batch, to ask again
  orm::RowSelection selection;
  orm::Scopes scopes;           // those that are known
  std::size_t page_rows = 0;    // of a page; 0: all rows are answered
  std::string_view page_query;  // what is asked in the URL, but for where the page begins
  std::string_view next_page;   // a cursor, when there are rows behind the page
  std::string_view known;       // JSON object: what is known of the root before its row is there
  std::unique_ptr<Hydration> hydration;  // the values from KV and R2 that are still to come

  /// Whether an ORM call asked for a page.
  [[nodiscard]] bool is_page() const { return operation == OperationKind::kList && page_rows != 0; }
};

/// One exchange. `handle` is what the host knows it by; it is set anew for each use.
struct Exchange {
  explicit Exchange(Arena& of_call) : arena(of_call) {}
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  std::uint32_t handle = 0;
  std::size_t held = 0;  // bytes that are counted for it, those that arenas count aside
  Arena& arena;          // of the call: it is empty in the next one
  ExchangeState state;
  void* kept = nullptr;  // what `hold` copied
};

/// Lets the exchange wait: what it still needs of the call's arena is copied, all else forgotten.
/// Answers what it held before, to be freed when the step is read.
[[nodiscard]] void* hold(Exchange& exchange);

/// Forgets everything.
void let_go(Exchange& exchange);

}  // namespace cloesce::runtime
