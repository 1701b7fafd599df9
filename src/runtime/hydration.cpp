// Keys are rendered while the text is copied; operations are told apart by their own JSON.
#include "runtime/hydration.h"

#include <string>
#include <utility>

#include "base/concat.h"
#include "base/limits.h"
#include "json/writer.h"

namespace cloesce::runtime {
namespace {

using cidl::StoredForm;
using cidl::StoredKind;
using cidl::TypeKind;

constexpr std::size_t kKeysInBulk = 100;

// Between the parts of an answer: no JSON text holds it either.
constexpr char kPartEnd = '\x1f';

Failure unreadable() {
  return Failure{ErrorCode::kOutcomeUnexpected, "the answer of the storage cannot be read"};
}

Failure no_room() { return Failure{ErrorCode::kNoRoom, "the answer is too large for now"}; }

// Cuts what comes before the next `end` off `rest`.
std::string_view cut(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view piece = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return piece;
}

// The platform leaves keys that JavaScript takes for positions of an array out of bulk answers.
bool fits_bulk(std::string_view key) {
  return key != "\"__proto__\"" && key.find_first_not_of("\"0123456789") != std::string_view::npos;
}

// The string that the first member of an object is.
std::string_view first_string(std::string_view object) {
  const std::size_t begin = object.find(':') + 1;
  std::size_t end = begin + 1;
  while (end < object.size() && object[end] != '"') end += object[end] == '\\' ? 2 : 1;
  return object.substr(begin, end + 1 - begin);
}

// Whether a key of `field` is made of the member `name`.
bool needs(const orm::StoredSchema& field, std::string_view name) {
  if (!field.key_column.empty()) return field.key_column == name;
  std::string_view rest = field.key_template;
  while (!rest.empty()) {
    cut(rest, '{');
    if (cut(rest, '}') == name) return true;
  }
  return false;
}

}  // namespace

std::string_view key_fault(StoredKind kind, std::string_view key) {
  const bool kv = kind == StoredKind::kKv;
  const std::size_t most = kv ? limits::kKvKeyBytes : limits::kR2KeyBytes;
  const bool fits = !key.empty() && key.size() <= most && !(kv && (key == "." || key == ".."));
  if (fits) return {};
  return kv ? limits::kKvKeyText : limits::kR2KeyText;
}

Result<void> Hydration::foresee(const orm::IncludeTree& tree, std::string_view known) {
  CLOESCE_TRY(place(orm::IncludeTree{tree.model, {}, {}, tree.stored, true}, known));
  slots_.clear();
  options_.clear();
  text_.truncate(0);
  placed_ = false;
  return {};
}

Result<void> Hydration::place(const orm::IncludeTree& tree, std::string_view json) {
  placed_ = true;
  options_.clear();
  if (!text_.reserve_if_fits(json.size() + json.size() / 4 + 64)) return no_room();
  auto document = reader_.open(
      simdjson::padded_string_view(json.data(), json.size(), json.size() + json::kPadding));
  if (!document.ok()) return std::move(document).failure();
  json::Value root;
  if ((*document)->get_value(root)) {  // a lone scalar: null
    text_.append(json);
    return {};
  }
  if (!copy(root, tree.entries, tree.stored)) return arena_.exceeded() ? no_room() : unreadable();
  return read_lists();
}

void Hydration::place_one(const orm::StoredEntry& entry, std::string_view key) {
  placed_ = true;
  add_slot(entry, key);
}

bool Hydration::copy(const json::Value& value, std::span<const orm::IncludeEntry> entries,
                     std::span<const orm::StoredEntry> stored) {
  const std::string_view token = value.token();
  if (token.starts_with('[')) {
    json::Array items;
    if (value.get_array(items)) return false;
    text_.push('[');
    for (json::Value inner; items.next(inner);) {
      if (text_.view().back() != '[') text_.push(',');
      if (!copy(inner, entries, stored)) return false;
    }
    text_.push(']');
    return !items.error();
  }
  if (!token.starts_with('{')) {
    text_.append(token);
    return true;
  }
  json::Object members;
  if (value.get_object(members) || arena_.exceeded()) return false;
  const std::size_t first_value = values_.size();
  text_.push('{');
  for (json::Field field; members.next(field);) {
    if (!copy_member(field, entries, stored)) return false;
  }
  for (const orm::StoredEntry& entry : stored) {
    begin_member(entry.field->name);
    add_slot(entry, render_key(*entry.field, first_value));
  }
  text_.push('}');
  values_.resize(first_value);
  return !members.error();
}

bool Hydration::copy_member(json::Field& field, std::span<const orm::IncludeEntry> entries,
                            std::span<const orm::StoredEntry> stored) {
  const std::string_view name = field.escaped_key();
  bool needed = false;
  for (const orm::StoredEntry& entry : stored) {
    // What the field holds now is replaced.
    if (entry.field->name == name) return true;
    needed = needed || needs(*entry.field, name);
  }
  begin_member(name);
  const json::Value& value = field.value();
  for (const orm::IncludeEntry& entry : entries) {
    if (entry.navigation->name == name) return copy(value, entry.children(), entry.stored);
  }
  if (!needed) {
    std::string_view raw;
    if (value.raw_json(raw)) return false;
    text_.append(raw);
    return true;
  }
  std::string_view text = value.token();
  text_.append(text);
  if (text == "null") return true;
  if (text.starts_with('"') && value.get_string(text)) return false;
  values_.push_back({name, arena_.copy(text)});
  return true;
}

// `name` as it stands between its quotes.
void Hydration::begin_member(std::string_view name) {
  if (text_.view().back() != '{') text_.push(',');
  text_.push('"');
  text_.append(name);
  text_.append("\":");
}

const Hydration::KnownValue* Hydration::known_value(std::string_view name,
                                                    std::size_t first) const {
  for (; first < values_.size(); ++first) {
    if (values_[first].name == name) return &values_[first];
  }
  return nullptr;
}

// Empty when there is none.
std::string_view Hydration::render_key(const orm::StoredSchema& field, std::size_t first) {
  if (!field.key_column.empty()) {
    const KnownValue* const value = known_value(field.key_column, first);
    return value == nullptr ? std::string_view{} : value->text;
  }
  ByteBuffer key(arena_, 64);
  std::string_view rest = field.key_template;
  for (;;) {
    key.append(cut(rest, '{'));
    if (rest.empty()) return key.view();
    const KnownValue* const value = known_value(cut(rest, '}'), first);
    // A slash would lead into the keys of another template.
    if (value == nullptr || value->text.empty() ||
        value->text.find('/') != std::string_view::npos) {
      return {};
    }
    key.append(value->text);
  }
}

void Hydration::add_slot(const orm::StoredEntry& entry, std::string_view key) {
  const orm::StoredSchema& field = *entry.field;
  Slot slot;
  slot.at = text_.size();
  slot.entry = {entry.field, keep_options(entry.options)};
  const bool list = field.form != StoredForm::kOne;
  // The prefix of a model's page may be empty.
  if ((list && field.name.empty()) || key_fault(field.kind, key).empty()) {
    ByteBuffer text(arena_, key.size() + 16);
    json::append_string(text, key);
    if (list) {
      slot.item = item(field.kind == StoredKind::kKv ? "kvList" : "r2List", field.binding,
                       text.view(), &entry);
    } else {
      slot.item = entry_item(field, text.view());
      if (field.kind == StoredKind::kR2Download) {
        slot.sign = item("sign", field.bucket, text.view(), &entry);
      }
    }
  }
  slots_.push_back(slot);
}

// What a tree says lives no longer than the step that read it.
std::span<const orm::IncludeOption> Hydration::keep_options(
    std::span<const orm::IncludeOption> options) {
  if (options.empty()) return {};
  for (const KeptOptions& known : options_) {
    if (known.from == options.data()) return known.kept;
  }
  const auto kept = arena_.make_span<orm::IncludeOption>(options.size());
  for (std::size_t index = 0; index < options.size(); ++index) {
    kept[index] = {arena_.copy(options[index].name), arena_.copy(options[index].value)};
  }
  options_.push_back({options.data(), kept});
  return kept;
}

// A KV entry, or the head of an object.
std::uint32_t Hydration::entry_item(const orm::StoredSchema& field, std::string_view key) {
  if (field.kind != StoredKind::kKv) return item("head", field.binding, key, nullptr);
  const bool stream = field.value == TypeKind::kStream;
  const bool bytes = stream || field.value == TypeKind::kBlob;
  ByteBuffer out(arena_, 48 + key.size());
  out.append("[\"kv\",");
  json::append_string(out, field.binding);
  out.append(field.value == TypeKind::kText ? ",\"text\",["
             : !bytes                       ? ",\"json\",["
             : bytes_ == BytesForm::kText   ? ",\"base64\",["
             : stream                       ? ",\"stream\",["
                                            : ",\"keep\",[");
  const std::size_t begin = out.size();
  out.append(key);
  const std::size_t end = out.size();
  out.append("],");
  out.append(decimal(field.cache_ttl));
  out.push(']');
  const std::uint32_t number = add_item(out, begin, end);
  items_[number].bulk = !bytes && fits_bulk(key);
  return number;
}

// `[name, target, key, {options}]`; options in their order, without a type.
std::uint32_t Hydration::item(std::string_view name, std::string_view target, std::string_view key,
                              const orm::StoredEntry* options) {
  ByteBuffer out(arena_, 64 + key.size());
  out.push('[');
  for (const std::string_view text : {name, target}) {
    json::append_string(out, text);
    out.push(',');
  }
  const std::size_t begin = out.size();
  out.append(key);
  const std::size_t end = out.size();
  if (options != nullptr) {
    out.append(",{");
    for (const orm::IncludeOption& given : options->options) {
      if (out.view().back() != '{') out.push(',');
      json::append_string(out, given.name);
      out.push(':');
      json::append_string(out, given.value);
    }
    out.push('}');
  }
  out.push(']');
  return add_item(out, begin, end);
}

std::uint32_t Hydration::add_item(ByteBuffer& operation, std::size_t key_begin,
                                  std::size_t key_end) {
  const std::uint32_t known = item_numbers_.find(operation.view());
  if (known != NameTable::kNone) return known;
  const auto number = static_cast<std::uint32_t>(items_.size());
  item_numbers_.insert(operation.view(), number);
  Item& item = items_.emplace_back();
  item.operation = operation.view();
  item.key_begin = static_cast<std::uint32_t>(key_begin);
  item.key_end = static_cast<std::uint32_t>(key_end);
  return number;
}

std::string_view Hydration::ask(Arena& arena) {
  ByteBuffer out(arena, 256);
  asked_.clear();
  ++round_;
  for (std::uint32_t number = 0; number < items_.size(); ++number) {
    const Item& first = items_[number];
    if (!first.answer.empty() || first.asked == round_) continue;
    out.push(out.empty() ? '[' : ',');
    out.append(first.operation.substr(0, first.key_begin));
    const std::string_view tail = first.operation.substr(first.key_end);
    std::size_t keys = 0;
    for (std::uint32_t next = number; next < items_.size() && keys < kKeysInBulk; ++next) {
      Item& other = items_[next];
      const bool joins =
          first.bulk && other.bulk && other.answer.empty() && other.asked != round_ &&
          other.operation.substr(other.key_end) == tail &&
          other.operation.substr(0, other.key_begin) == first.operation.substr(0, first.key_begin);
      if (next != number && !joins) continue;
      if (keys++ > 0) out.push(',');
      out.append(other.key());
      other.asked = round_;
      asked_.push_back(next);
      if (!first.bulk) break;
    }
    out.append(tail);
  }
  if (out.empty()) return {};
  out.push(']');
  keep_answers();
  return out.view();
}

// The text that the answers so far are part of is gone when the next ones come.
void Hydration::keep_answers() {
  for (Item& item : items_) {
    if (item.kept || item.answer.empty()) continue;
    item.answer = arena_.copy(item.answer);
    item.kept = true;
  }
}

void Hydration::give_up() {
  for (Item& item : items_) {
    if (item.answer.empty()) item.answer = "null";
  }
}

std::size_t Hydration::list_bytes() const {
  // The table of numbers has up to four places for each item.
  return slots_.size() * sizeof(Slot) + items_.size() * (sizeof(Item) + 32) +
         list_items_.size() * sizeof(std::uint32_t);
}

Result<void> Hydration::take(std::string_view answers) {
  for (const std::uint32_t number : asked_) {
    items_[number].answer = cut(answers, kAnswerEnd);
    if (items_[number].answer.empty()) return unreadable();
  }
  return read_lists();
}

// What lists found may have to be asked for in turn. Their answers are a cursor, then one part for
// each key or head.
Result<void> Hydration::read_lists() {
  for (Slot& slot : slots_) {
    const orm::StoredSchema& field = *slot.entry.field;
    if (field.form == StoredForm::kOne || slot.item == kNone || slot.first != kNone) continue;
    std::string_view rest = items_[slot.item].answer;
    if (rest.empty()) continue;
    const std::string_view cursor = cut(rest, kPartEnd);
    if (field.form == StoredForm::kList && cursor != "null") {
      return Failure{ErrorCode::kResultTooLarge,
                     "more than 1000 keys have this prefix: declare the field as a Page",
                     std::string(field.name)};
    }
    slot.first = static_cast<std::uint32_t>(list_items_.size());
    while (!rest.empty()) {
      const std::string_view found = cut(rest, kPartEnd);
      const bool kv = field.kind == StoredKind::kKv;
      const std::uint32_t number = entry_item(field, kv ? found : first_string(found));
      if (!kv) items_[number].answer = found;
      list_items_.push_back(number);
      if (field.kind == StoredKind::kR2Download) {
        (void)item("sign", field.bucket, items_[number].key(), &slot.entry);
      }
    }
    slot.count = static_cast<std::uint32_t>(list_items_.size()) - slot.first;
  }
  return {};
}

Result<std::string_view> Hydration::finish(Arena& arena) {
  std::size_t size = text_.size() + slots_.size() * 64;
  for (const Item& item : items_) size += item.answer.size() + item.operation.size();
  ByteBuffer out(arena);
  if (!out.reserve_if_fits(size)) return no_room();
  std::size_t copied = 0;
  for (const Slot& slot : slots_) {
    out.append(text_.view().substr(copied, slot.at - copied));
    copied = slot.at;
    append_slot(out, slot);
  }
  out.append(text_.view().substr(copied));
  return out.view();
}

void Hydration::append_slot(ByteBuffer& out, const Slot& slot) {
  const orm::StoredSchema& field = *slot.entry.field;
  if (field.form == StoredForm::kOne) {
    if (slot.item == kNone || !append_value(out, field, slot.item, slot.sign)) out.append("null");
    return;
  }
  const bool page = field.form == StoredForm::kPage;
  out.append(page ? "{\"items\":[" : "[");
  for (std::uint32_t index = 0; index < slot.count; ++index) {
    const std::size_t begin = out.size();
    if (out.view().back() != '[') out.push(',');
    const std::uint32_t number = list_items_[slot.first + index];
    const std::uint32_t sign = field.kind == StoredKind::kR2Download
                                   ? item("sign", field.bucket, items_[number].key(), &slot.entry)
                                   : kNone;
    // It may have gone away between the list and the read.
    if (!append_value(out, field, number, sign)) out.truncate(begin);
  }
  out.push(']');
  if (!page) return;
  out.append(",\"cursor\":");
  std::string_view answer = slot.item == kNone ? "null" : items_[slot.item].answer;
  out.append(cut(answer, kPartEnd));
  out.push('}');
}

// False, with nothing appended, when there is none.
bool Hydration::append_value(ByteBuffer& out, const orm::StoredSchema& field, std::uint32_t number,
                             std::uint32_t sign) {
  std::string_view answer = items_[number].answer;
  if (answer == "null") return false;
  if (field.kind == StoredKind::kKv) {
    out.append("{\"key\":");
    out.append(items_[number].key());
    out.append(",\"value\":");
    out.append(cut(answer, kPartEnd));
    out.append(",\"metadata\":");
    out.append(answer);
    out.push('}');
    return true;
  }
  if (sign != kNone) {
    // `{"url":…,"expires":…}` with the members of the head.
    const std::string_view signature = items_[sign].answer;
    if (signature == "null") return false;
    out.append(signature.substr(0, signature.size() - 1));
    out.push(',');
    answer.remove_prefix(1);
  }
  out.append(answer);
  return true;
}

}  // namespace cloesce::runtime
