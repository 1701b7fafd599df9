// Tables of the names.
#include "compile/sema/builtin_types.h"

#include <array>

namespace cloesce::sema {
namespace {

struct Entry {
  std::string_view name;
  BuiltinType type;
};

constexpr std::array kTypes = {
    Entry{"Integer", BuiltinType::kInteger},
    Entry{"number", BuiltinType::kReal},
    Entry{"string", BuiltinType::kText},
    Entry{"boolean", BuiltinType::kBoolean},
    Entry{"Date", BuiltinType::kDate},
    Entry{"Blob", BuiltinType::kBlob},
    Entry{"Uint8Array", BuiltinType::kBlob},
    Entry{"ArrayBuffer", BuiltinType::kBlob},
    Entry{"Stream", BuiltinType::kStream},
    Entry{"ReadableStream", BuiltinType::kStream},
    Entry{"Json", BuiltinType::kJson},
    Entry{"unknown", BuiltinType::kJson},
    Entry{"any", BuiltinType::kJson},
    Entry{"R2Object", BuiltinType::kR2Object},
    Entry{"R2Download", BuiltinType::kR2Download},
    Entry{"KValue", BuiltinType::kKvValue},
    Entry{"Page", BuiltinType::kPage},
    Entry{"HttpResult", BuiltinType::kHttpResult},
    Entry{"Promise", BuiltinType::kPromise},
    Entry{"Readonly", BuiltinType::kTransparent},
    Entry{"DeepPartial", BuiltinType::kPartial},
    Entry{"Partial", BuiltinType::kPartial},
    Entry{"DataSourceOf", BuiltinType::kDataSource},
    Entry{"IncludeTree", BuiltinType::kIncludeTree},
    Entry{"void", BuiltinType::kVoid},
    Entry{"null", BuiltinType::kNull},
    Entry{"undefined", BuiltinType::kNull},
    Entry{"D1Database", BuiltinType::kPlatform},
    Entry{"KVNamespace", BuiltinType::kPlatform},
    Entry{"R2Bucket", BuiltinType::kPlatform},
    Entry{"Request", BuiltinType::kPlatform},
    Entry{"ExecutionContext", BuiltinType::kPlatform},
    Entry{"R2Endpoint", BuiltinType::kVariable},
    Entry{"R2AccessKeyId", BuiltinType::kVariable},
    Entry{"R2SecretAccessKey", BuiltinType::kVariable},
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
    Advice{"Number", "write `number`, or `Integer` for whole numbers"},
    Advice{"String", "write `string`"},
    Advice{"Boolean", "write `boolean`"},
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
  for (const Entry& entry : kTypes) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
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
