// A host with a few horses, and the ready-made methods as they are called.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {

class CrudTest : public ::testing::Test {
 protected:
  CrudTest() : host(stable_interface()) {
    host.database().execute(
        "insert into Breed values (1, 'Friesian'), (2, 'Haflinger');"
        "insert into Horse values (1, 'Roach', '2011-05-01T00:00:00.000Z', 512.5, 1, 1),"
        " (2, 'Philippa', null, null, 0, null), (3, 'Bucephalus', null, null, null, 2);"
        "insert into Like values (10, 1, 2), (11, 1, 3), (12, 2, 1);"
        "insert into Tag values ('black'), ('fast');"
        "insert into HorseTag values (1, 'black'), (1, 'fast'), (3, 'black')");
  }

  Ending save(const std::string& model, const std::string& object, const std::string& query = "") {
    return host.send({.verb = "POST",
                      .target = "/api/" + model + "/save" + query,
                      .body = R"({"model":)" + object + "}"});
  }
  Ending get(const std::string& target) { return host.send({.target = "/api/" + target}); }
  Ending remove(const std::string& target) {
    return host.send({.verb = "DELETE", .target = "/api/" + target});
  }

  TestHost host;
};

}  // namespace cloesce::runtime::testing
