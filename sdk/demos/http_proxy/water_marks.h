// Internal to http_proxy.
//
// Back-pressure: whether whoever feeds a queue has to wait. Two marks, so that it does not change with every
// byte.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_WATER_MARKS_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_WATER_MARKS_H_

namespace hpsocket::demos {

class WaterMarks {
 public:
  WaterMarks(int low, int high) : low_(low), high_(high) {}

  // `queued` bytes now: whether the source waits. It begins above the high mark and ends at the low one.
  bool Update(int queued) {
    waiting_ = waiting_ ? queued > low_ : queued > high_;
    return waiting_;
  }

 private:
  int low_;
  int high_;
  bool waiting_ = false;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_WATER_MARKS_H_
