// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceWifiXml;

// Settings of kind `wifi_profile`: wireless networks that the machine knows.
namespace Ansible.WorkplaceWifi
{
    /// <summary>One profile on every wireless interface, for all users. Its name is the network's.</summary>
    public sealed class WifiItem : Item
    {
        private readonly string ssid;
        private readonly WifiProfile profile;

        /// <param name="profile">Null: the profile must be absent.</param>
        public WifiItem(string ssid, WifiProfile profile)
        {
            this.ssid = ssid;
            this.profile = profile;
        }

        public override string Identity { get { return "wireless network " + ssid; } }

        public override State Read(Session session)
        {
            IEnumerable<string> found = session.Host.Wifi.Read(ssid).Select(x => x == null ? State.Absent : Show(WifiProfile.Parse(x)));
            return new State(String.Join(" | ", found.Distinct()));
        }

        public override State Wanted(State now)
        {
            return new State(profile == null ? State.Absent : Show(profile));
        }

        public override void Write(Session session, State now)
        {
            if (profile == null)
                session.Host.Wifi.Delete(ssid);
            else
                session.Host.Wifi.Write(profile.ToXml());
        }

        /// <summary>All that is compared, but for the key: of it only whether it is the wanted one.</summary>
        private string Show(WifiProfile found)
        {
            List<string> parts = new List<string> { found.Security, found.Automatic ? "automatic" : "manual" };
            if (found.Hidden)
                parts.Add("hidden");
            if (found.Ssid != ssid)
                parts.Add("of network " + found.Ssid);
            if (found.Key != null)
                parts.Add(profile != null && Same(found.Key, profile.Key) ? "key as wanted" : "another key");
            if (found.Eap != null)
                parts.AddRange(new string[] { found.Eap, "servers " + Join(found.Servers), "roots " + Join(found.Roots) });
            return String.Join(", ", parts);
        }

        private static bool Same(string key, string wanted)
        {
            // 64 characters are hexadecimal digits
            return String.Equals(key, wanted, key.Length == 64 ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }

        private static string Join(IEnumerable<string> texts)
        {
            return texts.Any() ? String.Join(" ", texts.OrderBy(t => t, StringComparer.Ordinal)) : "any";
        }
    }

    public static class Wifi
    {
        // a passphrase (IEEE 802.11, annex J.4.1) or the 256 bits that WPA2 makes of one
        private const string Passphrase = "[ -~]{8,63}", Bits = "[0-9a-fA-F]{64}";

        public static Item Parse(Fields fields)
        {
            string ssid = fields.Text("ssid", @"[^\x00-\x1f]+", "a network's name");
            if (Encoding.UTF8.GetByteCount(ssid) > 32)
                fields.Wrong("ssid", "at most 32 bytes in UTF-8");
            if (fields.Choice("state", "present", "present", "absent") == "absent")
                return new WifiItem(ssid, null);
            WifiProfile profile = new WifiProfile
            {
                Ssid = ssid,
                Security = fields.Choice("authentication", null, WifiProfile.Known),
                Automatic = fields.Choice("connect", "automatic", "automatic", "manual") == "automatic",
                Hidden = fields.Flag("hidden"),
            };
            if (profile.Security.EndsWith("_personal", StringComparison.Ordinal))
                ParseKey(fields, profile);
            else
                ParseEap(fields, profile);
            return new WifiItem(ssid, profile);
        }

        private static void ParseKey(Fields fields, WifiProfile profile)
        {
            bool bits = profile.Security.StartsWith("wpa2", StringComparison.Ordinal);
            // problems show no key, whatever else is said of the setting
            bool hidden = fields.Hidden;
            fields.Hidden = true;
            profile.Key = fields.Text("key", bits ? Passphrase + "|" + Bits : Passphrase,
                "8 to 63 printable ASCII characters" + (bits ? ", or 64 hexadecimal digits" : ""));
            fields.Hidden = hidden;
            if (!hidden)
                fields.Wrong("secret", "true, beside a key");
        }

        private static void ParseEap(Fields fields, WifiProfile profile)
        {
            profile.Eap = WifiProfile.MachineCertificate;
            // without both, any server could pose as the network's
            profile.Servers = Some(fields, "servers", "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", "a host name")
                .Select(s => s.ToLowerInvariant()).ToArray();
            profile.Roots = Some(fields, "root_thumbprints", "[0-9A-F]{40}", "a SHA-1 thumbprint: 40 hexadecimal digits, capitals");
        }

        private static string[] Some(Fields fields, string name, string pattern, string expected)
        {
            string[] texts = fields.Texts(name, pattern, expected);
            IList given = fields.Raw(name) as IList;
            if (given != null && given.Count == 0)
                fields.Wrong(name, "at least one");
            return texts;
        }
    }
}
