// Keys are rendered while the text is copied; operations are told apart by their own JSON.
#include "runtime/hydration.h"

#include <string>
#include <utility>

#include "base/concat.h"
#include "json/writer.h"
#include "text/percent.h"

namespace cloesce::runtime {
namespace {

using cidl::StoredForm;
using cidl::StoredKind;
using cidl::TypeKind;

constexpr std::size_t kKeysInBulk = 100;
constexpr std::uint64_t kLargestPage = 1000;
constexpr std::uint64_t kDefaultExpiry = 3600;
constexpr std::uint64_t kLargestExpiry = 604800;

Failure unreadable() {
  return Failure{ErrorCode::kOutcomeUnexpected, "the answer of the storage cannot be read"};
}

simdjson::padded_string_view readable(std::string_view text) {
  return simdjson::padded_string_view(text.data(), text.size(), text.size() + json::kPadding);
}

// A value's token without the white space behind it.
std::string_view token_of(json::value& value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// The platform leaves keys that JavaScript takes for positions of an array out of bulk answers.
bool fits_bulk(std::string_view key) {
  return key != "__proto__" && key.find_first_not_of("0123456789") != std::string_view::npos;
}

// Whether a key of `field` is made of the member `name`.
bool needs(const orm::StoredSchema& field, std::string_view name) {
  if (!field.key_column.empty()) return field.key_column == name;
  const std::string_view text = field.key_template;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (text.substr(at + 1).starts_with(name) && text.substr(at + 1 + name.size()).starts_with('}'))
      return true;
  }
  return false;
}

std::string_view option(const orm::StoredEntry& entry, std::string_view name) {
  for (const orm::IncludeOption& given : entry.options) {
    if (given.name == name) return given.value;
  }
  return {};
}

// A whole number within the bounds, or what stands for none.
Result<std::uint64_t> number_option(const orm::StoredEntry& entry, std::string_view name,
                                    std::uint64_t missing, std::uint64_t most) {
  const std::string_view text = option(entry, name);
  if (text.empty()) return missing;
  std::uint64_t number = 0;
  for (const char digit : text) {
    number = digit < '0' || digit > '9' || number > most
                 ? 0
                 : number * 10 + static_cast<std::uint64_t>(digit - '0');
    if (number == 0) break;
  }
  if (number >= 1 && number <= most) return number;
  return Failure{ErrorCode::kIncludeTreeInvalid,
                 concat({"expected a whole number from 1 to ", decimal(most)}),
                 concat({entry.field->name, ".", name})};
}

// S3's name of an option in a query: `ResponseContentType` as `response-content-type`. Empty when
// no URL can carry it.
std::string query_name(std::string_view name) {
  if (name == "PartNumber") return "partNumber";
  if (name == "VersionId") return "versionId";
  if (!name.starts_with("Response")) return {};
  std::string out;
  for (const char character : name) {
    const bool upper = character >= 'A' && character <= 'Z';
    if (upper && !out.empty()) out.push_back('-');
    out.push_back(upper ? static_cast<char>(character + ('a' - 'A')) : character);
  }
  return out;
}

// A URL takes `.` and `..` for steps in a path, however they are written.
bool has_dot_segment(std::string_view key) {
  for (;;) {
    const std::size_t slash = key.find('/');
    const std::string_view segment = key.substr(0, slash);
    if (segment == "." || segment == "..") return true;
    if (slash == std::string_view::npos) return false;
    key.remove_prefix(slash + 1);
  }
}

void append_text_member(ByteBuffer& out, std::string_view name, std::string_view value) {
  if (!out.empty()) out.push(',');
  json::append_string(out, name);
  out.push(':');
  json::append_string(out, value);
}

// `query` and `headers` are members of objects.
void append_signing(ByteBuffer& out, std::string_view method, const orm::StoredSchema& field,
                    std::string_view key, std::string_view query, std::uint64_t expires,
                    std::string_view headers) {
  out.append("[\"sign\",\"");
  out.append(method);
  out.append("\",\"");  // nothing of what follows needs an escape
  text::append_percent_encoded(out, field.bucket);
  for (;;) {
    const std::size_t slash = key.find('/');
    out.push('/');
    text::append_percent_encoded(out, key.substr(0, slash));
    if (slash == std::string_view::npos) break;
    key.remove_prefix(slash + 1);
  }
  out.append("\",{");
  out.append(query);
  out.append("},");
  out.append(decimal(expires));
  out.append(",{");
  out.append(headers);
  out.append("}]");
}

bool is_json(TypeKind value) {
  return value != TypeKind::kText && value != TypeKind::kBlob && value != TypeKind::kStream;
}

}  // namespace

std::string_view key_fault(StoredKind kind, std::string_view key) {
  if (key.empty()) return "a key is not empty";
  if (kind != StoredKind::kKv) {
    return key.size() > 1024 ? "a key of R2 has at most 1024 bytes" : "";
  }
  if (key == "." || key == "..") return "KV takes neither . nor .. as a key";
  return key.size() > 512 ? "a key of KV has at most 512 bytes" : "";
}

Result<std::string_view> upload_operations(const orm::StoredEntry& entry, std::string_view key,
                                           Arena& arena) {
  auto fault = key_fault(entry.field->kind, key);
  if (has_dot_segment(key)) fault = "a signed URL has no segment . or ..";
  if (!fault.empty()) return Failure{ErrorCode::kOrmInputInvalid, fault, "key"};
  auto expires = number_option(entry, "expiresIn", kDefaultExpiry, kLargestExpiry);
  if (!expires.ok()) return std::move(expires).failure();
  ByteBuffer headers(arena);
  for (const auto& [name, header] :
       {std::pair("contentType", "content-type"), std::pair("contentLength", "content-length")}) {
    const std::string_view value = option(entry, name);
    if (!value.empty()) append_text_member(headers, header, value);
  }
  ByteBuffer out(arena, 128 + key.size() * 2);
  out.push('[');
  append_signing(out, "PUT", *entry.field, key, {}, *expires, headers.view());
  out.push(']');
  return out.view();
}

Result<void> Hydration::foresee(const orm::IncludeTree& tree, std::string_view known) {
  CLOESCE_TRY(place(orm::IncludeTree{tree.model, {}, {}, tree.stored, true}, known));
  slots_.clear();
  text_.truncate(0);
  placed_ = false;
  return {};
}

Result<void> Hydration::place(const orm::IncludeTree& tree, std::string_view json) {
  placed_ = true;
  text_.reserve(json.size() + json.size() / 4 + 64);
  auto document = open(json);
  if (!document.ok()) return std::move(document).failure();
  json::value root;
  if ((*document)->get_value().get(root)) {  // a lone scalar: null
    text_.append(json);
    return {};
  }
  CLOESCE_TRY(copy(root, tree.entries, tree.stored));
  return read_lists();
}

Result<void> Hydration::place_one(const orm::StoredEntry& entry, std::string_view key) {
  placed_ = true;
  return add_slot(entry, key);
}

Result<void> Hydration::copy(json::value& value, std::span<const orm::IncludeEntry> entries,
                             std::span<const orm::StoredEntry> stored) {
  const std::string_view token = token_of(value);
  if (token.starts_with('[')) {
    json::array items;
    if (value.get_array().get(items)) return unreadable();
    text_.push('[');
    bool first = true;
    json::Elements elements(items);
    for (json::value inner; elements.next(inner);) {
      if (!first) text_.push(',');
      first = false;
      CLOESCE_TRY(copy(inner, entries, stored));
    }
    text_.push(']');
    return elements.error() ? Result<void>(unreadable()) : Result<void>();
  }
  json::object members;
  if (!token.starts_with('{')) {
    text_.append(token);
    return {};
  }
  if (value.get_object().get(members)) return unreadable();
  const std::size_t first_value = values_.size();
  text_.push('{');
  json::Members fields(members);
  for (json::field field; fields.next(field);) CLOESCE_TRY(copy_member(field, entries, stored));
  if (fields.error()) return unreadable();
  for (const orm::StoredEntry& entry : stored) {
    begin_member(entry.field->name);
    CLOESCE_TRY(add_slot(entry, render_key(*entry.field, first_value)));
  }
  text_.push('}');
  values_.resize(first_value);
  return {};
}

Result<void> Hydration::copy_member(json::field& field, std::span<const orm::IncludeEntry> entries,
                                    std::span<const orm::StoredEntry> stored) {
  const std::string_view name = field.escaped_key();
  const orm::IncludeEntry* below = nullptr;
  for (const orm::IncludeEntry& entry : entries) {
    if (entry.navigation->name == name) below = &entry;
  }
  bool needed = false;
  for (const orm::StoredEntry& entry : stored) {
    // What the field holds now is replaced.
    if (entry.field->name == name) return {};
    needed = needed || needs(*entry.field, name);
  }
  begin_member(name);
  json::value& value = field.value();
  if (below != nullptr) {
    return copy(value, below->children, below->stored);
  }
  const std::string_view token = token_of(value);
  if (token.starts_with('{') || token.starts_with('[')) {
    std::string_view raw;
    if (value.raw_json().get(raw)) return unreadable();
    text_.append(raw);
    return {};
  }
  text_.append(token);
  if (!needed) return {};
  std::string_view text = token;
  if (token.starts_with('"') && value.get_string().get(text)) return unreadable();
  values_.push_back({name, arena_.copy(text), token == "null"});
  return {};
}

// `name` as it stands between its quotes.
void Hydration::begin_member(std::string_view name) {
  if (text_.view().back() != '{') text_.push(',');
  text_.push('"');
  text_.append(name);
  text_.append("\":");
}

// Empty when there is none.
std::string_view Hydration::render_key(const orm::StoredSchema& field, std::size_t first_value) {
  const auto find = [&](std::string_view name) -> const KnownValue* {
    for (std::size_t index = first_value; index < values_.size(); ++index) {
      if (values_[index].name == name && !values_[index].null) return &values_[index];
    }
    return nullptr;
  };
  if (!field.key_column.empty()) {
    const KnownValue* const value = find(field.key_column);
    return value == nullptr ? std::string_view{} : value->text;
  }
  ByteBuffer key(arena_, 64);
  std::string_view rest = field.key_template;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    key.append(rest.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) return {};
    const KnownValue* const value = find(rest.substr(open + 1, close - open - 1));
    // A slash would lead into the keys of another template.
    if (value == nullptr || value->text.empty() ||
        value->text.find('/') != std::string_view::npos) {
      return {};
    }
    key.append(value->text);
    rest.remove_prefix(close + 1);
  }
  return key.view();
}

Result<void> Hydration::add_slot(const orm::StoredEntry& entry, std::string_view key) {
  const orm::StoredSchema& field = *entry.field;
  Slot slot;
  slot.at = text_.size();
  slot.entry = entry;
  const bool list = field.form != StoredForm::kOne;
  const bool whole = field.name.empty() && list;  // the prefix of a page of a model may be empty
  if (!whole && !key_fault(field.kind, key).empty()) {
    slots_.push_back(slot);
    return {};
  }
  if (list) {
    auto limit = number_option(entry, "limit", kLargestPage, kLargestPage);
    if (!limit.ok()) return std::move(limit).failure();
    ByteBuffer out(arena_, 64 + key.size());
    out.append(field.kind == StoredKind::kKv ? "[\"kvList\"," : "[\"r2List\",");
    json::append_string(out, field.binding);
    out.push(',');
    const std::size_t begin = out.size();
    json::append_string(out, key);
    const std::size_t end = out.size();
    out.push(',');
    out.append(decimal(*limit));
    out.push(',');
    const std::string_view cursor = option(entry, "cursor");
    if (cursor.empty()) {
      out.append("null");
    } else {
      json::append_string(out, cursor);
    }
    out.push(']');
    slot.item = add_item(out, begin, end);
  } else if (field.kind == StoredKind::kR2Download) {
    if (!has_dot_segment(key)) {
      auto sign = sign_item(entry, key);
      if (!sign.ok()) return std::move(sign).failure();
      slot.sign = *sign;
      slot.item = entry_item(field, key);
    }
  } else {
    slot.item = entry_item(field, key);
  }
  slots_.push_back(slot);
  return {};
}

// A KV entry, or the head of an object.
std::uint32_t Hydration::entry_item(const orm::StoredSchema& field, std::string_view key) {
  const bool kv = field.kind == StoredKind::kKv;
  ByteBuffer out(arena_, 48 + key.size());
  out.append(kv ? "[\"kv\"," : "[\"head\",");
  json::append_string(out, field.binding);
  const bool bytes = field.value == TypeKind::kBlob || field.value == TypeKind::kStream;
  if (kv) {
    out.append(!bytes                             ? ",\"text\",["
               : bytes_ == BytesForm::kText       ? ",\"base64\",["
               : field.value == TypeKind::kStream ? ",\"stream\",["
                                                  : ",\"keep\",[");
  } else {
    out.push(',');
  }
  const std::size_t begin = out.size();
  json::append_string(out, key);
  const std::size_t end = out.size();
  if (kv) {
    out.append("],");
    out.append(decimal(field.cache_ttl));
  }
  out.push(']');
  const std::uint32_t number = add_item(out, begin, end);
  items_[number].entry = kv;
  items_[number].bulk = kv && !bytes && fits_bulk(key);
  return number;
}

Result<std::uint32_t> Hydration::sign_item(const orm::StoredEntry& entry, std::string_view key) {
  auto expires = number_option(entry, "expiresIn", kDefaultExpiry, kLargestExpiry);
  if (!expires.ok()) return std::move(expires).failure();
  ByteBuffer query(arena_);
  for (const orm::IncludeOption& given : entry.options) {
    if (given.name == "expiresIn" || given.name == "limit" || given.name == "cursor") continue;
    const std::string name = query_name(given.name);
    if (name.empty()) {
      return Failure{ErrorCode::kIncludeTreeInvalid, "no signed URL can carry this option",
                     concat({entry.field->name, ".", given.name})};
    }
    append_text_member(query, name, given.value);
  }
  ByteBuffer out(arena_, 128 + key.size() * 2);
  append_signing(out, "GET", *entry.field, key, query.view(), *expires, {});
  return add_item(out, 0, 0);
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

std::string_view Hydration::ask() {
  ByteBuffer out(arena_, 256);
  asked_.clear();
  counts_.clear();
  ++round_;
  for (std::uint32_t number = 0; number < items_.size(); ++number) {
    Item& item = items_[number];
    if (!item.answer.empty() || item.asked == round_) continue;
    out.push(out.empty() ? '[' : ',');
    out.append(item.operation.substr(0, item.key_end));
    item.asked = round_;
    asked_.push_back(number);
    counts_.push_back(1);
    const std::string_view head = item.operation.substr(0, item.key_begin);
    const std::string_view tail = item.operation.substr(item.key_end);
    for (std::uint32_t next = number + 1;
         item.bulk && next < items_.size() && counts_.back() < kKeysInBulk; ++next) {
      Item& other = items_[next];
      if (!other.bulk || !other.answer.empty() || other.asked == round_ ||
          other.operation.substr(0, other.key_begin) != head ||
          other.operation.substr(other.key_end) != tail) {
        continue;
      }
      out.push(',');
      out.append(other.key());
      other.asked = round_;
      asked_.push_back(next);
      ++counts_.back();
    }
    out.append(tail);
  }
  if (!out.empty()) out.push(']');
  return out.view();
}

Result<void> Hydration::take(std::string_view answers) {
  auto document = open(answers);
  if (!document.ok()) return unreadable();
  json::array list;
  if ((*document)->get_array().get(list)) return unreadable();
  std::size_t operation = 0;
  std::size_t next = 0;
  json::Elements elements(list);
  for (json::value value; elements.next(value);) {
    if (operation == counts_.size()) return unreadable();
    const std::size_t end = next + counts_[operation++];
    if (!items_[asked_[next]].entry) {
      if (value.raw_json().get(items_[asked_[next++]].answer)) return unreadable();
      continue;
    }
    json::array entries;
    if (value.get_array().get(entries)) return unreadable();
    json::Elements each(entries);
    for (json::value entry; each.next(entry);) {
      if (next == end || entry.raw_json().get(items_[asked_[next++]].answer)) return unreadable();
    }
    if (next != end) return unreadable();
  }
  if (operation != counts_.size()) return unreadable();
  return read_lists();
}

// What lists found may have to be asked for in turn.
Result<void> Hydration::read_lists() {
  for (Slot& slot : slots_) {
    if (slot.entry.field->form == StoredForm::kOne || slot.item == kNone || slot.listed) continue;
    if (items_[slot.item].answer.empty()) continue;
    CLOESCE_TRY(read_list(slot));
  }
  return {};
}

Result<void> Hydration::read_list(Slot& slot) {
  const orm::StoredSchema& field = *slot.entry.field;
  slot.listed = true;
  auto document = open(items_[slot.item].answer);
  json::object answer;
  if (!document.ok() || (*document)->get_object().get(answer)) return unreadable();
  slot.first = static_cast<std::uint32_t>(list_items_.size());
  json::Members parts(answer);
  for (json::field part; parts.next(part);) {
    if (part.escaped_key() == "cursor") {
      if (part.value().raw_json().get(slot.cursor)) return unreadable();
      continue;
    }
    if (field.kind == StoredKind::kR2) {
      if (part.value().raw_json().get(slot.found)) return unreadable();
      continue;
    }
    json::array found;
    if (part.value().get_array().get(found)) return unreadable();
    json::Elements elements(found);
    for (json::value element; elements.next(element);) {
      std::string_view key;
      std::string_view raw;
      std::uint32_t item = kNone;
      if (field.kind == StoredKind::kKv) {
        if (element.get_string().get(key)) return unreadable();
        item = entry_item(field, key);
      } else {
        // The head came with the list; it is the answer to an item of its own.
        json::object head;
        json::field first;
        if (element.get_object().get(head)) return unreadable();
        json::Members members(head);  // the key comes first
        if (!members.next(first) || first.value().get_string().get(key) ||
            head.raw_json().get(raw)) {
          return unreadable();
        }
        key = arena_.copy(key);
        if (has_dot_segment(key)) continue;
        auto sign = sign_item(slot.entry, key);
        if (!sign.ok()) return std::move(sign).failure();
        list_items_.push_back(*sign);
        item = entry_item(field, key);
        items_[item].answer = raw;
      }
      list_items_.push_back(item);
    }
  }
  slot.count = static_cast<std::uint32_t>(list_items_.size()) - slot.first;
  if (field.form == StoredForm::kList && slot.cursor != "null") {
    return Failure{ErrorCode::kResultTooLarge,
                   concat({"more than ", decimal(kLargestPage),
                           " keys have this prefix: declare the field as a Page"}),
                   std::string(field.name)};
  }
  return {};
}

Result<std::string_view> Hydration::finish() {
  ByteBuffer out(arena_, text_.size() + slots_.size() * 64);
  std::size_t copied = 0;
  for (const Slot& slot : slots_) {
    out.append(text_.view().substr(copied, slot.at - copied));
    copied = slot.at;
    CLOESCE_TRY(append_slot(out, slot));
  }
  out.append(text_.view().substr(copied));
  return out.view();
}

Result<void> Hydration::append_slot(ByteBuffer& out, const Slot& slot) {
  const orm::StoredSchema& field = *slot.entry.field;
  const auto append_one = [&](std::uint32_t item, std::uint32_t sign) -> Result<bool> {
    if (sign == kNone) return append_value(out, field, item);
    const std::string_view head = items_[item].answer;
    const std::string_view signature = items_[sign].answer;
    if (head == "null" || signature.size() < 2) return false;
    // `{"url":…,"expires":…` and the members of the head.
    out.append(signature.substr(0, signature.size() - 1));
    out.push(',');
    out.append(head.substr(1));
    return true;
  };
  if (field.form == StoredForm::kOne) {
    if (slot.item != kNone) {
      auto appended = append_one(slot.item, slot.sign);
      if (!appended.ok()) return std::move(appended).failure();
      if (*appended) return {};
    }
    out.append("null");
    return {};
  }
  if (field.form == StoredForm::kPage) out.append("{\"items\":");
  if (slot.found.empty()) {
    out.push('[');
    const std::size_t begin = out.size();
    const std::uint32_t step = field.kind == StoredKind::kR2Download ? 2 : 1;
    for (std::uint32_t index = slot.first; index < slot.first + slot.count; index += step) {
      if (out.size() > begin) out.push(',');
      const std::uint32_t sign = step == 2 ? list_items_[index] : kNone;
      auto appended = append_one(list_items_[index + step - 1], sign);
      if (!appended.ok()) return std::move(appended).failure();
      // It went away between the list and the read.
      if (!*appended && out.size() > begin) out.truncate(out.size() - 1);
    }
    out.push(']');
  } else {
    out.append(slot.found);
  }
  if (field.form == StoredForm::kPage) {
    out.append(",\"cursor\":");
    out.append(slot.cursor.empty() ? "null" : slot.cursor);
    out.push('}');
  }
  return {};
}

// False, with nothing appended, when there is none.
Result<bool> Hydration::append_value(ByteBuffer& out, const orm::StoredSchema& field,
                                     std::uint32_t number) {
  const Item& item = items_[number];
  if (item.answer == "null") return false;
  if (!item.entry) {
    out.append(item.answer);
    return true;
  }
  auto document = open(item.answer);
  json::array parts;
  if (!document.ok() || (*document)->get_array().get(parts)) return unreadable();
  std::string_view text;
  std::string_view value;
  std::string_view metadata;
  json::Elements elements(parts);
  json::value part;
  if (!elements.next(part)) return unreadable();
  value = token_of(part);
  if (is_json(field.value) && part.get_string().get(text)) return unreadable();
  if (!elements.next(part) || part.raw_json().get(metadata)) return unreadable();
  if (is_json(field.value)) {
    const auto stored = json::pad(arena_, text);
    auto inner = reader_.open(stored);
    auto checked = inner.ok() ? json::check_document(**inner, 512, {})
                              : Result<std::string_view>(std::move(inner).failure());
    if (!checked.ok()) {
      return Failure{ErrorCode::kStoredValueInvalid,
                     concat({"the value under ", item.key(), " in ", field.binding,
                             " is no JSON: ", checked.error().detail}),
                     std::string(field.name)};
    }
    value = *checked;
  }
  out.append("{\"key\":");
  out.append(item.key());
  out.append(",\"value\":");
  out.append(value);
  out.append(",\"metadata\":");
  out.append(metadata);
  out.push('}');
  return true;
}

Result<simdjson::ondemand::document*> Hydration::open(std::string_view json) {
  return reader_.open(readable(json));
}

}  // namespace cloesce::runtime
