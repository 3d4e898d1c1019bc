using System;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>A call that failed.</summary>
    public class HPSocketException : Exception
    {
        internal HPSocketException(int errno, SocketError? code, string detail)
            : base(Marshal.PtrToStringAnsi(strerror(errno)) + (detail.Length == 0 ? "" : ": " + detail))
        {
            Errno = errno;
            Code = code;
            Detail = detail;
        }

        /// <summary>The system's number: 111 is ECONNREFUSED.</summary>
        public int Errno { get; }

        /// <summary>The component error, if the call sets one.</summary>
        public SocketError? Code { get; }

        /// <summary>What it was about, in words; may be empty.</summary>
        public string Detail { get; }

        internal static HPSocketException NotConnected(string detail) =>
            new HPSocketException(NotConnectedErrno, null, detail);

        internal static HPSocketException NoAddress(string detail) =>
            new HPSocketException(NoAddressErrno, null, detail);

        internal const int NoAddressErrno = 99;
        internal const int NotConnectedErrno = 107;
        internal const int TimedOutErrno = 110;

        [DllImport("libc")]
        private static extern IntPtr strerror(int errno);
    }
}
