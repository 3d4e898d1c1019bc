// Internal to testing/bench. Tests only.
//
// The datagrams of one-way scenarios. Each carries its number at both ends, so that one that was cut,
// doubled, overtaken or mixed up is noticed; some may be lost. Short ones in between say what is wanted.
//
// Threads:  one per object.
// Units:    bytes; numbers count from 1.
#ifndef HPSOCKET_TESTING_BENCH_BLAST_H_
#define HPSOCKET_TESTING_BENCH_BLAST_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace hpsocket::bench {

// From the load to the server, and its answer with the same wish and question.
struct BlastNote {
  enum Wish : uint64_t {
    kReport = 1,  // how many have you received? -> `number`
    kStart,       // send me datagrams of `number` bytes until
    kStop,        // how many were there? -> `number`
  };

  uint64_t wish = 0;
  uint64_t number = 0;
  uint64_t question = 0;  // tells answers to what was asked twice apart

  const uint8_t* bytes() const { return reinterpret_cast<const uint8_t*>(this); }
  BlastNote AnswerWith(uint64_t answer) const { return {wish, answer, question}; }
  // Nothing when it is none.
  static std::optional<BlastNote> From(const uint8_t* data, size_t length) {
    BlastNote note;
    if (length != sizeof(note)) return std::nullopt;
    std::memcpy(&note, data, length);
    return note;
  }
};

// Makes a datagram, which is longer than a note, the one with that number; what lies between stays as it is.
inline void NumberDatagram(uint8_t* datagram, size_t length, uint64_t number) {
  std::memcpy(datagram, &number, sizeof(number));
  std::memcpy(datagram + length - sizeof(number), &number, sizeof(number));
}

// Counts what comes of one sender.
class BlastTally {
 public:
  uint64_t count() const { return count_; }

  // A sender that starts anew.
  void Clear() { *this = BlastTally(); }

  // False when that datagram cannot be a right one.
  bool Take(const uint8_t* datagram, size_t length) {
    if (length <= sizeof(BlastNote) || (length_ != 0 && length != length_)) return false;
    uint64_t number = 0;
    std::memcpy(&number, datagram, sizeof(number));
    if (number <= last_ || std::memcmp(datagram + length - sizeof(number), &number, sizeof(number)) != 0)
      return false;
    length_ = length;
    last_ = number;
    ++count_;
    return true;
  }

 private:
  size_t length_ = 0;
  uint64_t last_ = 0;
  uint64_t count_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_BLAST_H_
