// One pass over the answer. Each statement's objects are written behind those of the statements
// before it, in one buffer; an object takes the texts of its children from there when its turn
// comes.
#include "orm/map_rows.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "base/byte_buffer.h"
#include "base/string.h"
#include "orm/detail/column_value.h"
#include "orm/detail/link_table.h"

namespace cloesce::orm {
namespace {

using detail::ColumnFault;
using detail::LinkTable;
using detail::Segment;
using Kind = MemberPlan::Kind;

// Objects are longer than their rows by the names of their members: of few rows by much, of large
// answers, whose values are long, by little.
constexpr std::size_t kGrowth = 3;
constexpr std::size_t kLargeAnswer = 512 * 1024;

std::size_t room_for(std::size_t answer_bytes) {
  if (answer_bytes < kLargeAnswer) return answer_bytes * kGrowth + 64;
  return answer_bytes + answer_bytes / 4 + kLargeAnswer * 2;
}

class Mapper {
 public:
  Mapper(const SelectPlan& plan, Cardinality cardinality, std::size_t answer_bytes, Arena& arena,
         Pieces* pieces)
      : plan_(plan),
        cardinality_(cardinality),
        pieces_(answer_bytes < Pieces::kBytes ? nullptr : pieces),
        arena_(arena),
        out_(arena),
        scratch_(arena) {
    // Children wait in the buffer for their parents, which leave it in pieces.
    const bool leaves = pieces_ != nullptr && plan.statements.size() == 1;
    fits_ = out_.reserve_if_fits(leaves ? Pieces::kBytes * 5 / 4 : room_for(answer_bytes));
    links_ = arena.make_span<LinkTable*>(plan.statements.size());
    keys_ = arena.make_span<std::string_view*>(plan.objects.size());
    for (std::size_t index = 0; index < keys_.size(); ++index) {
      const ObjectPlan& object = plan.objects[index];
      // An object is never inside another of the same place in the tree, so its key tokens have one
      // place too.
      keys_[index] =
          object.has_to_many
              ? arena.make_span<std::string_view>(object.model->primary_key.size()).data()
              : nullptr;
    }
  }

  bool read_batch(json::Document& document, std::size_t skipped) {
    if (!fits_) return fail_room();
    json::Array lists;
    if (document.get_array(lists)) return fail_form();
    std::size_t number = 0;
    for (json::Value list; lists.next(list);) {
      if (number >= skipped) {
        if (number - skipped >= plan_.statements.size()) return fail_form();
        if (!read_statement(number - skipped, list)) return false;
      }
      ++number;
    }
    if (lists.error()) return fail_form();
    return number == skipped + plan_.statements.size() || fail_form();
  }

  void read_page(Page* page) { page_ = page; }

  [[nodiscard]] std::string_view answer() const { return out_.view().substr(answer_begin_); }
  [[nodiscard]] Error&& error() { return std::move(error_); }

 private:
  // Goes through the values of one row, in step with the members that they belong to.
  struct Progress {
    const ObjectPlan& object;
    std::size_t values = 0;
    std::size_t member = 0;
    const char* link_begin = nullptr;
    const char* link_end = nullptr;
    std::size_t begin = 0;               // of the object in the buffer
    std::string_view key = {};           // the first column of the key, for messages
    std::string_view* tokens = nullptr;  // where those of the values go, if anywhere
  };

  bool read_statement(std::size_t statement, const json::Value& list) {
    const ObjectPlan& object = plan_.objects[plan_.statements[statement].object];
    const bool root = statement + 1 == plan_.statements.size();
    links_[statement] = root ? nullptr : arena_.make<LinkTable>(arena_);
    json::Array rows;
    if (list.get_array(rows)) return fail_form();
    if (root) return read_root(object, rows);
    for (json::Value row; rows.next(row);) {
      Progress progress{object};
      if (!read_object(progress, row, links_[statement])) return false;
      const std::string_view key(progress.link_begin,
                                 static_cast<std::size_t>(progress.link_end - progress.link_begin));
      links_[statement]->add(key, progress.begin, out_.size());
    }
    return rows.error() == simdjson::SUCCESS || fail_form();
  }

  bool read_root(const ObjectPlan& object, json::Array& rows) {
    answer_begin_ = out_.size();
    in_root_ = true;
    const bool many = cardinality_ == Cardinality::kMany;
    if (many) out_.push('[');
    std::size_t count = 0;
    const std::size_t limit = page_ == nullptr ? 0 : page_->limit;
    std::span<std::string_view> tokens;
    for (json::Value row; rows.next(row);) {
      if (limit != 0 && count == limit) {
        // It only says that there are more; what is left of the text is passed over.
        page_->more = true;
        continue;
      }
      if (count++ > 0) {
        if (!many) return fail_form();
        out_.push(',');
      }
      Progress progress{object};
      if (limit != 0 && count == limit) {
        tokens = arena_.make_span<std::string_view>(object.values);
        progress.tokens = tokens.data();
      }
      if (!read_object(progress, row, nullptr)) return false;
      hand_on(0);
    }
    if (limit != 0 && page_->more) note_last(tokens);
    if (rows.error()) return fail_form();
    if (many) {
      out_.push(']');
    } else if (count == 0) {
      out_.append("null");
    }
    return true;
  }

  // With pieces, what is written of the answer leaves the buffer when it and `next` are enough.
  bool hand_on(std::size_t next) {
    if (pieces_ == nullptr || !in_root_ || answer().size() + next < Pieces::kBytes) return false;
    pieces_->give(answer());
    out_.truncate(answer_begin_);
    return true;
  }

  void note_last(std::span<const std::string_view> tokens) {
    ByteBuffer values(arena_, 64);
    for (const std::uint32_t index : plan_.cursor) {
      if (!values.empty()) values.push(',');
      values.append(tokens[index]);
    }
    page_->values = values.view();
  }

  // `links` is where the row will be added, nullptr for root and to-one objects.
  bool read_object(Progress& progress, const json::Value& row, const LinkTable* links) {
    json::Array values;
    if (row.get_array(values)) return fail_form();
    if (arena_.exceeded()) return fail_room();
    progress.begin = out_.size();
    if (progress.object.form == ArrayForm::kPlain) {
      if (!read_values(progress, values, links)) return false;
    } else {
      for (json::Value element; values.next(element);) {
        json::Array chunk;
        if (element.get_array(chunk)) return fail_form();
        if (!read_values(progress, chunk, links)) return false;
      }
      if (values.error()) return fail_form();
    }
    if (progress.values != progress.object.values) return fail_form();
    write_valueless(progress);
    out_.push('}');
    return true;
  }

  bool read_values(Progress& progress, json::Array& values, const LinkTable* links) {
    const ObjectPlan& object = progress.object;
    for (json::Value value; values.next(value);) {
      if (progress.values >= object.values) return fail_form();
      const std::size_t index = progress.values++;
      if (progress.tokens != nullptr) progress.tokens[index] = value.token();
      if (index < object.link_columns) {
        read_link(progress, value, links);
        continue;
      }
      write_valueless(progress);
      const MemberPlan& member = object.members[progress.member++];
      const bool written = member.kind == Kind::kColumn ? write_column(progress, member, value)
                                                        : write_to_one(member, value);
      if (!written) return false;
    }
    return values.error() == simdjson::SUCCESS || fail_form();
  }

  void read_link(Progress& progress, const json::Value& value, const LinkTable* links) {
    const std::string_view token = value.token();
    if (progress.link_begin == nullptr) progress.link_begin = token.data();
    progress.link_end = token.data() + token.size();
    if (progress.values < progress.object.link_columns || links == nullptr) return;
    // Siblings in a row become one stretch of the buffer.
    const std::string_view key(progress.link_begin,
                               static_cast<std::size_t>(progress.link_end - progress.link_begin));
    if (links->continues(key, out_.size())) out_.push(',');
    progress.begin = out_.size();
  }

  bool write_column(Progress& progress, const MemberPlan& member, const json::Value& value) {
    const std::string_view token = value.token();
    if (member.key_position >= 0) {
      if (progress.object.has_to_many) key_tokens(progress.object)[member.key_position] = token;
      if (member.key_position == 0) progress.key = token;
    }
    out_.append(member.label);
    const ColumnFault fault =
        detail::append_column(out_, member.column, value, token, detail::BlobForm::kHex);
    if (fault == ColumnFault::kNone) return true;
    error_ =
        detail::column_error(fault, progress.object.model->name, member.name, token, progress.key);
    return false;
  }

  bool write_to_one(const MemberPlan& member, const json::Value& value) {
    if (value.token() == "null") return true;
    out_.append(member.label);
    Progress progress{plan_.objects[member.target]};
    return read_object(progress, value, nullptr);
  }

  // Writes the members up to the next one that has a value in the row.
  void write_valueless(Progress& progress) {
    const ObjectPlan& object = progress.object;
    for (; progress.member < object.members.size(); ++progress.member) {
      const MemberPlan& member = object.members[progress.member];
      if (member.kind == Kind::kColumn || member.kind == Kind::kToOne) {
        return;
      }
      out_.append(member.label);
      if (member.kind == Kind::kToMany) write_children(progress, *links_[member.target]);
    }
  }

  void write_children(const Progress& progress, const LinkTable& links) {
    out_.push('[');
    const Segment* segment = links.find(key_of(progress));
    for (bool first = true; segment != nullptr; segment = links.next(*segment), first = false) {
      if (!first) out_.push(',');
      const std::size_t size = segment->end - segment->begin;
      if (hand_on(size)) {
        pieces_->give({out_.data() + segment->begin, size});
        continue;
      }
      char* const place = out_.prepare(size);
      std::memcpy(place, out_.data() + segment->begin, size);
      out_.commit(size);
    }
    out_.push(']');
  }

  std::string_view* key_tokens(const ObjectPlan& object) {
    return keys_[static_cast<std::size_t>(&object - plan_.objects.data())];
  }

  // The key tokens joined by commas, as in the link columns of a row.
  std::string_view key_of(const Progress& progress) {
    const std::size_t count = progress.object.model->primary_key.size();
    const std::string_view* const tokens = key_tokens(progress.object);
    if (count == 1) return tokens[0];
    scratch_.truncate(0);
    for (std::size_t index = 0; index < count; ++index) {
      if (index > 0) scratch_.push(',');
      scratch_.append(tokens[index]);
    }
    return scratch_.view();
  }

  bool fail_room() {
    error_ = make_error(ErrorCode::kNoRoom, "the rows are too large for now", plan_.model->name);
    return false;
  }

  bool fail_form() {
    error_ = make_error(ErrorCode::kOutcomeUnexpected,
                        "the rows of the database do not have the form that was asked for",
                        plan_.model->name);
    return false;
  }

  const SelectPlan& plan_;
  Cardinality cardinality_;
  Page* page_ = nullptr;
  Pieces* pieces_;  // null where the answer is made whole
  bool in_root_ = false;
  Arena& arena_;
  ByteBuffer out_;
  ByteBuffer scratch_;
  std::span<LinkTable*> links_;        // by statement
  std::span<std::string_view*> keys_;  // by object: the tokens of its key
  std::size_t answer_begin_ = 0;
  bool fits_ = false;
  Error error_;
};

}  // namespace

Result<std::string_view> map_rows(const SelectPlan& plan, Cardinality cardinality,
                                  const BatchAnswer& answer, json::Reader& reader, Arena& arena,
                                  Page* page, Pieces* pieces) {
  auto document = reader.open(answer.text);
  if (!document.ok()) return std::move(document).failure();
  Mapper mapper(plan, cardinality, answer.text.size(), arena, pieces);
  mapper.read_page(page);
  if (!mapper.read_batch(**document, answer.skipped)) return Failure{mapper.error()};
  CLOESCE_TRY(json::expect_end(**document));
  return mapper.answer();
}

}  // namespace cloesce::orm
