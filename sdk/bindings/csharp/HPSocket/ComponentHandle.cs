using System;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>A component's C handle and its listener's, both ended when nobody uses them any more.</summary>
    public sealed class ComponentHandle : SafeHandle
    {
        private readonly Kind kind;
        private readonly Callbacks callbacks;
        private readonly IntPtr listener;

        internal ComponentHandle(Kind kind, Callbacks callbacks, Action<IntPtr> hook) : base(IntPtr.Zero, true)
        {
            this.kind = kind;
            this.callbacks = callbacks;
            listener = kind.CreateListener();
            if (listener != IntPtr.Zero)
            {
                hook(listener);
                SetHandle(kind.Create(listener));
                if (IsInvalid)
                {
                    kind.DestroyListener(listener);
                }
            }
            if (IsInvalid)
            {
                throw new OutOfMemoryException("no memory for a component");
            }
            callbacks.Hold();
        }

        /// <inheritdoc/>
        public override bool IsInvalid => handle == IntPtr.Zero;

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            kind.Destroy(handle);
            kind.DestroyListener(listener);
            callbacks.Release();
            return true;
        }
    }

    /// <summary>How the C objects of one kind of component are made and ended.</summary>
    internal sealed class Kind
    {
        internal Func<IntPtr> CreateListener { get; set; }

        internal Func<IntPtr, IntPtr> Create { get; set; }

        internal Action<IntPtr> Destroy { get; set; }

        internal Action<IntPtr> DestroyListener { get; set; }
    }
}
