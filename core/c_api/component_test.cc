// The pieces that a component's c_api.cc is made of, with a component that only counts.
#include <cerrno>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"

namespace hpsocket::core {
namespace {

class ICounterListener {
 public:
  virtual ~ICounterListener() = default;
  virtual EnHandleResult OnSend(CONNID, const uint8_t*, int) = 0;
  virtual EnHandleResult OnReceive(CONNID, const uint8_t*, int) = 0;
  virtual EnHandleResult OnReceive(CONNID, int) = 0;
  virtual EnHandleResult OnClose(CONNID) = 0;
  virtual EnHandleResult OnError(CONNID, EnSocketOperation, int) = 0;
  virtual EnHandleResult OnShutdown() = 0;
  virtual EnHandleResult OnPrepareListen(SOCKET) = 0;
};

class IBase {
 public:
  virtual ~IBase() = default;
  virtual bool IsEven(int number) = 0;
};

class ICounter : public IBase {
 public:
  virtual void Add(bool twice) = 0;
  virtual int Count() = 0;
  virtual bool Copy(int& count) = 0;
  virtual const char* Text() = 0;
  virtual EnServiceState State() = 0;
  virtual EnSocketError Error() = 0;
  virtual EnFetchResult Fetch(uint8_t* data) = 0;
};

class Counter final : public ICounter {
 public:
  explicit Counter(ICounterListener* listener) : listener_(listener) {}
  ~Counter() override { listener_->OnShutdown(); }

  bool IsEven(int number) override { return number % 2 == 0; }
  void Add(bool twice) override { count_ += twice ? 2 : 1; }
  int Count() override {
    if (count_ < 0) throw std::bad_alloc();
    return count_;
  }
  bool Copy(int& count) override {
    count = count_;
    return true;
  }
  const char* Text() override { return "text"; }
  EnServiceState State() override { return SS_STARTED; }
  EnSocketError Error() override { return SE_OK; }
  EnFetchResult Fetch(uint8_t*) override { return FR_OK; }

  int count_ = 0;
  ICounterListener* const listener_;
};

struct Counter_Creator {
  static inline bool fails = false;
  static inline Counter* last = nullptr;
  static ICounter* Create(ICounterListener* listener) {
    return fails ? nullptr : last = std::make_unique<Counter>(listener).release();
  }
  static void Destroy(ICounter* counter) { std::unique_ptr<ICounter> owned(counter); }
};

class CounterListener final : public ServerListener<ICounterListener> {
 public:
  using ServerListener::ServerListener;
};

HP_Object Create(HP_Object listener) {
  return CreateComponent<ICounter, Counter_Creator, CounterListener, IBase, ICounter>(listener);
}

class ComponentTest : public testing::Test {
 protected:
  void SetUp() override {
    events().clear();
    functions_ = Handle::Find<ServerFunctions>(listener_);
    ASSERT_NE(functions_, nullptr);
    ASSERT_NE(counter_, nullptr);
  }
  void TearDown() override {
    DestroyComponent<ICounter>(counter_);
    DestroyListener<ServerFunctions>(listener_);
  }

  static std::vector<std::string>& events() {
    static std::vector<std::string>& events = *new std::vector<std::string>;
    return events;
  }
  ICounterListener& component_listener() { return *Counter_Creator::last->listener_; }

  const HP_Object listener_ = CreateListener<ServerFunctions>();
  const HP_Object counter_ = Create(listener_);
  ServerFunctions* functions_ = nullptr;
};

TEST_F(ComponentTest, CallsMethodsWithCsTypes) {
  Call<ICounter>(counter_, &ICounter::Add, TRUE);
  Call<ICounter>(counter_, &ICounter::Add, FALSE);
  Call<ICounter>(counter_, &ICounter::Add, 2);  // true as well
  EXPECT_EQ(Call<ICounter>(counter_, &ICounter::Count), 5);
  int count = 0;
  EXPECT_EQ(Call<ICounter>(counter_, &ICounter::Copy, &count), TRUE);
  EXPECT_EQ(count, 5);
  EXPECT_EQ(Call<IBase>(counter_, &IBase::IsEven, 3), FALSE);
  EXPECT_EQ(Call<ICounter>(counter_, &ICounter::IsEven, 4), TRUE);  // a base's method
}

// Spec: api §5.1, C24
TEST_F(ComponentTest, RefusesWhatIsNoHandleOfTheFamily) {
  for (const HP_Object object : {HP_Object{nullptr}, listener_}) {
    errno = 0;
    EXPECT_EQ(Call<ICounter>(object, &ICounter::Count), 0);
    EXPECT_EQ(errno, EINVAL);
    errno = 0;
    Call<ICounter>(object, &ICounter::Add, TRUE);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_STREQ(Call<ICounter>(object, &ICounter::Text), "Invalid Parameter");
    EXPECT_EQ(Call<ICounter>(object, &ICounter::State), SS_STOPPED);
    EXPECT_EQ(Call<ICounter>(object, &ICounter::Error), SE_INVALID_PARAM);
    EXPECT_EQ(Call<ICounter>(object, &ICounter::Fetch, nullptr), FR_DATA_NOT_FOUND);
  }
}

TEST_F(ComponentTest, RefusesAResultWithoutAPlace) {
  errno = 0;
  int* const nowhere = nullptr;
  EXPECT_EQ(Call<ICounter>(counter_, &ICounter::Copy, nowhere), FALSE);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(ComponentTest, LetsNoExceptionOut) {
  Counter_Creator::last->count_ = -1;
  errno = 0;
  EXPECT_EQ(Call<ICounter>(counter_, &ICounter::Count), 0);
  EXPECT_EQ(errno, ENOMEM);
}

// Spec: api §5.1, C24
TEST_F(ComponentTest, IgnoresFunctionsThatAreNotSet) {
  EXPECT_EQ(component_listener().OnClose(1), HR_IGNORE);
  functions_->on_close.Set([](HP_CONNID) { return HP_HR_ERROR; });
  EXPECT_EQ(component_listener().OnClose(1), HR_ERROR);
  functions_->on_close.Set(nullptr);
  EXPECT_EQ(component_listener().OnClose(1), HR_IGNORE);
}

TEST_F(ComponentTest, HandsEveryEventToItsFunction) {
  functions_->on_prepare_listen.Set([](UINT_PTR socket) {
    events().push_back("listen " + std::to_string(socket));
    return HP_HR_OK;
  });
  functions_->on_send.Set([](HP_CONNID id, const BYTE* data, int length) {
    events().push_back("send " + std::to_string(id) + std::string(reinterpret_cast<const char*>(data), 2));
    return length == 2 ? HP_HR_OK : HP_HR_ERROR;
  });
  functions_->on_receive.Set([](HP_CONNID, const BYTE*, int length) {
    events().push_back("receive " + std::to_string(length));
    return HP_HR_OK;
  });
  functions_->on_pull_receive.Set([](HP_CONNID, int length) {
    events().push_back("pull " + std::to_string(length));
    return HP_HR_OK;
  });
  functions_->on_error.Set([](HP_CONNID, En_HP_SocketOperation operation, int error) {
    events().push_back("error " + std::to_string(operation) + " " + std::to_string(error));
    return HP_HR_OK;
  });
  const uint8_t data[] = {'a', 'b'};
  component_listener().OnPrepareListen(7);
  EXPECT_EQ(component_listener().OnSend(1, data, 2), HR_OK);
  component_listener().OnReceive(1, data, 1);
  component_listener().OnReceive(1, 9);
  component_listener().OnError(1, SO_SEND, EPIPE);
  EXPECT_EQ(events(),
            (std::vector<std::string>{"listen 7", "send 1ab", "receive 1", "pull 9", "error 3 32"}));
}

TEST_F(ComponentTest, EndsWithEventsThatTheFunctionsStillHear) {
  static HP_Object found;
  const HP_Object listener = CreateListener<ServerFunctions>();
  found = Create(listener);
  ServerFunctions* const functions = Handle::Find<ServerFunctions>(listener);
  ASSERT_NE(functions, nullptr);
  functions->on_shutdown.Set([]() {
    events().push_back(Call<ICounter>(found, &ICounter::IsEven, 2) != FALSE ? "found" : "lost");
    return HP_HR_OK;
  });
  DestroyListener<ServerFunctions>(listener);  // too early, but nothing comes of it
  DestroyComponent<ICounter>(found);
  EXPECT_EQ(events(), std::vector<std::string>{"found"});
  errno = 0;
  DestroyComponent<ICounter>(found);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(ComponentTest, IsNotMadeWithoutAListenerOrMemory) {
  errno = 0;
  EXPECT_EQ(Create(nullptr), nullptr);
  EXPECT_EQ(errno, EINVAL);
  errno = 0;
  EXPECT_EQ(Create(counter_), nullptr);
  EXPECT_EQ(errno, EINVAL);
  const HP_Object agents = CreateListener<AgentFunctions>();
  EXPECT_EQ(Create(agents), nullptr);
  DestroyListener<AgentFunctions>(agents);
  Counter_Creator::fails = true;
  errno = 0;
  EXPECT_EQ(Create(listener_), nullptr);
  EXPECT_EQ(errno, ENOMEM);
  Counter_Creator::fails = false;
}

}  // namespace
}  // namespace hpsocket::core
