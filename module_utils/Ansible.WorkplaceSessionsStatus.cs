// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessionsHost;
using Ansible.WorkplaceSessionsRdp;

namespace Ansible.WorkplaceSessionsStatus
{
    /// <summary>One thing that was looked at, and what was found.</summary>
    public sealed class HealthCheck
    {
        public readonly string Name, Found;
        public readonly bool Ok;

        public HealthCheck(string name, bool ok, string found)
        {
            Name = name;
            Ok = ok;
            Found = found;
        }
    }

    /// <summary>What a session host can tell of itself.</summary>
    public sealed class HostStatus
    {
        private const string Control = @"SYSTEM\CurrentControlSet\Control\";
        private const string Names = Control + @"ComputerName\", Terminal = Control + "Terminal Server";
        private const string Current = @"SOFTWARE\Microsoft\Windows\CurrentVersion\";
        private const int StandardPort = 3389;
        private static readonly string[] Services = { "TermService", "SessionEnv", "UmRdpService" };
        private readonly ISessionHost host;

        public HostStatus(ISessionHost host)
        {
            this.host = host;
        }

        /// <summary>The version of the golden image that this host was made of; null where nothing says so.</summary>
        public string ImageVersion()
        {
            return Text(@"SOFTWARE\Werkplek\Image", "Version");
        }

        /// <summary>What waits for a restart.</summary>
        public IList<string> PendingRestarts()
        {
            List<string> because = new List<string>();
            if (host.Registry.HasKey(Path(Current + @"Component Based Servicing\RebootPending")))
                because.Add("Windows has features or updates to finish (Component Based Servicing, RebootPending)");
            if (host.Registry.HasKey(Path(Current + @"WindowsUpdate\Auto Update\RebootRequired")))
                because.Add("Windows Update asks for it (RebootRequired)");
            RegistryValue files = host.Registry.Read(Path(Control + "Session Manager"), "PendingFileRenameOperations");
            if (files != null && !(files.Data is string[] && ((string[])files.Data).All(f => f.Length == 0)))
                because.Add("files wait to be replaced or removed (PendingFileRenameOperations)");
            string now = Text(Names + "ActiveComputerName", "ComputerName"), next = Text(Names + "ComputerName", "ComputerName");
            if (!String.Equals(now, next, StringComparison.OrdinalIgnoreCase))
                because.Add("the computer is to be renamed from " + (now ?? "nothing") + " to " + (next ?? "nothing"));
            return because;
        }

        public IList<HealthCheck> Health()
        {
            List<HealthCheck> checks = Services.Select(s => Service(s, host.Services.Read(s))).ToList();
            ServiceState profiles = host.Services.Read("frxsvc");   // FSLogix, where it is installed
            if (profiles != null)
                checks.Add(Service("frxsvc", profiles));
            checks.Add(Allowed());
            checks.Add(Listener());
            return checks;
        }

        private static HealthCheck Service(string name, ServiceState state)
        {
            string found = state == null ? "not installed" : state.Status;
            return new HealthCheck("service " + name, found == "running", found);
        }

        /// <summary>Draining is no illness; denying also those who have a session is.</summary>
        private HealthCheck Allowed()
        {
            string denied = Number(@"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services", "fDenyTSConnections") ??
                Number(Terminal, "fDenyTSConnections") ?? "0";
            string logons = Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", "WinStationsDisabled") ?? "0";   // change logon /disable
            string found = denied != "0" ? "denied: fDenyTSConnections is " + denied
                : logons != "0" ? "denied: WinStationsDisabled is " + logons : "allowed";
            return new HealthCheck("remote sessions", found == "allowed", found);
        }

        private HealthCheck Listener()
        {
            string port = Number(Terminal + @"\WinStations\RDP-Tcp", "PortNumber");
            int number = port == null ? StandardPort : Int32.Parse(port);
            string problem;
            try
            {
                problem = Rdp.Problem(host.AskRdp(number, Rdp.Request));
            }
            catch (IOException e)
            {
                problem = e.Message;
            }
            return new HealthCheck("RDP listener", problem == null, "port " + number + ": " + (problem ?? "answers"));
        }

        /// <summary>Null when there is no such value.</summary>
        private string Text(string key, string name)
        {
            return (string)Data(key, name, d => d is string, "a text");
        }

        private string Number(string key, string name)
        {
            object number = Data(key, name, d => d is int, "a DWord");
            return number == null ? null : number.ToString();
        }

        private object Data(string key, string name, Func<object, bool> fits, string expected)
        {
            RegistryValue value = host.Registry.Read(Path(key), name);
            if (value != null && !fits(value.Data))
                throw new InvalidOperationException(Path(key) + "\\" + name + " is of kind " + value.Kind + "; expected " + expected);
            return value == null ? null : value.Data;
        }

        private static RegistryPath Path(string key)
        {
            return new RegistryPath(RegistryHive.LocalMachine, key);
        }
    }
}
