// What the worker of a client or a cast does with its one session.
#include <cerrno>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"

namespace hpsocket::core {

void DatagramWorker::RunTasks() {
  const uint32_t tasks = tasks_.exchange(0, std::memory_order_acq_rel);
  if (tasks == 0) return;
  Session* const session = engine_.single();
  if ((tasks & kAdopt) != 0) Attach(*session);
  if (session == nullptr || !session->attached) return;
  if ((tasks & kRejected) != 0) {
    // Start has failed and stops the component itself.
    session->Drop();
    engine_.TakeOutOfTable(*session);
    Detach(*session);
    return;
  }
  if (stopping() && (tasks & kAdopt) != 0) {
    // Stop came between its being made and its being known here: there was nothing to end yet.
    session->Claim(SO_UNKNOWN, 0);
    return Finish(*session);
  }
  if ((tasks & kOpened) != 0 && session->Move(SessionState::kOpening, SessionState::kOpen)) OpenSingle();
  if ((tasks & kConnect) != 0 && !session->closing()) {
    if (engine_.dialer().resolved()) {
      ConnectSingle();
    } else if (const int error = engine_.dialer().BeginResolving(); error != 0) {
      session->Claim(SO_CONNECT, error);
      Finish(*session);
    }
  }
  if ((tasks & kResolved) != 0 && !session->closing()) {
    const StartFailure failure = StartFailure::Contained([this] { return engine_.dialer().TakeResolved(); });
    if (failure.failed()) {
      session->Claim(SO_CONNECT, failure.error);
      Finish(*session);
    } else {
      ConnectSingle();
    }
  }
}

void DatagramWorker::AbandonResolving() {
  if (IsSingle(engine_.role())) engine_.dialer().Abandon();
}

void DatagramWorker::ConnectSingle() {
  Session& session = *engine_.single();
  const StartFailure failure =
      StartFailure::Contained([this] { return engine_.dialer().DialAll(engine_.socket() >= 0); });
  if (failure.failed()) {
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    session.Claim(SO_CONNECT, failure.error);
    return Finish(session);
  }
  {
    SmallMutexLock lock(session.lock());
    session.set_peer(engine_.dialer().peer());
  }
  session.Move(SessionState::kConnecting, SessionState::kOpening);
  session.set_opened_at(now());
  if (engine_.events().HandleConnect(session.id()) == HR_ERROR) {
    session.Claim(SO_CONNECT, ECANCELED);
    return Finish(session);
  }
  engine_.counters().total_connections.fetch_add(1, std::memory_order_relaxed);
  if (!engine_.lifecycle().ConnectedLater()) session.Claim(SO_UNKNOWN, 0);
  if (session.Move(SessionState::kOpening, SessionState::kOpen)) return OpenSingle();
  Finish(session);
}

// OnConnect has returned well: reading begins, and so does detection. Spec: api §6.12
void DatagramWorker::OpenSingle() {
  socket_.fd = engine_.socket();
  if (engine_.role() == Role::kCast) return;
  Session& session = *engine_.single();
  sender_.SendHeartbeat(session);
  session.fails = 1;
  // From now, not from when this round began: OnConnect may have taken long.
  if (engine_.running().detects()) ArmTick(detect_timer_, FreshNow() + DetectInterval());
}

void DatagramWorker::BeatHeart() {
  if (engine_.single() == nullptr) return;
  Session& session = *engine_.single();
  if (!session.attached || session.closing()) return;
  if (session.fails >= engine_.running().detect_attempts) {
    session.Claim(SO_CONNECT, ECONNRESET);
    return Finish(session);
  }
  ++session.fails;
  sender_.SendHeartbeat(session);
}

void DatagramWorker::DeliverHandedClose() {
  if (handed_->TakeReport()) engine_.ReportEnd(*handed_);
}

void DatagramWorker::FinishHanded() {
  Session& session = *handed_;
  handed_ = nullptr;
  if (session.attached) Detach(session);
}

}  // namespace hpsocket::core
