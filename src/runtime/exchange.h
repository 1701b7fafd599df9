// Exchange: the state of one request or ORM call between two steps.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/counted.h"
#include "base/list.h"
#include "base/string.h"
#include "media/body.h"
#include "orm/nested_rows.h"
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
  kHydrate,
  kAwaitSelf,
  kInstanceHooks,
  kNestedHooks,
  kAwaitBuiltin,
  kAwaitOperation,
};

/// An ORM call of user code.
enum class OperationKind : std::uint8_t { kNone, kGet, kList, kSave, kUpsert, kDelete };

/// Everything of an exchange but its memory; assigned anew for each request. Views point into the
/// arena.
struct ExchangeState {
  Stage stage = Stage::kServices;
  OperationKind operation = OperationKind::kNone;
  media::BodyKind body_kind = media::BodyKind::kNone;
  BytesForm bytes = BytesForm::kText;
  orm::RowForm row_form = orm::RowForm::kJoined;  // how the rows of the awaited batch come
  bool no_room = false;                           // App::buffer refused the last one
  Head head;
  route::Match match;
  const Method* method = nullptr;
  const orm::ModelSchema* model = nullptr;  // of a model's route or an ORM call
  std::span<char> reply;                    // what App::buffer gave last, without its padding
  std::span<const std::string_view> blobs;  // bytes that came as base64; the arguments hold indices
  std::string_view body;                    // JSON object by parameter name, as read
  std::string_view arguments;       // the same from a query string; unused when there is a body
  std::string_view data_source;     // as the caller named it
  std::string_view keys;            // JSON array of the primary key in the URL
  std::string_view self;            // the hydrated instance
  Step* answer = nullptr;           // of a ready-made GET, while hooks look at the instance
  Counted<orm::SelectPlan> select;  // reads the awaited rows
  std::unique_ptr<orm::UpsertPlan> upsert;  // reads the awaited answer to a save
  orm::NestedRow nested;                    // the row of the save that hooks look at
  String nested_arguments;                  // as they are shown it
  List<bool> asked;                         // by model: the hooks of its namespace have run
  orm::IncludeTree tree;                    // of the awaited batch, to ask again
  orm::RowSelection selection;
  std::string_view parameters;
  std::string_view known;  // JSON object: what is known of the root before its row is there
  std::unique_ptr<Hydration> hydration;  // the values from KV and R2 that are still to come
};

/// One exchange. `handle` is what the host knows it by; it is set anew for each use.
struct Exchange {
  std::uint32_t handle = 0;
  Arena arena;
  ExchangeState state;
};

}  // namespace cloesce::runtime
