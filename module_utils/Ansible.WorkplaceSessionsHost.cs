// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using Ansible.WorkplaceHost;

// What the session host module needs from an operating system, so that the rules above it run, and are tested, anywhere.
namespace Ansible.WorkplaceSessionsHost
{
    /// <summary>WTS_CONNECTSTATE_CLASS of wtsapi32.h, in its order.</summary>
    public enum Connection
    {
        Active,
        Connected,
        ConnectQuery,
        Shadow,
        Disconnected,
        Idle,
        Listen,
        Reset,
        Down,
        Init,
    }

    /// <summary>
    /// One session as Windows lists it, also listeners and those of services. Times are file times (100 ns since 1601, UTC), 0
    /// where Windows does not say.
    /// </summary>
    public sealed class WindowsSession
    {
        public int Id;
        public Connection State;
        /// <summary>Empty where nobody has signed in.</summary>
        public string Domain = "", User = "";
        public long SignedIn, LastInput, Disconnected, Now;
    }

    public interface ISessions
    {
        IList<WindowsSession> List();

        /// <summary>Shows a message in a session and does not wait for an answer; nothing when the session is gone.</summary>
        void Tell(int id, string text);

        /// <summary>Asks a session to log off and does not wait for it; nothing when the session is gone.</summary>
        void LogOff(int id);
    }

    /// <summary>The machine's part of the registry, in the 64-bit view.</summary>
    public interface IMachineRegistry
    {
        bool HasKey(RegistryPath path);

        /// <summary>Null when the key or the value is absent.</summary>
        RegistryValue Read(RegistryPath path, string name);

        void Write(RegistryPath path, string name, RegistryValue value);
        void DeleteKey(RegistryPath path);
    }

    public interface ISessionHost : IDisposable
    {
        IMachineRegistry Registry { get; }
        IServices Services { get; }
        ISessions Sessions { get; }

        /// <summary>When this Windows started, UTC. The same for as long as it runs and its clock is not set.</summary>
        DateTime BootTime();

        /// <summary>What a TCP port of this host answers to an X.224 connection request.</summary>
        /// <exception cref="System.IO.IOException">Nothing listens there, or it stays silent; the text says which.</exception>
        byte[] AskRdp(int port, byte[] request);

        void Wait(TimeSpan time);
    }
}
