using System;

namespace HPSocket
{
    /// <summary>PULL of servers and agents.</summary>
    internal sealed class PullCalls
    {
        private readonly IPullFunctions functions;

        internal PullCalls(IPullFunctions functions)
        {
            this.functions = functions;
        }

        internal byte[] Fetch(ComponentHandle handle, ulong connectionId, int length)
        {
            byte[] data = Component.Room(length);
            return Component.IsThere(functions.Fetch(handle, new UIntPtr(connectionId), data, length)) ? data : null;
        }

        internal byte[] Peek(ComponentHandle handle, ulong connectionId, int length)
        {
            byte[] data = Component.Room(length);
            return Component.IsThere(functions.Peek(handle, new UIntPtr(connectionId), data, length)) ? data : null;
        }

        internal byte[] PeekSpan(ComponentHandle handle, ulong connectionId)
        {
            int length = 0;
            FetchResult result = functions.PeekSpan(handle, new UIntPtr(connectionId), out IntPtr data, ref length);
            return result == FetchResult.Ok ? Callbacks.Bytes(data, length) : null;
        }

        internal bool Find(ComponentHandle handle, ulong connectionId, byte[] pattern, out int position, int start)
        {
            Component.CheckPattern(pattern, start);
            position = 0;
            var id = new UIntPtr(connectionId);
            return Component.IsThere(functions.Find(handle, id, pattern, pattern.Length, start, ref position));
        }
    }
}
