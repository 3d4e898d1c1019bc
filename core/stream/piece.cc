#include "hpsocket/core/stream/piece.h"

#include <new>

#include "absl/base/attributes.h"

namespace hpsocket::core {
namespace {

constexpr uint64_t kLargest = BufferPool::kLargest - sizeof(Piece);

Piece* InChunk(Chunk* chunk, Piece::Kind kind) {
  if (chunk == nullptr) return nullptr;
  Piece* piece = ::new (chunk->data()) Piece;
  piece->data = chunk->data() + sizeof(Piece);
  piece->kind = kind;
  piece->chunk = chunk;
  return piece;
}

}  // namespace

PieceStore::PieceStore(PrivateHeap& heap, SharedPool& shared, size_t keep, size_t hold)
    : shared_(shared), keep_(keep), chunks_(heap, keep, hold), nodes_(heap, keep, hold) {}

ABSL_ATTRIBUTE_HOT Piece* PieceStore::NewCopy(uint64_t bytes) noexcept {
  if (bytes > kLargest) return nullptr;
  return InChunk(chunks_.Take(sizeof(Piece) + static_cast<size_t>(bytes)), Piece::Kind::kCopy);
}

ABSL_ATTRIBUTE_HOT Piece* PieceStore::NewLease(ReceiveBuffer& buffer, const uint8_t* data,
                                               uint32_t length) noexcept {
  Piece* piece = nodes_.New();
  if (piece == nullptr) return nullptr;
  buffer.AddLease();
  piece->data = data;
  piece->length = length;
  piece->kind = Piece::Kind::kLease;
  piece->buffer = &buffer;
  return piece;
}

ABSL_ATTRIBUTE_HOT void PieceStore::Free(Piece* piece) noexcept {
  switch (piece->kind) {
    case Piece::Kind::kCopy:
      chunks_.Give(piece->chunk);
      break;
    case Piece::Kind::kShared:
      FreeShared(shared_, piece);
      break;
    case Piece::Kind::kLease:
      piece->buffer->DropLease();
      nodes_.Delete(piece);
      break;
  }
}

void PieceStore::FreeAll(PieceList& list) noexcept {
  while (!list.empty()) Free(list.PopFront());
}

Piece* PieceStore::NewShared(SharedPool& pool, uint64_t bytes) noexcept {
  if (bytes > kLargest) return nullptr;
  return InChunk(BufferPool::TakeShared(pool, sizeof(Piece) + static_cast<size_t>(bytes)),
                 Piece::Kind::kShared);
}

void PieceStore::FreeShared(SharedPool& pool, Piece* piece) noexcept {
  BufferPool::GiveShared(pool, piece->chunk);
}

}  // namespace hpsocket::core
