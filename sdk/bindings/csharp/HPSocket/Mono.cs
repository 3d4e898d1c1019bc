using System;

namespace HPSocket
{
    /// <summary>What the Mono run-time needs. By default its garbage collector stops threads by signals; the library's
    /// threads block all signals, so that it would wait for ever for one that has run a callback.</summary>
    internal static class Mono
    {
        private const string Variable = "MONO_THREADS_SUSPEND";

        internal static void Check()
        {
            if (Type.GetType("Mono.Runtime") != null && Environment.GetEnvironmentVariable(Variable) != "coop")
            {
                throw new PlatformNotSupportedException("start Mono with " + Variable + "=coop in its environment");
            }
        }
    }
}
