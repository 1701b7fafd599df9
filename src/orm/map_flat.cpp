// Each row's cells are written to a scratch buffer; objects that are seen for the first time keep a
// copy.
#include "orm/map_flat.h"

#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/list.h"
#include "base/name_table.h"
#include "base/string.h"
#include "json/writer.h"
#include "orm/detail/column_value.h"

namespace cloesce::orm {
namespace {

constexpr std::size_t kNoCell = SIZE_MAX;

struct FlatObject;

// A place in the tree: the root or an included relation.
struct Node {
  const ModelSchema* model = nullptr;
  const NavigationSchema* navigation = nullptr;  // nullptr: the root
  std::size_t parent = 0;
  std::size_t slot = 0;        // among its parent's included relations
  std::size_t relations = 0;   // included ones of its own
  std::size_t first_cell = 0;  // its columns' cells in a row
};

// Objects of one relation of one object, in the order they were seen.
struct FlatList {
  FlatObject* first = nullptr;
  FlatObject* last = nullptr;
};

struct FlatObject {
  std::size_t number = 0;
  std::string_view columns;       // `{"id":1,"name":"x"`
  std::span<FlatList> relations;  // by slot
  FlatObject* next = nullptr;
};

// A value of the row being read: its JSON, in the scratch buffer.
struct Cell {
  std::size_t begin = 0;
  std::size_t size = 0;
  bool given = false;
};

class FlatMapper {
 public:
  FlatMapper(const IncludeTree& tree, Arena& arena)
      : tree_(tree), arena_(arena), scratch_(arena, 512), key_(arena, 64) {
    add_nodes(*tree.model, nullptr, 0, 0, {}, tree.entries);
    cells_ = arena.make_span<Cell>(columns_.size());
    current_ = arena.make_span<FlatObject*>(nodes_.size());
  }

  bool read(const json::Value& rows) {
    json::Array elements;
    if (rows.get_array(elements)) return fail("expected a list of rows");
    for (json::Value element; elements.next(element);) {
      json::Object row;
      if (element.get_object(row)) return fail("expected a list of rows");
      if (!read_cells(row) || !place_objects()) return false;
    }
    return elements.error() == simdjson::SUCCESS || fail("expected a list of rows");
  }

  std::string_view write() {
    ByteBuffer out(arena_, 1024);
    out.push('[');
    write_list(out, roots_, 0);
    out.push(']');
    return out.view();
  }

  [[nodiscard]] Error&& error() { return std::move(error_); }

 private:
  // Parents come before their relations.
  void add_nodes(const ModelSchema& model, const NavigationSchema* navigation, std::size_t parent,
                 std::size_t slot, const String& prefix, std::span<const IncludeEntry> entries) {
    const std::size_t number = nodes_.size();
    nodes_.push_back({&model, navigation, parent, slot, entries.size(), columns_.size()});
    for (const ColumnSchema& column : model.columns) {
      cells_by_name_.insert(arena_.copy(concat({prefix, column.name})), columns_.size());
      columns_.push_back({number, &column});
    }
    for (std::size_t index = 0; index < entries.size(); ++index) {
      const NavigationSchema& below = *entries[index].navigation;
      add_nodes(*below.target, &below, number, index, filled("%%.", {prefix, below.name}),
                entries[index].children());
    }
  }

  bool read_cells(json::Object& row) {
    scratch_.truncate(0);
    for (Cell& cell : cells_) cell = Cell{};
    std::size_t index = 0;
    for (json::Field field; row.next(field);) {
      const std::size_t number = cell_of(field, index++);
      if (number == kNoCell) continue;
      const json::Value& value = field.value();
      const std::string_view token = value.token();
      const auto& [node, column] = columns_[number];
      const std::size_t begin = scratch_.size();
      const detail::ColumnFault fault =
          detail::append_column(scratch_, column->kind, value, token, detail::BlobForm::kPlain);
      if (fault != detail::ColumnFault::kNone) {
        error_ = detail::column_error(fault, nodes_[node].model->name, column->name, token);
        return false;
      }
      cells_[number] = {begin, scratch_.size() - begin, true};
    }
    return row.error() == simdjson::SUCCESS || fail("expected a list of rows");
  }

  // Rows mostly have the same names in the same order, so the names of the row before are tried
  // first.
  std::size_t cell_of(json::Field& field, std::size_t index) {
    const std::string_view raw = field.escaped_key();
    if (index < names_.size() && names_[index].first == raw) return names_[index].second;
    std::string_view name;
    if (field.unescaped_key(name)) return kNoCell;
    const std::uint32_t found = cells_by_name_.find(name);
    const std::size_t number = found == NameTable::kNone ? kNoCell : found;
    if (index >= names_.size()) names_.resize(index + 1);
    names_[index] = {raw, number};
    return number;
  }

  bool place_objects() {
    for (std::size_t number = 0; number < nodes_.size(); ++number) {
      const Node& node = nodes_[number];
      current_[number] = nullptr;
      const bool root = node.navigation == nullptr;
      FlatObject* const parent = root ? nullptr : current_[node.parent];
      if (!root && parent == nullptr) continue;
      if (!read_key(number, parent)) {
        if (root && lacks_key_) {
          return fail(filled("a row has no column \"%\"", {node.model->key(0).name}));
        }
        continue;
      }
      FlatList& list = root ? roots_ : parent->relations[node.slot];
      if (!root && !node.navigation->to_many() && list.first != nullptr) {
        // The first object behind a to-one relation counts, and only its own rows go on below it.
        const std::uint32_t found = object_numbers_.find(key_.view());
        current_[number] = found == NameTable::kNone ? nullptr : objects_[found];
        continue;
      }
      current_[number] = find_or_add(node, list);
    }
    return true;
  }

  // Writes what tells the object apart into key_. False when a key column is null or not there.
  bool read_key(std::size_t number, const FlatObject* parent) {
    const Node& node = nodes_[number];
    key_.truncate(0);
    json::append_integer(key_, static_cast<std::int64_t>(number));
    key_.push(':');
    json::append_integer(key_, parent == nullptr ? 0 : static_cast<std::int64_t>(parent->number));
    for (const std::size_t position : node.model->primary_key) {
      const Cell& cell = cells_[node.first_cell + position];
      lacks_key_ = !cell.given;
      const std::string_view token = scratch_.view().substr(cell.begin, cell.size);
      if (!cell.given || token == "null") return false;
      key_.push(',');
      key_.append(token);
    }
    return true;
  }

  FlatObject* find_or_add(const Node& node, FlatList& list) {
    const std::uint32_t found = object_numbers_.find(key_.view());
    if (found != NameTable::kNone) return objects_[found];
    FlatObject* const object = arena_.make<FlatObject>();
    object->number = objects_.size() + 1;
    object->columns = copy_columns(node);
    object->relations = arena_.make_span<FlatList>(node.relations);
    for (FlatList& relation : object->relations) relation = FlatList{};
    if (list.first == nullptr) {
      list.first = object;
    } else {
      list.last->next = object;
    }
    list.last = object;
    object_numbers_.insert(arena_.copy(key_.view()), objects_.size());
    objects_.push_back(object);
    return object;
  }

  std::string_view copy_columns(const Node& node) {
    ByteBuffer out(arena_, 128);
    for (std::size_t position = 0; position < node.model->columns.size(); ++position) {
      const Cell& cell = cells_[node.first_cell + position];
      if (!cell.given) continue;
      out.push(out.empty() ? '{' : ',');
      json::append_string(out, node.model->columns[position].name);
      out.push(':');
      out.append(scratch_.view().substr(cell.begin, cell.size));
    }
    return out.view();
  }

  void write_list(ByteBuffer& out, const FlatList& list, std::size_t number) {
    for (const FlatObject* object = list.first; object != nullptr; object = object->next) {
      if (object != list.first) out.push(',');
      write_object(out, *object, number);
    }
  }

  void write_object(ByteBuffer& out, const FlatObject& object, std::size_t number) {
    out.append(object.columns);
    for (const NavigationSchema& navigation : nodes_[number].model->navigations) {
      const std::size_t below = node_below(number, navigation);
      const FlatList list = below == 0 ? FlatList{} : object.relations[nodes_[below].slot];
      if (!navigation.to_many() && list.first == nullptr) continue;
      out.push(',');
      json::append_string(out, navigation.name);
      out.push(':');
      if (navigation.to_many()) out.push('[');
      write_list(out, list, below);
      if (navigation.to_many()) out.push(']');
    }
    out.push('}');
  }

  // The node of a relation of node `number`; 0 when it is not included.
  [[nodiscard]] std::size_t node_below(std::size_t number,
                                       const NavigationSchema& navigation) const {
    for (std::size_t below = number + 1; below < nodes_.size(); ++below) {
      if (nodes_[below].parent == number && nodes_[below].navigation == &navigation) return below;
    }
    return 0;
  }

  bool fail(std::string_view detail) {
    error_ = make_error(ErrorCode::kOrmInputInvalid, detail, tree_.model->name);
    return false;
  }

  const IncludeTree& tree_;
  Arena& arena_;
  ByteBuffer scratch_;
  ByteBuffer key_;
  List<Node> nodes_;
  List<std::pair<std::size_t, const ColumnSchema*>> columns_;  // by cell: node and column
  NameTable cells_by_name_;
  List<std::pair<std::string_view, std::size_t>> names_;  // of the row before: its cells
  std::span<Cell> cells_;
  std::span<FlatObject*> current_;  // by node: the object of the row being read
  List<FlatObject*> objects_;
  NameTable object_numbers_;  // by key
  FlatList roots_;
  bool lacks_key_ = false;
  Error error_;
};

}  // namespace

Result<std::string_view> map_flat(const IncludeTree& tree, const json::Value& rows, Arena& arena) {
  FlatMapper mapper(tree, arena);
  if (!mapper.read(rows)) return Failure{mapper.error()};
  return mapper.write();
}

}  // namespace cloesce::orm
