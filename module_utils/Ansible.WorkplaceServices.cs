// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Ansible.WorkplaceHost;

// Services, through the service control manager. Structures are read by offset, as winsvc.h lays them out.
namespace Ansible.WorkplaceServices
{
    public sealed class WindowsServices : IServices
    {
        private const int QueryConfig = 0x1, ChangeConfig = 0x2, QueryStatus = 0x4, StartRight = 0x10, StopRight = 0x20;
        private const int NoChange = -1, AutomaticStart = 2;
        private const int DelayedAutoStartInfo = 3;
        private const int DoesNotExist = 1060, AlreadyRunning = 1056, NotActive = 1062, ConnectManager = 0x1;
        private static readonly string[] Starts = { "boot", "system", "automatic", "manual", "disabled" };
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);   // Windows' own limit for a start

        public ServiceState Read(string name)
        {
            using (Handle service = Open(name, QueryConfig | QueryStatus))
            {
                if (service == null)
                    return null;
                string start = Starts[StartType(service)];
                if (start == "automatic" && IsDelayed(service))
                    start = "delayed";
                return new ServiceState(start, Status(service));
            }
        }

        public void SetStart(string name, string start)
        {
            bool delayed = start == "delayed";
            using (Handle service = Existing(name, ChangeConfig))
            {
                int type = delayed ? AutomaticStart : Array.IndexOf(Starts, start);
                Check(ChangeServiceConfigW(service, NoChange, type, NoChange, null, null, IntPtr.Zero, null, null, null, null), "ChangeServiceConfig");
                int flag = delayed ? 1 : 0;
                if (type == AutomaticStart)   // Windows keeps the flag for no other type
                    Check(ChangeServiceConfig2W(service, DelayedAutoStartInfo, ref flag), "ChangeServiceConfig2");
            }
        }

        public void SetStatus(string name, string status)
        {
            bool run = status == "running";
            using (Handle service = Existing(name, QueryStatus | (run ? StartRight : StopRight)))
            {
                byte[] answer = new byte[28];   // SERVICE_STATUS
                bool done = run ? StartServiceW(service, 0, IntPtr.Zero) : ControlService(service, 1, answer);
                int error = Marshal.GetLastWin32Error();
                if (!done && error != (run ? AlreadyRunning : NotActive))
                    throw new Win32Exception(error);
                Await(service, run ? 4 : 1);   // SERVICE_RUNNING, SERVICE_STOPPED
            }
        }

        private static void Await(Handle service, int state)
        {
            for (Stopwatch clock = Stopwatch.StartNew(); State(service) != state; Thread.Sleep(100))
                if (clock.Elapsed > Patience)
                    throw new TimeoutException(String.Format("not there after {0} seconds", Patience.TotalSeconds));
        }

        private static string Status(Handle service)
        {
            switch (State(service))
            {
                case 1:             // stopped
                case 3:             // stop pending
                    return "stopped";
                case 6:             // pause pending
                case 7:             // paused
                    return "paused";
                default:            // running, and on its way there
                    return "running";
            }
        }

        private static int State(Handle service)
        {
            byte[] status = new byte[28];
            Check(QueryServiceStatus(service, status), "QueryServiceStatus");
            return BitConverter.ToInt32(status, 4);
        }

        private static int StartType(Handle service)
        {
            int needed;
            byte[] config = new byte[8192];   // the largest that QueryServiceConfig ever fills
            Check(QueryServiceConfigW(service, config, config.Length, out needed), "QueryServiceConfig");
            return BitConverter.ToInt32(config, 4);
        }

        private static bool IsDelayed(Handle service)
        {
            int needed;
            byte[] flag = new byte[4];
            Check(QueryServiceConfig2W(service, DelayedAutoStartInfo, flag, flag.Length, out needed), "QueryServiceConfig2");
            return BitConverter.ToInt32(flag, 0) != 0;
        }

        private static Handle Existing(string name, int access)
        {
            Handle service = Open(name, access);
            if (service == null)
                throw new InvalidOperationException("service " + name + " is not installed");
            return service;
        }

        /// <summary>Null when the service is not installed.</summary>
        private static Handle Open(string name, int access)
        {
            using (Handle manager = OpenSCManagerW(null, null, ConnectManager))
            {
                Check(!manager.IsInvalid, "OpenSCManager");
                Handle service = OpenServiceW(manager, name, access);
                int error = Marshal.GetLastWin32Error();
                if (!service.IsInvalid)
                    return service;
                service.Dispose();
                if (error == DoesNotExist)
                    return null;
                throw new Win32Exception(error);
            }
        }

        private static void Check(bool done, string call)
        {
            if (done)
                return;
            int error = Marshal.GetLastWin32Error();
            throw new Win32Exception(error, call + ": " + new Win32Exception(error).Message);
        }

        internal sealed class Handle : SafeHandle
        {
            public Handle() : base(IntPtr.Zero, true) { }

            public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

            protected override bool ReleaseHandle()
            {
                return CloseServiceHandle(handle);
            }
        }

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern Handle OpenSCManagerW(string machine, string database, int access);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern Handle OpenServiceW(Handle manager, string name, int access);

        [DllImport("advapi32.dll")]
        private static extern bool CloseServiceHandle(IntPtr handle);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool QueryServiceConfigW(Handle service, [Out] byte[] config, int size, out int needed);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool QueryServiceConfig2W(Handle service, int level, [Out] byte[] info, int size, out int needed);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool QueryServiceStatus(Handle service, [Out] byte[] status);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern bool ChangeServiceConfigW(Handle service, int type, int start, int errorControl, string binary,
            string group, IntPtr tag, string dependencies, string account, string password, string displayName);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool ChangeServiceConfig2W(Handle service, int level, ref int info);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool StartServiceW(Handle service, int count, IntPtr arguments);

        [DllImport("advapi32.dll", SetLastError = true)]
        private static extern bool ControlService(Handle service, int control, [Out] byte[] status);
    }
}
