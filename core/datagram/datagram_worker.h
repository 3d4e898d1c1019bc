// Internal to core.
//
// One thread of a UDP component with one completion port and the sessions of the peers that it meets. A
// round: take what others have posted, fire timers, send what has gathered, wait, read, deliver.
//
// Threads:  its own thread, except what is marked "any thread".
// Owner:    the engine.
// Lifetime: from Start to Stop; its heap is destroyed on its own thread, once every worker of the
//           component has nothing in flight.
#ifndef HPSOCKET_CORE_DATAGRAM_DATAGRAM_WORKER_H_
#define HPSOCKET_CORE_DATAGRAM_DATAGRAM_WORKER_H_

#include <atomic>
#include <chrono>
#include <optional>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/intrusive_list.h"
#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/datagram/callback_watch.h"
#include "hpsocket/core/datagram/datagram_reader.h"
#include "hpsocket/core/datagram/datagram_sender.h"
#include "hpsocket/core/datagram/packet.h"
#include "hpsocket/core/datagram/peer_table.h"
#include "hpsocket/core/datagram/session.h"
#include "hpsocket/core/engine/object_pool.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/engine/worker_base.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/timer/timer_wheel.h"

namespace hpsocket::core {

class DatagramEngine;

// The kernel lacks the memory to read, or the memory or the entry to tell when the socket can be read or
// written: so often it is tried.
inline constexpr Duration kBlindPeriod = std::chrono::milliseconds(10);

class DatagramWorker final : public WorkerBase {
 public:
  // What the worker of a client is asked to do about its session; bits.
  enum Task : uint32_t {
    kAdopt = 1,      // there is one
    kOpened = 2,     // the thread that connected has seen OnConnect return
    kConnect = 4,    // an asynchronous connect is to be started
    kResolved = 8,   // the resolver has answered
    kRejected = 16,  // the thread that connected drops it without an event
  };

  DatagramWorker(DatagramEngine& engine, uint32_t index);
  ~DatagramWorker() override;

  // The worker whose round the calling thread is in, or null.
  static DatagramWorker* Current() { return current_; }

  bool RunRound(bool may_block) override;

  // --- Any thread ---

  DatagramEngine& engine() const { return engine_; }
  // Asks it to look at a session. From other threads under its lock with the ID compared.
  void Post(Session& session);
  void PostTask(uint32_t task);
  void PushPacket(Packet* packet);
  // By the holder of the reader token. `NewArrivals` is null when the worker has too much to do already.
  void PushArrivals(Arrivals* arrivals);
  Arrivals* NewArrivals(uint32_t size);
  // There is a session too many: ends its own that was silent longest, or asks the worker that has an older
  // one; `passed_on`: it has been asked like that.
  void AskToEvict(bool passed_on);
  // When that one was heard last, in ticks of Session; nothing if there is none.
  std::optional<uint32_t> OldestHeard() const;
  CallbackWatch& watch() { return watch_; }
  // Client: the last event, on the thread that waits in Stop.
  void DeliverHandedClose();

  Session* NewSession(const Address& peer, uint64_t hash, SessionState first) {
    return objects_.New(*this, peer, hash, first);
  }
  // Of one that was never attached.
  void DiscardSession(Session* session) { objects_.Delete(session); }

  struct Figures {
    std::atomic<uint64_t> bytes_received{0};
    std::atomic<uint64_t> bytes_sent{0};
    std::atomic<uint64_t> receive_calls{0};
    std::atomic<uint64_t> send_calls{0};
    std::atomic<uint64_t> pool_bytes{0};
    std::atomic<uint64_t> buffer_bytes{0};
  };
  const Figures& figures() const { return figures_; }
  uint64_t held_bytes() const { return sender_.held_bytes(); }

  // --- Worker ---

  TimerWheel& timers() { return *timers_; }
  DatagramSender& sender() { return sender_; }
  PrivateHeap& heap() { return *heap_; }

  // One datagram for this worker.
  void Deliver(const Origin& origin, const uint8_t* data, uint32_t length, bool oversize);
  // What others have read for it. False: it is more than a batch, so that nothing may be read and delivered
  // behind it yet.
  bool CollectArrivals();
  bool has_arrivals() const { return first_arrived_ != nullptr; }
  // About a batch of it.
  void DeliverArrivals();
  // Before a callback, which may block: this worker does not keep the others from reading.
  void LetOthersRead();
  void CountSent(uint32_t bytes);
  // A session that has ended begins (1) or ceases (-1) to wait for what it has sent.
  void NoteLingering(int change);
  // Cast: who sent the datagram that OnReceive is running on; not valid outside.
  const Address& current_source() const { return current_source_; }

 private:
  bool Open();
  StartFailure HandleOpen() override;
  void BeginStopping();
  bool Ended() override;
  void TearDown() override;
  bool HasNews();
  TimePoint NextDeadline();
  void PublishFigures();

  // Sessions (datagram_sessions.cc).
  Session* Accept(const Origin& origin);
  void DeliverTo(Session& session, const Origin& origin, const uint8_t* data, uint32_t length, bool oversize);
  void Attach(Session& session);
  // Its peer may have a new session; its memory goes when nobody can look at it any more.
  void Detach(Session& session);
  // Its last event, unless somebody else has taken that on.
  void Finish(Session& session);
  void FreeRetired();
  // For one more session. False: there can be none, since what has ended does not go.
  bool MakeRoom();
  // `fresh` may be one too many: then the session that was silent longest ends, this worker's or another's.
  void AskForRoom(const Session& fresh);
  // Never `fresh`, which has not begun.
  bool EvictOldest(const Session* fresh = nullptr);
  void RunEvictions();
  void HandlePosted();
  void PublishOldest();
  static void DetectTick(Timer& timer);
  static void IdleTick(Timer& timer);
  void DetectDeadPeers();
  void CloseIdle();

  // The session of a client or a cast (datagram_client.cc).
  void RunTasks();
  void OpenSingle();
  void ConnectSingle();
  void BeatHeart();
  void FinishHanded();
  void AbandonResolving();

  static thread_local DatagramWorker* current_;

  DatagramEngine& engine_;
  ObjectPool<Session> objects_;

  std::atomic<uint32_t> tasks_{0};
  std::atomic<uint32_t> evictions_asked_{0};
  std::atomic<uint32_t> evictions_passed_on_{0};
  std::atomic<uint64_t> oldest_heard_{0};  // ticks + 1; 0: no session
  MpscQueue<Session> posted_;
  MpscQueue<Arrivals> arrivals_;
  std::atomic<uint64_t> arrivals_bytes_{0};
  Arrivals* first_arrived_ = nullptr;  // collected, and not delivered yet
  Arrivals* last_arrived_ = nullptr;
  uint64_t arrived_ = 0;  // datagrams in there

  std::optional<PrivateHeap> heap_;
  std::optional<TimerWheel> timers_;
  PolledSocket socket_;
  DatagramReader reader_;
  DatagramSender sender_;
  PeerTable peers_;
  IntrusiveList<Session> sessions_;  // in the order in which they were heard
  IntrusiveList<Session> retired_;
  uint32_t lingering_ = 0;  // of those, with datagrams that wait to leave
  Session* handed_ = nullptr;
  Session* delivering_ = nullptr;
  Address current_source_;
  CallbackWatch watch_;  // RP_PARALLEL
  // It does not hold the reader token, nor has it been woken for it, since it waited.
  bool others_read_ = false;
  Figures figures_;
  uint64_t bytes_received_ = 0;
  uint64_t bytes_sent_ = 0;
  TimePoint counts_drops_at_ = kAtOnce;

  // A tick, first fired by hand.
  struct WorkerTimer : Timer {
    WorkerTimer(Callback callback, DatagramWorker& worker) : Timer(callback), owner(worker) {}
    DatagramWorker& owner;
    TimePoint due = kForever;
    TimePoint put_off_at = kForever;
  };
  // False: callbacks have kept it, and what came meanwhile is to be read before anybody is called silent. It
  // comes again in a moment.
  bool IsInTime(WorkerTimer& timer);
  bool HasUnread() const;
  Duration DetectInterval() const;
  void ArmTick(WorkerTimer& timer, TimePoint due);
  WorkerTimer detect_timer_{&DatagramWorker::DetectTick, *this};
  WorkerTimer idle_timer_{&DatagramWorker::IdleTick, *this};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DATAGRAM_WORKER_H_
