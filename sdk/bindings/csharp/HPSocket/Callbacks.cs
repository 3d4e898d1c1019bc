using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>The functions that C calls for one component. They live until the C objects have ended, but keep nothing
    /// alive themselves, so that a component and a listener that have each other can be collected.</summary>
    internal sealed class Callbacks
    {
        private static readonly HashSet<Callbacks> Living = new HashSet<Callbacks>();

        [ThreadStatic]
        private static int depth;

        private readonly List<Delegate> functions = new List<Delegate>();

        // Found while it is being finalized, too: last events come from there.
        private readonly WeakReference component;

        static Callbacks()
        {
            // Afterwards the library's threads could not call into the run-time any more.
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) =>
            {
                Callbacks[] living;
                lock (Living)
                {
                    living = Living.ToArray();
                }
                foreach (Callbacks callbacks in living)
                {
                    ((Component)callbacks.component.Target)?.EndWithProcess();
                }
            };
        }

        internal Callbacks(Component component)
        {
            this.component = new WeakReference(component, trackResurrection: true);
        }

        /// <summary>Whether this thread is the library's, in a callback.</summary>
        internal static bool Inside => depth > 0;

        internal T Keep<T>(T function) where T : class
        {
            functions.Add((Delegate)(object)function);
            return function;
        }

        /// <summary>The C objects exist from now on, until Release().</summary>
        internal void Hold()
        {
            lock (Living)
            {
                Living.Add(this);
            }
        }

        internal void Release()
        {
            lock (Living)
            {
                Living.Remove(this);
            }
        }

        /// <summary>Calls a listener's method. What it throws is reported, and an error.</summary>
        internal HandleResult Run<T>(string name, Func<T, HandleResult> call) where T : Component
        {
            T sender = null;
            ++depth;
            try
            {
                sender = (T)component.Target;
                return call(sender);
            }
            catch (Exception exception)
            {
                Library.Report(name, sender?.ListenerObject, exception);
                return HandleResult.Error;
            }
            finally
            {
                --depth;
            }
        }

        internal static byte[] Bytes(IntPtr data, int length)
        {
            var bytes = new byte[length];
            if (length > 0)
            {
                Marshal.Copy(data, bytes, 0, length);
            }
            return bytes;
        }

        internal static int Socket(UIntPtr socket) => unchecked((int)socket.ToUInt64());
    }
}
