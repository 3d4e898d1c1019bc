#include "hpsocket/core/stream/connection.h"

#include <cerrno>
#include <chrono>

#include "absl/base/attributes.h"
#include "hpsocket/core/stream/async_connect.h"
#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

// For how long a send of a connection that is to be reset may ignore that it was cancelled.
constexpr Duration kCancelPatience = std::chrono::seconds(1);

}  // namespace

Connection::Connection(Worker& worker, int descriptor, const Address& remote, ConnectionState first)
    : close_word_(first), remote_(remote), worker_(&worker), receiver_(*this), sender_(*this) {
  fd = descriptor;
}

Connection::~Connection() = default;

ABSL_ATTRIBUTE_HOT int Connection::SendableError() const {
  switch (state()) {
    case ConnectionState::kConnecting:
      return EPERM;
    case ConnectionState::kOpening:
    case ConnectionState::kOpen:
      return 0;
    default:
      return EBADSLT;
  }
}

void Connection::Post(uint32_t attention) {
  const uint32_t before = attention_.fetch_or(attention | kPosted, std::memory_order_acq_rel);
  if ((before & kPosted) == 0) worker_->PushToInbox(this);
}

void Connection::FirstPost(uint32_t more_attention) {
  if (more_attention != 0) attention_.fetch_or(more_attention, std::memory_order_acq_rel);
  worker_->PushToInbox(this);
}

void Connection::HandleAttention() {
  const uint32_t what = attention_.exchange(0, std::memory_order_acq_rel);
  if (dead_) return;
  if (what & kAttach) worker_->Attach(*this);
  if (worker_->stopping() && (what & (kAttach | kConnect | kAccepted)) != 0) {
    close_word_.Claim((what & kAccepted) != 0 ? CloseCause::Silent() : CloseCause::Local());
  }
  // Asked once: it may begin to close at any moment, and what was not opened ends without an event.
  const bool closing = close_word_.closing();
  // Nobody has seen it: whoever closes all connections found it before OnAccept could.
  if ((what & kAccepted) && closing) rejected_ = true;
  if (!closing) {
    if (what & kAccepted) {
      RunAccept();
      // What other threads have asked for meanwhile follows.
      if (dead_) return;
    }
    if (what & kConnect) async_connect_->Begin();
    if ((what & kResolved) && async_connect_ != nullptr) async_connect_->Resolved();
  }
  if (what & kRejected) {
    rejected_ = true;
    close_word_.Claim(CloseCause::Silent());
  }
  if (what & kOpened) Open();
  if (what & kDrain) BeginDrain();
  if (what & kPause) receiver_.ApplyPause();
  if ((what & kSend) && !dead_) sender_.Flush();
  AfterEvents();
}

bool Connection::CloseFromOurSide(CloseCause cause) {
  if (!close_word_.Claim(cause)) return false;
  StreamEngine& engine = worker_->engine();
  // After the claim, in one order with it: either this sees the OnReceive that is running, or that
  // OnReceive sees the claim and does not begin (EnterReceive).
  if (engine.parallel() && receiving_.load(std::memory_order_seq_cst)) {
    in_closing_queue_.store(true,
                            std::memory_order_relaxed);  // seen by the worker through the lock, or its own
    engine.PushClosing(*this);
  }
  Post(kClose);
  return true;
}

void Connection::CloseOnOtherWorker() {
  if (close_word_.BeginReport()) {
    Report();
    TakeOutOfTable();
    Post(kReported);
  }
  // The worker may free it from now on.
  in_closing_queue_.store(false, std::memory_order_release);
}

bool Connection::EnterReceive() {
  receiving_.store(true, std::memory_order_seq_cst);
  if (!close_word_.ClosingInOrder()) return true;
  receiving_.store(false, std::memory_order_relaxed);
  {
    // Whoever claimed it did so under the lock. If it took this for an OnReceive that runs, it has left the
    // last event to any worker by now.
    SmallMutexLock lock(lock_);
  }
  events_over_ = in_closing_queue();
  return false;
}

void Connection::LeaveReceive() {
  receiving_.store(false, std::memory_order_seq_cst);
  if (close_word_.ClosingInOrder()) events_over_ = true;
}

void Connection::RunAccept() {
  in_callback = true;
  const EnHandleResult result = worker_->engine().events().HandleAccept(id(), fd, remote_);
  in_callback = false;
  if (result == HR_ERROR) {
    rejected_ = true;
    close_word_.Claim(CloseCause::Silent());
    AfterEvents();
    return;
  }
  worker_->engine().counters().total_connections.fetch_add(1, std::memory_order_relaxed);
  Open();
}

void Connection::RunConnect() {
  StreamEngine& engine = worker_->engine();
  if (close_word_.Move(ConnectionState::kConnecting, ConnectionState::kOpening)) {
    // Silence begins with the connection, however long that took to come about.
    set_active_at(worker_->FreshNow());
    in_callback = true;
    const EnHandleResult result = engine.events().HandleConnect(id());
    in_callback = false;
    if (result == HR_ERROR) {
      // A client's Start has returned true, so it is owed an event; an agent's listener knows the ID.
      rejected_ = engine.role() != Role::kClient;
      close_word_.Claim(rejected_ ? CloseCause::Silent() : CloseCause::Listener(SO_CONNECT, ECANCELED));
    } else {
      engine.counters().total_connections.fetch_add(1, std::memory_order_relaxed);
      if (engine.role() == Role::kClient && !engine.lifecycle().ConnectedLater()) {
        close_word_.Claim(CloseCause::Local());
      }
    }
  }
  if (rejected_) {
    AfterEvents();
  } else {
    Open();
  }
}

void Connection::Open() {
  opened_ = true;
  // The time that the callback took is not the peer's silence.
  sender_.NoteSent();
  close_word_.Move(ConnectionState::kOpening, ConnectionState::kOpen);
  if (!close_word_.closing() && !receiver_.Begin()) {
    close_word_.Claim(CloseCause::Error(SO_RECEIVE, ENOMEM));
  }
  // What OnConnect has sent on another thread, and a graceful Disconnect inside it.
  if (connected_elsewhere_ && !close_word_.closing()) sender_.Flush();
  AfterEvents();
}

ABSL_ATTRIBUTE_HOT void Connection::NoteReceived() {
  StreamEngine& engine = worker_->engine();
  if (engine.mark_silence() || engine.running().max_idle_time != 0) set_active_at(worker_->now());
}

ABSL_ATTRIBUTE_HOT void Connection::MarkDirty() {
  if (sender_.dirty()) return;
  sender_.set_dirty(true);
  worker_->ListDirty(*this);
}

ABSL_ATTRIBUTE_HOT void Connection::AfterEvents() {
  if (close_word_.closing()) {
    BeginClose();
  } else if (sender_.dirty() && worker_->port().SendsAtOnce()) {
    sender_.Flush();
  }
}

void Connection::CloseWith(CloseCause cause) {
  close_word_.Claim(cause);
  AfterEvents();
}

void Connection::BeginClose() {
  if (!close_began_) {
    close_began_ = true;
    if (timer_ != nullptr) worker_->timers().Disarm(*timer_);
    receiver_.End();
    if (close_word_.cause().kind != CloseCause::Kind::kPeer) sender_.Cancel();
    if (async_connect_ != nullptr) async_connect_->Cancel();  // may finish this connection
  }
  TryFinish();
}

void Connection::TryFinish() {
  if (handed_ || dead_ || lingering_ || in_callback) return;
  if (receiver_.in_flight() || async_connect_ != nullptr) return;
  const CloseCause cause = close_word_.cause();
  const bool silent = rejected_ || cause.kind == CloseCause::Kind::kSilent;
  // Whoever connected is still inside OnConnect; it posts when that has returned.
  if (!silent && !opened_ && connected_elsewhere_) return;
  // Another worker is delivering the last event; it posts afterwards.
  if (state() == ConnectionState::kReporting) return;
  // It has been delivered by another worker, or by the thread that waits in a client's Stop.
  const bool reported = state() == ConnectionState::kReported;
  if (!silent && !reported) sender_.ReportLeft();
  const bool may_linger =
      cause.kind == CloseCause::Kind::kPeer && !silent && !reported && !worker_->stopping();
  if (sender_.in_flight() && !may_linger) return sender_.Cancel();
  if (reported) return Leave(false);
  if (!silent && worker_->engine().role() == Role::kClient) {
    handed_ = worker_->HandClose(*this);
    if (handed_) {
      events_over_ = true;
      return;
    }
  }
  in_callback = true;
  const bool delivered = DeliverClose(silent);
  in_callback = false;
  if (delivered) Leave(may_linger);
}

bool Connection::DeliverClose(bool silent) {
  if (!close_word_.BeginReport()) return false;
  if (silent) {
    close_word_.EndReport();
  } else {
    Report();
  }
  return true;
}

void Connection::Report() {
  const CloseCause cause = close_word_.cause();
  const bool on_error = cause.kind == CloseCause::Kind::kError || cause.kind == CloseCause::Kind::kListener;
  worker_->engine().events().HandleClose(id(), cause.operation, on_error ? cause.error : 0);
  close_word_.EndReport();
}

void Connection::FinishHandedClose() {
  handed_ = false;
  TryFinish();  // a send may be in flight: Stop came while the peer's end was about to linger
}

void Connection::TakeOutOfTable() {
  const CONNID id = this->id();
  if (id == 0) return;  // by the worker that delivered the last event
  {
    // From here no other thread touches the socket or queues a byte.
    SmallMutexLock lock(lock_);
    set_id(0);
  }
  worker_->engine().table().Remove(id);
}

void Connection::Leave(bool may_linger) {
  TakeOutOfTable();
  receiver_.FreePullBuffer();
  // Asked last: until it was out of the table another thread's Send could still be accepted.
  if (may_linger && !sender_.idle()) {
    lingering_ = true;
    worker_->BeginLinger(*this);
    if (ArmCloseTimer()) {
      sender_.Flush();
    } else {
      AbortLinger();
    }
    return;
  }
  CloseSocket();
}

void Connection::CloseSocket() {
  if (timer_ != nullptr) worker_->timers().Disarm(*timer_);
  worker_->engine().pool().Delete(timer_);
  timer_ = nullptr;
  sender_.Discard();
  if (fd >= 0) worker_->port().Close(*this);
  StreamEngine& engine = worker_->engine();
  worker_->Retire(*this);
  if (engine.role() == Role::kClient) engine.ClientConnectionEnded();
}

void Connection::BeginDrain() {
  if (close_word_.closing()) return;
  if (!ArmCloseTimer()) return CloseWith(CloseCause::Local());
  sender_.Flush();
}

bool Connection::ArmCloseTimer() {
  return ArmTimer(FromMillis(worker_->engine().running().graceful_timeout), false);
}

void Connection::WatchWhileHeld() {
  const Duration step = KeepAliveStep(worker_->engine().running());
  if (step == Duration::zero() || (timer_ != nullptr && timer_->armed())) return;
  // Without memory it is noticed when receiving goes on.
  static_cast<void>(ArmTimer(step, true));
}

bool Connection::ArmTimer(Duration delay, bool looks) {
  if (timer_ == nullptr) timer_ = worker_->engine().pool().New<OneTimer>(*this);
  if (timer_ == nullptr) return false;
  timer_->looks = looks;
  worker_->timers().Arm(*timer_, worker_->FreshNow() + delay);
  return true;
}

ABSL_ATTRIBUTE_HOT void Connection::SendDrained() {
  if (lingering_) {
    EndLinger();
  } else if (state() == ConnectionState::kDraining && opened_ && !fin_sent_) {
    {
      // A Send of another thread that had found the connection open is over now; it accepts no more.
      SmallMutexLock lock(lock_);
    }
    if (!sender_.idle()) return;  // its post brings us back
    fin_sent_ = true;
    worker_->engine().world().network().ShutdownWrite(fd);
  }
}

ABSL_ATTRIBUTE_HOT void Connection::SendEnded(int error) {
  if (lingering_) {
    if (error != 0 || abort_linger_) {
      EndLinger();
    } else {
      sender_.Flush();
    }
    return;
  }
  if (error == EPIPE && receiver_.heard_error() != 0) error = receiver_.heard_error();
  if (error != 0) close_word_.Claim(CloseCause::Error(SO_SEND, error));
  if (close_word_.closing()) {
    BeginClose();
  } else {
    sender_.Flush();
  }
}

void Connection::AbortLinger() {
  if (dead_ || abort_linger_) return;
  abort_linger_ = true;
  worker_->engine().world().network().SetAbortOnClose(fd);
  if (!sender_.in_flight()) return EndLinger();
  // A shutdown could send a FIN before the reset, and the peer would take what it has for the whole.
  sender_.CancelQuietly();
  if (!ArmTimer(kCancelPatience, false)) worker_->engine().world().network().ShutdownBoth(fd);
}

void Connection::EndLinger() {
  if (dead_) return;
  worker_->EndLinger(*this);
  CloseSocket();
}

void Connection::TimeOut(Timer& timer) {
  Connection& connection = static_cast<OneTimer&>(timer).owner;
  if (static_cast<OneTimer&>(timer).looks) {
    connection.receiver_.LookWhileHeld();
  } else if (connection.abort_linger_) {
    connection.worker_->engine().world().network().ShutdownBoth(connection.fd);
  } else if (connection.lingering_) {
    connection.AbortLinger();
  } else {
    connection.CloseWith(CloseCause::Local());
  }
}

}  // namespace hpsocket::core
