// The models of the ORM's tests.
#include "orm/interfaces.h"

#include <utility>

namespace cloesce::orm::testing {

using cidl::TypeKind;

cidl::Type type_of(TypeKind kind) {
  cidl::Type type;
  type.kind = kind;
  return type;
}

cidl::Type nullable(TypeKind kind) {
  cidl::Type type;
  type.kind = TypeKind::kNullable;
  type.inner.push_back(type_of(kind));
  return type;
}

cidl::Column column(std::string_view name, cidl::Type type) {
  cidl::Column column;
  column.name = name;
  column.type = std::move(type);
  return column;
}

cidl::Column column(std::string_view name, TypeKind kind) { return column(name, type_of(kind)); }

cidl::Column key(std::string_view name, TypeKind kind) {
  cidl::Column key = column(name, kind);
  key.key = cidl::KeyRole::kPrimaryKey;
  return key;
}

cidl::Column foreign_key(std::string_view name, cidl::Type type, std::string_view model,
                         std::string_view target_column) {
  cidl::Column foreign = column(name, std::move(type));
  foreign.references = cidl::Reference{std::string(model), std::string(target_column)};
  return foreign;
}

namespace {

cidl::Navigation navigation(std::string_view name, cidl::NavigationKind kind,
                            std::string_view model, cidl::KeyOwner owner,
                            std::vector<std::string> columns) {
  cidl::Navigation navigation;
  navigation.name = name;
  navigation.kind = kind;
  navigation.model = model;
  navigation.key_owner = owner;
  navigation.columns = std::move(columns);
  return navigation;
}

cidl::Column as_key(cidl::Column column) {
  column.key = cidl::KeyRole::kPrimaryKey;
  return column;
}

cidl::Junction junction(std::string_view name, cidl::JunctionSide left, cidl::JunctionSide right) {
  cidl::Junction junction;
  junction.name = name;
  junction.binding = "db";
  junction.left = std::move(left);
  junction.right = std::move(right);
  return junction;
}

}  // namespace

cidl::Navigation to_one(std::string_view name, std::string_view model,
                        std::vector<std::string> columns) {
  return navigation(name, cidl::NavigationKind::kOneToOne, model, cidl::KeyOwner::kSelf,
                    std::move(columns));
}

cidl::Navigation to_one_back(std::string_view name, std::string_view model,
                             std::vector<std::string> columns) {
  return navigation(name, cidl::NavigationKind::kOneToOne, model, cidl::KeyOwner::kTarget,
                    std::move(columns));
}

cidl::Navigation to_many(std::string_view name, std::string_view model,
                         std::vector<std::string> columns) {
  return navigation(name, cidl::NavigationKind::kOneToMany, model, cidl::KeyOwner::kTarget,
                    std::move(columns));
}

cidl::Navigation many_to_many(std::string_view name, std::string_view model,
                              std::string_view junction_name) {
  cidl::Navigation result =
      navigation(name, cidl::NavigationKind::kManyToMany, model, cidl::KeyOwner::kTarget, {});
  result.junction = junction_name;
  return result;
}

cidl::Model model(std::string_view name, std::vector<cidl::Column> columns,
                  std::vector<cidl::Navigation> navigations) {
  cidl::Model model;
  model.name = name;
  model.table = name;
  model.binding = "db";
  model.columns = std::move(columns);
  model.navigations = std::move(navigations);
  return model;
}

cidl::Interface versioned() {
  cidl::Interface interface;
  cidl::Column revision = column("revision", TypeKind::kInteger);
  revision.versioning = cidl::Versioning::kVersion;
  // A name as the statements themselves have some.
  cidl::Column state = revision;
  state.name = "v1";
  interface.models = {
      model("Ticket",
            {key("id", TypeKind::kInteger), revision, column("title", TypeKind::kText),
             column("points", nullable(TypeKind::kInteger)),
             foreign_key("duplicateId", nullable(TypeKind::kInteger), "Ticket", "id")},
            {to_many("notes", "Note", {"ticketId"}), many_to_many("labels", "Label", "TicketLabel"),
             to_one("duplicate", "Ticket", {"duplicateId"})}),
      model("Note", {key("ticketId", TypeKind::kInteger), key("name", TypeKind::kText),
                     column("words", TypeKind::kText), state}),
      model("Label",
            {key("name", TypeKind::kText), column("color", nullable(TypeKind::kText)), revision}),
  };
  interface.models[1].columns[0].references = cidl::Reference{"Ticket", "id"};
  interface.junctions = {
      junction("TicketLabel", {"Ticket", {"Ticket_id"}}, {"Label", {"Label_name"}})};
  return interface;
}

cidl::Interface library() {
  cidl::Interface interface;
  cidl::Column profile_author =
      foreign_key("authorId", type_of(TypeKind::kInteger), "Author", "id");
  profile_author.uniqueness = cidl::Uniqueness::kUnique;
  interface.models = {
      model("Publisher", {key("code", TypeKind::kText), column("city", nullable(TypeKind::kText))},
            {to_many("books", "Book", {"publisherCode"})}),
      model(
          "Author",
          {key("id", TypeKind::kInteger), column("name", TypeKind::kText),
           foreign_key("mentorId", nullable(TypeKind::kInteger), "Author", "id")},
          {to_one("mentor", "Author", {"mentorId"}), to_many("students", "Author", {"mentorId"}),
           to_many("books", "Book", {"authorId"}), many_to_many("friends", "Author", "Friendship"),
           to_one_back("profile", "Profile", {"authorId"}),
           to_one_back("note", "Note", {"authorId"})}),
      model("Profile",
            {key("id", TypeKind::kInteger), profile_author, column("bio", TypeKind::kText)},
            {to_one("author", "Author", {"authorId"})}),
      model("Note", {key("id", TypeKind::kInteger),
                     foreign_key("authorId", nullable(TypeKind::kInteger), "Author", "id")}),
      model("Book",
            {key("id", TypeKind::kInteger), column("title", TypeKind::kText),
             foreign_key("authorId", type_of(TypeKind::kInteger), "Author", "id"),
             foreign_key("publisherCode", nullable(TypeKind::kText), "Publisher", "code"),
             column("price", nullable(TypeKind::kReal))},
            {to_one("author", "Author", {"authorId"}),
             to_one("publisher", "Publisher", {"publisherCode"}),
             to_many("pages", "Page", {"bookId"}), many_to_many("tags", "Tag", "BookTag")}),
      model("Page",
            {key("id", TypeKind::kInteger),
             foreign_key("bookId", type_of(TypeKind::kInteger), "Book", "id")},
            {to_one("book", "Book", {"bookId"})}),
      model("Tag", {key("name", TypeKind::kText)}, {many_to_many("books", "Book", "BookTag")}),
  };
  interface.junctions = {
      junction("BookTag", {"Book", {"Book_id"}}, {"Tag", {"Tag_name"}}),
      junction("Friendship", {"Author", {"left_id"}}, {"Author", {"right_id"}}),
  };
  return interface;
}

cidl::Interface every_type() {
  cidl::Interface interface;
  std::vector<cidl::Column> columns = {key("key", TypeKind::kText)};
  const std::pair<std::string_view, TypeKind> kinds[] = {
      {"integer", TypeKind::kInteger}, {"real", TypeKind::kReal},    {"text", TypeKind::kText},
      {"boolean", TypeKind::kBoolean}, {"date", TypeKind::kDateIso}, {"blob", TypeKind::kBlob}};
  for (const auto& [name, kind] : kinds) {
    columns.push_back(column(name, kind));
    columns.push_back(column(std::string(name) + "OrNull", nullable(kind)));
  }
  interface.models = {
      model("Everything", columns, {to_many("children", "Child", {"parent"})}),
      model("Child", {key("id", TypeKind::kInteger),
                      foreign_key("parent", type_of(TypeKind::kText), "Everything", "key")}),
      model("RealKey", {key("value", TypeKind::kReal)}, {to_many("parts", "RealPart", {"owner"})}),
      model("RealPart", {key("id", TypeKind::kInteger),
                         foreign_key("owner", type_of(TypeKind::kReal), "RealKey", "value")}),
      model("BlobKey",
            {key("bytes", TypeKind::kBlob), column("flag", nullable(TypeKind::kBoolean))},
            {to_many("parts", "BlobPart", {"owner"})}),
      model("BlobPart", {key("id", TypeKind::kInteger),
                         foreign_key("owner", type_of(TypeKind::kBlob), "BlobKey", "bytes")}),
  };
  return interface;
}

cidl::Interface composite() {
  cidl::Interface interface;
  interface.models = {
      model("Seat",
            {key("row", TypeKind::kText), key("number", TypeKind::kInteger),
             column("label", nullable(TypeKind::kText))},
            {to_many("tickets", "Ticket", {"seatRow", "seatNumber"}),
             many_to_many("features", "Feature", "SeatFeature")}),
      model("Ticket",
            {key("event", TypeKind::kText), key("serial", TypeKind::kInteger),
             foreign_key("seatRow", nullable(TypeKind::kText), "Seat", "row"),
             foreign_key("seatNumber", nullable(TypeKind::kInteger), "Seat", "number"),
             column("price", nullable(TypeKind::kReal))},
            {to_one("seat", "Seat", {"seatRow", "seatNumber"}),
             to_many("scans", "Scan", {"event", "serial"})}),
      model("Scan",
            {as_key(foreign_key("event", type_of(TypeKind::kText), "Ticket", "event")),
             as_key(foreign_key("serial", type_of(TypeKind::kInteger), "Ticket", "serial")),
             key("at", TypeKind::kDateIso), column("gate", nullable(TypeKind::kInteger))},
            {to_one("ticket", "Ticket", {"event", "serial"})}),
      model("Feature", {key("kind", TypeKind::kText), key("level", TypeKind::kInteger)},
            {many_to_many("seats", "Seat", "SeatFeature")}),
  };
  interface.junctions = {junction("SeatFeature", {"Seat", {"Seat_row", "Seat_number"}},
                                  {"Feature", {"Feature_kind", "Feature_level"}})};
  return interface;
}

cidl::Interface awkward() {
  cidl::Interface interface;
  interface.models = {
      model("select",
            {key("from", TypeKind::kInteger), column("it's \"quoted\"", TypeKind::kText),
             column("a,b", nullable(TypeKind::kText))},
            {to_many("order by", "Größe; drop table x", {"where"}),
             many_to_many("j", "Größe; drop table x", "jun\"ction")}),
      model("Größe; drop table x",
            {key("t0", TypeKind::kText),
             foreign_key("where", nullable(TypeKind::kInteger), "select", "from")},
            {to_one("value", "select", {"where"})}),
  };
  interface.junctions = {
      junction("jun\"ction", {"select", {"left from"}}, {"Größe; drop table x", {"right\\t0"}})};
  return interface;
}

cidl::Interface wide() {
  cidl::Interface interface;
  const auto columns = [](std::string_view prefix, std::vector<cidl::Column> first) {
    while (first.size() < 100) {
      first.push_back(column(std::string(prefix) + std::to_string(first.size()),
                             nullable(first.size() % 2 == 0 ? TypeKind::kText : TypeKind::kReal)));
    }
    return first;
  };
  interface.models = {
      model("Broad", columns("b", {key("id", TypeKind::kInteger)}),
            {to_many("leaves", "Leaf", {"broadId"})}),
      model("Leaf",
            columns("l", {key("id", TypeKind::kInteger),
                          foreign_key("broadId", nullable(TypeKind::kInteger), "Broad", "id")}),
            {to_one("broad", "Broad", {"broadId"})}),
  };
  return interface;
}

}  // namespace cloesce::orm::testing
