// Internal to core.
//
// What kind of component an engine serves.
#ifndef HPSOCKET_CORE_ENGINE_ROLE_H_
#define HPSOCKET_CORE_ENGINE_ROLE_H_

namespace hpsocket::core {

// Who calls the engine. Delivery is how received bytes go up.
enum class Role { kServer, kAgent, kClient, kCast };
enum class Delivery { kPush, kPull };

// Clients and Cast: one connection, a thread of its own, no OnShutdown.
inline bool IsSingle(Role role) { return role == Role::kClient || role == Role::kCast; }

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_ROLE_H_
