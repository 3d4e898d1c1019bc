using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>WSABUF of the C headers: one piece of what is sent as one.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        /// <summary>How many bytes.</summary>
        public uint Length;

        /// <summary>Where they are.</summary>
        public IntPtr Data;
    }

    /// <summary>Arrays that stay where they are while C has them.</summary>
    internal sealed class Pieces : IDisposable
    {
        private readonly List<GCHandle> pins = new List<GCHandle>();

        internal Pieces(params byte[][] buffers)
        {
            if (System.Array.IndexOf(buffers, null) >= 0)
            {
                throw new ArgumentNullException(nameof(buffers));
            }
            Array = new Piece[buffers.Length];
            for (int i = 0; i < buffers.Length; ++i)
            {
                GCHandle pin = GCHandle.Alloc(buffers[i], GCHandleType.Pinned);
                pins.Add(pin);
                Array[i].Length = (uint)buffers[i].Length;
                Array[i].Data = pin.AddrOfPinnedObject();
            }
        }

        internal Piece[] Array { get; }

        /// <summary>The one piece, or none.</summary>
        internal static Pieces Optional(byte[] buffer) => buffer == null ? null : new Pieces(buffer);

        public void Dispose() => pins.ForEach(pin => pin.Free());
    }
}
