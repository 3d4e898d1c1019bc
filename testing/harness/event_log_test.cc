#include "hpsocket/testing/harness/event_log.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::harness {
namespace {

// A log in which every event has returned.
class LogBuilder {
 public:
  LogBuilder& Add(EventKind kind, CONNID id = 0, const std::string& data = "") {
    Event event;
    event.kind = kind;
    event.id = id;
    event.data = data;
    return Add(std::move(event));
  }
  LogBuilder& Add(Event event) {
    log_.MarkReturned(log_.Append(std::move(event)), false);
    return *this;
  }
  LogBuilder& Refuse(EventKind kind, CONNID id) {
    Event event;
    event.kind = kind;
    event.id = id;
    log_.MarkReturned(log_.Append(std::move(event)), true);
    return *this;
  }
  const EventLog& log() const { return log_; }
  size_t ServerViolations(bool complete = true) const {
    return log_.Violations(LogOf::kServer, complete, {}).size();
  }
  size_t ClientViolations(const std::set<CONNID>& begun = {}) const {
    return log_.Violations(LogOf::kClient, true, begun).size();
  }

 private:
  EventLog log_;
};

TEST(EventLogTest, AnswersQuestions) {
  LogBuilder builder;
  builder.Add(EventKind::kAccept, 1)
      .Add(EventKind::kAccept, 2)
      .Add(EventKind::kReceive, 1, "ab")
      .Add(EventKind::kReceive, 2, "x")
      .Add(EventKind::kReceive, 1, "c")
      .Add(EventKind::kClose, 1);
  const EventLog& log = builder.log();
  EXPECT_EQ(log.Count(EventKind::kReceive), 3u);
  EXPECT_EQ(log.Count(EventKind::kReceive, 1), 2u);
  EXPECT_EQ(log.Received(1), "abc");
  EXPECT_EQ(log.Received(), 4u);
  EXPECT_EQ(log.Ids(), (std::vector<CONNID>{1, 2}));
  EXPECT_EQ(log.Milestones(1), (std::vector<EventKind>{EventKind::kAccept, EventKind::kClose}));
  EXPECT_EQ(log.CountEnds(1), 1u);
  EXPECT_EQ(log.CountEnds(2), 0u);
  EXPECT_EQ(log.First(EventKind::kError), nullptr);
  EXPECT_EQ(log.Last()->kind, EventKind::kClose);
}

TEST(EventLogTest, FindsNothingWrongWithAnOrderlyServer) {
  LogBuilder builder;
  builder.Add(EventKind::kPrepareListen)
      .Add(EventKind::kAccept, 1)
      .Refuse(EventKind::kAccept, 2)
      .Add(EventKind::kReceive, 1, "x")
      .Add(EventKind::kSend, 1, "x")
      .Add(EventKind::kClose, 1)
      .Add(EventKind::kShutdown)
      .Add(EventKind::kPrepareListen)
      .Add(EventKind::kShutdown);
  EXPECT_EQ(builder.ServerViolations(), 0u);
}

TEST(EventLogTest, FindsEachBrokenRuleOfAServer) {
  EXPECT_EQ(LogBuilder().Add(EventKind::kAccept, 1).ServerViolations(), 1u) << "no last event";
  EXPECT_EQ(LogBuilder().Add(EventKind::kAccept, 1).ServerViolations(false), 0u) << "not yet";
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kAccept, 1)
                .Add(EventKind::kClose, 1)
                .Add(EventKind::kError, 1)
                .ServerViolations(),
            1u)
      << "two last events";
  EXPECT_EQ(LogBuilder().Refuse(EventKind::kAccept, 1).Add(EventKind::kClose, 1).ServerViolations(), 1u)
      << "an event after a refusal";
  EXPECT_GE(LogBuilder().Add(EventKind::kReceive, 1, "x").ServerViolations(), 1u) << "no OnAccept";
  EXPECT_GE(LogBuilder().Add(EventKind::kClose, 1).ServerViolations(), 1u) << "no OnAccept";
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kAccept, 1)
                .Add(EventKind::kReceive, 1)
                .Add(EventKind::kClose, 1)
                .ServerViolations(),
            1u)
      << "an empty OnReceive";
  EXPECT_EQ(LogBuilder().Add(EventKind::kShutdown).Add(EventKind::kShutdown).ServerViolations(), 1u)
      << "OnShutdown twice";
  Event overlapping;
  overlapping.kind = EventKind::kClose;
  overlapping.id = 1;
  overlapping.overlaps = true;
  EXPECT_EQ(LogBuilder().Add(EventKind::kAccept, 1).Add(overlapping).ServerViolations(), 1u) << "two at once";
  Event crowded;
  crowded.kind = EventKind::kShutdown;
  crowded.connections = 1;
  EXPECT_EQ(LogBuilder().Add(crowded).ServerViolations(), 1u) << "OnShutdown with connections";
}

TEST(EventLogTest, KnowsTheRulesOfClients) {
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kPrepareConnect, 1)
                .Add(EventKind::kConnect, 1)
                .Add(EventKind::kClose, 1)
                .ClientViolations({1}),
            0u);
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kPrepareConnect, 1)
                .Add(EventKind::kPrepareConnect, 1)
                .Add(EventKind::kError, 1)
                .ClientViolations({1}),
            0u)
      << "two addresses, both refused";
  EXPECT_EQ(LogBuilder().Add(EventKind::kPrepareConnect, 1).ClientViolations(), 0u) << "Start was false";
  EXPECT_EQ(LogBuilder().Add(EventKind::kPrepareConnect, 1).ClientViolations({1}), 1u) << "Start was true";
  EXPECT_EQ(LogBuilder().Add(EventKind::kConnect, 1).ClientViolations(), 1u) << "no OnPrepareConnect";
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kPrepareConnect, 1)
                .Refuse(EventKind::kConnect, 1)
                .Add(EventKind::kError, 1)
                .ClientViolations({1}),
            0u)
      << "an asynchronous OnConnect that refused";
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kPrepareConnect, 1)
                .Refuse(EventKind::kConnect, 1)
                .Add(EventKind::kReceive, 1, "x")
                .ClientViolations(),
            1u)
      << "data after a refusal";
}

TEST(EventLogTest, FindsACallbackThatHasNotReturned) {
  EventLog log;
  Event event;
  event.kind = EventKind::kPrepareListen;
  log.Append(event);
  EXPECT_EQ(log.Violations(LogOf::kServer, true, {}).size(), 1u);
  EXPECT_EQ(log.Violations(LogOf::kServer, false, {}).size(), 0u);
}

}  // namespace
}  // namespace hpsocket::harness
