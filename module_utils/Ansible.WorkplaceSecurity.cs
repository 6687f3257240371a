// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Ansible.Privilege;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;

// The local security policy: secedit's System Access section, and the audit policy.
namespace Ansible.WorkplaceSecurity
{
    /// <summary>Security templates (MS-GPSB) as text.</summary>
    public static class Template
    {
        /// <summary>The entries of one section of a template, without the quotes around names and texts.</summary>
        public static IDictionary<string, string> Parse(string text, string section)
        {
            Dictionary<string, string> values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (string line in Lines(text, section))
            {
                int equals = line.IndexOf('=');
                if (equals > 0)
                    values[line.Substring(0, equals).Trim().Trim('"')] = line.Substring(equals + 1).Trim().Trim('"');
            }
            return values;
        }

        public static IEnumerable<string> Lines(string text, string section)
        {
            bool inside = false;
            foreach (string line in text.Split('\n').Select(l => l.Trim()))
                if (line.StartsWith("[", StringComparison.Ordinal))
                    inside = String.Equals(line, "[" + section + "]", StringComparison.OrdinalIgnoreCase);
                else if (inside)
                    yield return line;
        }

        public static string Write(IDictionary<string, string> values)
        {
            int number;
            IEnumerable<string> entries = values.OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => v.Key + " = " + (Int32.TryParse(v.Value, out number) ? v.Value : "\"" + v.Value + "\""));
            string[] head = { "[Unicode]", "Unicode=yes", "[Version]", "signature=\"$CHICAGO$\"", "Revision=1", "[" + Claims.SystemAccess + "]" };
            return String.Join("\r\n", head.Concat(entries)) + "\r\n";
        }
    }

    public sealed class Secedit : ISystemAccess
    {
        public IDictionary<string, string> Export()
        {
            string text = null;
            InFolder(folder =>
            {
                string file = Path.Combine(folder, "export.inf");
                Run(folder, "/export /cfg \"" + file + "\" /areas SECURITYPOLICY");
                text = File.ReadAllText(file, Encoding.Unicode);
            });
            return Template.Parse(text, Claims.SystemAccess);
        }

        public void Configure(IDictionary<string, string> values)
        {
            InFolder(folder =>
            {
                string file = Path.Combine(folder, "wanted.inf");
                File.WriteAllText(file, Template.Write(values), Encoding.Unicode);
                Run(folder, "/configure /db \"" + Path.Combine(folder, "wanted.sdb") + "\" /cfg \"" + file + "\" /areas SECURITYPOLICY");
            });
        }

        private static void InFolder(Action<string> work)
        {
            string folder = Path.Combine(Path.GetTempPath(), "werkplek-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                work(folder);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        private static void Run(string folder, string arguments)
        {
            string tool = Path.Combine(Environment.SystemDirectory, "secedit.exe");
            if (!File.Exists(tool))
                throw new UnsupportedException("this Windows has no secedit.exe");
            string log = Path.Combine(folder, "secedit.log");
            ProcessStartInfo start = new ProcessStartInfo(tool, arguments + " /quiet /log \"" + log + "\"");
            start.UseShellExecute = false;
            start.CreateNoWindow = true;
            using (Process process = Process.Start(start))
            {
                process.WaitForExit();
                if (process.ExitCode != 0)
                    throw new InvalidOperationException(String.Format("secedit ended with {0}: {1}", process.ExitCode, Tail(log)));
            }
        }

        private static string Tail(string log)
        {
            string text = File.Exists(log) ? File.ReadAllText(log).Trim() : "";
            return text.Length <= 500 ? text : text.Substring(text.Length - 500);
        }
    }

    /// <summary>Audit subcategories; AUDIT_POLICY_INFORMATION is read by offset, as ntsecapi.h lays it out.</summary>
    public sealed class WindowsAuditPolicy : IAuditPolicy
    {
        private const int Size = 36, EventsAt = 16;   // GUID, ULONG, GUID
        private const int Success = 1, Failure = 2, None = 4, InvalidParameter = 87;
        private static readonly string[] Privileges = { "SeSecurityPrivilege" };

        public AuditEvents Read(Guid subcategory)
        {
            using (new PrivilegeEnabler(true, Privileges))
            {
                IntPtr found;
                bool done = AuditQuerySystemPolicy(subcategory.ToByteArray(), 1, out found);
                Check(done, Marshal.GetLastWin32Error(), subcategory);
                int events = Marshal.ReadInt32(found, EventsAt);
                AuditFree(found);
                return ((events & Success) == 0 ? AuditEvents.None : AuditEvents.Success)
                    | ((events & Failure) == 0 ? AuditEvents.None : AuditEvents.Failure);
            }
        }

        public void Write(Guid subcategory, AuditEvents events)
        {
            // the flags replace what is audited now; 0 would mean "leave it" (MS-GPAC 2.2.1.3.1)
            int flags = events == AuditEvents.None ? None : (int)events;
            byte[] policy = new byte[Size];
            subcategory.ToByteArray().CopyTo(policy, 0);
            BitConverter.GetBytes(flags).CopyTo(policy, EventsAt);
            using (new PrivilegeEnabler(true, Privileges))
            {
                bool done = AuditSetSystemPolicy(policy, 1);
                Check(done, Marshal.GetLastWin32Error(), subcategory);
            }
        }

        private static void Check(bool done, int error, Guid subcategory)
        {
            if (!done && error == InvalidParameter)
                throw new UnsupportedException("this Windows has no audit subcategory " + subcategory.ToString("B"));
            if (!done)
                throw new System.ComponentModel.Win32Exception(error);
        }

        [DllImport("advapi32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        private static extern bool AuditQuerySystemPolicy(byte[] subcategories, int count, out IntPtr policy);

        [DllImport("advapi32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        private static extern bool AuditSetSystemPolicy(byte[] policy, int count);

        [DllImport("advapi32.dll")]
        private static extern void AuditFree(IntPtr buffer);
    }
}
