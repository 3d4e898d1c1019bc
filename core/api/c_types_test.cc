#include "hpsocket/core/api/c_types.h"

#include <cerrno>
#include <type_traits>

#include "gtest/gtest.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"

namespace hpsocket {
namespace {

// Signatures that are written with Windows' words are those of the interfaces.
class WindowsStyle : public IAgentListener {
 public:
  EnHandleResult OnSend(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override { return HR_OK; }
  EnHandleResult OnPrepareConnect(CONNID, ::SOCKET) override { return HR_OK; }
  EnHandleResult OnConnect(CONNID) override { return HR_OK; }
};
// Spec: api §1, decisions 1.3
static_assert(!std::is_abstract<WindowsStyle>::value, "");

// Spec: api §1, decisions 1.3, decisions 1.6
static_assert(std::is_same<BOOL, int>::value && std::is_same<BYTE, uint8_t>::value, "");
static_assert(std::is_same<DWORD, uint32_t>::value && std::is_same<USHORT, uint16_t>::value, "");
static_assert(std::is_same<LPCTSTR, const char*>::value && std::is_same<PVOID, void*>::value, "");
static_assert(std::is_same<::WSABUF, hpsocket::WSABUF>::value, "");
static_assert(std::is_same<decltype(hpsocket::WSABUF::len), UINT>::value, "");
static_assert(std::is_same<HP_CONNID, CONNID>::value && sizeof(UINT_PTR) == sizeof(void*), "");
static_assert(INVALID_SOCKET == -1 && TRUE == 1 && FALSE == 0 && NO_ERROR == 0, "");
static_assert(sizeof(tcp_keepalive) == 12, "as Windows lays it out");

// Spec: api §6.14, decisions 1.3
static_assert(ERROR_INVALID_STATE == EPERM && ERROR_INVALID_OPERATION == EPERM, "");
static_assert(ERROR_NOT_READY == EPERM && ERROR_NOT_SUPPORTED == EPERM, "");
static_assert(ERROR_INVALID_PARAMETER == EINVAL && ERROR_OBJECT_NOT_FOUND == EBADSLT, "");
static_assert(ERROR_CANCELLED == ECANCELED && ERROR_OPERATION_ABORTED == ECANCELED, "");
static_assert(ERROR_INCORRECT_SIZE == EMSGSIZE && ERROR_BAD_LENGTH == EMSGSIZE, "");
static_assert(ERROR_FILE_TOO_LARGE == EFBIG && ERROR_FILE_NOT_FOUND == ENOENT, "");
static_assert(ERROR_ADDRNOTAVAIL == EADDRNOTAVAIL && ERROR_CONNECTION_COUNT_LIMIT == ENOSR, "");
static_assert(ERROR_CREATE_FAILED == EMFILE && ERROR_INVALID_INDEX == ENOANO, "");
static_assert(ERROR_CONNRESET == ECONNRESET && ERROR_CONNREFUSED == ECONNREFUSED, "");
static_assert(ERROR_TIMEDOUT == ETIMEDOUT && ERROR_WOULDBLOCK == EAGAIN, "");

// Spec: api §5.1, decisions 1.2
static_assert(HP_SS_STOPING == HP_SS_STOPPING && HP_SS_STOPED == HP_SS_STOPPED && HP_SS_STOPPED == 3, "");
static_assert(HP_SE_DATA_SEND == 14 && HP_SE_SOCKE_ATTACH_TO_CP == SE_SOCKE_ATTACH_TO_CP, "");

// Spec: api §5.1, api §5.2
TEST(CTypesTest, EnumeratorsWorkAsCaseLabelsAndResults) {
  const HP_FN_Server_OnClose callback = [](HP_CONNID) { return HP_HR_IGNORE; };
  switch (callback(1)) {
    case HP_HR_IGNORE:
      return;
    case HP_HR_OK:
    case HP_HR_ERROR:
      FAIL();
  }
}

}  // namespace
}  // namespace hpsocket
