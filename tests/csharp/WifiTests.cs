// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;
using Ansible.WorkplaceWifi;
using Ansible.WorkplaceWifiXml;

namespace Werkplek.Tests
{
    public static class WifiTests
    {
        private const string Roots = "A70D79A3C5A357928D3EF171DCDB5A60E971DBC8";

        /// <summary>Wireless interfaces in memory: on each the XML of one profile, or null.</summary>
        private sealed class FakeWifi : IWifi
        {
            public string[] Profiles;

            public IList<string> Read(string name)
            {
                return Profiles;
            }

            public void Write(string xml)
            {
                Profiles = Profiles.Select(p => xml).ToArray();
            }

            public void Delete(string name)
            {
                Profiles = new string[Profiles.Length];
            }
        }

        private static WifiProfile Personal(string key = "geheim <&> 12")
        {
            return new WifiProfile { Ssid = "Café & Co", Security = "wpa2_personal", Automatic = true, Key = key };
        }

        private static WifiProfile Enterprise()
        {
            return new WifiProfile
            {
                Ssid = "Werkplek", Security = "wpa3_enterprise", Hidden = true, Eap = WifiProfile.MachineCertificate,
                Servers = new string[] { "radius-1.papendrecht.nl", "radius-2.papendrecht.nl" },
                Roots = new string[] { Roots, new string('B', 40) },
            };
        }

        private static string Found(WifiProfile wanted, params string[] profiles)
        {
            FakeHost host = new FakeHost { Wireless = new FakeWifi { Profiles = profiles } };
            return new WifiItem("Werkplek", wanted).Read(new Session(host)).Text;
        }

        public static void WhatIsMadeMeansWhatWasWanted()
        {
            foreach (WifiProfile profile in new WifiProfile[] { Personal(), Personal(" key with spaces "), Personal(new string('a', 64)), Enterprise() })
            {
                WifiProfile read = WifiProfile.Parse(profile.ToXml());
                Check.Equal(profile.Ssid, read.Ssid);
                Check.Equal(profile.Security, read.Security);
                Check.Equal(profile.Automatic + " " + profile.Hidden, read.Automatic + " " + read.Hidden);
                Check.Equal(profile.Key, read.Key);
                Check.Equal(profile.Eap, read.Eap);
                Check.Equal(profile.Servers, read.Servers);
                Check.Equal(profile.Roots, read.Roots);
            }
        }

        public static void APersonalProfileFollowsTheSchema()
        {
            Check.Equal("<WLANProfile xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v1\"><name>Café &amp; Co</name>"
                + "<SSIDConfig><SSID><hex>436166C3A9202620436F</hex><name>Café &amp; Co</name></SSID><nonBroadcast>false</nonBroadcast></SSIDConfig>"
                + "<connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security>"
                + "<authEncryption><authentication>WPA2PSK</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption>"
                + "<sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>geheim &lt;&amp;&gt; 12</keyMaterial></sharedKey>"
                + "</security></MSM></WLANProfile>", Personal().ToXml());
            Check.Equal(true, Personal(new string('a', 64)).ToXml().Contains("<keyType>networkKey</keyType>"));
        }

        public static void AnEnterpriseProfileFollowsTheSchema()
        {
            string xml = Enterprise().ToXml();
            foreach (string part in new string[]
            {
                "<authentication>WPA3ENT</authentication><encryption>AES</encryption><useOneX>true</useOneX></authEncryption>"
                    + "<OneX xmlns=\"http://www.microsoft.com/networking/OneX/v1\"><authMode>machine</authMode><EAPConfig>"
                    + "<EapHostConfig xmlns=\"http://www.microsoft.com/provisioning/EapHostConfig\"><EapMethod>"
                    + "<Type xmlns=\"http://www.microsoft.com/provisioning/EapCommon\">13</Type>",
                "</EapMethod><Config><Eap xmlns=\"http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1\"><Type>13</Type>"
                    + "<EapType xmlns=\"http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1\"><CredentialsSource><CertificateStore>",
                "<ServerNames>radius-1.papendrecht.nl;radius-2.papendrecht.nl</ServerNames>"
                    + "<TrustedRootCA>a7 0d 79 a3 c5 a3 57 92 8d 3e f1 71 dc db 5a 60 e9 71 db c8</TrustedRootCA><TrustedRootCA>bb bb ",
            })
                Check.Equal(part, xml.Contains(part) ? part : xml);
        }

        public static void WindowsOwnWayOfWritingMeansTheSame()
        {
            string xml = "<?xml version=\"1.0\"?>\r\n<w:WLANProfile xmlns:w=\"http://www.microsoft.com/networking/WLAN/profile/v1\">\r\n\t<w:name>Werkplek</w:name>"
                + "<w:SSIDConfig><w:SSID><w:name>Werkplek</w:name></w:SSID></w:SSIDConfig><w:connectionType>ESS</w:connectionType><w:MSM><w:security>"
                + "<w:authEncryption><w:authentication>WPA3SAE</w:authentication><w:encryption>AES</w:encryption><w:useOneX>false</w:useOneX>"
                + "<transitionMode xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v4\">true</transitionMode></w:authEncryption>"
                + "<w:sharedKey><w:keyType>passPhrase</w:keyType><w:protected>false</w:protected><w:keyMaterial>geheim123</w:keyMaterial></w:sharedKey>"
                + "</w:security></w:MSM><MacRandomization xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v3\">"
                + "<enableRandomization>false</enableRandomization></MacRandomization></w:WLANProfile>";
            WifiProfile wanted = new WifiProfile { Ssid = "Werkplek", Security = "wpa3_personal", Automatic = true, Key = "geheim123" };
            Check.Equal("wpa3_personal, automatic, key as wanted", Found(wanted, xml));
            Check.Equal("wpa3_personal, automatic, key as wanted", new WifiItem("Werkplek", wanted).Wanted(null).Text);
        }

        public static void WhatDiffersIsNamedButNeverTheKey()
        {
            WifiProfile wanted = Personal();
            wanted.Ssid = "Werkplek";
            Check.Equal("wpa2_personal, automatic, another key", Found(Personal("parrot-8"), wanted.ToXml()));
            Check.Equal("wpa2_personal, automatic, of network Café & Co, key as wanted", Found(wanted, Personal().ToXml()));
            Check.Equal("WPA2PSK/TKIP, manual, key as wanted",
                Found(wanted, wanted.ToXml().Replace("AES", "TKIP").Replace(">auto<", ">manual<")));
            Check.Equal("open/none, automatic", Found(wanted, "<WLANProfile><SSIDConfig><SSID><name>Werkplek</name></SSID></SSIDConfig>"
                + "<authentication>open</authentication><encryption>none</encryption></WLANProfile>"));
            // of a profile that should be absent no key is known
            Check.Equal("wpa2_personal, automatic, another key", Found(null, wanted.ToXml()));
        }

        public static void AnotherWayToSignInIsNamed()
        {
            const string end = ", servers radius-1.papendrecht.nl radius-2.papendrecht.nl, roots ";
            string xml = Enterprise().ToXml(), roots = Roots + " " + new string('B', 40);
            Check.Equal("wpa3_enterprise, manual, hidden, EAP-TLS with the machine certificate" + end + roots, Found(Enterprise(), xml));
            Check.Equal("wpa3_enterprise, manual, hidden, EAP type 13 of user" + end + roots, Found(Enterprise(), xml.Replace(">machine<", ">user<")));
            Check.Equal("wpa3_enterprise, manual, hidden, EAP type 25 of machine" + end + roots, Found(Enterprise(), xml.Replace(">13<", ">25<")));
            foreach (string element in new string[] { "DisableUserPromptForServerValidation", "PerformServerValidation", "AcceptServerName" })
                Check.Equal("wpa3_enterprise, manual, hidden, EAP type 13 of machine with a lax check of the server" + end + roots,
                    Found(Enterprise(), xml.Replace("true</" + element, "false</" + element)));
            Check.Equal("wpa3_enterprise, manual, hidden, EAP-TLS with the machine certificate, servers any, roots " + roots,
                Found(Enterprise(), xml.Replace("radius-1.papendrecht.nl;radius-2.papendrecht.nl", "")));
        }

        public static void EveryInterfaceCounts()
        {
            WifiProfile wanted = Personal();
            wanted.Ssid = "Werkplek";
            Check.Equal("wpa2_personal, automatic, key as wanted", Found(wanted, wanted.ToXml(), wanted.ToXml()));
            Check.Equal("wpa2_personal, automatic, key as wanted | <absent>", Found(wanted, wanted.ToXml(), null));
            Check.Equal("<absent>", Found(null, null, null));
        }

        private static string Refusal(string xml)
        {
            try
            {
                WifiProfile.Parse(xml);
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
            return "none";
        }

        public static void WhatCannotBeReadIsNoProfileAndQuotesNothing()
        {
            Check.Equal("Windows does not show the key of the profile",
                Refusal(Personal().ToXml().Replace("<protected>false", "<protected>true")));
            Check.Equal("the profile is no XML", Refusal("<keyMaterial>geheim"));
            Check.Equal("the profile is no XML", Refusal("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><WLANProfile>&b;</WLANProfile>"));
            Check.Equal("the profile is no WLANProfile", Refusal("<LANProfile/>"));
        }

        private static IEnumerable<string> Problems(bool secret, params object[] wire)
        {
            Dictionary<string, object> map = new Dictionary<string, object>();
            for (int i = 0; i < wire.Length; i += 2)
                map[(string)wire[i]] = wire[i + 1];
            Fields fields = new Fields(map) { Hidden = secret };
            if (secret)
                fields.Raw("secret");
            Wifi.Parse(fields);
            fields.NoOthers();
            return fields.Problems;
        }

        public static void AKeyIsRefusedUnlessItIsKeptSecretAndNeverShown()
        {
            object[] wire = { "ssid", "a", "authentication", "wpa2_personal", "key", "geheim123" };
            Check.Equal(new string[0], Problems(true, wire));
            Check.Equal(new string[] { "secret: found nothing; expected true, beside a key" }, Problems(false, wire));
            wire[5] = "short";
            const string expected = "key: found <secret>; expected 8 to 63 printable ASCII characters";
            Check.Equal(new string[] { expected + ", or 64 hexadecimal digits", "secret: found nothing; expected true, beside a key" }, Problems(false, wire));
            wire[5] = new string('a', 64);
            Check.Equal(new string[0], Problems(true, wire));
            wire[3] = "wpa3_personal";
            Check.Equal(new string[] { expected }, Problems(true, wire));
        }

        public static void AnEnterpriseNetworkNamesItsServersAndTheirAuthorities()
        {
            Check.Equal(new string[]
            {
                "servers: found nothing; expected a list, each item a host name",
                "root_thumbprints: found a list; expected at least one",
                "key: unknown field",
            }, Problems(false, "ssid", "a", "authentication", "wpa2_enterprise", "key", "geheim123", "root_thumbprints", new string[0]));
        }

        public static void ANameHasAtMost32Bytes()
        {
            string most = new string('é', 16);
            Check.Equal(new string[0], Problems(false, "ssid", most, "state", "absent"));
            Check.Equal(new string[] { "ssid: found '" + most + "a'; expected at most 32 bytes in UTF-8" },
                Problems(false, "ssid", most + "a", "state", "absent"));
        }

        public static void ThatThereIsNoInterfaceIsSaidOfASecretToo()
        {
            Item item = new WifiItem("Werkplek", Personal());
            Setting[] settings = { new Setting("s", item, false, true) };
            Outcome outcome = Plan.Run(settings, new FakeHost(), new Mode(false, false, text => { })).Single();
            Check.Equal("Unsupported this host has no wireless interface", outcome.Status + " " + outcome.Message);
        }
    }
}
