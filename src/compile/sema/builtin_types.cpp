// Tables of the names.
#include "compile/sema/builtin_types.h"

#include <array>

namespace cloesce::sema {
namespace {

// Whether a file has to import a name.
enum class Home : std::uint8_t { kCloesce, kPlatform };

struct TypeRow {
  std::string_view name;
  BuiltinType type;
  Home home;
};

constexpr std::array kTypes = {
    TypeRow{"Integer", BuiltinType::kInteger, Home::kCloesce},
    TypeRow{"number", BuiltinType::kReal, Home::kPlatform},
    TypeRow{"string", BuiltinType::kText, Home::kPlatform},
    TypeRow{"boolean", BuiltinType::kBoolean, Home::kPlatform},
    TypeRow{"Number", BuiltinType::kReal, Home::kPlatform},
    TypeRow{"String", BuiltinType::kText, Home::kPlatform},
    TypeRow{"Boolean", BuiltinType::kBoolean, Home::kPlatform},
    TypeRow{"Date", BuiltinType::kDate, Home::kPlatform},
    TypeRow{"Blob", BuiltinType::kBlob, Home::kPlatform},
    TypeRow{"Uint8Array", BuiltinType::kBlob, Home::kPlatform},
    TypeRow{"ArrayBuffer", BuiltinType::kBlob, Home::kPlatform},
    TypeRow{"Stream", BuiltinType::kStream, Home::kCloesce},
    TypeRow{"ReadableStream", BuiltinType::kStream, Home::kPlatform},
    TypeRow{"Json", BuiltinType::kJson, Home::kCloesce},
    TypeRow{"unknown", BuiltinType::kJson, Home::kPlatform},
    TypeRow{"any", BuiltinType::kJson, Home::kPlatform},
    TypeRow{"R2Object", BuiltinType::kR2Object, Home::kPlatform},
    TypeRow{"R2Download", BuiltinType::kR2Download, Home::kCloesce},
    TypeRow{"KValue", BuiltinType::kKvValue, Home::kCloesce},
    TypeRow{"Page", BuiltinType::kPage, Home::kCloesce},
    TypeRow{"HttpResult", BuiltinType::kHttpResult, Home::kCloesce},
    TypeRow{"Promise", BuiltinType::kPromise, Home::kPlatform},
    TypeRow{"Readonly", BuiltinType::kTransparent, Home::kPlatform},
    TypeRow{"DeepPartial", BuiltinType::kPartial, Home::kCloesce},
    TypeRow{"Partial", BuiltinType::kPartial, Home::kPlatform},
    TypeRow{"DataSourceOf", BuiltinType::kDataSource, Home::kCloesce},
    TypeRow{"IncludeTree", BuiltinType::kIncludeTree, Home::kCloesce},
    TypeRow{"void", BuiltinType::kVoid, Home::kPlatform},
    TypeRow{"null", BuiltinType::kNull, Home::kPlatform},
    TypeRow{"undefined", BuiltinType::kNull, Home::kPlatform},
    TypeRow{"D1Database", BuiltinType::kPlatform, Home::kPlatform},
    TypeRow{"KVNamespace", BuiltinType::kPlatform, Home::kPlatform},
    TypeRow{"R2Bucket", BuiltinType::kPlatform, Home::kPlatform},
    TypeRow{"Request", BuiltinType::kPlatform, Home::kPlatform},
    TypeRow{"ExecutionContext", BuiltinType::kPlatform, Home::kPlatform},
    TypeRow{"R2Endpoint", BuiltinType::kVariable, Home::kCloesce},
    TypeRow{"R2AccessKeyId", BuiltinType::kVariable, Home::kCloesce},
    TypeRow{"R2SecretAccessKey", BuiltinType::kVariable, Home::kCloesce},
};

constexpr std::array<std::string_view, 15> kValueTypes = {
    "Integer", "number",   "string",     "boolean", "Date", "Blob",       "Uint8Array",  "Stream",
    "Json",    "R2Object", "R2Download", "KValue",  "Page", "HttpResult", "DeepPartial",
};

constexpr std::array<std::string_view, 5> kPlatformTypes = {"D1Database", "KVNamespace", "R2Bucket",
                                                            "Request", "ExecutionContext"};

struct Advice {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array kAdvice = {
    Advice{"bigint", "write `Integer` for whole numbers up to 2^53 - 1, or `string` beyond"},
    Advice{"BigInt", "write `Integer` for whole numbers up to 2^53 - 1, or `string` beyond"},
    Advice{"int", "write `Integer`"},
    Advice{"float", "write `number`"},
    Advice{"double", "write `number`"},
    Advice{"object", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Object", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Record", "write `Json`, or declare a class with @PlainOldObject"},
    Advice{"Map", "write an array of a class with @PlainOldObject, or `Json`"},
    Advice{"Set", "write an array"},
    Advice{"Pick", "declare a class with @PlainOldObject, or write `DeepPartial<T>`"},
    Advice{"Omit", "declare a class with @PlainOldObject, or write `DeepPartial<T>`"},
    Advice{"Required", "name the class itself"},
    Advice{"Buffer", "write `Uint8Array`"},
    Advice{"File", "write `Blob`"},
    Advice{"FormData", "take the parts as parameters: `Blob` for files, the rest by their types"},
    Advice{"Response", "return `HttpResult<T>`, or `Stream` for raw bytes"},
    Advice{"Function", "functions cannot travel"},
    Advice{"never", "write the type of what is returned, or `void`"},
    Advice{"symbol", "write `string`"},
};

}  // namespace

std::optional<BuiltinType> builtin_type(std::string_view name) {
  for (const TypeRow& entry : kTypes) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

bool is_platform_type(std::string_view name) {
  for (const TypeRow& entry : kTypes) {
    if (entry.name == name) return entry.home == Home::kPlatform;
  }
  return false;
}

std::span<const std::string_view> value_type_names() { return kValueTypes; }

std::span<const std::string_view> platform_type_names() { return kPlatformTypes; }

std::string_view instead_of_type(std::string_view name) {
  for (const Advice& advice : kAdvice) {
    if (advice.name == name) return advice.instead;
  }
  return {};
}

}  // namespace cloesce::sema
