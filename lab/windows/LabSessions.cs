// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

namespace Werkplek.Lab
{
    /// <summary>
    /// People at a session host, and its restarts. Section `sessions` of the state: a session's number to `user`, `state`, `idle`
    /// (seconds), `signed_in` (a count, in place of a time) and `told` (the messages that it was shown). Section `session_host`:
    /// `booted`, the time of the last restart, and `signed_in`, how many ever did.
    /// </summary>
    public static class LabSessions
    {
        private const string Factory = "2026-01-12T05:30:00Z";
        private const string Control = @"SYSTEM\CurrentControlSet\Control\", Current = @"SOFTWARE\Microsoft\Windows\CurrentVersion\";
        private const string Logon = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon";
        private const string Servicing = Current + @"Component Based Servicing\RebootPending";
        private const string Update = Current + @"WindowsUpdate\Auto Update\RebootRequired";
        private static readonly RegistryPath Terminal = Machine(Control + "Terminal Server"), Files = Machine(Control + "Session Manager");
        private static readonly RegistryPath Active = Machine(Control + @"ComputerName\ActiveComputerName");
        private static readonly RegistryPath Next = Machine(Control + @"ComputerName\ComputerName");

        /// <summary>When the host started; one that never restarted has a fixed time, so that fresh hosts are alike.</summary>
        public static string Booted(LabState state)
        {
            object booted;
            return state.Section("session_host").TryGetValue("booted", out booted) ? (string)booted : Factory;
        }

        /// <summary>The edit `session`: `user` is active, disconnected or gone.</summary>
        public static void Set(LabState state, IRegistry registry, Fields fields)
        {
            string user = fields.Text("user", @"[^\\]+\\[^\\]+", @"DOMAIN\name");
            string wanted = fields.Choice("state", null, "active", "disconnected", "gone");
            int idle = fields.Has("idle") ? (int)fields.Number("idle", 0, Int32.MaxValue) : 0;
            if (fields.Problems.Count > 0)
                return;
            string id = state.Section("sessions").Where(s => user.Equals(Part(s.Value)["user"] as string, StringComparison.OrdinalIgnoreCase))
                .Select(s => s.Key).FirstOrDefault();
            if (wanted == "gone" && id == null)
                throw new InvalidOperationException(user + " has no session here");
            if (wanted == "gone")
                state.Remove("sessions", id);
            else
                Connect(state, registry, id, user, wanted, idle);
        }

        private static void Connect(LabState state, IRegistry registry, string id, string user, string wanted, int idle)
        {
            string refusal = wanted == "disconnected" && id != null ? null : Refusal(state, registry, id == null);
            if (refusal != null)
                throw new InvalidOperationException(user + " cannot " + (id == null ? "sign in" : "come back") + ": " + refusal);
            IDictionary<string, object> before = id == null ? null : Part(state.Section("sessions")[id]);
            int count = id == null ? SignIns(state) + 1 : (int)before["signed_in"];
            if (id == null)
                state.Set("session_host", "signed_in", count);
            // Windows has 1 for the console
            state.Set("sessions", id ?? (count + 1).ToString(CultureInfo.InvariantCulture), new Dictionary<string, object>
            {
                { "user", user }, { "state", wanted }, { "idle", idle }, { "signed_in", count },
                { "told", id == null ? new object[0] : before["told"] },
            });
        }

        private static int SignIns(LabState state)
        {
            object count;
            return state.Section("session_host").TryGetValue("signed_in", out count) ? (int)count : 0;
        }

        /// <summary>Why a host refuses someone who is new, or who comes back; null where it does not.</summary>
        private static string Refusal(LabState state, IRegistry registry, bool isNew)
        {
            object drain = Data(registry, Terminal, "TSServerDrainMode");
            if (!Serves(state, registry))
                return "no RDP listener (TermService, fDenyTSConnections)";
            if ("1".Equals(Data(registry, Machine(Logon), "WinStationsDisabled")))
                return "logons are disabled (WinStationsDisabled)";
            return isNew && drain != null && !0.Equals(drain) ? "this host takes no new sessions (TSServerDrainMode " + drain + ")" : null;
        }

        /// <summary>Whether the host has an RDP listener.</summary>
        public static bool Serves(LabState state, IRegistry registry)
        {
            string service = state.KeyOf("services", "TermService");
            return service != null && "running".Equals(Part(state.Section("services")[service])["status"])
                && !1.Equals(Data(registry, Terminal, "fDenyTSConnections"));
        }

        /// <summary>The edit `image`: the version of the golden image that the host was made of.</summary>
        public static void SetImage(IRegistry registry, Fields fields)
        {
            string version = fields.Text("version", ".+", "a version");
            if (fields.Problems.Count == 0)
                registry.Write(Machine(@"SOFTWARE\Werkplek\Image"), "Version", new RegistryValue(RegistryValueKind.String, version));
        }

        /// <summary>The edit `pending_restart`: something waits for one.</summary>
        public static void SetPending(IRegistry registry, Fields fields)
        {
            string because = fields.Choice("because", null, "servicing", "windows_update", "file_rename", "computer_rename");
            if (fields.Problems.Count > 0)
                return;
            if (because == "servicing" || because == "windows_update")
                registry.CreateKey(Machine(because == "servicing" ? Servicing : Update));
            else if (because == "file_rename")
                registry.Write(Files, "PendingFileRenameOperations",
                    new RegistryValue(RegistryValueKind.MultiString, new string[] { @"\??\C:\Windows\Temp\a.dll", "" }));
            else
                Rename(registry);
        }

        private static void Rename(IRegistry registry)
        {
            registry.Write(Active, "ComputerName", new RegistryValue(RegistryValueKind.String, "WIN-OLD"));
            registry.Write(Next, "ComputerName", new RegistryValue(RegistryValueKind.String, "WIN-NEW"));
        }

        /// <summary>The edit `restart`: nobody is signed in, and what waited for one is done. Services stay as they are.</summary>
        public static void Restart(LabState state, IRegistry registry)
        {
            foreach (string id in state.Section("sessions").Keys.ToList())
                state.Remove("sessions", id);
            registry.DeleteKey(Machine(Servicing));
            registry.DeleteKey(Machine(Update));
            registry.DeleteValue(Files, "PendingFileRenameOperations");
            RegistryValue name = registry.Read(Next, "ComputerName");
            if (name != null)
                registry.Write(Active, "ComputerName", name);
            if (1.Equals(Data(registry, Terminal, "TSServerDrainMode")))
                registry.Write(Terminal, "TSServerDrainMode", new RegistryValue(RegistryValueKind.DWord, 0));
            state.Set("session_host", "booted", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        public static IDictionary<string, object> Part(object section)
        {
            return (IDictionary<string, object>)section;
        }

        private static object Data(IRegistry registry, RegistryPath path, string name)
        {
            RegistryValue value = registry.Read(path, name);
            return value == null ? null : value.Data;
        }

        private static RegistryPath Machine(string key)
        {
            return new RegistryPath(RegistryHive.LocalMachine, key);
        }
    }
}
