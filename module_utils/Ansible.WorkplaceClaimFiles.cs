// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSecurity;

// The files of group policy, from bytes to claims. All throw FormatException for a damaged file, without its contents.
namespace Ansible.WorkplaceClaimFiles
{
    /// <summary>Registry policy files, as MS-GPREG 2.2.1 lays them out and 3.2.5.1.2 has them applied: in order.</summary>
    public sealed class RegistryPolicyFile
    {
        private const uint Signature = 0x67655250, Version = 1;
        private readonly byte[] bytes;
        private int at;

        private RegistryPolicyFile(byte[] bytes)
        {
            this.bytes = bytes;
        }

        public static RegistryClaims Parse(byte[] bytes)
        {
            return new RegistryPolicyFile(bytes).Read();
        }

        private RegistryClaims Read()
        {
            RegistryClaims claims = new RegistryClaims();
            if (Number() != Signature || Number() != Version)
                throw Damaged("the signature and version of a registry policy file");
            while (at < bytes.Length)
                ReadInstruction(claims);
            return claims;
        }

        private void ReadInstruction(RegistryClaims claims)
        {
            Expect('[');
            string key = Text();
            Expect(';');
            string name = Text();
            Expect(';');
            uint type = Number();
            Expect(';');
            uint size = Number();
            Expect(';');
            byte[] data = Take(size);
            Expect(']');
            Apply(claims, key, name, type, data);
        }

        private void Apply(RegistryClaims claims, string key, string name, uint type, byte[] data)
        {
            if (!name.StartsWith("**", StringComparison.Ordinal))
                Set(claims.At(key), name, type, data);
            else if (Is(name, "**del."))
                claims.At(key).Remove(name.Substring(6));
            else if (Is(name, "**delvals"))
                claims.At(key).Empty();
            else if (Is(name, "**DeleteValues"))
                foreach (string gone in List(data))
                    claims.At(key).Remove(gone);
            else if (Is(name, "**DeleteKeys"))
                foreach (string gone in List(data))
                    claims.RemoveTree(key + "\\" + gone);
            // **soft. leaves a value that exists as it is, **SecureKey changes none, **Comment: names the policy
        }

        private void Set(KeyClaims key, string name, uint type, byte[] data)
        {
            if (name == "" && type == 0 && data.Length == 0)
                key.Create();
            else
                key.Set(name, Value(type, data));
        }

        private RegistryValue Value(uint type, byte[] data)
        {
            switch (type)
            {
                case 0: return new RegistryValue(RegistryValueKind.None, data);
                case 1: return new RegistryValue(RegistryValueKind.String, UpToNull(data));
                case 2: return new RegistryValue(RegistryValueKind.ExpandString, UpToNull(data));
                case 3: return new RegistryValue(RegistryValueKind.Binary, data);
                case 4: return new RegistryValue(RegistryValueKind.DWord, BitConverter.ToInt32(Exactly(4, data), 0));
                case 7: return new RegistryValue(RegistryValueKind.MultiString, Texts(data));
                case 11: return new RegistryValue(RegistryValueKind.QWord, BitConverter.ToInt64(Exactly(8, data), 0));
                default: return new RegistryValue(RegistryValueKind.Unknown, data);
            }
        }

        private static bool Is(string name, string special)
        {
            return name.StartsWith(special, StringComparison.OrdinalIgnoreCase);
        }

        private static IEnumerable<string> List(byte[] data)
        {
            return UpToNull(data).Split(';').Where(n => n != "");
        }

        private static string Unicode(byte[] data)
        {
            return Encoding.Unicode.GetString(data);
        }

        private static string[] Texts(byte[] data)
        {
            return Unicode(data).Split('\0').Where(t => t != "").ToArray();
        }

        private static string UpToNull(byte[] data)
        {
            return Unicode(data).Split('\0')[0];
        }

        private byte[] Exactly(int size, byte[] data)
        {
            if (data.Length != size)
                throw Damaged(size + " bytes of data");
            return data;
        }

        private uint Number()
        {
            return BitConverter.ToUInt32(Take(4), 0);
        }

        private void Expect(char sign)
        {
            if (BitConverter.ToChar(Take(2), 0) != sign)
                throw Damaged(sign.ToString());
        }

        private string Text()
        {
            StringBuilder text = new StringBuilder();
            for (char sign = BitConverter.ToChar(Take(2), 0); sign != '\0'; sign = BitConverter.ToChar(Take(2), 0))
                text.Append(sign);
            return text.ToString();
        }

        private byte[] Take(uint size)
        {
            if (size > bytes.Length - at)
                throw Damaged("more bytes");
            byte[] taken = new byte[size];
            Array.Copy(bytes, at, taken, 0, (int)size);
            at += (int)size;
            return taken;
        }

        private FormatException Damaged(string expected)
        {
            return new FormatException(String.Format("damaged before byte {0}: expected {1}", at, expected));
        }
    }

    /// <summary>Files of text that group policy keeps: security templates and audit policies.</summary>
    public static class TextPolicyFile
    {
        private const string Machine = "MACHINE\\";

        // MS-GPAC 2.2.1: Machine Name, Policy Target, Subcategory, GUID, Inclusion, Exclusion, Setting Value (0: unchanged)
        private static readonly Regex AuditRow = new Regex(
            @"^[^,\n]*,System,[^\n]*,(\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}),[^\n]*,([1-4])\s*$",
            RegexOptions.Multiline | RegexOptions.IgnoreCase);

        /// <summary>The sections of a security template that say what settings of this engine say too (MS-GPSB 2.2.1, 5, 6, 8).</summary>
        public static void ReadTemplate(byte[] bytes, Claims claims)
        {
            string text = Decode(bytes);
            if (text.IndexOf("$CHICAGO$", StringComparison.OrdinalIgnoreCase) < 0)
                throw new FormatException("damaged: expected the signature of a security template");
            foreach (string section in new string[] { Claims.SystemAccess, Claims.PrivilegeRights })
                foreach (KeyValuePair<string, string> entry in Template.Parse(text, section))
                    claims.Enter(section, entry.Key, entry.Value);
            foreach (string[] parts in Template.Lines(text, Claims.Services).Select(l => l.Split(',')).Where(p => p.Length > 1))
                claims.Enter(Claims.Services, parts[0].Trim().Trim('"'), parts[1].Trim());
            foreach (KeyValuePair<string, string> entry in Template.Parse(text, "Registry Values"))
                ReadRegistryValue(entry.Key, entry.Value, claims.Registry);
        }

        // MACHINE\key\name=type,data
        private static void ReadRegistryValue(string path, string typed, RegistryClaims claims)
        {
            int cut = path.LastIndexOf('\\');
            RegistryValue value = RegistryValueOf(typed);
            if (value != null && cut > Machine.Length && path.StartsWith(Machine, StringComparison.OrdinalIgnoreCase))
                claims.At(path.Substring(Machine.Length, cut - Machine.Length)).Set(path.Substring(cut + 1), value);
        }

        /// <summary>Null for types whose text form is not specified.</summary>
        private static RegistryValue RegistryValueOf(string typed)
        {
            string data = typed.Substring(typed.IndexOf(',') + 1);
            string[] texts = data.Split(',').Select(t => t.Trim('"')).Where(t => t != "").ToArray();
            int number;
            switch (typed.Split(',')[0])
            {
                case "1": return new RegistryValue(RegistryValueKind.String, data.Trim('"'));
                case "4": return Int32.TryParse(data, out number) ? new RegistryValue(RegistryValueKind.DWord, number) : null;
                case "7": return new RegistryValue(RegistryValueKind.MultiString, texts);
                default: return null;
            }
        }

        public static void ReadAudit(byte[] bytes, Claims claims)
        {
            foreach (Match row in AuditRow.Matches(Decode(bytes)))
                claims.Record(new Guid(row.Groups[1].Value), EventsOf(row.Groups[2].Value));
        }

        private static AuditEvents EventsOf(string setting)
        {
            return setting == "4" ? AuditEvents.None : (AuditEvents)(setting[0] - '0');   // 1, 2 and 3 are the flags
        }

        private static string Decode(byte[] bytes)
        {
            using (StreamReader reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, true))
                return reader.ReadToEnd();
        }
    }
}
