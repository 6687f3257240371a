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
using Ansible.WorkplaceMembers;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceTrust;
using Ansible.WorkplaceWifi;

// What each kind's fields may hold.
namespace Ansible.WorkplaceKinds
{
    public static class Kinds
    {
        private const string Sid = @"S-1-\d+(-\d+)+";

        public static readonly IDictionary<string, Func<Fields, Item>> Parsers = new Dictionary<string, Func<Fields, Item>>
        {
            { "registry", ParseRegistry },
            { "service", ParseService },
            { "user_right", ParseUserRight },
            { "security_option", ParseSystemAccess },
            { "account_policy", ParseSystemAccess },
            { "audit", ParseAudit },
            { "local_group", ParseLocalGroup },
            { "certificate", Certificates.Parse },
            { "wifi_profile", Wifi.Parse },
        };

        // The keys of [System Access] in a security template (MS-GPSB 2.2.1); secedit ignores others without a word.
        private static readonly string[] SystemAccessKeys =
        {
            "AllowAdministratorLockout", "ClearTextPassword", "EnableAdminAccount", "EnableGuestAccount",
            "ForceLogoffWhenHourExpire", "LockoutBadCount", "LockoutDuration", "LSAAnonymousNameLookup",
            "MaximumPasswordAge", "MinimumPasswordAge", "MinimumPasswordLength", "NewAdministratorName", "NewGuestName",
            "PasswordComplexity", "PasswordHistorySize", "RequireLogonToChangePassword", "ResetLockoutCount",
        };

        private static Item ParseRegistry(Fields fields)
        {
            RegistryPath path = ParsePath(fields);
            bool present = fields.Choice("state", "present", "present", "absent") == "present";
            if (fields.Has("list"))
                return ParseList(fields, path, present);
            if (!fields.Has("name"))
                return ParseKey(fields, path, present);
            string name = fields.Text("name", "[^\\0]{0,16383}", "a value name");
            if (present)
                return new RegistryValueItem(path, name, ParseValue(fields));
            fields.Raw("type");   // may stay when a setting is turned to absent
            fields.Raw("data");
            return new RegistryValueItem(path, name, null);
        }

        private static RegistryPath ParsePath(Fields fields)
        {
            string text = fields.Text("path", @"(HKLM|HKCU|hklm|hkcu):(\\[^\\\0]{1,255})+", @"HKLM:\... or HKCU:\...");
            RegistryHive hive = text.StartsWith("HKLM", StringComparison.OrdinalIgnoreCase) ? RegistryHive.LocalMachine : RegistryHive.CurrentUser;
            return new RegistryPath(hive, text == "" ? "" : text.Substring(6));
        }

        private static Item ParseList(Fields fields, RegistryPath path, bool present)
        {
            if (!present)
                fields.Wrong("state", "present; to remove a list, remove its key: leave out list");
            return new RegistryListItem(path, fields.Texts("list", "[^\\0]*", "a text"));
        }

        private static Item ParseKey(Fields fields, RegistryPath path, bool present)
        {
            if (!present && path.SubKey.Split('\\').Length < 3)
                fields.Wrong("path", "at least three keys deep when the whole key is to go");
            return new RegistryKeyItem(path, present);
        }

        private static RegistryValue ParseValue(Fields fields)
        {
            string type = fields.Choice("type", null, "dword", "qword", "string", "expandstring", "multistring", "binary", "none");
            const string hex = "([0-9a-fA-F]{2})*";
            switch (type)
            {
                // the registry's numbers are unsigned, .NET's are not
                case "dword":
                    return new RegistryValue(RegistryValueKind.DWord, unchecked((int)(uint)fields.Number("data", 0, UInt32.MaxValue)));
                case "qword":
                    return new RegistryValue(RegistryValueKind.QWord, unchecked((long)(ulong)fields.Number("data", 0, UInt64.MaxValue)));
                case "string":
                    return new RegistryValue(RegistryValueKind.String, fields.Text("data", "[^\\0]*", "a text"));
                case "expandstring":
                    return new RegistryValue(RegistryValueKind.ExpandString, fields.Text("data", "[^\\0]*", "a text"));
                case "multistring":   // an empty text would end the list early
                    return new RegistryValue(RegistryValueKind.MultiString, fields.Texts("data", "[^\\0]+", "a text that is not empty"));
                case "binary":
                    return new RegistryValue(RegistryValueKind.Binary, Bytes(fields.Text("data", hex, "bytes as hexadecimal text")));
                default:
                    string data = fields.Has("data") ? fields.Text("data", hex, "bytes as hexadecimal text") : "";
                    return new RegistryValue(RegistryValueKind.None, Bytes(data));
            }
        }

        private static byte[] Bytes(string hex)
        {
            return Enumerable.Range(0, hex.Length / 2).Select(i => Convert.ToByte(hex.Substring(2 * i, 2), 16)).ToArray();
        }

        private static Item ParseService(Fields fields)
        {
            string name = fields.Text("name", @"[^/\\\0]{1,256}", "a service's name");
            string start = fields.Choice("start", null, "automatic", "delayed", "manual", "disabled");
            string status = fields.Has("status") ? fields.Choice("status", null, "running", "stopped") : null;
            if (start == "disabled" && status == "running")
                fields.Wrong("status", "stopped, for a disabled service");
            return new ServiceItem(name, start, status);
        }

        private static Item ParseUserRight(Fields fields)
        {
            string right = fields.Text("right", "Se[A-Za-z]+(Privilege|Right)", "a right such as SeTcbPrivilege");
            return new UserRightItem(right, fields.Texts("members", Sid, "a SID"));
        }

        private static Item ParseSystemAccess(Fields fields)
        {
            string name = fields.Choice("name", null, SystemAccessKeys);
            if (name == "NewAdministratorName" || name == "NewGuestName")
                return new SystemAccessItem(name, fields.Text("data", "[^\"\\[\\]:;|=,+*?<>/\\\\\\x00-\\x1f]{1,20}", "an account name"));
            decimal number = fields.Number("data", -1, Int32.MaxValue);   // -1: never
            return new SystemAccessItem(name, number.ToString("0", CultureInfo.InvariantCulture));
        }

        private static Item ParseAudit(Fields fields)
        {
            string guid = fields.Text("subcategory", @"\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}", "a GUID in braces");
            fields.Raw("name");   // for people only: names are translated
            AuditEvents events = AuditEvents.None;
            foreach (string name in fields.Texts("events", "success|failure", "success or failure"))
                events |= name == "success" ? AuditEvents.Success : AuditEvents.Failure;
            return new AuditItem(guid == "" ? Guid.Empty : new Guid(guid), events);
        }

        private static Item ParseLocalGroup(Fields fields)
        {
            const string account = "[^\\x00-\\x1f]{1,256}";
            string group = fields.Text("group", account, "a group's SID or name");
            string[] members = fields.Texts("members", account, "a SID or an account name");
            return new LocalGroupItem(group, members, fields.Choice("mode", null, "exact", "include", "exclude"));
        }
    }
}
