// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceServices;
using Ansible.WorkplaceSessionsHost;
using Ansible.WorkplaceSessionsRdp;

// This Windows: its sessions (wtsapi32.dll), its registry, when it started.
namespace Ansible.WorkplaceSessionsWindows
{
    public sealed class WindowsSessionHost : ISessionHost
    {
        private const int TimeOfDay = 3;   // SystemTimeOfDayInformation
        private readonly MachineRegistry registry = new MachineRegistry();

        public IMachineRegistry Registry { get { return registry; } }
        public IServices Services { get { return new WindowsServices(); } }
        public ISessions Sessions { get { return new WindowsSessions(); } }

        // What WMI's LastBootUpTime says too. Now less GetTickCount64 would be another time at each call.
        public DateTime BootTime()
        {
            byte[] times = new byte[48];   // SYSTEM_TIMEOFDAY_INFORMATION, which begins with BootTime
            int size, status = NtQuerySystemInformation(TimeOfDay, times, times.Length, out size);
            if (status != 0 || size < 8)
                throw new InvalidOperationException(String.Format("NtQuerySystemInformation: status 0x{0:X8}, {1} bytes", status, size));
            return DateTime.FromFileTimeUtc(BitConverter.ToInt64(times, 0));
        }

        public byte[] AskRdp(int port, byte[] request)
        {
            return Rdp.Ask(IPAddress.Loopback, port, request);
        }

        public void Wait(TimeSpan time)
        {
            Thread.Sleep(time);
        }

        public void Dispose()
        {
            registry.Dispose();
        }

        [DllImport("ntdll.dll")]
        private static extern int NtQuerySystemInformation(int kind, [Out] byte[] information, int length, out int size);
    }

    public sealed class MachineRegistry : IMachineRegistry, IDisposable
    {
        private readonly RegistryKey root = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry64);

        public bool HasKey(RegistryPath path)
        {
            using (RegistryKey key = root.OpenSubKey(path.SubKey))
                return key != null;
        }

        public RegistryValue Read(RegistryPath path, string name)
        {
            using (RegistryKey key = root.OpenSubKey(path.SubKey))
            {
                object data = key == null ? null : key.GetValue(name, null, RegistryValueOptions.DoNotExpandEnvironmentNames);
                return data == null ? null : new RegistryValue(key.GetValueKind(name), data);
            }
        }

        public void Write(RegistryPath path, string name, RegistryValue value)
        {
            using (RegistryKey key = root.CreateSubKey(path.SubKey))
                key.SetValue(name, value.Data, value.Kind);
        }

        public void DeleteKey(RegistryPath path)
        {
            root.DeleteSubKeyTree(path.SubKey, false);
        }

        public void Dispose()
        {
            root.Dispose();
        }
    }

    /// <summary>https://learn.microsoft.com/windows/win32/api/wtsapi32/</summary>
    public sealed class WindowsSessions : ISessions
    {
        private const int SessionInfo = 24;              // WTSSessionInfo
        private const int SessionInfoLevel1 = 2;         // WTSTypeSessionInfoLevel1
        private const int InformationBox = 0x40;         // MB_OK | MB_ICONINFORMATION
        private const int FileNotFound = 2, SessionNotFound = 7022;   // ERROR_CTX_WINSTATION_NOT_FOUND
        private const string Title = "Werkplek";
        private static readonly IntPtr ThisServer = IntPtr.Zero;

        public IList<WindowsSession> List()
        {
            IntPtr sessions;
            int level = 1, count;
            Check(WTSEnumerateSessionsExW(ThisServer, ref level, 0, out sessions, out count), "WTSEnumerateSessionsEx");
            int size = Marshal.SizeOf(typeof(Listed));
            List<Listed> found = Enumerable.Range(0, count).Select(i => Marshal.PtrToStructure(Plus(sessions, i * size), typeof(Listed)))
                .Cast<Listed>().ToList();
            Check(WTSFreeMemoryExW(SessionInfoLevel1, sessions, count), "WTSFreeMemoryEx");
            return found.Select(Read).ToList();
        }

        public void Tell(int id, string text)
        {
            int answer;
            // lengths are in bytes
            CheckSession(WTSSendMessageW(ThisServer, id, Title, Title.Length * 2, text, text.Length * 2, InformationBox, 0, out answer, false), id,
                "WTSSendMessage");
        }

        public void LogOff(int id)
        {
            CheckSession(WTSLogoffSession(ThisServer, id, false), id, "WTSLogoffSession");
        }

        private static WindowsSession Read(Listed listed)
        {
            WindowsSession session = new WindowsSession
            {
                Id = listed.Id, State = (Connection)listed.State, User = listed.User ?? "", Domain = listed.Domain ?? "",
            };
            if (session.User.Length > 0)
                AddTimes(session);
            return session;
        }

        private static void AddTimes(WindowsSession session)
        {
            IntPtr buffer;
            int size;
            if (!CheckSession(WTSQuerySessionInformationW(ThisServer, session.Id, SessionInfo, out buffer, out size), session.Id, "WTSQuerySessionInformation"))
                return;   // it ends just now, and stays in the list this time
            try
            {
                if (size < Marshal.SizeOf(typeof(Information)))
                    throw new InvalidOperationException("WTSQuerySessionInformation: " + size + " bytes of session " + session.Id);
                Information found = (Information)Marshal.PtrToStructure(buffer, typeof(Information));
                session.SignedIn = found.LogonTime;
                session.LastInput = found.LastInputTime;
                session.Disconnected = found.DisconnectTime;
                session.Now = found.CurrentTime;
            }
            finally
            {
                WTSFreeMemory(buffer);
            }
        }

        /// <summary>False when Windows no longer has the session.</summary>
        private static bool CheckSession(bool done, int id, string call)
        {
            int error = done ? 0 : Marshal.GetLastWin32Error();
            if (error == FileNotFound || error == SessionNotFound)
                return false;
            Check(done, error, call + " of session " + id);
            return true;
        }

        private static void Check(bool done, string call)
        {
            Check(done, done ? 0 : Marshal.GetLastWin32Error(), call);
        }

        private static void Check(bool done, int error, string call)
        {
            if (!done)
                throw new Win32Exception(error, String.Format("{0}: {1} (Win32 error {2})", call, new Win32Exception(error).Message, error));
        }

        private static IntPtr Plus(IntPtr start, int offset)
        {
            return new IntPtr(start.ToInt64() + offset);
        }

        /// <summary>WTS_SESSION_INFO_1W. Public: of others csc warns that nothing sets their fields.</summary>
        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        public struct Listed
        {
            public int Environment, State, Id;
            [MarshalAs(UnmanagedType.LPWStr)] public string Session, Host, User, Domain, Farm;
        }

        /// <summary>WTSINFOW; its times are file times.</summary>
        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        public struct Information
        {
            public int State, Id, IncomingBytes, OutgoingBytes, IncomingFrames, OutgoingFrames, IncomingCompressed, OutgoingCompressed;
            [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 32)] public string Station;
            [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 17)] public string Domain;
            [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 21)] public string User;
            public long ConnectTime, DisconnectTime, LastInputTime, LogonTime, CurrentTime;
        }

        [DllImport("wtsapi32.dll", SetLastError = true)]
        private static extern bool WTSEnumerateSessionsExW(IntPtr server, ref int level, int filter, out IntPtr sessions, out int count);

        [DllImport("wtsapi32.dll", SetLastError = true)]
        private static extern bool WTSQuerySessionInformationW(IntPtr server, int session, int kind, out IntPtr buffer, out int size);

        [DllImport("wtsapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern bool WTSSendMessageW(IntPtr server, int session, string title, int titleLength, string message, int messageLength,
            int style, int timeout, out int response, [MarshalAs(UnmanagedType.Bool)] bool wait);

        [DllImport("wtsapi32.dll", SetLastError = true)]
        private static extern bool WTSLogoffSession(IntPtr server, int session, [MarshalAs(UnmanagedType.Bool)] bool wait);

        [DllImport("wtsapi32.dll")]
        private static extern void WTSFreeMemory(IntPtr memory);

        [DllImport("wtsapi32.dll", SetLastError = true)]
        private static extern bool WTSFreeMemoryExW(int type, IntPtr memory, int count);
    }
}
