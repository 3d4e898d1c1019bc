using System;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace HPSocket
{
    /// <summary>What all components share: one C object and its listener. It is closed by Dispose(), when it is
    /// collected, and at the latest when the process ends.</summary>
    public abstract class Component : IDisposable
    {
        private readonly IComponentFunctions functions;
        private readonly object ending = new object();
        private int closing;
        private bool ended;

        internal Component(Kind kind, IComponentFunctions functions, object listener, Action<IntPtr, Callbacks> hook)
        {
            if (listener == null)
            {
                throw new ArgumentNullException(nameof(listener));
            }
            Mono.Check();
            this.functions = functions;
            ListenerObject = listener;
            var callbacks = new Callbacks(this);
            Handle = new ComponentHandle(kind, callbacks, target => hook(target, callbacks));
        }

        /// <summary>Ends what nobody has any more.</summary>
        ~Component()
        {
            if (Handle != null && Interlocked.Exchange(ref closing, 1) == 0)
            {
                End();
            }
        }

        /// <summary>The C handle, for functions of <see cref="Native"/>.</summary>
        public ComponentHandle Handle { get; }

        internal object ListenerObject { get; }

        /// <summary>Stops it and ends the C objects; a second time nothing. Inside a callback it happens on another
        /// thread.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref closing, 1) != 0)
            {
                return;
            }
            GC.SuppressFinalize(this);
            if (Callbacks.Inside)
            {
                new Thread(End) { Name = "hpsocket-close" }.Start();
            }
            else
            {
                End();
            }
        }

        /// <summary>The process ends: also what a callback has closed is to end before.</summary>
        internal void EndWithProcess()
        {
            Dispose();
            if (!Callbacks.Inside) // or it would wait for itself
            {
                End();
            }
        }

        // Last events come while it stops and find its handle; then only the handle's last user is waited for. Who
        // comes second waits for the first.
        private void End()
        {
            lock (ending)
            {
                if (ended)
                {
                    return;
                }
                if (functions.Stop(Handle) || functions.GetState(Handle) == ServiceState.Stopping)
                {
                    functions.Wait(Handle, Timeout.Infinite);
                }
                Handle.Dispose();
                ended = true;
            }
        }

        /// <summary>Ends every connection; when this returns, no callback runs or will run. In a callback: at once,
        /// later.</summary>
        public void Stop()
        {
            Check(functions.Stop(Handle), componentError: true);
            GC.KeepAlive(this);
        }

        /// <summary>Waits until it is stopped, at most so many milliseconds; whether it is.</summary>
        public bool Wait(int milliseconds = Timeout.Infinite)
        {
            bool stopped = functions.Wait(Handle, milliseconds);
            if (!stopped && Marshal.GetLastWin32Error() != HPSocketException.TimedOutErrno)
            {
                throw Failure(componentError: true);
            }
            GC.KeepAlive(this);
            return stopped;
        }

        /// <summary>Started or Starting.</summary>
        public bool HasStarted => functions.HasStarted(Handle);

        /// <summary>Its state.</summary>
        public ServiceState State => functions.GetState(Handle);

        /// <summary>The component error; a success does not clear it.</summary>
        public SocketError LastError => functions.GetLastError(Handle);

        /// <summary>The same in words.</summary>
        public string LastErrorDesc => Library.Text(functions.GetLastErrorDesc(Handle));

        /// <summary>Which port is in use, and why.</summary>
        public string IoBackendDesc => Library.Text(functions.GetIoBackendDesc(Handle));

        /// <summary>Figures since the last start.</summary>
        public Stats Stats
        {
            get
            {
                var stats = new Stats { Size = (uint)Marshal.SizeOf(typeof(Stats)) };
                Check(functions.GetStats(Handle, ref stats));
                return stats;
            }
        }

        public IoBackend IoBackend
        {
            get => functions.GetIoBackend(Handle);
            set => functions.SetIoBackend(Handle, value);
        }

        public ulong MaxPendingLength
        {
            get => functions.GetMaxPendingLength(Handle);
            set => functions.SetMaxPendingLength(Handle, value);
        }

        public ulong MaxPendingTotal
        {
            get => functions.GetMaxPendingTotal(Handle);
            set => functions.SetMaxPendingTotal(Handle, value);
        }

        public uint GracefulTimeout
        {
            get => functions.GetGracefulTimeout(Handle);
            set => functions.SetGracefulTimeout(Handle, value);
        }

        public uint SlowCallbackTime
        {
            get => functions.GetSlowCallbackTime(Handle);
            set => functions.SetSlowCallbackTime(Handle, value);
        }

        public uint BusyPoll
        {
            get => functions.GetBusyPoll(Handle);
            set => functions.SetBusyPoll(Handle, value);
        }

        public bool NoDelay
        {
            get => functions.IsNoDelay(Handle);
            set => functions.SetNoDelay(Handle, value);
        }

        internal void Check(bool succeeded, bool componentError = false)
        {
            if (!succeeded)
            {
                throw Failure(componentError);
            }
        }

        private Exception Failure(bool componentError)
        {
            int errno = Marshal.GetLastWin32Error();
            SocketError? code = componentError ? functions.GetLastError(Handle) : (SocketError?)null;
            return new HPSocketException(errno, code, Library.Text(functions.GetLastErrorDetail(Handle)));
        }

        internal delegate bool AddressFunction(byte[] text, ref int length, ref ushort port);

        internal static IPEndPoint Address(AddressFunction function)
        {
            var text = new byte[64];
            int length = text.Length;
            ushort port = 0;
            if (!function(text, ref length, ref port))
            {
                throw HPSocketException.NotConnected("no address");
            }
            string address = Encoding.ASCII.GetString(text, 0, System.Array.IndexOf(text, (byte)0));
            return new IPEndPoint(Parse(address), port);
        }

        // IPAddress takes numbers as scopes, and drops names: "fe80::1%eth0".
        internal static IPAddress Parse(string literal)
        {
            int mark = literal.IndexOf('%');
            if (mark < 0)
            {
                return IPAddress.Parse(literal);
            }
            string scope = literal.Substring(mark + 1);
            if (!uint.TryParse(scope, out uint index))
            {
                index = if_nametoindex(scope);
            }
            if (index == 0)
            {
                throw HPSocketException.NoAddress(literal); // its interface has gone meanwhile
            }
            return new IPAddress(IPAddress.Parse(literal.Substring(0, mark)).GetAddressBytes(), index);
        }

        [DllImport("libc")]
        private static extern uint if_nametoindex(string name);

        internal static bool IsThere(FetchResult result)
        {
            if (result == FetchResult.DataNotFound)
            {
                throw HPSocketException.NotConnected("no such connection");
            }
            return result == FetchResult.Ok;
        }

        internal static void CheckPattern(byte[] pattern, int start)
        {
            if (pattern.Length == 0 || start < 0)
            {
                string found = "a pattern of " + pattern.Length + " bytes from " + start + " on";
                throw new ArgumentOutOfRangeException(nameof(pattern), found);
            }
        }

        internal static byte[] Room(int length)
        {
            if (length < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length + " bytes");
            }
            return new byte[length];
        }

        internal static void CheckRange(byte[] data, int offset, int length)
        {
            if (offset < 0 || length < 0 || offset > data.Length - length)
            {
                string range = length + " bytes from " + offset + " of " + data.Length;
                throw new ArgumentOutOfRangeException(nameof(length), range);
            }
        }
    }
}
