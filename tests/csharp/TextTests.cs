// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceMembers;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceSecurity;

namespace Werkplek.Tests
{
    public static class TextTests
    {
        private static State Show(RegistryValueKind kind, object data)
        {
            return RegistryText.Show(new RegistryValue(kind, data));
        }

        public static void EveryTypeHasAText()
        {
            Check.Equal("<absent>", RegistryText.Show(null).Text);
            Check.Equal("dword:0xffffffff", Show(RegistryValueKind.DWord, -1).Text);
            Check.Equal("qword:0xfffffffffffffffe", Show(RegistryValueKind.QWord, -2L).Text);
            Check.Equal("string:", Show(RegistryValueKind.String, "").Text);
            Check.Equal(@"string:a\r\nb", Show(RegistryValueKind.String, "a\r\nb").Text);
            Check.Equal("expandstring:%x%", Show(RegistryValueKind.ExpandString, "%x%").Text);
            Check.Equal("multistring:a|b", Show(RegistryValueKind.MultiString, new string[] { "a", "b" }).Text);
            Check.Equal("binary:0aff", Show(RegistryValueKind.Binary, new byte[] { 10, 255 }).Text);
            Check.Equal("none:", Show(RegistryValueKind.None, new byte[0]).Text);
        }

        public static void ABarInAnItemIsNotTwoItems()
        {
            State one = Show(RegistryValueKind.MultiString, new string[] { "a|b" });
            State two = Show(RegistryValueKind.MultiString, new string[] { "a", "b" });
            Check.Equal(one.Text, two.Text);
            Check.Equal(false, one.Key == two.Key);
        }

        private static State List(params string[] namesAndTexts)
        {
            FakeHost host = new FakeHost();
            for (int i = 0; i < namesAndTexts.Length; i += 2)
                host.Values[@"HKLM:\K\" + namesAndTexts[i]] = new RegistryValue(RegistryValueKind.String, namesAndTexts[i + 1]);
            return new RegistryListItem(new RegistryPath(RegistryHive.LocalMachine, "K"), new string[] { "a", "b" }).Read(new Session(host));
        }

        public static void ListsAreNumberedFromOne()
        {
            State wanted = new RegistryListItem(new RegistryPath(RegistryHive.LocalMachine, "K"), new string[] { "a", "b" }).Wanted(null);
            Check.Equal("list:a|b", wanted.Text);
            Check.Equal(wanted.Key, List("2", "b", "1", "a").Key);
            Check.Equal(false, wanted.Key == List("1", "b", "2", "a").Key);
            Check.Equal("values:1=string:a|3=string:b", List("3", "b", "1", "a").Text);
        }

        public static void AnAbsentKeyIsAnEmptyList()
        {
            State found = List();
            Check.Equal("<absent>", found.Text);
            Check.Equal(new RegistryListItem(new RegistryPath(RegistryHive.LocalMachine, "K"), new string[0]).Wanted(found).Key, found.Key);
        }

        public static void TemplatesKeepOnlySystemAccess()
        {
            string text = "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nLockoutBadCount = 5\r\nNewGuestName = \"Gast\"\r\n[Event Audit]\r\nAuditLogonEvents = 0\r\n";
            Check.Equal(new string[] { "LockoutBadCount=5", "NewGuestName=Gast" }, Template.Parse(text, "System Access").Select(v => v.Key + "=" + v.Value));
        }

        public static void TemplatesQuoteTexts()
        {
            string text = Template.Write(new Dictionary<string, string> { { "NewGuestName", "Gast" }, { "MaximumPasswordAge", "-1" } });
            Check.Equal("[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n[System Access]\r\n"
                + "MaximumPasswordAge = -1\r\nNewGuestName = \"Gast\"\r\n", text);
        }

        public static void NoMembersReadAsNone()
        {
            Check.Equal("none", Sids.Show(new string[0]).Text);
            Check.Equal(0, Sids.Of(Sids.Show(new string[0])).Length);
        }
    }
}
