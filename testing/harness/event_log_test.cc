#include "hpsocket/testing/harness/event_log.h"

#include <set>
#include <string>
#include <thread>
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

Event FailedConnect(CONNID id) {
  Event event;
  event.kind = EventKind::kError;
  event.id = id;
  event.operation = SO_CONNECT;
  return event;
}

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

TEST(EventLogTest, CountsWhatReturnsAndWhatIsFetchedLater) {
  EventLog log;
  Event event;
  event.kind = EventKind::kReceive;
  event.id = 1;
  const size_t first = log.Append(event);
  log.Append(event);
  EXPECT_EQ(log.CountReturned(EventKind::kReceive), 0u);
  log.MarkReturned(first, false);
  log.MarkReturned(first, true);
  EXPECT_EQ(log.CountReturned(EventKind::kReceive), 1u);
  EXPECT_EQ(log.CountReturned(EventKind::kSend), 0u);
  log.SetData(first, "fetched");
  EXPECT_EQ(log.Received(), 7u);
  log.SetData(first, "less");
  EXPECT_EQ(log.Received(), 4u);
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

TEST(EventLogTest, LetsALastEventOvertakeOnReceiveOnlyWhenParallel) {
  const auto violations = [](EventKind kind, bool overlaps_receive, EnRecvPolicy policy) {
    LogBuilder builder;
    builder.Add(EventKind::kAccept, 1).Add(EventKind::kReceive, 1, "x");
    Event event;
    event.kind = kind;
    event.id = 1;
    event.data = kind == EventKind::kSend ? "x" : "";
    event.overlaps = true;
    event.overlaps_receive = overlaps_receive;
    builder.Add(event);
    return builder.log().Violations(LogOf::kServer, false, {}, policy).size();
  };
  EXPECT_EQ(violations(EventKind::kClose, true, RP_PARALLEL), 0u);
  EXPECT_EQ(violations(EventKind::kError, true, RP_PARALLEL), 0u);
  EXPECT_EQ(violations(EventKind::kClose, true, RP_SERIAL), 1u);
  EXPECT_EQ(violations(EventKind::kClose, false, RP_PARALLEL), 1u) << "not with any other event";
  EXPECT_EQ(violations(EventKind::kSend, true, RP_PARALLEL), 1u) << "nothing but the last event";
  EXPECT_EQ(LogBuilder()
                .Add(EventKind::kAccept, 1)
                .Add(EventKind::kClose, 1)
                .Add(EventKind::kReceive, 1, "x")
                .log()
                .Violations(LogOf::kServer, true, {}, RP_PARALLEL)
                .size(),
            1u)
      << "nothing after it";
  const auto late = [](std::thread::id first, std::thread::id second, EnRecvPolicy policy) {
    LogBuilder builder;
    builder.Add(EventKind::kAccept, 1).Add(EventKind::kClose, 1);
    for (const std::thread::id thread : {first, second}) {
      if (thread == std::thread::id()) continue;
      Event event;
      event.kind = EventKind::kReceive;
      event.id = 1;
      event.data = "x";
      event.thread = thread;
      builder.Add(event);
    }
    return builder.log().Violations(LogOf::kServer, true, {}, policy).size();
  };
  const std::thread::id other = std::this_thread::get_id();
  EXPECT_EQ(late(other, {}, RP_PARALLEL), 0u) << "but what was overtaken, on another thread";
  EXPECT_EQ(late(other, {}, RP_SERIAL), 1u);
  EXPECT_EQ(late(other, other, RP_PARALLEL), 1u) << "once";
}

TEST(EventLogTest, KnowsTheRulesOfAgents) {
  const auto violations = [](const LogBuilder& builder, const std::set<CONNID>& begun,
                             const std::set<CONNID>& failed = {}) {
    return builder.log().Violations(LogOf::kAgent, true, begun, RP_SERIAL, failed).size();
  };
  const EventKind prepare = EventKind::kPrepareConnect;
  const Event refused = FailedConnect(1);
  EXPECT_EQ(
      violations(LogBuilder().Add(prepare, 1).Add(EventKind::kConnect, 1).Add(EventKind::kClose, 1), {1}),
      0u);
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Add(prepare, 1).Add(refused), {1}), 0u)
      << "two addresses";
  EXPECT_EQ(violations(LogBuilder().Add(refused), {1}), 0u) << "a name that does not resolve";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Add(EventKind::kClose, 1), {1}), 0u) << "we ended it";
  EXPECT_EQ(violations(LogBuilder().Refuse(prepare, 1), {}, {1}), 0u);
  EXPECT_EQ(violations(LogBuilder().Refuse(prepare, 1).Add(refused), {1}), 0u) << "of a name";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Refuse(EventKind::kConnect, 1), {1}), 0u)
      << "dropped silently";
  EXPECT_EQ(
      violations(LogBuilder().Add(prepare, 1).Refuse(EventKind::kConnect, 1).Add(EventKind::kClose, 1), {1}),
      1u);
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1), {1}), 1u) << "no last event";
  EXPECT_EQ(violations(LogBuilder(), {1}), 1u) << "no event at all";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Add(EventKind::kClose, 1), {}, {1}), 1u)
      << "Connect was false";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Add(EventKind::kConnect, 1), {}, {1}), 1u)
      << "Connect was false";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 1).Add(EventKind::kError, 1), {1}), 1u)
      << "not for connecting, and not connected";
  EXPECT_EQ(
      violations(
          LogBuilder().Add(prepare, 2).Add(EventKind::kClose, 2).Add(EventKind::kShutdown).Add(prepare, 3),
          {2}),
      0u)
      << "started again";
  EXPECT_EQ(violations(LogBuilder().Add(prepare, 2).Add(EventKind::kShutdown).Add(EventKind::kClose, 2), {2}),
            1u)
      << "too late";
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
                .Add(FailedConnect(1))
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
