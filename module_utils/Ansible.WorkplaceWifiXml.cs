// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using System.Xml;

//AssemblyReference -Name System.Xml.dll -CLR Framework

// Profiles of wireless networks as Windows keeps them (Microsoft, "WLAN_profile Schema Elements").
namespace Ansible.WorkplaceWifiXml
{
    /// <summary>What a profile means.</summary>
    public sealed class WifiProfile
    {
        public const string MachineCertificate = "EAP-TLS with the machine certificate";
        private const string Profile = "networking/WLAN/profile/v1", OneXPart = "networking/OneX/v1", Host = "provisioning/EapHostConfig",
            Common = "provisioning/EapCommon", Base = "provisioning/BaseEapConnectionPropertiesV1",
            Tls1 = "provisioning/EapTlsConnectionPropertiesV1", Tls2 = "provisioning/EapTlsConnectionPropertiesV2";

        // authentication and encryption of the schema. WPA3ENT: without the 192-bit mode
        private static readonly Dictionary<string, string> Names = new Dictionary<string, string>
        {
            { "wpa2_personal", "WPA2PSK/AES" },
            { "wpa3_personal", "WPA3SAE/AES" },
            { "wpa2_enterprise", "WPA2/AES" },
            { "wpa3_enterprise", "WPA3ENT/AES" },
        };

        public static string[] Known { get { return Names.Keys.ToArray(); } }

        /// <summary>One of Known, or authentication/encryption as the schema names others.</summary>
        public string Security;
        public string Ssid;
        public bool Automatic, Hidden;

        /// <summary>Null where there is none.</summary>
        public string Key;

        /// <summary>How 802.1X signs in: MachineCertificate, or what another way consists of. Null without 802.1X.</summary>
        public string Eap;

        /// <summary>Names of the servers that may answer for the network, in small letters.</summary>
        public string[] Servers = new string[0];

        /// <summary>Thumbprints of the authorities that these servers' certificates may come from, in capitals.</summary>
        public string[] Roots = new string[0];

        public string ToXml()
        {
            string[] security = Names[Security].Split('/');
            return Part("WLANProfile", Profile,
                Element("name", Text(Ssid)),
                Element("SSIDConfig", Element("SSID", Element("hex", Hex(Ssid)), Element("name", Text(Ssid))),
                    Element("nonBroadcast", Flag(Hidden))),
                Element("connectionType", "ESS"),
                Element("connectionMode", Automatic ? "auto" : "manual"),
                Element("MSM", Element("security",
                    Element("authEncryption", Element("authentication", security[0]), Element("encryption", security[1]),
                        Element("useOneX", Flag(Key == null))),
                    Key == null ? OneX() : SharedKey())));
        }

        private string SharedKey()
        {
            return Element("sharedKey", Element("keyType", Key.Length == 64 ? "networkKey" : "passPhrase"),
                Element("protected", "false"), Element("keyMaterial", Text(Key)));
        }

        private string OneX()
        {
            string method = Part("Type", Common, "13") + Part("VendorId", Common, "0") + Part("VendorType", Common, "0")
                + Part("AuthorId", Common, "0");
            string check = Element("DisableUserPromptForServerValidation", "true") + Element("ServerNames", Text(String.Join(";", Servers)))
                + String.Concat(Roots.Select(r => Element("TrustedRootCA", Spaced(r))));
            string tls = Part("EapType", Tls1,
                Element("CredentialsSource", Element("CertificateStore", Element("SimpleCertSelection", "true"))),
                Element("ServerValidation", check), Element("DifferentUsername", "false"),
                Part("PerformServerValidation", Tls2, "true"), Part("AcceptServerName", Tls2, "true"));
            return Part("OneX", OneXPart, Element("authMode", "machine"),
                Element("EAPConfig", Part("EapHostConfig", Host, Element("EapMethod", method),
                    Element("Config", Part("Eap", Base, Element("Type", "13"), tls)))));
        }

        /// <summary>What a profile's XML means. InvalidOperationException: it is none, or its key is not shown.</summary>
        public static WifiProfile Parse(string xml)
        {
            XmlNode root = Load(xml);
            string security = One(root, "authentication") + "/" + One(root, "encryption");
            XmlNode key = root.SelectSingleNode(".//*[local-name()='keyMaterial']");
            if (key != null && One(root, "protected") == "true")
                throw new InvalidOperationException("Windows does not show the key of the profile");
            return new WifiProfile
            {
                Ssid = SsidOf(root),
                Security = Names.Where(n => n.Value == security).Select(n => n.Key).FirstOrDefault() ?? security,
                Automatic = One(root, "connectionMode") != "manual",   // the schema's standard is auto
                Hidden = One(root, "nonBroadcast") == "true",
                Key = key == null ? null : key.InnerText,   // with the spaces around it
                Eap = One(root, "useOneX") == "true" ? EapOf(root) : null,
                Servers = One(root, "ServerNames").ToLowerInvariant().Split(new char[] { ';' }, StringSplitOptions.RemoveEmptyEntries),
                Roots = All(root, "TrustedRootCA").Select(r => r.Replace(" ", "").ToUpperInvariant()).Where(r => r != "").ToArray(),
            };
        }

        private static XmlNode Load(string xml)
        {
            XmlDocument document = new XmlDocument();
            try
            {
                using (XmlReader reader = XmlReader.Create(new StringReader(xml)))   // which takes no DTD
                    document.Load(reader);
            }
            catch (XmlException)   // whose message may quote a key
            {
                throw new InvalidOperationException("the profile is no XML");
            }
            if (document.DocumentElement.LocalName != "WLANProfile")
                throw new InvalidOperationException("the profile is no WLANProfile");
            return document.DocumentElement;
        }

        private static string SsidOf(XmlNode root)
        {
            string hex = One(root, "hex");
            if (hex == "")
                return One(root.SelectSingleNode(".//*[local-name()='SSID']") ?? root, "name");
            return Encoding.UTF8.GetString(Enumerable.Range(0, hex.Length / 2).Select(i => Convert.ToByte(hex.Substring(2 * i, 2), 16)).ToArray());
        }

        private static string EapOf(XmlNode root)
        {
            string type = One(root, "Type"), mode = One(root, "authMode");
            bool certificate = root.SelectSingleNode(".//*[local-name()='CertificateStore']") != null;
            // both say that the server is checked, and that nobody is asked to trust another
            bool strict = One(root, "DisableUserPromptForServerValidation") == "true" && One(root, "PerformServerValidation") == "true"
                && One(root, "AcceptServerName") == "true";
            if (type == "13" && mode == "machine" && certificate && strict)
                return MachineCertificate;
            return String.Format("EAP type {0} of {1}{2}{3}", type, mode == "" ? "machine or user" : mode,
                type == "13" && !certificate ? " without the certificate store" : "", strict ? "" : " with a lax check of the server");
        }

        /// <summary>The first element of a name, in whatever namespace; an empty text where there is none.</summary>
        private static string One(XmlNode parent, string name)
        {
            return All(parent, name).FirstOrDefault() ?? "";
        }

        private static IEnumerable<string> All(XmlNode parent, string name)
        {
            return parent.SelectNodes(".//*[local-name()='" + name + "']").Cast<XmlNode>().Select(n => n.InnerText.Trim());
        }

        private static string Element(string name, params string[] content)
        {
            return "<" + name + ">" + String.Concat(content) + "</" + name + ">";
        }

        /// <summary>An element that begins another schema, whose name ends so.</summary>
        private static string Part(string name, string schema, params string[] content)
        {
            return "<" + name + " xmlns=\"http://www.microsoft.com/" + schema + "\">" + String.Concat(content) + "</" + name + ">";
        }

        private static string Text(string text)
        {
            return SecurityElement.Escape(text);
        }

        private static string Flag(bool flag)
        {
            return flag ? "true" : "false";
        }

        private static string Hex(string ssid)
        {
            return BitConverter.ToString(Encoding.UTF8.GetBytes(ssid)).Replace("-", "");
        }

        private static string Spaced(string hex)
        {
            return String.Join(" ", Enumerable.Range(0, hex.Length / 2).Select(i => hex.Substring(2 * i, 2).ToLowerInvariant()));
        }
    }
}
