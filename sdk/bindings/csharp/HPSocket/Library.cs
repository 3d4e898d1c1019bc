using System;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>What belongs to no component.</summary>
    public static class Library
    {
        private static readonly object Lock = new object();

        /// <summary>Told what a callback has thrown: the method, its listener, the exception. With nobody here it
        /// goes to standard error.</summary>
        public static event Action<string, object, Exception> CallbackFailed;

        /// <summary>The version of the core that is running, "1.0.0" for example.</summary>
        public static string Version => Text(Native.HP_GetHPSocketVersionDesc());

        /// <summary>Gives the library's messages to handler(level, message): 0 information, 1 warning, 2 error;
        /// null: to standard error. The handler must not call the library.</summary>
        public static void SetLogHandler(Action<int, string> handler)
        {
            LogFunction function = null;
            if (handler != null)
            {
                function = (level, message, user) => Guard("log handler", handler, () => handler(level, Text(message)));
            }
            lock (Lock)
            {
                Native.HP_SetLogHandler(function, IntPtr.Zero);
                LogFunctionInUse = function; // the one before is not called any more
            }
        }

        // Keeps it alive.
        private static LogFunction LogFunctionInUse { get; set; }

        internal static string Text(IntPtr text) => Marshal.PtrToStringAnsi(text) ?? "";

        // C's texts end at the first zero character: the rest must not get lost unnoticed.
        internal static string CText(string value)
        {
            if (value != null && value.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("a null character in a text");
            }
            return value;
        }

        internal static void Report(string name, object listener, Exception exception)
        {
            Action<string, object, Exception> failed = CallbackFailed;
            if (failed == null)
            {
                Write(name + " of " + Shown(listener) + " failed: " + Shown(exception));
            }
            else
            {
                Guard(null, null, () => failed(name, listener, exception));
            }
        }

        // Nothing that is thrown may get into C; what a handler of failures throws goes to standard error.
        private static void Guard(string name, object owner, Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                if (name != null)
                {
                    Report(name, owner, exception);
                }
                else
                {
                    Write("a handler of CallbackFailed failed: " + Shown(exception));
                }
            }
        }

        // The texts of listeners and exceptions are written by the application, too.
        private static string Shown(object one)
        {
            try
            {
                return one?.ToString();
            }
            catch (Exception)
            {
                return one.GetType().FullName;
            }
        }

        private static void Write(string line)
        {
            try
            {
                Console.Error.WriteLine(line);
            }
            catch (Exception)
            {
                // Nowhere is left to tell it.
            }
        }
    }
}
