// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

namespace Werkplek.Lab
{
    /// <summary>Section `policy_files` of the state: path to bytes in base 64.</summary>
    public sealed class LabPolicyFiles : LabPart, IPolicyFiles
    {
        public LabPolicyFiles(LabState state, LabFaults faults) : base(state, faults, "policy_files", "file") { }

        public IList<string> Find(string pattern)
        {
            string path = pattern.Replace("%SystemRoot%", @"C:\Windows").Replace("%ProgramData%", @"C:\ProgramData");
            Regex files = new Regex("^" + Regex.Escape(path).Replace(@"\*", @"[^\\]*") + "$", RegexOptions.IgnoreCase);
            return State.Section("policy_files").Keys.Where(f => files.IsMatch(f)).ToList();
        }

        public byte[] Read(string path)
        {
            return Convert.FromBase64String((string)Get(path));
        }
    }

    /// <summary>
    /// Edits that plant policies. `policy_file`: the file at `path` holds `text` (as UTF-16) or `data` (hexadecimal), or is
    /// gone with `state: absent`. `group_policy`: a registry setting of one named value, which is set as group policy does it
    /// and recorded in the machine's or the users' ntuser.pol.
    /// </summary>
    public static class LabPolicies
    {
        public const string Profiles = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\";

        public static void SetFile(LabState state, Fields fields)
        {
            string path = fields.Text("path", @"[A-Z]:\\.+", "a path");
            if (fields.Choice("state", "present", "present", "absent") == "absent")
                state.Remove("policy_files", path);
            else if (fields.Has("text"))
                Put(state, path, Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(fields.Text("text", ".*", "a text"))));
            else
                Put(state, path, Unhex(fields.Text("data", "([0-9a-fA-F]{2})*", "bytes as hexadecimal text")));
        }

        public static void Apply(LabState state, Session session, Fields fields)
        {
            string name = fields.Text("name", ".*", "a value's name"), user = fields.Raw("user") as string;
            LabEdits.Enforce(session, "registry", fields);
            if (fields.Problems.Count > 0)
                return;
            string path = (string)fields.Raw("path"), key = path.Substring(6);
            IRegistry registry = session.Host.Registry;
            if (path.StartsWith("HKLM", StringComparison.OrdinalIgnoreCase))
            {
                RegistryPath machine = new RegistryPath(RegistryHive.LocalMachine, key);
                Record(state, @"C:\ProgramData\ntuser.pol", key, name, registry.Read(machine, name));
                return;
            }
            foreach (UserHive hive in registry.UserHives().Where(h => h.Name != LabHives.Default && h.Error == null && (user == null || h.Name == user)))
            {
                RegistryPath place = new RegistryPath(RegistryHive.CurrentUser, key).In(hive);
                Record(state, Folder(registry, hive) + @"\ntuser.pol", key, name, registry.Read(place, name));
            }
        }

        private static IEnumerable<byte> Unhex(string text)
        {
            return Enumerable.Range(0, text.Length / 2).Select(i => Convert.ToByte(text.Substring(2 * i, 2), 16));
        }

        private static string Folder(IRegistry registry, UserHive hive)
        {
            RegistryValue folder = registry.Read(new RegistryPath(RegistryHive.LocalMachine, Profiles + hive.Name), "ProfileImagePath");
            if (folder == null)
                throw new ArgumentException("the registry names no profile folder of " + hive.Name);
            return (string)folder.Data;
        }

        private static void Record(LabState state, string file, string key, string name, RegistryValue value)
        {
            string held = state.KeyOf("policy_files", file);
            IEnumerable<byte> before = held == null ? new byte[] { 0x50, 0x52, 0x65, 0x67, 1, 0, 0, 0 }
                : Convert.FromBase64String((string)state.Section("policy_files")[held]);
            Put(state, file, before.Concat(Instruction(key, name, value)));
        }

        private static void Put(LabState state, string path, IEnumerable<byte> bytes)
        {
            state.Set("policy_files", path, Convert.ToBase64String(bytes.ToArray()));
        }

        /// <summary>`[key;value;type;size;data]` (MS-GPREG 2.2.1). No value: it is deleted.</summary>
        private static byte[] Instruction(string key, string name, RegistryValue value)
        {
            byte[] data = value == null ? Bytes(" ") : Bytes(value.Data);
            RegistryValueKind kind = value == null ? RegistryValueKind.String : value.Kind;
            MemoryStream stream = new MemoryStream();
            using (BinaryWriter writer = new BinaryWriter(stream, Encoding.Unicode))
            {
                writer.Write(("[" + key + "\0;" + (value == null ? "**del." : "") + name + "\0;").ToCharArray());
                writer.Write(kind == RegistryValueKind.None ? 0 : (int)kind);   // .NET's None is -1
                writer.Write(';');
                writer.Write(data.Length);
                writer.Write(';');
                writer.Write(data);
                writer.Write(']');
            }
            return stream.ToArray();
        }

        private static byte[] Bytes(object data)
        {
            string[] texts = data as string[];
            if (data is int)
                return BitConverter.GetBytes((int)data);
            if (data is long)
                return BitConverter.GetBytes((long)data);
            return data as byte[] ?? Encoding.Unicode.GetBytes(texts == null ? data + "\0" : String.Concat(texts.Select(t => t + "\0"))
                + "\0");
        }
    }
}
