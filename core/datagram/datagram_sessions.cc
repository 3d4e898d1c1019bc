// What a worker does with its sessions: from the first datagram of a peer to the last event.
#include <algorithm>
#include <cerrno>
#include <chrono>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"

namespace hpsocket::core {
namespace {

// So many sessions more than there should be are reason enough to end the oldest of one's own.
constexpr uint32_t kFarOver = 64;
// Peers that send without end must not keep a tick from coming for ever.
constexpr Duration kLongestPutOff = std::chrono::seconds(1);

}  // namespace

void DatagramWorker::Deliver(const Origin& origin, const uint8_t* data, uint32_t length, bool oversize) {
  if (phase_ != Phase::kRunning || stop_seen()) return;
  const bool server = engine_.role() == Role::kServer;
  Session* session = server ? peers_.Find(origin.from, origin.hash) : sessions_.front();
  // What came before the socket was connected may be a stranger's.
  if (engine_.role() == Role::kClient && session != nullptr && !(origin.from == session->peer())) return;
  bytes_received_ += length;
  if (oversize) engine_.CountOversize();
  if (session != nullptr && session->closing()) {
    Finish(*session);
    // Somebody else may still be at its last event; its peer is a new one from now on.
    if (server && session->attached) Detach(*session);
    session = nullptr;
  }
  if (session == nullptr) {
    if (!server || oversize) return;
    session = Accept(origin);
    if (session == nullptr) return;
  }
  DeliverTo(*session, origin, data, length, oversize);
}

// A new peer. Null: there is no session to deliver to.
Session* DatagramWorker::Accept(const Origin& origin) {
  if (!MakeRoom()) {
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    return nullptr;  // its datagram is lost, as it would be in a full socket
  }
  Session* const session = NewSession(origin.from, origin.hash, SessionState::kOpening);
  if (session == nullptr || !peers_.Insert(*session)) {
    if (session != nullptr) DiscardSession(session);
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  session->set_opened_at(now());
  session->NoteLocal(origin.to);
  if (!engine_.table().Insert(session, index(), session->id_slot())) {
    peers_.Remove(*session);
    DiscardSession(session);
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  session->attached = true;
  sessions_.PushBack(*session);
  AskForRoom(*session);
  if (engine_.events().HandleAccept(session->id(), -1, origin.from) == HR_ERROR) {
    session->Drop();
    engine_.TakeOutOfTable(*session);
    Detach(*session);
    return nullptr;
  }
  engine_.counters().total_connections.fetch_add(1, std::memory_order_relaxed);
  if (!session->Move(SessionState::kOpening, SessionState::kOpen)) {
    Finish(*session);
    return nullptr;
  }
  return session;
}

void DatagramWorker::DeliverTo(Session& session, const Origin& origin, const uint8_t* data, uint32_t length,
                               bool oversize) {
  session.NoteHeard(now());
  if (engine_.role() == Role::kServer) {
    session.NoteLocal(origin.to);
    session.Unlink();
    sessions_.PushBack(session);
  }
  if (oversize) {
    if (engine_.running().close_on_oversize) {
      session.Claim(SO_RECEIVE, EMSGSIZE);
      Finish(session);
    }
    return;
  }
  if (length == 0 && engine_.role() != Role::kCast) {
    // A server answers; a client has asked.
    if (engine_.role() == Role::kServer && session.MayAnswer(now()) && sender_.SendHeartbeat(session))
      session.NoteAnswered(now());
    return;
  }
  session.NoteActive(now());
  delivering_ = &session;
  session.delivering.store(true, std::memory_order_seq_cst);
  // Either whoever ends it from elsewhere sees that its OnReceive runs, or this sees that it is ended.
  if (session.ClosingInOrder()) {
    session.delivering.store(false, std::memory_order_relaxed);
    delivering_ = nullptr;
    return Finish(session);
  }
  if (engine_.parallel()) watch_.Begin(session.id(), session.hash(), now());
  const bool cast = engine_.role() == Role::kCast;
  if (cast) current_source_ = origin.from;
  const EnHandleResult result = engine_.events().HandleReceive(session.id(), data, static_cast<int>(length));
  if (cast) current_source_ = Address();  // what Finish() calls is no OnReceive
  if (engine_.parallel()) watch_.End();
  session.delivering.store(false, std::memory_order_seq_cst);
  delivering_ = nullptr;
  if (result == HR_ERROR) session.Claim(SO_RECEIVE, ECANCELED);
  if (session.closing()) Finish(session);
}

void DatagramWorker::Attach(Session& session) {
  session.attached = true;
  sessions_.PushBack(session);
}

void DatagramWorker::Detach(Session& session) {
  session.attached = false;
  if (engine_.role() == Role::kServer) peers_.Remove(session);
  session.Unlink();
  retired_.PushBack(session);
  session.retired = true;
  if (session.in_queue != 0) NoteLingering(1);
}

void DatagramWorker::NoteLingering(int change) {
  lingering_ += static_cast<uint32_t>(change);
  engine_.CountLingering(change);
}

void DatagramWorker::Finish(Session& session) {
  if (&session == delivering_ || &session == handed_) return;  // after its OnReceive
  if (session.state() == SessionState::kClosed) {
    if (session.attached) Detach(session);
    return;
  }
  if (!session.closing()) return;
  // What Send had accepted before the end was asked for leaves first.
  if (session.in_queue != 0 && phase_ == Phase::kRunning) sender_.Flush();
  if (IsSingle(engine_.role()) && session.state() == SessionState::kClosing) {
    handed_ = &session;  // before the stopper can look
    if (engine_.lifecycle().HandEventToStopper()) return;
    handed_ = nullptr;
  }
  if (!session.TakeReport()) return;
  LetOthersRead();
  engine_.ReportEnd(session);
  if (session.attached) Detach(session);
  if (IsSingle(engine_.role())) engine_.SingleEnded();
}

void DatagramWorker::FreeRetired() {
  if (retired_.empty()) return;
  CallGate& gate = engine_.gate();
  gate.TryAdvance();
  gate.TryAdvance();
  const uint64_t epoch = gate.epoch();
  for (Session* session = retired_.front(); session != nullptr;) {
    Session* const next = retired_.next(*session);
    const bool gone = session->state() == SessionState::kClosed && session->id() == 0 &&
                      !session->posted.load(std::memory_order_acquire) &&
                      !session->in_closing_queue.load(std::memory_order_acquire) && session->in_queue == 0;
    if (gone && session->retired_epoch == Session::kNotRetired) session->retired_epoch = epoch;
    if (gone && session->retired_epoch + 2 <= epoch) {
      session->Unlink();
      if (IsSingle(engine_.role())) engine_.ForgetSingle();
      objects_.Delete(session);
    }
    session = next;
  }
}

bool DatagramWorker::MakeRoom() {
  if (!engine_.OverLimit(1)) return true;
  // A worker that was asked may be long in coming.
  const bool far_over = engine_.OverLimit(0, kFarOver - 1);
  // One that ends now lingers too: the memory would only grow.
  if (far_over && lingering_ != 0 && sender_.blocked()) return false;
  PublishOldest();
  if (far_over || engine_.WorkerWithOldest() == this) EvictOldest();
  return true;
}

void DatagramWorker::AskForRoom(const Session& fresh) {
  if (!engine_.OverLimit(0)) return;
  // The session that was silent longest may belong to another worker, which ends it as soon as it can.
  PublishOldest();
  DatagramWorker* const target = engine_.WorkerWithOldest();
  if (target == this) {
    // Workers that take peers on at the same moment see the same room.
    if (sessions_.front() != &fresh) EvictOldest(&fresh);
  } else if (target != nullptr) {
    target->AskToEvict(false);
  }
}

bool DatagramWorker::EvictOldest(const Session* fresh) {
  for (Session* session = sessions_.front(); session != nullptr; session = sessions_.next(*session)) {
    if (session == delivering_ || session == fresh) continue;
    // One that our side is ending anyway makes room as well, unless its last event is somebody else's.
    if (session->state() != SessionState::kClosing) {
      if (!session->Claim(SO_UNKNOWN, 0)) continue;
      engine_.CountEvicted();
    }
    Finish(*session);
    return true;
  }
  return false;
}

void DatagramWorker::RunEvictions() {
  // Passed on once and no further: it could go round for as long as sessions are heard.
  uint32_t asked = evictions_passed_on_.exchange(0, std::memory_order_acq_rel);
  for (; asked > 0 && engine_.OverLimit(0); --asked) EvictOldest();
  asked = evictions_asked_.exchange(0, std::memory_order_acq_rel);
  for (; asked > 0 && engine_.OverLimit(0); --asked) {
    // What was said of this worker's oldest session may not be true any more.
    PublishOldest();
    DatagramWorker* const target = engine_.WorkerWithOldest();
    if (target == this || target == nullptr) {
      EvictOldest();
    } else {
      target->AskToEvict(true);
    }
  }
}

void DatagramWorker::HandlePosted() {
  posted_.TakeAll([this](Session* session) {
    session->posted.store(false, std::memory_order_release);
    Finish(*session);
  });
}

void DatagramWorker::PublishOldest() {
  Session* const oldest = sessions_.front();
  oldest_heard_.store(oldest == nullptr ? 0 : uint64_t{oldest->heard_at()} + 1, std::memory_order_relaxed);
}

void DatagramWorker::ArmTick(WorkerTimer& timer, TimePoint due) {
  timer.due = due;
  timers_->Arm(timer, due);
}

bool DatagramWorker::IsInTime(WorkerTimer& timer) {
  if (timer.put_off_at == kForever) {
    if (now() <= timer.due || now() - timer.due <= kLateTick) return true;
    timer.put_off_at = now();
  } else if (!HasUnread() || now() - timer.put_off_at >= kLongestPutOff) {
    timer.put_off_at = kForever;
    return true;
  }
  timers_->Arm(timer, now() + FromMillis(1));
  return false;
}

// As far as this worker knows: of its own, and in the socket when the last batch was full.
bool DatagramWorker::HasUnread() const {
  return reader_.has_more() || first_arrived_ != nullptr || !arrivals_.empty();
}

Duration DatagramWorker::DetectInterval() const {
  return std::chrono::seconds(engine_.running().detect_interval);
}

void DatagramWorker::DetectTick(Timer& timer) {
  WorkerTimer& tick = static_cast<WorkerTimer&>(timer);
  DatagramWorker& worker = tick.owner;
  const Duration interval = worker.DetectInterval();
  if (!worker.IsInTime(tick)) return;
  // From tick to tick, so that a late one does not delay those behind it. One that is missed altogether is no
  // time that a peer has had to answer.
  const TimePoint next = tick.due + interval;
  worker.ArmTick(tick, next > worker.now() ? next : worker.now() + interval);
  if (worker.engine_.role() == Role::kServer) {
    worker.watch_.SetTick(tick.due);
    worker.DetectDeadPeers();
    if (worker.engine_.parallel()) worker.engine_.EndSilentBehindCallbacks(worker.now());
  } else {
    worker.BeatHeart();
  }
}

void DatagramWorker::DetectDeadPeers() {
  const uint32_t attempts = engine_.running().detect_attempts;
  for (Session* session = sessions_.front(); session != nullptr;) {
    Session* const next = sessions_.next(*session);
    if (session->fails >= attempts) {
      session->Claim(SO_UNKNOWN, 0);
      Finish(*session);
    } else {
      ++session->fails;
    }
    session = next;
  }
}

void DatagramWorker::IdleTick(Timer& timer) {
  WorkerTimer& tick = static_cast<WorkerTimer&>(timer);
  DatagramWorker& worker = tick.owner;
  if (!worker.IsInTime(tick)) return;
  worker.CloseIdle();
  // Sessions end between one and one and a quarter of the idle time.
  const Duration idle = FromMillis(worker.engine_.running().max_idle_time);
  worker.ArmTick(tick, worker.now() + std::max<Duration>(idle / 4, FromMillis(1)));
}

void DatagramWorker::CloseIdle() {
  const uint32_t idle_ms = engine_.running().max_idle_time;
  for (Session* session = sessions_.front(); session != nullptr;) {
    Session* const next = sessions_.next(*session);
    if (session->IdleFor(now()) >= idle_ms) {
      session->Claim(SO_UNKNOWN, 0);
      Finish(*session);
    } else if (TicksBetween(session->heard_at(), ToTicks(now())) < idle_ms) {
      return;  // those behind were heard later
    }
    session = next;
  }
}

}  // namespace hpsocket::core
